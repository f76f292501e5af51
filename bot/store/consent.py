"""Who agreed that reports from their private chat join what everybody is shown. It holds from now on, both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.dialect import insert_once
from bot.store.schema import consent

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

_PERSON = consent.c.person == sa.bindparam("person")
_AGREED = sa.select(consent.c.person).where(_PERSON)
_WITHDRAW = sa.delete(consent).where(_PERSON)


async def agree(connection: AsyncConnection, person: str, at: datetime) -> None:
    """Write down that the person agrees; the first time counts."""
    await insert_once(connection, consent, {"person": person, "at": at})


async def withdraw(connection: AsyncConnection, person: str) -> bool:
    """Delete that; False where the person had not agreed."""
    return (await connection.execute(_WITHDRAW, {"person": person})).rowcount > 0


async def agreed(connection: AsyncConnection, person: str) -> bool:
    """Whether the person agrees now."""
    return await connection.scalar(_AGREED, {"person": person}) is not None
