"""A group's record of a period."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.period import before, start_of, weeks_until
from bot.redact import mask_number
from bot.service import first_seen, group_record
from bot.service.group_scams import Scams
from bot.service.group_types import Bar, Change, Count, Example, GroupReport, Totals
from bot.service.wording import common_wording
from bot.store import group_counts, group_settings, group_words
from bot.store.schema import IndicatorKind, microseconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.period import Period
    from bot.service.context import Context
    from bot.service.types import Chat
    from bot.store.group_counts import Span
    from bot.store.group_words import Said, Subject

MOST_COPIES = 256
"""Reports of the most frequent scam, the latest, whose texts are looked at for what they have in common."""
_DAY = timedelta(days=1)


class Reports:
    """Makes groups' reports. One for each process."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._scams = Scams()

    async def report(self, where: Chat, period: Period) -> GroupReport:
        """Count what stands now of what happened then: a word withdrawn since counts in no period.

        The number of scams of a week or of the period is what a report of that time alone would say: a scam that is
        reported in two weeks counts in each of them, once. In the days of a period, each scam of that period counts on
        every day on which it was reported.
        """
        async with self._context.store.read() as connection:
            chat_id = await group_settings.current(connection, where.id)
            return await _Reading(self._context, connection, chat_id, period).report(self._scams)


class _Reading:
    """One report on its way, within its transaction."""

    def __init__(self, context: Context, connection: AsyncConnection, chat_id: int, period: Period) -> None:
        self._context, self._connection, self._chat_id, self._period = context, connection, chat_id, period
        self._now, self._before = _span(period), _span(before(period))
        self._weeks = {week.first: _span(week) for week in weeks_until(period)}
        self._days = {
            day: (max(start_of(day, period.zone), period.since), min(start_of(day + _DAY, period.zone), period.until))
            for day in period.days
        }

    async def report(self, scams: Scams) -> GroupReport:
        spans = {self._now, self._before, *self._days.values(), *self._weeks.values()}
        since = min(since for since, _ in spans)
        record = await group_record.load(self._connection, self._context, self._chat_id, (since, self._period.until))
        checks = await group_counts.checks(self._connection, self._chat_id, spans)
        corrections = await group_counts.corrections(self._connection, self._chat_id, {self._now, self._before})
        new = await first_seen.uses(self._connection, self._context, self._chat_id, record, self._period.since)
        reports = {span: record.between(span) for span in (self._now, self._before)}
        now, earlier = await scams.among(self._connection, [*reports.values()])
        weeks = await scams.count(self._connection, [record.between(week) for week in self._weeks.values()])
        days = [_reported_in(now, day) for day in self._days.values()]
        latest, latest_before = [scam[-1].id for scam in now], [scam[-1].id for scam in earlier]
        about = await group_words.subjects_of(self._connection, {*latest, *latest_before})

        def totals(span: Span, found: Sequence[Sequence[Said]]) -> Totals:
            return Totals(
                checks=checks[span],
                scams=len(found),
                repeats=len(reports[span]) - len(found),
                reporters=len({said.person for said in reports[span]}),
                corrections=corrections[span],
            )

        def bars(spans: Mapping[date, Span], scams: Iterable[int]) -> tuple[Bar, ...]:
            return tuple(Bar(day, checks[span], n) for (day, span), n in zip(spans.items(), scams, strict=True))

        return GroupReport(
            period=self._period,
            totals=totals(self._now, now),
            before=totals(self._before, earlier),
            categories=_changes(
                (about[one].category for one in latest), (about[one].category for one in latest_before)
            ),
            institutions=tuple(
                Count(found.key, found.count) for found in _changes((about[one].institution for one in latest), ())
            ),
            domains=tuple(use.value for use in new if use.kind is IndicatorKind.DOMAIN),
            numbers=tuple(mask_number(use.value) for use in new if use.kind is IndicatorKind.NUMBER),
            days=bars(self._days, days),
            weeks=bars(self._weeks, weeks),
            example=await self._example(now, about),
        )

    async def _example(self, scams: Sequence[Sequence[Said]], about: Mapping[int, Subject]) -> Example | None:
        if not scams:
            return None
        top = max(scams, key=lambda scam: (len(scam), len({word.person for word in scam}), -scam[0].id))
        copies = await group_words.copies(self._connection, [word.id for word in top[-MOST_COPIES:]])
        return Example(
            reports=len(top),
            people=len({word.person for word in top}),
            category=about[top[-1].id].category,
            institution=about[top[-1].id].institution,
            wording=await asyncio.to_thread(common_wording, _of_different_people(copies)),
        )


def _reported_in(scams: Iterable[Sequence[Said]], span: Span) -> int:
    """How many of the scams were reported in this stretch of time."""
    since, until = map(microseconds, span)
    return sum(any(since <= said.at < until for said in scam) for scam in scams)


def _span(period: Period) -> Span:
    return period.since, period.until


def _changes(now: Iterable[str | None], earlier: Iterable[str | None]) -> tuple[Change, ...]:
    """How often each occurs and occurred, most frequent first, ties by name."""
    counts, counts_before = (Counter(key for key in keys if key is not None) for keys in (now, earlier))
    found = [Change(key, counts[key], counts_before[key]) for key in counts | counts_before]
    return tuple(sorted(found, key=lambda change: (-change.count, -change.before, change.key)))


def _of_different_people(copies: Iterable[group_words.Copy]) -> list[str]:
    """Texts of which each was brought by somebody else and reported by somebody else, the latest first.

    Three people who press the button below one person's SMS make three reports, and still just one copy.
    """
    found, bringers, reporters = [], set[str](), set[str]()
    for copy in reversed([*copies]):
        if copy.bringer not in bringers and copy.person not in reporters:
            bringers.add(copy.bringer)
            reporters.add(copy.person)
            found.append(copy.text)
    return found
