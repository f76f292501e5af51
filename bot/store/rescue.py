"""What a victim chose and ticked off (the case) and their half-filled sheet for the police (the draft).

Both are the JSON of ``bot.service`` in one text, by the person's hash. A draft is not given out after its time,
whether or not it was swept away yet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.dialect import upsert
from bot.store.schema import rescue_case, rescue_draft

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

_PERSON = sa.bindparam("of_person", type_=rescue_case.c.person.type)
_CASE = sa.select(rescue_case.c.state).where(rescue_case.c.person == _PERSON)
_DRAFT = sa.select(rescue_draft.c.state).where(
    rescue_draft.c.person == _PERSON,
    rescue_draft.c.expires_at > sa.bindparam("now", type_=rescue_draft.c.expires_at.type),
)
_DROP_CASE = sa.delete(rescue_case).where(rescue_case.c.person == _PERSON)
_DROP_DRAFT = sa.delete(rescue_draft).where(rescue_draft.c.person == _PERSON)


async def load_case(connection: AsyncConnection, person: str) -> str | None:
    """The person's case, if they have one."""
    found: str | None = await connection.scalar(_CASE, {"of_person": person})
    return found


async def save_case(connection: AsyncConnection, person: str, state: str, at: datetime) -> None:
    """Keep the case in place of the one before."""
    await upsert(connection, rescue_case, {"person": person, "state": state, "updated_at": at})


async def drop_case(connection: AsyncConnection, person: str) -> bool:
    """Delete the case; False where there was none."""
    return (await connection.execute(_DROP_CASE, {"of_person": person})).rowcount > 0


async def load_draft(connection: AsyncConnection, person: str, now: datetime) -> str | None:
    """The person's draft, unless its time is over."""
    found: str | None = await connection.scalar(_DRAFT, {"of_person": person, "now": now})
    return found


async def save_draft(connection: AsyncConnection, person: str, state: str, expires_at: datetime) -> None:
    """Keep the draft in place of the one before, until ``expires_at``."""
    await upsert(connection, rescue_draft, {"person": person, "state": state, "expires_at": expires_at})


async def drop_draft(connection: AsyncConnection, person: str) -> bool:
    """Delete the draft; False where there was none."""
    return (await connection.execute(_DROP_DRAFT, {"of_person": person})).rowcount > 0


async def sweep(connection: AsyncConnection, now: datetime, cases_before: datetime) -> None:
    """Delete the drafts whose time is over, and the cases that nobody touched since ``cases_before``."""
    await connection.execute(sa.delete(rescue_draft).where(rescue_draft.c.expires_at <= now))
    await connection.execute(sa.delete(rescue_case).where(rescue_case.c.updated_at < cases_before))
