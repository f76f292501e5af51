"""What waits for an owner's eye, and what owners decided.

Three things wait: reports of texts that were judged harmless (*misses*), complaints about a number, and corrections of
texts that were judged a scam. Each waits until an owner decided about it, its person withdrew it, was forgotten or was
muted, or the owners' own last word on its text says the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from bot.model import Level
from bot.store.dialect import insert_once
from bot.store.schema import Kind, event, indicator, likeness, mute, report_text, review
from bot.store.votes import OPPOSITE, SPOKEN_FOR, STANDING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

MOST = 1000
"""Events of each kind and level that are looked through, the oldest: what a look costs at most."""

_LEVELS = {
    Kind.REPORT: (Level.CLEAR, Level.VERIFY),
    Kind.COMPLAINT: tuple(Level),
    Kind.CORRECTION: (Level.SUSPICIOUS, Level.SCAM),
}
"""Judged so, an event of this kind is for an owner to see."""
_ORDER = ((Kind.REPORT, Level.CLEAR), (Kind.REPORT, Level.VERIFY), (Kind.COMPLAINT, None), (Kind.CORRECTION, None))


class Waiting(NamedTuple):
    """An event that waits. Sorted: the worst first, then the oldest."""

    rank: int
    id: int
    kind: Kind
    fingerprint: str


class Details(NamedTuple):
    """An event as an owner is shown it."""

    id: int
    kind: Kind
    at: datetime
    person: str | None
    check_id: str | None
    fingerprint: str
    level: str | None
    score: float | None
    category: str | None
    institution: str | None
    rules: str | None


class One(NamedTuple):
    """One event on a text: its number and whose it is."""

    id: int
    person: str


_OWNERS: sa.BindParameter[list[str]] = sa.bindparam("owners", expanding=True)


def _settled(kind: Kind) -> sa.ColumnElement[bool]:
    """Whether the owners' last word on the text says the same as the event."""
    same, other = event.alias(), event.alias()
    later = sa.exists().where(
        other.c.fingerprint == same.c.fingerprint,
        other.c.kind == OPPOSITE[kind],
        other.c.person.in_(_OWNERS),
        other.c.id > same.c.id,
    )
    return sa.exists().where(
        same.c.fingerprint == event.c.fingerprint,
        same.c.kind == kind,
        same.c.person.in_(_OWNERS),
        ~later,
    )


def _waits(kind: Kind) -> sa.ColumnElement[bool]:
    undecided = ~sa.exists().where(review.c.event_id == event.c.id)
    if kind is Kind.COMPLAINT:  # an owner's own too: the number is still to be withdrawn
        return sa.and_(SPOKEN_FOR, undecided)
    return sa.and_(undecided, event.c.person.not_in(_OWNERS), STANDING[kind], ~_settled(kind))


_WAITS = {kind: _waits(kind) for kind in _LEVELS}
_QUEUE = sa.union_all(
    *(
        sa.select(
            sa.select(event.c.id, event.c.kind, event.c.level, event.c.fingerprint)
            .where(event.c.kind == kind, event.c.level == level, _WAITS[kind])
            .order_by(event.c.id)
            .limit(MOST)
            .subquery()
        )
        for kind, levels in _LEVELS.items()
        for level in levels
    )
)
_ALIKE = {
    kind: sa.select(event.c.id, event.c.person)
    .where(
        event.c.fingerprint == sa.bindparam("fingerprint"),
        event.c.kind == kind,
        event.c.level.in_(levels),
        _WAITS[kind],
    )
    .order_by(event.c.id)
    for kind, levels in _LEVELS.items()
}
_DETAILS = sa.select(*(event.c[name] for name in Details._fields)).where(
    event.c.id == sa.bindparam("id"), event.c.kind.in_(list(_LEVELS))
)
_TEXT = (
    sa.select(report_text.c.text)
    .join(event, event.c.id == report_text.c.event_id)
    .where(event.c.fingerprint == sa.bindparam("fingerprint"), event.c.kind == Kind.REPORT)
    .order_by(event.c.id)
    .limit(1)
)
_DECISION = sa.select(review.c.decision).where(review.c.event_id == sa.bindparam("id"))


def rank(kind: Kind, level: str | None) -> int:
    """Where an event of this kind and level stands in the queue; 0 comes first."""
    return next(at for at, (of, judged) in enumerate(_ORDER) if of is kind and judged in {None, level})


async def queue(connection: AsyncConnection, owners: Collection[str]) -> list[Waiting]:
    """What waits, one event for each kind and text. ``owners`` are hashes."""
    found = await connection.execute(_QUEUE, {"owners": sorted(owners)})
    rows = sorted(Waiting(rank(Kind(kind), level), event_id, Kind(kind), text) for event_id, kind, level, text in found)
    first: dict[tuple[Kind, str], Waiting] = {}
    for row in rows:
        first.setdefault((row.kind, row.fingerprint), row)
    return list(first.values())


async def alike(connection: AsyncConnection, kind: Kind, fingerprint: str, owners: Collection[str]) -> list[One]:
    """All that waits of this kind on a text, oldest first."""
    values = {"fingerprint": fingerprint, "owners": sorted(owners)}
    return [One(*row) for row in await connection.execute(_ALIKE[kind], values)]


async def details(connection: AsyncConnection, event_id: int) -> Details | None:
    """One report, complaint or correction; None where there is none of this number."""
    row = (await connection.execute(_DETAILS, {"id": event_id})).one_or_none()
    return None if row is None else Details(*row)._replace(kind=Kind(row.kind))


async def text_of(connection: AsyncConnection, fingerprint: str) -> str | None:
    """The redacted text, if anybody reported it."""
    found: str | None = await connection.scalar(_TEXT, {"fingerprint": fingerprint})
    return found


async def decision_on(connection: AsyncConnection, event_id: int) -> str | None:
    """What was decided about an event."""
    found: str | None = await connection.scalar(_DECISION, {"id": event_id})
    return found


async def record(
    connection: AsyncConnection, event_ids: Sequence[int], decision: str, person: str, at: datetime
) -> None:
    """Write down what the owner ``person`` decided about these events."""
    rows = [{"event_id": event_id, "decision": decision, "person": person, "at": at} for event_id in event_ids]
    await connection.execute(review.insert(), rows)


async def silence(connection: AsyncConnection, person: str, at: datetime) -> None:
    """Let a person's words count nowhere from now on."""
    await insert_once(connection, mute, {"person": person, "at": at})


async def adopt(connection: AsyncConnection, event_id: int, owner_event_id: int) -> None:
    """Give an owner's report what finds near copies, so that it outlives a /forget of the person; not the text."""
    for table in (indicator, likeness):
        columns = [column for column in table.c if column.name != "event_id"]
        copied = sa.select(sa.literal(owner_event_id), *columns).where(table.c.event_id == event_id)
        names = ["event_id", *(column.name for column in columns)]
        await connection.execute(table.insert().from_select(names, copied))
