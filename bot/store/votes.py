"""Who says what of a text, as far as it still stands.

A word is a report or a correction. It stands while its person was not forgotten, no owner undid it, and the
same person did not say the opposite of the same text in the same chat later.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from bot.store.schema import Kind, event

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

_OPPOSITE = {Kind.REPORT: Kind.CORRECTION, Kind.CORRECTION: Kind.REPORT}


class Word(NamedTuple):
    """A report or correction that stands."""

    id: int
    kind: Kind
    at: datetime
    person: str
    admin: bool
    fingerprint: str
    level: str | None
    category: str | None
    institution: str | None


class Tally(NamedTuple):
    """What everybody says of a text: distinct people and chats, and the last word of an owner, if any."""

    people: int = 0
    chats: int = 0
    owner: Kind | None = None


def standing(said: sa.FromClause, kind: Kind) -> sa.ColumnElement[bool]:
    """The condition that a row of ``event`` is a word of this kind that stands."""
    undo, opposite, undo_opposite = (event.alias() for _ in range(3))
    undone = sa.exists().where(undo.c.target == said.c.id, undo.c.kind == Kind.UNDO)
    opposite_undone = sa.exists().where(
        undo_opposite.c.target == opposite.c.id,
        undo_opposite.c.kind == Kind.UNDO,
    )
    taken_back = sa.exists().where(
        opposite.c.fingerprint == said.c.fingerprint,
        opposite.c.kind == _OPPOSITE[kind],
        opposite.c.person == said.c.person,
        opposite.c.place == said.c.place,
        opposite.c.id > said.c.id,
        ~opposite_undone,
    )
    return sa.and_(said.c.kind == kind, said.c.person.is_not(None), ~undone, ~taken_back)


async def words_in_group(
    connection: AsyncConnection,
    chat_id: int,
    fingerprints: Collection[str] | sa.Select[tuple[str]],
) -> dict[str, list[Word]]:
    """All standing words on these texts in one group, oldest first, by fingerprint."""
    query = (
        sa.select(
            event.c.id,
            event.c.kind,
            event.c.at,
            event.c.person,
            event.c.admin,
            event.c.fingerprint,
            event.c.level,
            event.c.category,
            event.c.institution,
        )
        .where(
            event.c.chat_id == chat_id,
            event.c.fingerprint.in_(fingerprints),
            sa.or_(standing(event, Kind.REPORT), standing(event, Kind.CORRECTION)),
        )
        .order_by(event.c.id)
    )
    found: dict[str, list[Word]] = defaultdict(list)
    for row in await connection.execute(query):
        found[row.fingerprint].append(Word(*row)._replace(kind=Kind(row.kind)))
    return dict(found)


async def tallies(
    connection: AsyncConnection,
    fingerprints: Collection[str] | sa.Select[tuple[str]],
    owners: Collection[str],
) -> dict[str, Tally]:
    """What everybody says of these texts; texts without a standing word are left out."""
    reports = (
        sa.select(
            event.c.fingerprint,
            sa.func.count(event.c.person.distinct()),
            sa.func.count(event.c.place.distinct()),
        )
        .where(event.c.fingerprint.in_(fingerprints), standing(event, Kind.REPORT))
        .group_by(event.c.fingerprint)
    )
    found = {row[0]: Tally(row[1], row[2]) for row in await connection.execute(reports)}
    if owners:
        spoken = (
            sa.select(event.c.fingerprint, event.c.kind)
            .where(
                event.c.fingerprint.in_(fingerprints),
                event.c.person.in_(owners),
                sa.or_(standing(event, Kind.REPORT), standing(event, Kind.CORRECTION)),
            )
            .order_by(event.c.id)
        )
        for fingerprint, kind in await connection.execute(spoken):
            found[fingerprint] = found.get(fingerprint, Tally())._replace(owner=Kind(kind))
    return found
