"""From a case to the page that it is at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.fill import lines
from bot.reply.model import Reply
from bot.rescue import pages
from bot.rescue.case import Case, Page
from bot.rescue.moves import Verb
from bot.rescue.plan_page import plan_page

if TYPE_CHECKING:
    from bot.rescue.book import Book
    from bot.texts import Texts

_PAGES = {
    Page.SITUATIONS: pages.situations_page,
    Page.MEANS: pages.means_page,
    Page.BANKS: pages.banks_page,
    Page.REGION: pages.region_page,
    Page.RESTART: pages.restart_page,
    Page.PLAN: plan_page,
}


def compose_page(case: Case, book: Book, texts: Texts, now: int) -> Reply:
    """Return the page that a case is at; ``now`` is in seconds since 1970 UTC."""
    return _PAGES[case.page](case, book, texts, now)


def compose_without_record(book: Book, texts: Texts) -> Reply:
    """Return what can be said when nothing can be recorded: the most urgent steps, and no question."""
    said = pages.urgent(Case(token=""), book, texts, 0)
    closing = lines(texts, "closing-second-scam")
    return Reply((*said, *closing), copy=pages.numbers_in(said)[:1])


def follow_up(case: Case, name: str, texts: Texts) -> Reply:
    """Ask after a day or after days whether something is left to do; says nothing of what it is about.

    Args:
        case: Whose follow-up it is.
        name: ``day`` or ``days``.
        texts: The reader's language.
    """
    answers = [
        (pages.choice(case, texts(f"followup-{answer}"), Verb.FOLLOW, answer),) for answer in ("open", "done", "stop")
    ]
    return Reply(lines(texts, f"followup-{name}"), choices=tuple(answers))
