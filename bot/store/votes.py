"""Who says what of a text, as far as it still stands.

A word is a report or a correction. It stands while its person was neither forgotten nor muted, no owner undid
it, and the same person did not say the opposite of the same text in the same chat later.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from bot.store.schema import Kind, event, mute

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

OPPOSITE = {Kind.REPORT: Kind.CORRECTION, Kind.CORRECTION: Kind.REPORT}


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
    """What everybody says of a text: distinct people and chats, and the last word of an owner, if any.

    People are counted by their reports that weigh beyond their group (:data:`WEIGHING`).
    """

    people: int = 0
    chats: int = 0
    owner: Kind | None = None


def _spoken_for() -> sa.ColumnElement[bool]:
    undo = event.alias()
    undone = sa.exists().where(undo.c.target == event.c.id, undo.c.kind == Kind.UNDO)
    muted = sa.exists().where(mute.c.person == event.c.person)
    return sa.and_(event.c.person.is_not(None), ~undone, ~muted)


SPOKEN_FOR = _spoken_for()
"""The condition that a row has a person whose word counts, and that no owner undid it."""


def _standing(kind: Kind) -> sa.ColumnElement[bool]:
    opposite, undo_opposite = event.alias(), event.alias()
    opposite_undone = sa.exists().where(
        undo_opposite.c.target == opposite.c.id,
        undo_opposite.c.kind == Kind.UNDO,
    )
    taken_back = sa.exists().where(
        opposite.c.fingerprint == event.c.fingerprint,
        opposite.c.kind == OPPOSITE[kind],
        opposite.c.person == event.c.person,
        opposite.c.place == event.c.place,
        opposite.c.id > event.c.id,
        ~opposite_undone,
    )
    return sa.and_(event.c.kind == kind, SPOKEN_FOR, ~taken_back)


# Built once: making a statement costs more than running it.
STANDING = {kind: _standing(kind) for kind in OPPOSITE}
"""The condition that a row of ``event`` is a word of this kind that stands."""
_ANY_WORD = sa.and_(event.c.kind.in_(list(STANDING)), sa.or_(*STANDING.values()))

WEIGHING = sa.and_(STANDING[Kind.REPORT], event.c.guarded.is_not(True))
"""The condition that a row is a report that stands and that others beside its group and the owners heed."""

IN_CHAT = event.c.chat_id + 0 == sa.bindparam("chat_id")
"""The condition that a row is the group's, where its text leads to fewer rows than its group: ``+ 0`` keeps a
database from walking through all of a big group by the index on ``chat_id``."""

_WORDS = sa.select(
    event.c.id,
    event.c.kind,
    event.c.at,
    event.c.person,
    event.c.admin,
    event.c.fingerprint,
    event.c.level,
    event.c.category,
    event.c.institution,
).where(IN_CHAT, _ANY_WORD)
_REPORTS = (
    sa.select(
        event.c.fingerprint,
        sa.func.count(event.c.person.distinct()),
        sa.func.count(event.c.place.distinct()),
    )
    .where(WEIGHING)
    .group_by(event.c.fingerprint)
)
_SPOKEN = (
    sa.select(event.c.fingerprint, event.c.kind)
    .where(event.c.person.in_(sa.bindparam("owners", expanding=True)), _ANY_WORD)
    .order_by(event.c.id)
)
_GIVEN = event.c.fingerprint == sa.bindparam("fingerprint")
_REPORTS_OF_ONE, _SPOKEN_OF_ONE = _REPORTS.where(_GIVEN), _SPOKEN.where(_GIVEN)
_WORDS_OF_ONE = _WORDS.where(_GIVEN).order_by(event.c.id)
_AMONG = event.c.fingerprint.in_(sa.bindparam("fingerprints", expanding=True))
_TOGETHER = sa.select(
    sa.func.count(event.c.person.distinct()),
    sa.func.count(event.c.place.distinct()),
).where(WEIGHING, _AMONG)
_SPOKEN_AMONG = _SPOKEN.where(_AMONG)


async def words_on(connection: AsyncConnection, chat_id: int, fingerprint: str) -> list[Word]:
    """All standing words on one text in one group, oldest first."""
    values = {"chat_id": chat_id, "fingerprint": fingerprint}
    return [_word(row) for row in await connection.execute(_WORDS_OF_ONE, values)]


async def words_in_group(
    connection: AsyncConnection,
    chat_id: int,
    fingerprints: sa.Select[str],
) -> dict[str, list[Word]]:
    """The same for many texts, by fingerprint."""
    query = _WORDS.where(event.c.fingerprint.in_(fingerprints)).order_by(event.c.id)
    found: dict[str, list[Word]] = defaultdict(list)
    for row in await connection.execute(query, {"chat_id": chat_id}):
        found[row.fingerprint].append(_word(row))
    return dict(found)


async def tally_of(connection: AsyncConnection, fingerprint: str, owners: Collection[str]) -> Tally:
    """What everybody says of one text."""
    found = await _tallies(connection, _REPORTS_OF_ONE, _SPOKEN_OF_ONE, owners, {"fingerprint": fingerprint})
    return found.get(fingerprint, Tally())


async def tally_together(
    connection: AsyncConnection,
    fingerprint: str,
    near: Collection[str],
    owners: Collection[str],
) -> Tally:
    """What everybody says of a text and its near copies, as if they were one text.

    An owner's word on the very text goes before one on a near copy.
    """
    if not set(near) - {fingerprint}:
        return await tally_of(connection, fingerprint, owners)
    values: dict[str, list[str]] = {"fingerprints": _filled_up(sorted({fingerprint, *near}))}
    people, chats = (await connection.execute(_TOGETHER, values)).one()
    spoken = {}
    if owners:
        spoken = {
            found == fingerprint: Kind(kind)
            for found, kind in await connection.execute(_SPOKEN_AMONG, {**values, "owners": sorted(owners)})
        }
    return Tally(people, chats, spoken.get(True, spoken.get(False)))


async def tallies(
    connection: AsyncConnection,
    fingerprints: sa.Select[str],
    owners: Collection[str],
) -> dict[str, Tally]:
    """What everybody says of these texts; texts without a standing word are left out."""
    among = event.c.fingerprint.in_(fingerprints)
    return await _tallies(connection, _REPORTS.where(among), _SPOKEN.where(among), owners, {})


async def _tallies(
    connection: AsyncConnection,
    reports: sa.Select[str, int, int],
    spoken: sa.Select[str, str],
    owners: Collection[str],
    values: dict[str, str],
) -> dict[str, Tally]:
    found = {row[0]: Tally(row[1], row[2]) for row in await connection.execute(reports, values)}
    if owners:
        for fingerprint, kind in await connection.execute(spoken, {**values, "owners": list(owners)}):
            found[fingerprint] = found.get(fingerprint, Tally())._replace(owner=Kind(kind))
    return found


def _filled_up(fingerprints: list[str]) -> list[str]:
    """The list at a length of 4, 16, 64, 256 …: a database prepares a statement anew for every other length."""
    size = 4
    while size < len(fingerprints):
        size *= 4
    return fingerprints + fingerprints[:1] * (size - len(fingerprints))


def _word(row: Sequence[Any]) -> Word:
    number, kind, *rest = row
    return Word(number, Kind(kind), *rest)
