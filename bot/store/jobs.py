"""What is to be done later: asking for it, taking it up, and ending it.

A process takes jobs up under a lease, which is a name of its own choosing and the moment until which it holds.
After that anybody may take them. Only who holds the lease ends a job or gives it back, so a process that was
too slow does no harm to the one that came after it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.dialect import insert_once
from bot.store.schema import job as table

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job before it has its number.

    Attributes:
        kind: Names who does it, at most 32 characters.
        key: Names it among its kind, at most 64 characters.
        due_at: Not before.
        person: The hash of the person whose it is; /forget takes it away.
        chat_id: Where to send, as the messenger numbers it.
        payload: JSON; never a message's text.
    """

    kind: str
    key: str
    due_at: datetime
    person: str | None = None
    chat_id: int | None = None
    payload: str = "{}"


@dataclass(frozen=True, slots=True)
class Job:
    """A job that was taken up. ``attempts`` counts how often it was, this time included."""

    id: int
    kind: str
    key: str
    person: str | None
    chat_id: int | None
    due_at: datetime
    payload: str
    attempts: int
    lease: str


_NOW = sa.bindparam("now", type_=table.c.due_at.type)
_OF_KINDS = table.c.kind.in_(sa.bindparam("kinds", expanding=True))
_DUE = (
    sa.select(
        table.c.id,
        table.c.kind,
        table.c.key,
        table.c.person,
        table.c.chat_id,
        table.c.due_at,
        table.c.payload,
        table.c.attempts,
    )
    .where(
        _OF_KINDS,
        table.c.due_at <= _NOW,
        sa.or_(table.c.lease.is_(None), table.c.leased_until <= _NOW),
    )
    .order_by(table.c.due_at, table.c.id)
    .limit(sa.bindparam("most"))
    # What another process is just taking is passed over. SQLite needs no such word: it has one writer.
    .with_for_update(skip_locked=True)
)
_FREE_AT = sa.case(
    (sa.and_(table.c.lease.is_not(None), table.c.leased_until > table.c.due_at), table.c.leased_until),
    else_=table.c.due_at,
)
_NEXT = sa.select(sa.func.min(_FREE_AT, type_=table.c.due_at.type)).where(_OF_KINDS)


async def schedule(connection: AsyncConnection, new: NewJob) -> bool:
    """Ask for a job; False, and nothing changed, where one of its kind and key waits already."""
    return await insert_once(connection, table, asdict(new)) is not None


async def claim(
    connection: AsyncConnection,
    kinds: Collection[str],
    now: datetime,
    lease: str,
    until: datetime,
    limit: int,
) -> list[Job]:
    """Take up at most ``limit`` jobs of these kinds that are due and that nobody holds, oldest due first.

    Nobody else gets them before ``until``. Needs a transaction that writes; they are ours once it is committed.
    """
    values = {"kinds": list(kinds), "now": now, "most": limit}
    rows = (await connection.execute(_DUE, values)).all()
    if rows:
        taken = sa.update(table).where(table.c.id.in_([row.id for row in rows]))
        await connection.execute(
            taken.values(lease=lease, leased_until=until, attempts=table.c.attempts + 1),
        )
    return [Job(*row[:-1], attempts=row.attempts + 1, lease=lease) for row in rows]


async def finish(connection: AsyncConnection, job: Job) -> bool:
    """Delete the job; False where our lease holds no longer."""
    return (await connection.execute(sa.delete(table).where(*_held(job)))).rowcount > 0


async def postpone(
    connection: AsyncConnection,
    job: Job,
    due_at: datetime,
    *,
    attempts: int | None = None,
) -> bool:
    """Give the job back, to be due at another moment; False where our lease holds no longer.

    The attempts stay counted unless ``attempts`` says otherwise.
    """
    given = sa.update(table).where(*_held(job)).values(lease=None, leased_until=None, due_at=due_at)
    if attempts is not None:
        given = given.values(attempts=attempts)
    return (await connection.execute(given)).rowcount > 0


async def note(connection: AsyncConnection, job: Job, payload: str) -> bool:
    """Write down how far the job is, for whoever takes it up next; False where our lease holds no longer."""
    return (await connection.execute(sa.update(table).where(*_held(job)).values(payload=payload))).rowcount > 0


async def due_of(connection: AsyncConnection, kind: str, key: str) -> datetime | None:
    """When a job is due; None where there is none."""
    found: datetime | None = await connection.scalar(
        sa.select(table.c.due_at).where(table.c.kind == kind, table.c.key == key)
    )
    return found


async def move(connection: AsyncConnection, kind: str, key: str, due_at: datetime) -> None:
    """Let a job that waits be due at another moment; whoever is at it just now has the last word on that."""
    await connection.execute(sa.update(table).where(table.c.kind == kind, table.c.key == key).values(due_at=due_at))


async def cancel(connection: AsyncConnection, kind: str, key: str) -> bool:
    """Delete a job, even one that is being done; False where there is none."""
    mine = sa.delete(table).where(table.c.kind == kind, table.c.key == key)
    return (await connection.execute(mine)).rowcount > 0


async def cancel_person(connection: AsyncConnection, person: str) -> int:
    """Delete all jobs of a person, even those that are being done, and tell how many there were."""
    return (await connection.execute(sa.delete(table).where(table.c.person == person))).rowcount


async def next_due(connection: AsyncConnection, kinds: Collection[str]) -> datetime | None:
    """The first moment at which a job of these kinds can be taken up; None where there is no job."""
    found: datetime | None = await connection.scalar(_NEXT, {"kinds": list(kinds)})
    return found


def _held(job: Job) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.id == job.id, table.c.lease == job.lease
