"""What one group's record holds between two moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from bot.store.schema import IndicatorKind, Kind, event, indicator
from bot.store.votes import IN_CHAT, STANDING

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


class Use(NamedTuple):
    """A domain or number that a standing report of the group names."""

    kind: IndicatorKind
    value: str
    at: datetime
    fingerprint: str


def _within(chat_id: int, since: datetime, until: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (event.c.chat_id == chat_id, event.c.at >= since, event.c.at < until)


async def count_checks(connection: AsyncConnection, chat_id: int, since: datetime, until: datetime) -> int:
    """Checks made in the group."""
    query = sa.select(sa.func.count()).where(event.c.kind == Kind.CHECK, *_within(chat_id, since, until))
    return await connection.scalar(query) or 0


async def count_corrections(connection: AsyncConnection, chat_id: int, since: datetime, until: datetime) -> int:
    """Corrections that stand."""
    query = sa.select(sa.func.count()).where(
        STANDING[Kind.CORRECTION],
        *_within(chat_id, since, until),
    )
    return await connection.scalar(query) or 0


def reported(chat_id: int, since: datetime, until: datetime) -> sa.Select[str]:
    """Fingerprints of what was reported in the group."""
    return sa.select(event.c.fingerprint).where(
        event.c.kind == Kind.REPORT,
        event.c.person.is_not(None),
        *_within(chat_id, since, until),
    )


def sharing(chat_id: int, since: datetime, until: datetime) -> sa.Select[str]:
    """Fingerprints of reports of any time and place that name what one of the group's in the period names."""
    theirs, ours = indicator.alias(), indicator.alias()
    told = event.alias()
    now = (
        sa.select(ours.c.kind, ours.c.value)
        .join(event, event.c.id == ours.c.event_id)
        .where(event.c.kind == Kind.REPORT, *_within(chat_id, since, until))
        .distinct()
        .subquery()
    )
    return (
        sa.select(told.c.fingerprint)
        .join(theirs, theirs.c.event_id == told.c.id)
        .join(now, sa.and_(now.c.kind == theirs.c.kind, now.c.value == theirs.c.value))
    )


async def uses(
    connection: AsyncConnection,
    chat_id: int,
    fingerprints: sa.Select[str],
    until: datetime,
) -> list[Use]:
    """What the group's standing reports on these texts name, up to ``until``, oldest first."""
    query = (
        sa.select(indicator.c.kind, indicator.c.value, event.c.at, event.c.fingerprint)
        .join(event, event.c.id == indicator.c.event_id)
        .where(
            IN_CHAT,
            event.c.at < until,
            event.c.fingerprint.in_(fingerprints),
            STANDING[Kind.REPORT],
        )
        .order_by(event.c.at, event.c.id)
    )
    found = await connection.execute(query, {"chat_id": chat_id})
    return [Use(IndicatorKind(kind), value, at, fingerprint) for kind, value, at, fingerprint in found]
