"""Periods of a group's record: weeks from Monday and calendar months, in the group's own time zone.

Pure: the present moment and the zone are given.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Shanghai"
_WEEK = timedelta(days=7)
_TICK = timedelta(microseconds=1)
_ISO_WEEK = re.compile(r"(\d{4})-?[Ww](\d{1,2})")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")
_FIRST_YEAR = 2013
"""Nothing was written in Telegram before; far enough from the ends of the calendar to reckon with what comes before."""


class Span(StrEnum):
    """What a period is one of."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """From ``since`` until before ``until``, both in UTC; ``first`` is its first day in the zone.

    Attributes:
        open: True where it is not over: ``until`` is then the present moment, not its end.
    """

    span: Span
    first: date
    since: datetime
    until: datetime
    zone: ZoneInfo
    open: bool = False

    @property
    def last(self) -> date:
        """Its last day in the zone, the present one where it is not over."""
        if self.until <= self.since:  # it begins this very moment
            return self.first
        return (self.until - _TICK).astimezone(self.zone).date()

    @property
    def days(self) -> tuple[date, ...]:
        """Its days in the zone, those to come left out."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    @property
    def name(self) -> str:
        """``2026-W46`` or ``2026-11``; what :func:`parse` takes."""
        if self.span is Span.MONTH:
            return f"{self.first:%Y-%m}"
        year, week, _ = self.first.isocalendar()
        return f"{year}-W{week:02}"


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day in the zone, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def week_of(day: date, zone: ZoneInfo, now: datetime | None = None) -> Period:
    """The week that a day lies in; with ``now`` it ends there if it is not over."""
    monday = day - timedelta(days=day.weekday())
    return _cut(Period(Span.WEEK, monday, start_of(monday, zone), start_of(monday + _WEEK, zone), zone), now)


def month_of(day: date, zone: ZoneInfo, now: datetime | None = None) -> Period:
    """The calendar month that a day lies in; with ``now`` it ends there if it is not over."""
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    return _cut(Period(Span.MONTH, first, start_of(first, zone), start_of(after, zone), zone), now)


def this_week(now: datetime, zone: ZoneInfo) -> Period:
    """The week so far."""
    return week_of(now.astimezone(zone).date(), zone, now)


def last_week(now: datetime, zone: ZoneInfo) -> Period:
    """The last full week."""
    return week_of(now.astimezone(zone).date() - _WEEK, zone)


def this_month(now: datetime, zone: ZoneInfo) -> Period:
    """The month so far."""
    return month_of(now.astimezone(zone).date(), zone, now)


def parse(words: str, now: datetime, zone: ZoneInfo) -> Period | None:
    """Read 本周, 上周, 本月 (Traditional too), ``2026-W46``, ``2026-11``; nothing means the last full week.

    Returns:
        None where it is none of these, no week or month of that year, lies in the future, or before Telegram.
    """
    words = unicodedata.normalize("NFKC", words).strip()
    if not words:
        return last_week(now, zone)
    named = _NAMED.get(words)
    if named is not None:
        return named(now, zone)
    try:
        period = _of_number(words, now, zone)
    except (ValueError, OverflowError):
        return None
    return period if period and period.first.year >= _FIRST_YEAR and period.since <= now else None


def before(period: Period) -> Period:
    """The period before, as far as this one goes: an open week is compared with as much of the last."""
    earlier = period.first - timedelta(days=1)
    whole = week_of(earlier, period.zone) if period.span is Span.WEEK else month_of(earlier, period.zone)
    if not period.open:
        return whole
    local = period.until.astimezone(period.zone)
    day = whole.first + (local.date() - period.first)
    until = datetime.combine(day, local.time(), period.zone).astimezone(UTC)
    return Period(whole.span, whole.first, whole.since, min(until, whole.until), whole.zone)


def weeks_until(period: Period, count: int = 8) -> tuple[Period, ...]:
    """The ``count`` weeks that end with the week of the period's last day, oldest first."""
    last = week_of(period.last, period.zone)
    weeks = (week_of(last.first - n * _WEEK, period.zone) for n in reversed(range(1, count)))
    return (*weeks, Period(Span.WEEK, last.first, last.since, min(last.until, period.until), last.zone, period.open))


def _of_number(words: str, now: datetime, zone: ZoneInfo) -> Period | None:
    if found := _ISO_WEEK.fullmatch(words):
        return week_of(date.fromisocalendar(int(found[1]), int(found[2]), 1), zone, now)
    if found := _MONTH.fullmatch(words):
        return month_of(date(int(found[1]), int(found[2]), 1), zone, now)
    return None


def _cut(period: Period, now: datetime | None) -> Period:
    if now is None or not period.since <= now < period.until:
        return period
    return Period(period.span, period.first, period.since, now, period.zone, open=True)


_NAMED: dict[str, Callable[[datetime, ZoneInfo], Period]] = {
    "本周": this_week,
    "本週": this_week,
    "这周": this_week,
    "這週": this_week,
    "上周": last_week,
    "上週": last_week,
    "本月": this_month,
    "这个月": this_month,
    "這個月": this_month,
}
"""What people write, not what they read."""
