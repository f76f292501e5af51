"""Which of several processes handles which chat, on PostgreSQL.

A process is there as long as its row is: one that let its time run out is taken off by any other, and its claims go
with it, in one step. So whoever finds a chat unclaimed knows that nobody can renew a claim on it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from bot.store.dialect import listed, packed
from bot.store.inbox import NEW
from bot.store.schema import chat_claim, inbox, replica

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

# The database's own clock, so that those of the processes need not agree.
_NOW = sa.literal_column("CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)", sa.BigInteger)
_ME = sa.bindparam("me", type_=replica.c.holder.type)
_UNTIL = _NOW + sa.bindparam("microseconds", type_=sa.BigInteger)
_JOIN = sa.insert(replica).values(holder=_ME, until=_UNTIL)
_RENEW = sa.update(replica).where(replica.c.holder == _ME).values(until=_UNTIL)
_LEAVE = sa.delete(replica).where(replica.c.holder == _ME)
_GONE = sa.select(replica.c.holder).where(replica.c.until < _NOW).with_for_update(skip_locked=True)
_BURY = sa.delete(replica).where(replica.c.holder.in_(_GONE))
_LIVING = sa.select(replica.c.holder).where(replica.c.until >= _NOW).order_by(replica.c.holder)
# In one order, so that no two wait for each other; a holder that is gone gets nothing.
_TAKE = sa.text(
    "INSERT INTO chat_claim (queue, holder) SELECT wanted.queue, replica.holder "
    "FROM unnest(:queues, :holders) AS wanted (queue, holder) JOIN replica USING (holder) "
    "ORDER BY wanted.queue FOR KEY SHARE OF replica ON CONFLICT DO NOTHING RETURNING queue, holder"
).bindparams(sa.bindparam("queues", type_=ARRAY(sa.BigInteger)), sa.bindparam("holders", type_=ARRAY(sa.String)))
_WAITING = (
    sa.select(inbox.c.update_id, inbox.c.queue, chat_claim.c.holder.is_not(None))
    .select_from(inbox.outerjoin(chat_claim, chat_claim.c.queue == inbox.c.queue))
    .where(inbox.c.state == NEW, sa.or_(chat_claim.c.holder == _ME, chat_claim.c.holder.is_(None)))
)
_RELEASE = sa.delete(chat_claim).where(
    chat_claim.c.holder == _ME,
    chat_claim.c.queue.in_(listed("queues", chat_claim.c.queue)),
    ~sa.exists().where(inbox.c.state == NEW, inbox.c.queue == chat_claim.c.queue),
)


class Waiting(NamedTuple):
    """An update that is not done, and whether its chat is claimed, by whoever asked, or by nobody."""

    update_id: int
    queue: int
    claimed: bool


async def join(connection: AsyncConnection, holder: str, seconds: float) -> None:
    """Be there for so long, under a name that nobody had before."""
    await connection.execute(_JOIN, {"me": holder, "microseconds": round(seconds * 1e6)})


async def renew(connection: AsyncConnection, holder: str, seconds: float) -> bool:
    """Be there for so long from now on; False where the process was taken off, and its claims with it."""
    return (await connection.execute(_RENEW, {"me": holder, "microseconds": round(seconds * 1e6)})).rowcount > 0


async def leave(connection: AsyncConnection, holder: str) -> None:
    """Be gone, and give all claims back."""
    await connection.execute(_LEAVE, {"me": holder})


async def bury(connection: AsyncConnection) -> None:
    """Take off all whose time has run out."""
    await connection.execute(_BURY)


async def living(connection: AsyncConnection) -> list[str]:
    """Who is there."""
    return list((await connection.scalars(_LIVING)).all())


async def take(connection: AsyncConnection, wanted: Mapping[int, str]) -> dict[int, str]:
    """Claim queues, each for a holder; return those that were free and now are claimed so."""
    if not wanted:
        return {}
    values = {"queues": list(wanted), "holders": list(wanted.values())}
    return {row.queue: row.holder for row in await connection.execute(_TAKE, values)}


async def waiting(connection: AsyncConnection, holder: str) -> list[Waiting]:
    """Updates of the holder's queues, and of those that are nobody's."""
    return [Waiting(*row) for row in await connection.execute(_WAITING, {"me": holder})]


async def release(connection: AsyncConnection, holder: str, queues: Collection[int]) -> None:
    """Give claims back, except where something waits."""
    if queues:
        await connection.execute(_RELEASE, {"me": holder, "queues": packed(queues)})
