from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.period import (
    Period,
    Span,
    before,
    last_week,
    month_of,
    parse,
    start_of,
    this_month,
    this_week,
    week_of,
    weeks_until,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
# Clocks go forward at midnight in Beirut, by half an hour on Lord Howe; Kathmandu is off by a quarter.
ZONES = [SHANGHAI, LONDON, NEW_YORK, *map(ZoneInfo, ("Asia/Beirut", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"))]
WEDNESDAY = datetime(2026, 11, 18, 4, 30, tzinfo=UTC)
TICK = timedelta(microseconds=1)

moments = st.datetimes(
    datetime(2014, 1, 1),  # noqa: DTZ001  they become UTC
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
zones = st.sampled_from(ZONES)
kinds = st.sampled_from([this_week, last_week, this_month])


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


# ── what people write ──


@pytest.mark.parametrize(
    ("words", "name", "first", "last", "is_open"),
    [
        ("", "2026-W46", date(2026, 11, 9), date(2026, 11, 15), False),
        ("  上周 ", "2026-W46", date(2026, 11, 9), date(2026, 11, 15), False),
        ("上週", "2026-W46", date(2026, 11, 9), date(2026, 11, 15), False),
        ("本周", "2026-W47", date(2026, 11, 16), date(2026, 11, 18), True),
        ("這週", "2026-W47", date(2026, 11, 16), date(2026, 11, 18), True),
        ("本月", "2026-11", date(2026, 11, 1), date(2026, 11, 18), True),
        ("這個月", "2026-11", date(2026, 11, 1), date(2026, 11, 18), True),
        ("2026-W46", "2026-W46", date(2026, 11, 9), date(2026, 11, 15), False),
        ("2026w46", "2026-W46", date(2026, 11, 9), date(2026, 11, 15), False),
        ("２０２６－Ｗ４６", "2026-W46", date(2026, 11, 9), date(2026, 11, 15), False),
        ("2026-w7", "2026-W07", date(2026, 2, 9), date(2026, 2, 15), False),
        ("2026-W47", "2026-W47", date(2026, 11, 16), date(2026, 11, 18), True),
        ("2020-W53", "2020-W53", date(2020, 12, 28), date(2021, 1, 3), False),
        ("2026-W01", "2026-W01", date(2025, 12, 29), date(2026, 1, 4), False),
        ("2026-10", "2026-10", date(2026, 10, 1), date(2026, 10, 31), False),
        ("2026-2", "2026-02", date(2026, 2, 1), date(2026, 2, 28), False),
    ],
)
def test_words(words: str, name: str, first: date, last: date, is_open: bool) -> None:
    period = parse(words, WEDNESDAY, SHANGHAI)
    assert period is not None
    assert (period.name, period.first, period.last, period.open) == (name, first, last, is_open)
    assert period.since == start_of(first, SHANGHAI)
    assert period.until == (WEDNESDAY if is_open else start_of(last + timedelta(days=1), SHANGHAI))


@pytest.mark.parametrize(
    "words",
    [
        "下周",
        "2026",
        "2026-W00",
        "2026-W54",
        "2025-W53",  # that year had 52
        "2026-W48",
        "2026-12",
        "2027-W01",
        "2026-00",
        "2026-13",
        "0001-W01",
        "0000-W01",
        "0001-W03",
        "1999-W10",
        "9999-W52",
        "9999-12",
        "2026-W046",
        "本周 2026-W46",
        "W46",
        "x" * 5000,
    ],
)
def test_other_words_are_nothing(words: str) -> None:
    assert parse(words, WEDNESDAY, SHANGHAI) is None


def test_the_future_begins_with_the_first_moment_after_now() -> None:
    monday = utc(2026, 11, 15, 16)
    assert parse("2026-W47", monday - TICK, SHANGHAI) is None
    found = parse("2026-W47", monday, SHANGHAI)
    assert found is not None
    assert (found.since, found.until, found.open) == (monday, monday, True)


# ── the zone decides ──


def test_one_moment_lies_in_two_weeks() -> None:
    sunday_evening = utc(2026, 11, 15, 20)
    assert this_week(sunday_evening, SHANGHAI).name == "2026-W47"
    assert this_week(sunday_evening, NEW_YORK).name == "2026-W46"
    assert (last_week(sunday_evening, SHANGHAI).name, last_week(sunday_evening, NEW_YORK).name) == (
        "2026-W46",
        "2026-W45",
    )


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (LONDON, date(2026, 3, 29), 167),
        (LONDON, date(2026, 10, 25), 169),
        (NEW_YORK, date(2026, 3, 8), 167),
        (NEW_YORK, date(2026, 11, 1), 169),
        (ZoneInfo("Asia/Beirut"), date(2026, 3, 29), 167),
        (SHANGHAI, date(2026, 3, 29), 168),
    ],
)
def test_a_week_of_a_change_of_clocks_is_an_hour_shorter_or_longer(zone: ZoneInfo, day: date, hours: int) -> None:
    week = week_of(day, zone)
    assert week.until - week.since == timedelta(hours=hours)
    assert len(week.days) == 7


def test_where_midnight_does_not_exist_the_day_begins_an_hour_later() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    begins = start_of(date(2026, 3, 29), beirut)
    assert begins.astimezone(beirut).isoformat() == "2026-03-29T01:00:00+03:00"
    assert (begins - TICK).astimezone(beirut).date() == date(2026, 3, 28)


# ── the one before ──


@pytest.mark.parametrize(
    ("name", "earlier"),
    [("2021-W01", "2020-W53"), ("2026-W01", "2025-W52"), ("2026-W46", "2026-W45"), ("2026-01", "2025-12")],
)
def test_before_a_whole_period(name: str, earlier: str) -> None:
    period = parse(name, WEDNESDAY, LONDON)
    assert period is not None
    found = before(period)
    assert (found.name, found.until, found.open) == (earlier, period.since, False)


def test_an_open_week_is_compared_with_as_much_of_the_last() -> None:
    found = before(this_week(WEDNESDAY, SHANGHAI))
    assert (found.since, found.until) == (utc(2026, 11, 8, 16), WEDNESDAY - timedelta(days=7))


def test_as_much_is_by_the_clock_on_the_wall() -> None:
    now = datetime(2026, 3, 31, 9, tzinfo=LONDON)  # clocks went forward two days ago
    found = before(this_week(now, LONDON))
    assert found.until.astimezone(LONDON).isoformat() == "2026-03-24T09:00:00+00:00"


def test_a_longer_month_is_compared_with_all_of_a_shorter_one() -> None:
    found = before(this_month(utc(2026, 3, 31, 12), LONDON))
    assert (found.since, found.until) == (utc(2026, 2, 1), utc(2026, 3, 1))


# ── eight weeks ──


def test_eight_weeks_over_the_turn_of_a_year_of_53_weeks() -> None:
    period = parse("2021-W02", WEDNESDAY, NEW_YORK)
    assert period is not None
    names = [week.name for week in weeks_until(period)]
    assert names == [*(f"2020-W{week}" for week in range(48, 54)), "2021-W01", "2021-W02"]


def test_the_last_of_the_weeks_ends_with_the_period() -> None:
    month = parse("2026-09", WEDNESDAY, SHANGHAI)  # ends on a Wednesday
    assert month is not None
    *_, last = weeks_until(month)
    assert (last.name, last.until, last.days) == (
        "2026-W40",
        month.until,
        tuple(date(2026, 9, day) for day in (28, 29, 30)),
    )


# ── always ──


@given(moments, zones)
def test_weeks_and_months_tile_time(now: datetime, zone: ZoneInfo) -> None:
    day = now.astimezone(zone).date()
    for of in (week_of, month_of):
        period = of(day, zone)
        after = of(period.last + timedelta(days=1), zone)
        assert period.since <= now < period.until == after.since
        assert before(after) == period
        assert of(period.first, zone) == of(period.last, zone) == period


@given(moments, zones, kinds)
def test_days_tile_a_period(now: datetime, zone: ZoneInfo, kind: object) -> None:
    period: Period = kind(now, zone)  # type: ignore[operator]
    starts = [start_of(day, zone) for day in period.days]
    assert starts[0] == period.since
    assert starts == sorted(set(starts))
    assert starts[-1] <= period.until <= start_of(period.last + timedelta(days=1), zone)
    assert period.days[0] == period.first
    assert period.days[-1] == period.last
    assert period.open == (kind is not last_week)


@given(moments, zones, kinds)
def test_what_comes_before_ends_where_or_before_this_begins(now: datetime, zone: ZoneInfo, kind: object) -> None:
    period: Period = kind(now, zone)  # type: ignore[operator]
    earlier = before(period)
    assert earlier.span is period.span
    assert earlier.since <= earlier.until <= period.since
    assert not earlier.open
    # Nothing of the last is compared with something of this, unless the last was shorter.
    if earlier.until < period.since and period.span is Span.WEEK:
        assert abs((period.until - period.since) - (earlier.until - earlier.since)) <= timedelta(hours=1)


@given(moments, zones, kinds, st.integers(1, 12))
def test_weeks_follow_one_another_up_to_the_end(now: datetime, zone: ZoneInfo, kind: object, count: int) -> None:
    period: Period = kind(now, zone)  # type: ignore[operator]
    weeks = weeks_until(period, count)
    assert len(weeks) == count
    assert all(one.until == other.since for one, other in pairwise(weeks))
    assert weeks[-1].until == period.until
    assert period.last in weeks[-1].days or period.since == period.until  # it begins this very moment
    if period.span is Span.WEEK:
        assert weeks[-1] == period


@given(moments, zones, kinds)
def test_a_period_is_found_again_by_its_name(now: datetime, zone: ZoneInfo, kind: object) -> None:
    period: Period = kind(now, zone)  # type: ignore[operator]
    assert parse(period.name, now, zone) == period


@given(st.text(max_size=20), moments, zones)
def test_any_words_give_a_period_or_nothing(words: str, now: datetime, zone: ZoneInfo) -> None:
    period = parse(words, now, zone)
    assert period is None or period.since <= now
