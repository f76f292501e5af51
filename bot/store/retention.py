"""Deleting what was kept long enough: redacted texts that nobody confirmed, and events, of which counts stay."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from bot.model import Level
from bot.store.dialect import insert_once
from bot.store.group_settings import ADMINS_ONLY
from bot.store.schema import Kind, event, event_count, group_settings, indicator, likeness, report_text, review
from bot.store.votes import OPPOSITE, STANDING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


class OldText(NamedTuple):
    """A redacted text whose own report confirms nothing: no admin's, and not on a text that was judged a scam.

    Nor does a member's where only admins confirm.
    """

    event_id: int
    fingerprint: str


_WORDS = list(OPPOSITE)
_ADMINS_ONLY = sa.exists().where(
    group_settings.c.chat_id == event.c.chat_id, group_settings.c.confirmers == ADMINS_ONLY
)
_CONFIRMS = sa.and_(STANDING[Kind.REPORT], sa.or_(event.c.admin, sa.and_(event.c.level == Level.SCAM, ~_ADMINS_ONLY)))
_UNTIL = event.c.at <= sa.bindparam("until", type_=event.c.at.type)
_TEXTS = (
    sa.select(report_text.c.event_id, event.c.fingerprint)
    .join(event, event.c.id == report_text.c.event_id)
    .where(report_text.c.event_id > sa.bindparam("after"), _UNTIL, ~_CONFIRMS)
    .order_by(report_text.c.event_id)
    .limit(sa.bindparam("most"))
)
# An undo goes after what it undoes, or that would count again: the batch that deletes its target sets it free.
# ``+ 0`` keeps a database from looking for nulls, which most events have, by the index on ``target``.
_EVENTS = (
    sa.select(
        event.c.id,
        event.c.at,
        event.c.kind,
        event.c.chat_id,
        event.c.level,
        event.c.category,
        event.c.institution,
        event.c.fingerprint,
        event.c.person,
        event.c.place,
    )
    .where(_UNTIL, (event.c.target + 0).is_(None))
    .order_by(event.c.at, event.c.id)
    .limit(sa.bindparam("most"))
)
_KEY = [column.name for column in event_count.primary_key]
_ADD = (
    sa.update(event_count)
    .where(*(event_count.c[name] == sa.bindparam(f"of_{name}") for name in _KEY))
    .values(count=event_count.c.count + sa.bindparam("more"))
)
_FREE = (
    sa.update(event)
    .where(
        event.c.fingerprint == sa.bindparam("of_text"),
        event.c.kind == sa.bindparam("of_kind"),
        event.c.person == sa.bindparam("of_person"),
        event.c.place == sa.bindparam("of_place"),
    )
    .values(claim=None)
)


async def old_texts(connection: AsyncConnection, until: datetime, after: int, most: int) -> list[OldText]:
    """Texts reported at ``until`` or before, behind the event ``after``, at most ``most`` of them, in order."""
    values = {"until": until, "after": after, "most": most}
    return [OldText(*row) for row in await connection.execute(_TEXTS, values)]


def fingerprints_of(event_ids: Collection[int]) -> sa.Select[str]:
    """What :func:`bot.store.votes.tallies` wants to know about these events."""
    return sa.select(event.c.fingerprint).where(event.c.id.in_(event_ids))


async def drop_texts(connection: AsyncConnection, event_ids: Collection[int]) -> None:
    """Delete the texts of these reports; the reports stay."""
    await connection.execute(sa.delete(report_text).where(report_text.c.event_id.in_(event_ids)))


async def count_and_drop(connection: AsyncConnection, until: datetime, most: int) -> int:
    """Turn the oldest events, of ``until`` or before and at most ``most``, into counts.

    Both in the caller's transaction: whatever happens to it, no event is counted twice or lost.

    Returns:
        How many events are gone. Those that undid one of them may be left for the next call.
    """
    rows = (await connection.execute(_EVENTS, {"until": until, "most": most})).all()
    if not rows:
        return 0
    counts = Counter(
        (
            row.at.strftime("%Y-%m"),
            row.kind,
            row.chat_id or 0,
            row.level or "",
            row.category or "",
            row.institution or "",
        )
        for row in rows
    )
    for values, count in counts.items():
        key = dict(zip(_KEY, values, strict=True))
        await insert_once(connection, event_count, {**key, "count": 0})
        await connection.execute(_ADD, {**{f"of_{name}": value for name, value in key.items()}, "more": count})
    await _drop(connection, [row.id for row in rows])
    await _free_claims(connection, rows)
    return len(rows)


async def _drop(connection: AsyncConnection, event_ids: Sequence[int]) -> None:
    for table in (report_text, indicator, likeness, review):
        await connection.execute(sa.delete(table).where(table.c.event_id.in_(event_ids)))
    await connection.execute(sa.update(event).where(event.c.target.in_(event_ids)).values(target=None))
    await connection.execute(sa.delete(event).where(event.c.id.in_(event_ids)))


async def _free_claims(connection: AsyncConnection, gone: Sequence[Any]) -> None:
    """Take the claims from what is left of people whose earlier words on the same text in the same chat are gone.

    A claim holds how many words came before it. With fewer words left, a new word's claim could be one that is taken,
    and the word would be refused as said already.
    """
    said = {(row.fingerprint, row.person, row.place) for row in gone if row.kind in _WORDS and row.person is not None}
    values = [
        {"of_text": text, "of_kind": kind, "of_person": person, "of_place": place}
        for text, person, place in sorted(said)
        for kind in _WORDS
    ]
    if values:
        await connection.execute(_FREE, values)
