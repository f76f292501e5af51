"""What is said beside the pages: sources, how to talk to somebody who does not listen, and words for danger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.fill import headed, lines
from bot.reply.model import Choice, HotlineNumber, Line, Plain, Reply
from bot.reply.numbers import ANTIFRAUD, EMERGENCY, POLICE
from bot.rescue.case import facts, plan
from bot.rescue.moves import Move, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.rescue.book import Book
    from bot.rescue.case import Case
    from bot.rescue.schema import Step
    from bot.rescue.told import Danger
    from bot.texts import Texts


def sources_card(case: Case, book: Book, texts: Texts, now: int) -> Reply:
    """List what each step of the person's plan rests on, with its date."""
    guide = book.guide
    known = facts(case, guide, now)
    said = list(headed(texts, "sources-title"))
    for number, step in enumerate(plan(case, guide, now), start=1):
        name = texts(f"step-{step.id}-name")
        said += lines(texts, "sources-step", n=str(number), name=name, sources=sources_of(_all_of(step), book, texts))
    for part in guide.closing:
        if part.fits(known, abroad=case.abroad):
            name = texts(f"sources-{part.id}")
            said += lines(texts, "sources-other", name=name, sources=sources_of(part.sources, book, texts))
    return Reply((*said, *lines(texts, "sources-caution")))


def persuade_card(case: Case, texts: Texts) -> Reply:
    """How to talk to a relative who does not want to hear it."""
    suffix = "-abroad" if case.abroad else ""
    numbers = {"police": HotlineNumber(POLICE), "antifraud": HotlineNumber(ANTIFRAUD)}
    return Reply(
        (*headed(texts, f"persuade{suffix}", **numbers), *lines(texts, f"persuade-source{suffix}", **numbers)),
        copy=() if case.abroad else (ANTIFRAUD,),
    )


def later_card(case: Case, texts: Texts) -> Reply:
    """Offer the way to what can be done, for whoever must first have somebody beside them."""
    button = Choice(texts("danger-later-button"), Move(case.token, Verb.FOLLOW, "open").encode())
    return Reply(lines(texts, "danger-later"), choices=((button,),))


def danger_card(danger: Danger, texts: Texts, *, helper: bool, region: str | None) -> Reply:
    """What comes before anything else where a life may be at stake; no question, no menu.

    Args:
        danger: What was read.
        texts: The reader's language.
        helper: True where somebody else is in danger.
        region: Id of the person's region, None while unknown.
    """
    abroad = region not in {None, "mainland"}
    key = f"danger-{danger.value}" + ("-helper" if helper else "")
    numbers = {"police": HotlineNumber(POLICE), "emergency": HotlineNumber(EMERGENCY)}
    said = list(headed(texts, key, where="abroad" if abroad else "mainland", **numbers))
    if region is None:
        said += lines(texts, "danger-region")
    return Reply(tuple(said), copy=() if abroad else (EMERGENCY, POLICE))


def _all_of(step: Step) -> Iterable[str]:
    return (*step.sources, *(step.clock.sources if step.clock else ()))


def sources_of(ids: Iterable[str], book: Book, texts: Texts) -> Line:
    """Return sources by title and date, as running text."""
    found = (book.guide.sources[source] for source in ids)
    said = (texts("sources-one", title=source.title, date=source.date) for source in found)
    return (Plain(texts("sources-joiner").join(said)),)
