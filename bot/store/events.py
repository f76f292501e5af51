"""Appending to the event log, and finding single events."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.dialect import insert_once
from bot.store.schema import IndicatorKind, Kind, event, indicator, report_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """A row of ``event`` before it has its number. Every hash is made by the caller."""

    kind: Kind
    at: datetime
    source: str
    person: str | None
    chat_id: int | None = None
    place: str | None = None
    admin: bool = False
    check_id: str | None = None
    fingerprint: str | None = None
    level: str | None = None
    score: float | None = None
    category: str | None = None
    institution: str | None = None
    rules: str | None = None
    claim: str | None = None
    target: int | None = None
    guarded: bool | None = None


_FIELDS = tuple(each.name for each in fields(NewEvent))


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What a check recorded about its text."""

    fingerprint: str
    level: str
    score: float
    category: str | None
    institution: str | None
    rules: str


_CHECK = sa.select(
    event.c.fingerprint,
    event.c.level,
    event.c.score,
    event.c.category,
    event.c.institution,
    event.c.rules,
).where(event.c.check_id == sa.bindparam("check_id"), event.c.kind == Kind.CHECK)

_LONGEST = 255
"""Characters of an indicator: a domain name has no more."""
_SOURCE = sa.select(event.c.id).where(event.c.source == sa.bindparam("source"))
_CLAIM = sa.select(event.c.id).where(event.c.claim == sa.bindparam("claim"))
# ``+ 0``: by the text, which leads to fewer rows than its group.
_CHECKED = (
    sa.select(event.c.id)
    .where(
        event.c.fingerprint == sa.bindparam("fingerprint"),
        event.c.kind == Kind.CHECK,
        event.c.chat_id + 0 == sa.bindparam("chat_id"),
        event.c.at >= sa.bindparam("since", type_=event.c.at.type),
    )
    .limit(1)
)
_BY_PERSON = sa.select(sa.func.count()).where(
    event.c.person == sa.bindparam("person"),
    event.c.kind == sa.bindparam("kind"),
)
_OF_PERSON = _BY_PERSON.where(event.c.at > sa.bindparam("since"))
_SAID = _BY_PERSON.where(
    event.c.fingerprint == sa.bindparam("fingerprint"),
    event.c.place == sa.bindparam("place"),
)


async def append(connection: AsyncConnection, new: NewEvent) -> int | None:
    """Append an event; None where its source or its claim is there already."""
    # Not by asdict(), which copies every value: that took longer than storing them.
    values = {name: getattr(new, name) for name in _FIELDS}
    return await insert_once(connection, event, values, returning=event.c.id)


async def attach(
    connection: AsyncConnection,
    event_id: int,
    text: str,
    domains: Iterable[str],
    numbers: Iterable[str],
    at: datetime,
) -> None:
    """Keep a report's redacted text and what the scam asks people to use."""
    await connection.execute(report_text.insert().values(event_id=event_id, text=text))
    values = {(IndicatorKind.DOMAIN, domain[:_LONGEST]) for domain in domains}
    values |= {(IndicatorKind.NUMBER, number[:_LONGEST]) for number in numbers}
    rows = [{"event_id": event_id, "kind": kind, "value": value, "first_seen": at} for kind, value in sorted(values)]
    if rows:
        await connection.execute(indicator.insert(), rows)


async def find_check(connection: AsyncConnection, check_id: str) -> CheckRow | None:
    """The check with this public id; what is no id, such as what a crafted button holds, reaches no database."""
    if not check_id.isascii() or "\0" in check_id:
        return None
    row = (await connection.execute(_CHECK, {"check_id": check_id})).one_or_none()
    return None if row is None else CheckRow(*row)


async def has_source(connection: AsyncConnection, source: str) -> bool:
    """Whether this cause had its effect already."""
    return await connection.scalar(_SOURCE, {"source": source}) is not None


async def has_claim(connection: AsyncConnection, claim: str) -> bool:
    """Whether this very word of this person is recorded already."""
    return await connection.scalar(_CLAIM, {"claim": claim}) is not None


async def was_checked(connection: AsyncConnection, chat_id: int, fingerprint: str, since: datetime) -> bool:
    """Whether this text was checked in this group at ``since`` or later, by whomever."""
    values = {"chat_id": chat_id, "fingerprint": fingerprint, "since": since}
    return await connection.scalar(_CHECKED, values) is not None


async def count_of_person(connection: AsyncConnection, person: str, kind: Kind, since: datetime) -> int:
    """How many events of this kind the person caused after ``since``."""
    return await connection.scalar(_OF_PERSON, {"person": person, "kind": kind, "since": since}) or 0


async def count_words(
    connection: AsyncConnection,
    person: str,
    fingerprint: str,
    place: str,
    kind: Kind,
) -> int:
    """How often the person said this of this text in this chat."""
    values = {"person": person, "fingerprint": fingerprint, "place": place, "kind": kind}
    return await connection.scalar(_SAID, values) or 0
