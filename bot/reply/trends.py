"""/trends as a reply: the kinds of scam that many report at present, each by our own example, in nobody's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.examples import OTHER, example_of
from bot.hotlines import MAINLAND
from bot.reply.fill import headed, line, lines, strong
from bot.reply.model import MAX_UNITS, HotlineNumber, Line, Quote, Reply, units
from bot.reply.numbers import main_line
from bot.reply.official import ask_line
from bot.reply.quotes import clipped
from bot.reply.report import MAX_WORDING
from bot.reply.summary import category_name

if TYPE_CHECKING:
    from bot.institutions import Directory
    from bot.reply.knows import Knows
    from bot.service.group_types import Trend
    from bot.texts import Texts

MAX_TRENDS = 8


def compose_trends(
    trends: tuple[Trend, ...], texts: Texts, knowledge: Knows, directory: Directory, *, region: str = MAINLAND
) -> Reply:
    """Say what is reported most.

    Args:
        trends: Most reported first.
        texts: The reader's language.
        knowledge: Names of the categories and the general lines.
        directory: Whose number is what.
        region: Whose general lines the last line names.
    """
    if not trends:
        return Reply(lines(texts, "trends-none"))
    asked = ask_line(texts, knowledge, directory, region)
    foot = ((), *((asked,) if asked else ()), *lines(texts, "trends-footer"))
    said = list(headed(texts, "trends-title"))
    shown = 0
    for trend in trends[:MAX_TRENDS]:
        kind = ((), *_kind(trend, texts, knowledge, directory))
        rest = _rest(len(trends) - shown - 1, texts)
        if units((*said, *kind, *rest, *foot)) > MAX_UNITS:
            break
        said += kind
        shown += 1
    return Reply((*said, *_rest(len(trends) - shown, texts), *foot))


def _kind(trend: Trend, texts: Texts, knowledge: Knows, directory: Directory) -> list[Line]:
    name = category_name(trend.category, knowledge.categories, texts)
    band = texts(f"trends-band-{trend.band.value}")
    said = [strong(line(texts, "trends-kind", category=name, band=band))]
    # What is in no kind of its own is too unlike for one example to stand for it.
    if trend.category in knowledge.categories and trend.category != OTHER:
        ours = example_of(trend.category)
        said += lines(texts, "trends-example", example=Quote(clipped(ours.text, MAX_WORDING)))
        said += lines(texts, "trends-advice", advice=ours.advice)
    return [*said, *_institution(trend.institution, texts, directory)]


def _institution(institution: str | None, texts: Texts, directory: Directory) -> tuple[Line, ...]:
    """Whom it is done in the name of, with the number to call; an unclear name helps nobody and is left out."""
    if institution is None or institution not in directory:
        return ()
    row = directory.get(institution)
    if row.candidates:
        return ()
    main = main_line(row)
    if main is None:
        return lines(texts, "trends-institution-none", name=row.name)
    return lines(texts, "trends-institution", name=row.name, number=HotlineNumber(main.number))


def _rest(count: int, texts: Texts) -> tuple[Line, ...]:
    return ((), *lines(texts, "trends-more", count=str(count))) if count > 0 else ()
