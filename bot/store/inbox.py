"""Updates that were handed over once and must not be lost: put before they are acknowledged, done only when done.

Every update has one row. ``starts`` counts how often it was begun without coming to an end, ``errors`` how often it
ended in one: what kills the process is told from what merely fails, and from its innocent neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.dialect import insert_new, listed, packed
from bot.store.schema import inbox

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

NEW, DONE, DEAD = "new", "done", "dead"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An update as it came: its number, what keeps its order, whose it is, and all of it as JSON."""

    update_id: int
    queue: int
    user_id: int | None
    body: str


@dataclass(frozen=True, slots=True)
class Row:
    """An update that is not done."""

    update_id: int
    queue: int
    user_id: int | None
    body: str
    received_at: datetime
    starts: int
    errors: int


_UNFINISHED = (
    sa.select(
        inbox.c.update_id,
        inbox.c.queue,
        inbox.c.user_id,
        inbox.c.body,
        inbox.c.received_at,
        inbox.c.starts,
        inbox.c.errors,
    )
    .where(inbox.c.state == NEW)
    .order_by(inbox.c.update_id)
)
_OF_QUEUES = inbox.c.queue.in_(listed("queues", inbox.c.queue))
_UNKNOWN = _UNFINISHED.where(_OF_QUEUES, inbox.c.update_id.not_in(listed("known", inbox.c.update_id)))
_CROWD = (
    sa.select(inbox.c.queue, inbox.c.user_id, sa.func.count())
    .where(inbox.c.state == NEW, _OF_QUEUES)
    .group_by(inbox.c.queue, inbox.c.user_id)
)


async def put(
    connection: AsyncConnection,
    arrivals: Sequence[Arrival],
    at: datetime,
    *,
    refused: Collection[int] = (),
    left: Collection[int] = (),
) -> list[Row]:
    """Store updates, counting them as begun, and return those that were not known before.

    Args:
        connection: One that writes.
        arrivals: In order.
        at: Now.
        refused: Numbers of updates that are not taken: only their number is kept.
        left: Queues whose updates are for somebody else to begin.
    """
    # By number, so that two who store the same do not wait for each other.
    rows = [
        _values(each, at, refused=each.update_id in refused, starts=int(each.queue not in left))
        for each in sorted(arrivals, key=lambda each: each.update_id)
    ]
    new = await insert_new(connection, inbox, rows, inbox.c.update_id)
    taken = {each.update_id: each for each in arrivals if each.update_id in new and each.update_id not in refused}
    return [Row(each.update_id, each.queue, each.user_id, each.body, at, 1, 0) for each in taken.values()]


async def unfinished(connection: AsyncConnection) -> list[Row]:
    """All updates that are neither done nor dead, oldest first."""
    return [Row(*row) for row in await connection.execute(_UNFINISHED)]


async def unfinished_of(connection: AsyncConnection, queues: Collection[int], known: Iterable[int]) -> list[Row]:
    """The same of some queues alone, without those that are ``known``."""
    values = {"queues": packed(queues), "known": packed(known)}
    return [Row(*row) for row in await connection.execute(_UNKNOWN, values)]


async def crowd(connection: AsyncConnection, queues: Collection[int]) -> dict[tuple[int, int | None], int]:
    """How many updates of each user wait in these queues."""
    found = await connection.execute(_CROWD, {"queues": packed(queues)})
    return {(queue, user_id): count for queue, user_id, count in found}


async def begin(connection: AsyncConnection, update_ids: Sequence[int]) -> None:
    """Count updates as begun."""
    await _change(connection, update_ids, starts=inbox.c.starts + 1)


async def hand_back(connection: AsyncConnection, update_ids: Sequence[int]) -> None:
    """Note that updates were put, but never begun."""
    await _change(connection, update_ids, starts=0)


async def finish(connection: AsyncConnection, update_ids: Sequence[int], at: datetime) -> None:
    """Note that updates are done; of each only the number stays."""
    await _change(connection, update_ids, state=DONE, body=None, ended_at=at)


async def fail(connection: AsyncConnection, update_id: int, error: str) -> None:
    """Note that an update ended in an error and is to be tried again."""
    await _change(connection, [update_id], starts=0, errors=inbox.c.errors + 1, error=error[:64])


async def bury(connection: AsyncConnection, update_id: int, error: str, at: datetime) -> None:
    """Give an update up; its text stays for a while, for whoever looks into it."""
    await _change(connection, [update_id], state=DEAD, error=error[:64], ended_at=at)


async def _change(connection: AsyncConnection, update_ids: Sequence[int], **values: object) -> None:
    """Change updates that have not ended: what another process brought to its end meanwhile stays so."""
    if update_ids:
        mine = sa.update(inbox).where(inbox.c.update_id.in_(update_ids), inbox.c.state == NEW)
        await connection.execute(mine.values(**values))


def _values(arrival: Arrival, at: datetime, *, refused: bool, starts: int) -> dict[str, object]:
    return {
        "update_id": arrival.update_id,
        "queue": arrival.queue,
        "user_id": arrival.user_id,
        "body": None if refused else arrival.body,
        "state": DONE if refused else NEW,
        "received_at": at,
        "ended_at": at if refused else None,
        "starts": starts,
        "errors": 0,
        "error": "refused" if refused else None,
    }
