"""Updates that were handed over once and must not be lost: put before they are acknowledged, done only when done.

Every update has one row. ``starts`` counts how often it was begun without coming to an end, ``errors`` how often it
ended in one: what kills the process is told from what merely fails, and from its innocent neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.schema import inbox

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
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


async def put(
    connection: AsyncConnection, arrivals: Sequence[Arrival], at: datetime, *, refused: Collection[int] = ()
) -> list[Row]:
    """Store updates, counting them as begun, and return those that were not known before.

    Args:
        connection: One that writes.
        arrivals: In order.
        at: Now.
        refused: Numbers of updates that are not taken: only their number is kept.
    """
    numbers = [arrival.update_id for arrival in arrivals]
    known = set((await connection.scalars(sa.select(inbox.c.update_id).where(inbox.c.update_id.in_(numbers)))).all())
    new = list({each.update_id: each for each in arrivals if each.update_id not in known}.values())
    rows = [_values(arrival, at, refused=arrival.update_id in refused) for arrival in new]
    if rows:
        await connection.execute(inbox.insert(), rows)
    return [
        Row(each.update_id, each.queue, each.user_id, each.body, at, 1, 0)
        for each in new
        if each.update_id not in refused
    ]


async def unfinished(connection: AsyncConnection) -> list[Row]:
    """All updates that are neither done nor dead, oldest first."""
    return [Row(*row) for row in await connection.execute(_UNFINISHED)]


async def begin(connection: AsyncConnection, update_id: int) -> None:
    """Count an update as begun."""
    await _change(connection, [update_id], starts=inbox.c.starts + 1)


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
    if update_ids:
        await connection.execute(sa.update(inbox).where(inbox.c.update_id.in_(update_ids)).values(**values))


def _values(arrival: Arrival, at: datetime, *, refused: bool) -> dict[str, object]:
    return {
        "update_id": arrival.update_id,
        "queue": arrival.queue,
        "user_id": arrival.user_id,
        "body": None if refused else arrival.body,
        "state": DONE if refused else NEW,
        "received_at": at,
        "ended_at": at if refused else None,
        "starts": 1,
        "errors": 0,
        "error": "refused" if refused else None,
    }
