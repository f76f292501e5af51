"""Counting for the owners: people, groups, what was said and what waits. Counts only, nobody and no text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from bot.store.schema import Kind, event, inbox

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

_DAY = 86_400_000_000
"""Microseconds, as :class:`bot.store.schema.Moment` counts."""


class Seen(NamedTuple):
    """Distinct people and groups."""

    people: int
    groups: int


class Events(NamedTuple):
    """How many events of a kind and level there were on one day; days are counted from the given moment."""

    day: int
    kind: Kind
    level: str | None
    total: int


def _distinct(column: sa.Column[str] | sa.Column[int], *where: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
    # Not count(distinct …), which gathers all values where walking along an index is enough.
    each = sa.select(column).where(column.is_not(None), *where).distinct().subquery()
    return sa.select(sa.func.count()).select_from(each).scalar_subquery()


_SINCE = event.c.at >= sa.bindparam("since")
_SEEN = sa.select(_distinct(event.c.person), _distinct(event.c.chat_id))
_SEEN_SINCE = sa.select(_distinct(event.c.person, _SINCE), _distinct(event.c.chat_id, _SINCE))
_PASSED: sa.ColumnElement[int] = sa.type_coerce(
    event.c.at - sa.bindparam("since", type_=event.c.at.type), sa.BigInteger
)
_EVENTS = (
    sa.select((_PASSED // _DAY).label("day"), event.c.kind, event.c.level, sa.func.count())
    .where(_SINCE)
    .group_by(sa.text("day"), event.c.kind, event.c.level)
)
_INBOX = sa.select(sa.func.count()).where(inbox.c.state == sa.bindparam("state"))


async def seen(connection: AsyncConnection, since: datetime | None = None) -> Seen:
    """People and groups since then, or in all that is kept."""
    found = await (connection.execute(_SEEN) if since is None else connection.execute(_SEEN_SINCE, {"since": since}))
    return Seen(*found.one())


async def events(connection: AsyncConnection, since: datetime) -> list[Events]:
    """What happened since then; day 0 begins at that moment."""
    found = await connection.execute(_EVENTS, {"since": since})
    return [Events(day, Kind(kind), level, total) for day, kind, level, total in found]


async def in_state(connection: AsyncConnection, state: str) -> int:
    """Updates of the inbox that are ``new`` (they wait) or ``dead`` (they were given up)."""
    return await connection.scalar(_INBOX, {"state": state}) or 0
