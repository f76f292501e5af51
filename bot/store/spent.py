"""How many reports of the last day /forget took out of the record: what is left of a person's day afterwards.

A person stands here by a hash of another kind than anywhere else, with no moment of any of their reports, and for a
day at most. So it leads to nothing that was theirs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.dialect import upsert
from bot.store.schema import spent

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

_COUNT = sa.select(spent.c.reports).where(
    spent.c.person == sa.bindparam("person"),
    spent.c.until > sa.bindparam("now", type_=spent.c.until.type),
)


async def count(connection: AsyncConnection, person: str, now: datetime) -> int:
    """How many reports still weigh on the person's day."""
    return await connection.scalar(_COUNT, {"person": person, "now": now}) or 0


async def add(connection: AsyncConnection, person: str, reports: int, now: datetime, until: datetime) -> None:
    """Let so many more weigh, and all of them until ``until``."""
    reports += await count(connection, person, now)
    await upsert(connection, spent, {"person": person, "reports": reports, "until": until})


async def drop_over(connection: AsyncConnection, now: datetime, most: int) -> int:
    """Delete what weighs no more, at most ``most`` rows, and tell how many."""
    over = spent.c.until <= now
    # Asked again of each row as it is deleted: PostgreSQL may have let somebody write it anew since it was found.
    gone = sa.delete(spent).where(spent.c.person.in_(sa.select(spent.c.person).where(over).limit(most)), over)
    return (await connection.execute(gone)).rowcount
