"""Words that a group's summary says in text and in its picture: the period, amounts, what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.neutralise import neutralise
from bot.period import Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from bot.period import Period
    from bot.reply.knows import Category
    from bot.texts import Texts


def name_of(period: Period, texts: Texts) -> str:
    """What the summary is: of a week or of a month."""
    return texts("summary-name-week" if period.span is Span.WEEK else "summary-name-month")


def days_of(period: Period, texts: Texts) -> str:
    """The period by its dates, which stay true wherever the summary is passed on to, unlike 'last week'."""
    if period.span is Span.MONTH and not period.open:
        return texts("summary-month", year=str(period.first.year), month=str(period.first.month))
    days = _days(period.first, period.last, texts)
    if period.open:
        return texts("summary-week-open" if period.span is Span.WEEK else "summary-month-open", days=days)
    year, week, _ = period.first.isocalendar()
    return texts("summary-week", days=days, year=str(year), week=str(week))


def against(period: Period, texts: Texts) -> str:
    """What changes are against."""
    if period.span is Span.WEEK:
        return texts("summary-against-week-open" if period.open else "summary-against-week")
    return texts("summary-against-month-open" if period.open else "summary-against-month")


def number(count: int) -> str:
    """A count that no phone takes for a number to call."""
    return neutralise(f"{count:,}")


def change(count: int, before: int, unit: str, texts: Texts) -> str:
    """How a count moved; ``unit`` is a word such as 次."""
    way = "same" if count == before else "more" if count > before else "less"
    return texts("summary-change", way=way, count=number(abs(count - before)), unit=unit)


def category_name(key: str, categories: Mapping[str, Category], texts: Texts) -> str:
    """A category's name; what is no category of ours is never shown by its key."""
    return categories[key].name if key in categories else texts("summary-category-unknown")


def _days(first: date, last: date, texts: Texts) -> str:
    start = texts("summary-day", month=str(first.month), day=str(first.day))
    if first == last:
        return start
    if first.month == last.month:
        return texts("summary-days", first=start, last=texts("summary-last-day", day=str(last.day)))
    end = texts("summary-day", month=str(last.month), day=str(last.day))
    return texts("summary-days", first=start, last=end)
