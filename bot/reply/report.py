"""A group's record as a reply: counts, kinds, names abused, new addresses and numbers. Nobody is named."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from bot.neutralise import neutralise
from bot.reply.fill import headed, line, lines
from bot.reply.model import MAX_UNITS, Line, Reply, units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.reply.knows import Knows
    from bot.service.types import Count, GroupReport
    from bot.texts import Texts

BEIJING = timezone(timedelta(hours=8))
MAX_NAMES = 8


def compose_report(
    report: GroupReport, texts: Texts, knowledge: Knows, institution_name: Callable[[str], str | None]
) -> Reply:
    """Say what a group's last days were like."""
    until = report.until.astimezone(BEIJING)
    since = report.since.astimezone(BEIJING)
    said = list(headed(texts, "report-title", since=f"{since:%m-%d}", until=f"{until:%m-%d}"))
    counts = {
        "checks": str(report.checks),
        "scams": str(report.scams),
        "repeats": str(report.repeats),
        "corrections": str(report.corrections),
    }
    said += lines(texts, "report-checks", **counts)
    if not report.scams:
        said += lines(texts, "report-quiet")
    categories = knowledge.categories

    def category_name(key: str) -> str | None:
        return categories[key].name if key in categories else None

    said += _counted("report-categories", report.categories, category_name, texts)
    said += _counted("report-institutions", report.institutions, institution_name, texts)
    said += _listed("report-domains", report.domains, texts)
    said += _listed("report-numbers", report.numbers, texts)
    said += lines(texts, "report-footer")
    while units(tuple(said)) > MAX_UNITS:
        said.pop(-2)
    return Reply(tuple(said))


def _counted(key: str, counts: Iterable[Count], name: Callable[[str], str | None], texts: Texts) -> list[Line]:
    named = [
        texts("report-count", name=neutralise(name(count.key) or count.key), count=str(count.count)) for count in counts
    ]
    return _joined(key, named, texts)


def _listed(key: str, things: Iterable[str], texts: Texts) -> list[Line]:
    return _joined(key, [neutralise(thing) for thing in things], texts)


def _joined(key: str, things: list[str], texts: Texts) -> list[Line]:
    if not things:
        return []
    shown = texts("list-joiner").join(things[:MAX_NAMES])
    if len(things) > MAX_NAMES:
        shown = texts("list-more", shown=shown, count=str(len(things)))
    return [line(texts, key, list=shown)]
