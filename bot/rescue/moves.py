"""What a press does to a case. Pure; a move says what is to hold afterwards, so that twice is the same as once.

A button carries ``<token>/<verb>/<argument>``: which case it belongs to, what to do, and to what. At most 32
characters, so that it fits into any messenger's button.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.rescue.case import Case, Page, next_page

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from bot.rescue.schema import Guide

LONGEST = 32


class Verb(StrEnum):
    """The value stands in buttons that people keep for months, so it never changes its meaning."""

    ADD = "a"
    """A situation holds."""
    TAKE = "r"
    """A situation does not hold after all."""
    WHEN = "w"
    MEANS = "m"
    NO_MEANS = "n"
    SKIP = "s"
    """Which bank or wallet is not known."""
    TICK = "t"
    UNTICK = "u"
    REGION = "g"
    HELPER = "h"
    """The argument is 1 for somebody else's case, 0 for one's own."""
    PAGE = "p"
    """Look at another page; the argument is the page."""
    BACK = "b"
    """On with what is still to be asked, else to the plan."""
    RESTART = "x"
    REMIND = "f"
    """The argument is 1 for yes, 0 for no."""
    SOURCES = "q"
    PERSUADE = "o"
    FOLLOW = "l"
    """Answer a follow-up: open, done or stop."""
    SHEET = "d"
    """Fill in the sheet for the police; the argument is what to do with it, see :mod:`bot.rescue.sheet`."""


@dataclass(frozen=True, slots=True)
class Move:
    """A press: which case, what to do, to what."""

    token: str
    verb: Verb
    argument: str = ""

    def encode(self) -> str:
        """Return what the button carries."""
        return f"{self.token}/{self.verb.value}/{self.argument}"


def decode(data: str) -> Move | None:
    """Return the press, or None for data that no button of ours carries."""
    token, _, rest = data.partition("/")
    verb, _, argument = rest.partition("/")
    if not token or verb not in set(Verb) or len(data) > LONGEST:
        return None
    return Move(token, Verb(verb), argument)


def apply(case: Case, move: Move, guide: Guide, banks: Collection[str], now: int) -> Case | None:
    """Return the case after a move; None where its argument means nothing (any more).

    Args:
        case: Before.
        move: What was pressed; its token is the caller's business, and so is a new token for a restart.
        guide: What answers there are.
        banks: Ids of all banks that may be chosen.
        now: Seconds since 1970 UTC.
    """
    known: dict[Verb, Collection[str]] = {
        Verb.ADD: guide.situations,
        Verb.TAKE: guide.situations,
        Verb.MEANS: {*guide.means, *banks},
        Verb.NO_MEANS: {*guide.means, *banks},
        Verb.TICK: [step.id for step in guide.steps],
        Verb.UNTICK: [step.id for step in guide.steps],
        Verb.WHEN: guide.whens if case.situations else (),
        Verb.REGION: guide.regions,
        Verb.PAGE: set(Page),
        Verb.HELPER: {"0", "1"},
        Verb.REMIND: {"0", "1"},
    }
    if move.verb in known and move.argument not in known[move.verb]:
        return None
    change = _CHANGES.get(move.verb)
    # A verb without a change is a look at something else: the sources, how to persuade, the sheet.
    return change(case, move.argument, guide, now) if change else case


def _onward(case: Case, guide: Guide) -> Case:
    return replace(case, page=next_page(case, guide))


def _add(case: Case, situation: str, guide: Guide, _now: int) -> Case:
    chosen = {*case.situations, situation}
    return replace(case, situations=tuple(found for found in guide.situations if found in chosen), skipped=False)


def _take(case: Case, situation: str, _guide: Guide, _now: int) -> Case:
    return replace(case, situations=tuple(found for found in case.situations if found != situation), skipped=False)


def _when(case: Case, when: str, guide: Guide, now: int) -> Case:
    return _onward(replace(case, when=when, at=now), guide)


def _means(case: Case, means: str, guide: Guide, _now: int) -> Case:
    others = [found for found in case.means if found != means]
    if means not in guide.means:
        # "Another bank" gives way to the bank that is named at last.
        others = [found for found in others if found != "bank"]
    return _onward(replace(case, means=(*others, means)), guide)


def _no_means(case: Case, means: str, _guide: Guide, _now: int) -> Case:
    return replace(case, means=tuple(found for found in case.means if found != means))


def _tick(case: Case, step: str, _guide: Guide, _now: int) -> Case:
    return replace(case, done=(*(found for found in case.done if found != step), step))


def _untick(case: Case, step: str, _guide: Guide, _now: int) -> Case:
    return replace(case, done=tuple(found for found in case.done if found != step))


def _region(case: Case, region: str, guide: Guide, _now: int) -> Case:
    return _onward(replace(case, region=region), guide)


def _page(case: Case, page: str, _guide: Guide, _now: int) -> Case:
    return replace(case, page=Page(page))


def _restart(case: Case, _argument: str, guide: Guide, _now: int) -> Case:
    return _onward(Case(token=case.token, region=case.region), guide)


_CHANGES: dict[Verb, Callable[[Case, str, Guide, int], Case]] = {
    Verb.ADD: _add,
    Verb.TAKE: _take,
    Verb.WHEN: _when,
    Verb.MEANS: _means,
    Verb.NO_MEANS: _no_means,
    Verb.SKIP: lambda case, _argument, guide, _now: _onward(replace(case, skipped=True), guide),
    Verb.TICK: _tick,
    Verb.UNTICK: _untick,
    Verb.REGION: _region,
    Verb.HELPER: lambda case, argument, _guide, _now: replace(case, helper=argument == "1"),
    Verb.PAGE: _page,
    Verb.BACK: lambda case, _argument, guide, _now: _onward(case, guide),
    Verb.RESTART: _restart,
    Verb.REMIND: lambda case, argument, _guide, _now: replace(case, reminders=argument == "1"),
}
