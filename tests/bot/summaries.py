"""Records of a group to compose summaries from."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.period import last_week, month_of, this_month, this_week, weeks_until
from bot.service.group_types import Bar, Change, Count, Example, GroupReport, Totals

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)
"""A Tuesday, at eleven in the zone."""
WEEK, OPEN_WEEK = last_week(NOW, ZONE), this_week(NOW, ZONE)
MONTH, OPEN_MONTH = month_of(date(2026, 10, 3), ZONE), this_month(NOW, ZONE)
PERIODS = {"week": WEEK, "open week": OPEN_WEEK, "month": MONTH, "open month": OPEN_MONTH}
WORDING = "【中信银行】您的信用卡逾期，请登录 hxxp://zx-pay[.]top 或致电[号码]处理"
FULL = GroupReport(
    WEEK,
    Totals(checks=32, scams=7, repeats=12, reporters=9, corrections=1),
    Totals(checks=27, scams=4, repeats=14, reporters=9, corrections=3),
    categories=(
        Change("bank_phishing", 3, 1),
        Change("toll", 2, 2),
        Change("collection", 1, 3),
        Change("parcel", 1, 0),
        Change("prize", 0, 2),
        Change("points", 0, 1),
    ),
    institutions=(Count("citic_bank", 2), Count("icbc", 1)),
    domains=("zx-pay.top", "etc-gov.cc"),
    numbers=("138****1234", "400****567"),
    days=tuple(
        Bar(day, checks, scams)
        for day, checks, scams in zip(WEEK.days, (5, 3, 8, 6, 2, 7, 1), (1, 0, 2, 1, 0, 3, 0), strict=True)
    ),
    weeks=tuple(
        Bar(week.first, 4 * scams, scams)
        for week, scams in zip(weeks_until(WEEK), (2, 0, 3, 5, 1, 2, 4, 7), strict=True)
    ),
    example=Example(9, 6, "bank_phishing", "citic_bank", WORDING),
)
QUIET = GroupReport(WEEK, Totals(checks=3, corrections=1), Totals(checks=5, scams=2, reporters=2))
NOTHING = GroupReport(WEEK, Totals(), Totals())
