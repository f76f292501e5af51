"""What was said in one group of the texts reported there, and what hangs on those reports.

Made for a group of a million events: few statements, each along an index, and whether a word stands is decided here for
all of a text's words at once. ``bot.store.votes`` says what standing means; the tests compare the two.
"""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import sqlalchemy as sa

from bot.store.dialect import in_one, listed, packed
from bot.store.schema import IndicatorKind, Kind, event, indicator, likeness, report_text
from bot.store.votes import IN_CHAT, OPPOSITE, SPOKEN_FOR, STANDING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


class Said(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A report or correction. ``at`` is in microseconds since 1970, ``admin`` 1 or 0: of the many, few are shown."""

    id: int
    kind: Kind
    at: int
    person: str
    admin: int
    fingerprint: str
    level: str | None


class Subject(NamedTuple):
    """What the scam of a report is about."""

    category: str | None
    institution: str | None


class Use(NamedTuple):
    """A domain or number that a report names."""

    kind: IndicatorKind
    value: str


class Copy(NamedTuple):
    """A report's redacted text, who reported it, and who brought the copy that was reported."""

    text: str
    person: str
    bringer: str


_NUMBER = attrgetter("id")
# As literals, not as parameters: only so does a database see that an index on words alone has all that is asked for.
_IS_WORD = event.c.kind.in_([sa.literal_column(f"'{kind}'") for kind in OPPOSITE])
_IS_REPORT = event.c.kind == Kind.REPORT
_CHAT = event.c.chat_id == sa.bindparam("chat_id")
_SINCE = event.c.at >= sa.bindparam("since", type_=event.c.at.type)
_UNTIL = event.c.at < sa.bindparam("until", type_=event.c.at.type)
_REPORTED = sa.select(event.c.fingerprint).where(_CHAT, _IS_WORD, _IS_REPORT, _SINCE, _UNTIL)
_WORDS = sa.select(
    in_one(
        event.c.id,
        event.c.kind,
        event.c.at,
        event.c.person,
        sa.cast(event.c.admin, sa.Integer),
        event.c.fingerprint,
        event.c.level,
    )
).where(_CHAT, _IS_WORD, SPOKEN_FOR)
_ON_REPORTED = _WORDS.where(event.c.fingerprint.in_(_REPORTED))
_ON_THESE = _WORDS.where(event.c.fingerprint.in_(listed("fingerprints", event.c.fingerprint)))

_SUBJECTS = sa.select(event.c.id, event.c.category, event.c.institution).where(
    event.c.id.in_(listed("events", event.c.id))
)
_BANDS = (
    sa.select(likeness.c.event_id, sa.func.aggregate_strings(sa.cast(likeness.c.band, sa.Text), ","))
    .where(likeness.c.event_id.in_(listed("events", likeness.c.event_id)))
    .group_by(likeness.c.event_id)
)
_EVERYWHERE = (
    sa.select(event.c.fingerprint, sa.func.count())
    .where(event.c.kind == Kind.REPORT, event.c.fingerprint.in_(listed("fingerprints", event.c.fingerprint)))
    .group_by(event.c.fingerprint)
)
_USES = (
    sa.select(indicator.c.event_id, indicator.c.kind, indicator.c.value)
    .where(indicator.c.event_id.in_(listed("events", indicator.c.event_id)))
    .order_by(indicator.c.event_id, indicator.c.kind, indicator.c.value)
)
_VALUES = listed("values", indicator.c.value)
_AMONG = (
    sa.select(indicator.c.kind, indicator.c.value)
    .where(indicator.c.event_id.in_(listed("events", indicator.c.event_id)), indicator.c.value.concat("").in_(_VALUES))
    .distinct()
)
_BEFORE = event.c.at < sa.bindparam("before", type_=event.c.at.type)
_EARLIER_REPORTS = sa.select(sa.func.count()).where(_CHAT, _IS_WORD, _IS_REPORT, _BEFORE)
_ALL_USES = sa.select(sa.func.count()).where(indicator.c.kind.in_(list(IndicatorKind)), indicator.c.value.in_(_VALUES))
_EARLIER = (
    sa.select(indicator.c.kind, indicator.c.value, event.c.fingerprint)
    .join(event, event.c.id == indicator.c.event_id)
    .where(STANDING[Kind.REPORT], _BEFORE)
    .distinct()
)
# The same in two ways: from what else names the values, wherever that is, or through all that the group reported.
# ``+ 0`` and an empty string keep a database from taking the other way.
_EARLIER_BY_VALUE = _EARLIER.where(IN_CHAT, indicator.c.kind.in_(list(IndicatorKind)), indicator.c.value.in_(_VALUES))
_EARLIER_BY_GROUP = _EARLIER.where(_CHAT, _IS_WORD, _IS_REPORT, indicator.c.value.concat("").in_(_VALUES))

_check = event.alias()
_COPIES = (
    sa.select(report_text.c.text, event.c.person, _check.c.person)
    .join(event, event.c.id == report_text.c.event_id)
    .join(_check, sa.and_(_check.c.check_id == event.c.check_id, _check.c.kind == Kind.CHECK))
    .where(report_text.c.event_id.in_(listed("events", report_text.c.event_id)))
    .where(event.c.person.is_not(None), _check.c.person.is_not(None))
    .order_by(event.c.id)
)


async def on_reported(
    connection: AsyncConnection, chat_id: int, since: datetime, until: datetime
) -> dict[str, list[Said]]:
    """The group's standing words of any time on all texts that were reported in it between the two moments."""
    return await _words(connection, _ON_REPORTED, {"chat_id": chat_id, "since": since, "until": until})


async def on_these(connection: AsyncConnection, chat_id: int, fingerprints: Iterable[str]) -> dict[str, list[Said]]:
    """The same on texts of which the fingerprints are given."""
    return await _words(connection, _ON_THESE, {"chat_id": chat_id, "fingerprints": packed(fingerprints)})


def standing(words: Iterable[Said]) -> list[Said]:
    """Those of all words on one text in one chat that nobody took back, oldest first.

    Args:
        words: Of people whose words count; those that an owner undid are left out.
    """
    said = sorted(words, key=_NUMBER)
    if len({word.kind for word in said}) == 1:
        return said
    later: dict[str, set[Kind]] = defaultdict(set)
    found = []
    for word in reversed(said):
        if OPPOSITE[word.kind] not in later[word.person]:
            found.append(word)
        later[word.person].add(word.kind)
    return found[::-1]


async def subjects_of(connection: AsyncConnection, event_ids: Iterable[int]) -> dict[int, Subject]:
    """What these reports are about."""
    rows = await connection.execute(_SUBJECTS, {"events": packed(event_ids)})
    return {event_id: Subject(category, institution) for event_id, category, institution in rows}


async def reports_everywhere(connection: AsyncConnection, fingerprints: Iterable[str]) -> dict[str, int]:
    """How many reports there are on these texts in all chats, whether or not they stand."""
    rows = await connection.execute(_EVERYWHERE, {"fingerprints": packed(fingerprints)})
    return {text: count for text, count in rows}  # noqa: C416  to mypy a row is no pair


async def bands_of(connection: AsyncConnection, event_ids: Iterable[int]) -> dict[int, frozenset[str]]:
    """The bands of these reports; those of texts that are too short have none and are left out."""
    rows = (await connection.execute(_BANDS, {"events": packed(event_ids)})).all()
    return {event_id: frozenset(bands.split(",")) for event_id, bands in rows}


async def uses_of(connection: AsyncConnection, event_ids: Iterable[int]) -> dict[int, list[Use]]:
    """The domains and numbers that these reports name; those that name none are left out."""
    found: dict[int, list[Use]] = defaultdict(list)
    for event_id, kind, value in (await connection.execute(_USES, {"events": packed(event_ids)})).all():
        found[event_id].append(Use(IndicatorKind(kind), value))
    return dict(found)


async def used(connection: AsyncConnection, event_ids: Iterable[int], uses: Iterable[Use]) -> set[Use]:
    """Those of the domains and numbers that one of these reports names."""
    values = {"events": packed(event_ids), "values": packed(sorted({use.value for use in uses}))}
    found = {Use(IndicatorKind(kind), value) for kind, value in await connection.execute(_AMONG, values)}
    return found.intersection(uses)


async def earlier_uses(
    connection: AsyncConnection, chat_id: int, uses: Collection[Use], before: datetime
) -> dict[Use, list[str]]:
    """Fingerprints of the texts of the group's standing reports before that moment that name these."""
    if not uses:
        return {}
    values: dict[str, Any] = {
        "chat_id": chat_id,
        "before": before,
        "values": packed(sorted({use.value for use in uses})),
    }
    of_group = await connection.scalar(_EARLIER_REPORTS, values) or 0
    of_values = await connection.scalar(_ALL_USES, values) or 0
    statement = _EARLIER_BY_GROUP if of_group < of_values else _EARLIER_BY_VALUE
    found: dict[Use, list[str]] = defaultdict(list)
    for kind, value, fingerprint in await connection.execute(statement, values):
        found[Use(IndicatorKind(kind), value)].append(fingerprint)
    return {use: sorted(found[use]) for use in uses if use in found}


async def copies(connection: AsyncConnection, event_ids: Iterable[int]) -> list[Copy]:
    """The texts of these reports, as far as they are kept and neither person was forgotten, oldest first."""
    return [Copy(*row) for row in await connection.execute(_COPIES, {"events": packed(event_ids)})]


async def _words(
    connection: AsyncConnection, statement: sa.Select[Any], values: dict[str, Any]
) -> dict[str, list[Said]]:
    rows = msgspec.json.decode(await connection.scalar(statement, values), type=list[Said])
    found: dict[str, list[Said]] = defaultdict(list)
    for said in rows:
        found[said.fingerprint].append(said)
    return {fingerprint: words if len(words) == 1 else standing(words) for fingerprint, words in found.items()}
