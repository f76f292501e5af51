"""/export: a group's events, for its admins. Who caused them is not said, and nothing that would tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.redact import mask_number
from bot.service.group_types import ExportRow
from bot.store import group_events, group_settings, group_words
from bot.store.group_events import Place
from bot.store.schema import IndicatorKind, Kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.period import Period
    from bot.service.context import Context
    from bot.service.types import Chat
    from bot.store.group_events import Row
    from bot.store.group_words import Use

STEP = 1000
"""Events of one transaction: some milliseconds, and a million never stand in memory."""


async def export(context: Context, where: Chat, period: Period) -> AsyncIterator[ExportRow]:
    """All events of the group in the period, oldest first, each as it stands when it is come to."""
    place = Place(period.since, 0)
    while True:
        async with context.store.read() as connection:
            chat_id = await group_settings.current(connection, where.id)
            rows = await group_events.after(connection, chat_id, place, period.until, STEP)
            reports = [row.id for row in rows if row.kind is Kind.REPORT and row.standing]
            uses = await group_words.uses_of(connection, reports)
        for row in rows:
            yield _told(row, uses.get(row.id, ()))
        if len(rows) < STEP:
            return
        place = Place(rows[-1].at, rows[-1].id)


def _told(row: Row, uses: Sequence[Use]) -> ExportRow:
    return ExportRow(
        at=row.at,
        kind=row.kind,
        level=row.level,
        category=row.category,
        institution=row.institution,
        by_admin=row.admin,
        standing=row.standing,
        text=row.text,
        domains=tuple(sorted(use.value for use in uses if use.kind is IndicatorKind.DOMAIN)),
        numbers=tuple(sorted(mask_number(use.value) for use in uses if use.kind is IndicatorKind.NUMBER)),
    )
