"""A group's record of a period as one picture, to go beside the message of :mod:`bot.reply.report`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.chart import MOST_KINDS, Chart, Column, Figure, Kind, Plot, draw
from bot.hotlines import MAINLAND
from bot.period import Span
from bot.reply.official import ask_line
from bot.reply.summary import against, category_name, days_of, name_of
from bot.service.group_types import Totals

if TYPE_CHECKING:
    from datetime import date

    from bot.knowledge import Knowledge
    from bot.service.group_types import Bar, GroupReport
    from bot.texts import Texts

TEN_THOUSAND = 10_000
_WHOLE = 100
_WEEK = 7


def report_picture(report: GroupReport, texts: Texts, knowledge: Knowledge, *, region: str = MAINLAND) -> bytes:
    """The PNG; takes tens of milliseconds of processor time, so off the loop with it.

    Raises:
        DataError: The font is missing or damaged.
    """
    return draw(chart_of(report, texts, knowledge, region=region))


def chart_of(report: GroupReport, texts: Texts, knowledge: Knowledge, *, region: str = MAINLAND) -> Chart:
    """What the picture says."""
    return Chart(
        title=name_of(report.period, texts),
        period=days_of(report.period, texts),
        compared=texts("chart-compared", against=against(report.period, texts)) if report.before != Totals() else "",
        figures=_figures(report, texts),
        days=_days(report, texts),
        kinds_heading=texts("chart-kinds"),
        kinds=_kinds(report, texts, knowledge),
        weeks=_weeks(report, texts),
        foot="".join(run.text for run in ask_line(texts, knowledge, knowledge.directory, region)),
    )


def short(count: int, texts: Texts) -> str:
    """A count in few characters: ``9999``, ``1.2万``, ``100万``."""
    if count < TEN_THOUSAND:
        return str(count)
    tens = round(count / TEN_THOUSAND, 1)
    return texts("chart-ten-thousand", count=f"{tens:,.0f}" if tens >= _WHOLE or tens == int(tens) else f"{tens:.1f}")


def _figures(report: GroupReport, texts: Texts) -> tuple[Figure, ...]:
    now, then = report.totals, report.before
    times, kinds, people = texts("summary-times"), texts("summary-kinds"), texts("summary-people")
    counts = (
        ("chart-scams", kinds, now.scams, then.scams),
        ("chart-repeats", times, now.repeats, then.repeats),
        ("chart-reporters", people, now.reporters, then.reporters),
        ("chart-checks", times, now.checks, then.checks),
        ("chart-corrections", times, now.corrections, then.corrections),
    )
    known = then != Totals()
    return tuple(
        Figure(short(count, texts), unit, texts(key), _change(count, before, texts) if known else "")
        for key, unit, count, before in counts
    )


def _change(count: int, before: int, texts: Texts) -> str:
    way = "same" if count == before else "more" if count > before else "less"
    return texts("chart-change", way=way, count=short(abs(count - before), texts))


def _days(report: GroupReport, texts: Texts) -> Plot:
    month = report.period.span is Span.MONTH
    bars = _by_week(report, texts) if month else _by_day(report.days, texts)
    columns = tuple(
        Column(label, bar.scams, _over(bar.scams, texts), bar.checks, _over(bar.checks, texts)) for label, bar in bars
    )
    if not month and bars:
        # Days to come keep their place and stay blank: as zeros they would be read as quiet.
        columns += (Column(""),) * (_WEEK - len(columns))
    heading = texts("chart-weeks-of-month" if month else "chart-days")
    legend = (texts("chart-legend-scams"), texts("chart-legend-checks"))
    return Plot(heading, columns, texts("chart-nothing"), legend)


def _by_day(days: tuple[Bar, ...], texts: Texts) -> list[tuple[str, Bar]]:
    names = texts("chart-weekdays").split()
    return [(names[bar.first.weekday()], bar) for bar in days]


def _by_week(report: GroupReport, texts: Texts) -> list[tuple[str, Bar]]:
    """The weeks that the month lies in: thirty-one days would be too narrow to read.

    They are not summed up from the days: a scam that was reported on two of them would count twice.
    """
    last = timedelta(days=_WEEK - 1)
    return [
        (texts("chart-from", date=_date(bar.first, texts)), bar)
        for bar in report.weeks
        if bar.first + last >= report.period.first
    ]


def _weeks(report: GroupReport, texts: Texts) -> Plot:
    columns = tuple(
        Column(
            _date(bar.first, texts),
            bar.scams,
            short(bar.scams, texts),
            past=bar.first < report.period.first,
        )
        for bar in report.weeks
    )
    return Plot(texts("chart-trend"), columns, texts("chart-no-trend"), note=texts("chart-trend-note"))


def _date(day: date, texts: Texts) -> str:
    return texts("chart-date", month=str(day.month), day=str(day.day))


def _kinds(report: GroupReport, texts: Texts, knowledge: Knowledge) -> tuple[Kind, ...]:
    counted: dict[str, int] = {}
    for found in report.categories:
        if found.count:
            name = category_name(found.key, knowledge.categories, texts)
            counted[name] = counted.get(name, 0) + found.count
    named = list(counted.items())
    shown = named if len(named) <= MOST_KINDS else named[: MOST_KINDS - 1]
    rest = named[len(shown) :]
    kinds = [Kind(name, count, short(count, texts)) for name, count in shown]
    if rest:
        count = sum(count for _, count in rest)
        kinds.append(Kind(texts("chart-rest", kinds=str(len(rest))), count, short(count, texts), rest=True))
    return tuple(kinds)


def _over(count: int, texts: Texts) -> str:
    return short(count, texts) if count else ""
