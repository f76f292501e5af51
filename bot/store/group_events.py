"""A group's events in the order of time, a step at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from bot.store.dialect import listed, packed
from bot.store.schema import Kind, event, report_text
from bot.store.votes import SPOKEN_FOR, STANDING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


class Place(NamedTuple):
    """Where an event stands in the order of time."""

    at: datetime
    id: int


class Row(NamedTuple):
    """An event without anybody's name. ``text`` is a report's, as long as the report stands and its text is kept."""

    id: int
    kind: Kind
    at: datetime
    admin: bool
    level: str | None
    category: str | None
    institution: str | None
    standing: bool
    text: str | None


_TOLD = (Kind.CHECK, Kind.REPORT, Kind.CORRECTION, Kind.COMPLAINT)
_MOST: sa.BindParameter[int] = sa.bindparam("most", type_=sa.Integer)
_AFTER = sa.tuple_(event.c.at, event.c.id) > sa.tuple_(
    sa.bindparam("after_at", type_=event.c.at.type), sa.bindparam("after_id", type_=event.c.id.type)
)


def _of(kind: Kind) -> sa.Select[datetime, int]:
    first = (
        sa.select(event.c.at, event.c.id)
        .where(
            event.c.chat_id == sa.bindparam("chat_id"),
            event.c.kind == kind,
            _AFTER,
            event.c.at < sa.bindparam("until", type_=event.c.at.type),
        )
        .order_by(event.c.at, event.c.id)
        .limit(_MOST)
        .subquery()
    )
    return sa.select(first.c.at, first.c.id)


# The first of each kind, of which there is an index in the order of time, and of these the first.
_KINDS = sa.union_all(*map(_of, _TOLD)).subquery()
_PLACES = sa.select(_KINDS.c.at, _KINDS.c.id).order_by(_KINDS.c.at, _KINDS.c.id).limit(_MOST)
_STANDS = sa.or_(event.c.kind == Kind.CHECK, *STANDING.values(), sa.and_(event.c.kind == Kind.COMPLAINT, SPOKEN_FOR))
_STANDING = sa.case((_STANDS, sa.true()), else_=sa.false()).label("standing")
_ROWS = (
    sa.select(
        event.c.id,
        event.c.kind,
        event.c.at,
        event.c.admin,
        event.c.level,
        event.c.category,
        event.c.institution,
        _STANDING,
        sa.case((_STANDS, report_text.c.text)).label("text"),
    )
    .join(report_text, report_text.c.event_id == event.c.id, isouter=True)
    .where(event.c.id.in_(listed("events", event.c.id)))
    .order_by(event.c.at, event.c.id)
)


async def after(connection: AsyncConnection, chat_id: int, place: Place, until: datetime, most: int) -> list[Row]:
    """The next events of the group behind this place, at most so many; none at the end.

    A check always stands: it is no word that anybody could take back.
    """
    values = {"chat_id": chat_id, "after_at": place.at, "after_id": place.id, "until": until, "most": most}
    numbers = [number for _, number in await connection.execute(_PLACES, values)]
    rows = await connection.execute(_ROWS, {"events": packed(numbers)}) if numbers else ()
    return [Row(*row)._replace(kind=Kind(row.kind)) for row in rows]
