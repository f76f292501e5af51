"""Counting what is reported most, over all groups: people and chats by kind of scam. No text, nobody's name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from bot.model import Level
from bot.store.schema import Kind, consent, event
from bot.store.votes import STANDING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


class Reported(NamedTuple):
    """How many distinct people reported a kind of scam, in how many distinct chats.

    ``institution`` is None in the row that counts all of a category.
    """

    category: str
    institution: str | None
    people: int
    chats: int


_ROOM = timedelta(hours=1)
"""How far a clock may have been set back between two reports."""
_SINCE = sa.bindparam("since", type_=event.c.at.type)
_UNTIL = sa.bindparam("until", type_=event.c.at.type)
# Numbers grow with time, so this row is where the period begins in the index on (kind, level, id) too: without it a
# database would read all reports ever made, or everything of these days.
_FIRST = (
    sa.select(event.c.id)
    .where(event.c.at >= sa.bindparam("before", type_=event.c.at.type))
    .order_by(event.c.at, event.c.id)
    .limit(1)
    .scalar_subquery()
)
_SHARED = sa.or_(event.c.chat_id.is_not(None), sa.exists().where(consent.c.person == event.c.person))
_WORDS = (
    sa.select(event.c.category, event.c.institution, event.c.person, event.c.place)
    .where(
        event.c.kind == Kind.REPORT,
        # What was not judged a scam, or looks genuine, is none here because many say so: anybody can have many
        # accounts and groups.
        event.c.level == Level.SCAM,
        event.c.guarded.is_not(sa.true()),
        event.c.id >= _FIRST,
        event.c.at >= _SINCE,
        event.c.at < _UNTIL,
        event.c.category.is_not(None),
        _SHARED,
        STANDING[Kind.REPORT],
    )
    .cte("words")
)
_people = sa.func.count(_WORDS.c.person.distinct())
_chats = sa.func.count(_WORDS.c.place.distinct())
_enough = sa.and_(_people >= sa.bindparam("people"), _chats >= sa.bindparam("chats"))
_REPORTED = sa.union_all(
    sa.select(_WORDS.c.category, sa.null().label("institution"), _people, _chats)
    .group_by(_WORDS.c.category)
    .having(_enough),
    sa.select(_WORDS.c.category, _WORDS.c.institution, _people, _chats)
    .where(_WORDS.c.institution.is_not(None))
    .group_by(_WORDS.c.category, _WORDS.c.institution)
    .having(_enough),
)


async def reported(
    connection: AsyncConnection, since: datetime, until: datetime, *, people: int, chats: int
) -> list[Reported]:
    """What at least so many people reported in at least so many chats, by category and by institution within it.

    Counted are standing reports, made from ``since`` until before ``until``, on texts judged scams: those of groups,
    and of private chats where the person agrees to it now.
    """
    values = {"since": since, "before": since - _ROOM, "until": until, "people": people, "chats": chats}
    return [Reported(*row) for row in await connection.execute(_REPORTED, values)]
