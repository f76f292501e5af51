"""Who alone may do a thing at a time, across processes: held until a moment, renewed, given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.dialect import insert_once
from bot.store.schema import lease

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


async def hold(
    connection: AsyncConnection, name: str, holder: str, now: datetime, until: datetime, *, seize: bool = False
) -> bool:
    """Take or renew a lease; False while somebody else holds it.

    Args:
        connection: One that writes.
        name: Of the lease, at most 32 characters.
        holder: Who takes it, at most 22 characters.
        now: The time.
        until: When it ends unless it is renewed.
        seize: True where the caller knows by other means that no other holder is alive.
    """
    values = {"name": name, "holder": holder, "until": until}
    if await insert_once(connection, lease, values) is not None:
        return True
    free = sa.true() if seize else sa.or_(lease.c.holder == holder, lease.c.until <= now)
    taken = sa.update(lease).where(lease.c.name == name, free).values(holder=holder, until=until)
    return (await connection.execute(taken)).rowcount > 0


async def release(connection: AsyncConnection, name: str, holder: str) -> None:
    """Give a lease back, if it is still ours."""
    await connection.execute(sa.delete(lease).where(lease.c.name == name, lease.c.holder == holder))
