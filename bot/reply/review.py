"""/review as a reply: one thing to decide, or what was decided. Nothing of the SMS in it can be tapped."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.model import Level
from bot.neutralise import neutralise
from bot.reply.fill import headed, line, lines
from bot.reply.model import Block, HotlineNumber, Quote, Reply
from bot.reply.stats import LEVELS, date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.institutions import Directory
    from bot.model import Hotline
    from bot.reply.knows import Knows
    from bot.reply.model import Line
    from bot.service.review import Item
    from bot.texts import Texts

MAX_TEXT = 1000
"""Characters of the SMS; neutralising makes them more, and a message holds 4,096."""
MAX_RULES = 12
MAX_NUMBERS = 12
_TITLES = {
    "report": "review-title-report",
    "complaint": "review-title-complaint",
    "correction": "review-title-correction",
}
_CONFIRMED = {
    "report": "review-confirmed-report",
    "complaint": "review-confirmed-complaint",
    "correction": "review-confirmed-correction",
}
_DECIDED = {"reject": "review-rejected", "mute": "review-muted"}
DECISIONS = {"confirm": "decision-confirm", "reject": "decision-reject", "mute": "decision-mute"}
"""Short names of the decisions."""


def compose_item(item: Item, texts: Texts, knowledge: Knows, directory: Directory) -> Reply:
    """Show what waits for a decision."""
    said = list(headed(texts, _TITLES[item.kind]))
    people, waiting = str(item.people), str(item.waiting)
    said.append(line(texts, "review-people", date=date(item.at, texts), people=people, waiting=waiting))
    level = texts(LEVELS[Level(item.level)])
    said.append(line(texts, "review-said", level=level, percent=f"{100 * item.score:.0f}"))
    if item.category is not None and item.category in knowledge.categories:
        said.append(line(texts, "review-category", name=knowledge.categories[item.category].name))
    said += _institution(item, texts, directory)
    if item.rules:
        rules = texts("list-joiner").join(neutralise(rule) for rule in item.rules[:MAX_RULES])
        said.append(line(texts, "review-rules", list=rules))
    said.append(_text(item, texts))
    said.append((*line(texts, "review-check"), Block(item.check_id)))
    return Reply(tuple(said))


def compose_decided(decision: str, kind: str, institution: str | None, texts: Texts, directory: Directory) -> Reply:
    """Say what a decision did, and where a number is wrong, what to do about it.

    Args:
        decision: confirm, reject or mute.
        kind: report, complaint or correction.
        institution: Whose number was shown.
        texts: The owner's language.
        directory: Whose numbers are what.
    """
    said = headed(texts, _DECIDED.get(decision) or _CONFIRMED[kind])
    if decision != "confirm" or kind != "complaint":
        return Reply(said)
    changes = _overlay(institution, directory)
    if not changes:
        return Reply((*said, *lines(texts, "review-no-institution")))
    return Reply((*said, *lines(texts, "review-withdraw"), (Block(changes),)))


def _institution(item: Item, texts: Texts, directory: Directory) -> Iterator[Line]:
    complaint = item.kind == "complaint"
    if item.institution is None or item.institution not in directory:
        if complaint:
            yield line(texts, "review-no-institution")
        return
    name = neutralise(directory.get(item.institution).name)
    yield line(texts, "review-institution", name=name, id=neutralise(item.institution))
    for found in _numbers(item.institution, directory) if complaint else ():
        yield line(texts, "review-number", name=neutralise(found.name), number=HotlineNumber(found.number))


def _text(item: Item, texts: Texts) -> Line:
    if not item.text:
        return line(texts, "review-no-text")
    words = " ".join(item.text.split())
    shown = words if len(words) <= MAX_TEXT else words[: MAX_TEXT - 1] + "…"
    return line(texts, "review-text", text=Quote(neutralise(shown)))


def _numbers(institution: str | None, directory: Directory) -> list[Hotline]:
    """The numbers that a reply may have shown: the institution's own, and its card centre's."""
    if institution is None or institution not in directory:
        return []
    own, cards = directory.hotlines([institution]), directory.hotlines([institution], credit_card=True)
    return list(dict.fromkeys((*own, *cards)))[:MAX_NUMBERS]


def _overlay(institution: str | None, directory: Directory) -> str:
    """The lines of an overlay file (docs/institutions.md) that withdraw the numbers."""
    shown = sorted(_numbers(institution, directory), key=lambda found: found.institution or "")
    said: list[str] = []
    for row, found in groupby(shown, key=attrgetter("institution")):
        numbers = ", ".join(f'"{number}"' for number in dict.fromkeys(one.number for one in found))
        said += [f"[change.{row}]", f"withdraw_numbers = [{numbers}]"]
    return "\n".join(said)
