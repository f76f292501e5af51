"""Compose the reply to a checked SMS: what to do first, then why, then whom to call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Level
from bot.reply.collection import collection_lines
from bot.reply.fill import headed, line, lines
from bot.reply.model import MAX_LINES, MAX_UNITS, Action, HotlineNumber, Line, Reply, units
from bot.reply.numbers import MAX_CANDIDATES, Numbers, is_for_everybody, sort_numbers
from bot.reply.quotes import Quoter
from bot.reply.reasons import all_reasons, main_reasons

if TYPE_CHECKING:
    from bot.model import Sms, Verdict
    from bot.reply.knows import Knows
    from bot.texts import Texts

JUDGED_LENGTH = 20
MAX_REASONS = 4
MAX_CLEAR_REASONS = 2
MAX_COPY = 4
ACTIONS = (Action.CONFIRM, Action.DENY, Action.VICTIM, Action.MORE, Action.WRONG_NUMBER)


def compose_verdict(sms: Sms, verdict: Verdict, texts: Texts, knowledge: Knows, *, more: bool = False) -> Reply:
    """Say what was concluded about an SMS.

    Args:
        sms: What was judged; quoted in short, never made tappable, its one-time code never shown.
        verdict: The conclusion.
        texts: The reader's language.
        knowledge: Names of the categories.
        more: List all evidence with its weight instead of the main reasons.
    """
    quoter = Quoter(sms, verdict)
    numbers = sort_numbers(verdict, knowledge)
    before = [
        *line_of_level(verdict.level, texts),
        *_code_warning(verdict, texts),
        *_judged(verdict, quoter, texts),
    ]
    after = [*_official(verdict, numbers, texts), *_general(numbers, texts)]
    actions: tuple[Action, ...] = ACTIONS
    if more:
        after = [*_whole(verdict, texts, knowledge), *after]
        room = MAX_UNITS - units(tuple(before)) - units(tuple(after)) - 2
        before += all_reasons(verdict, quoter, texts, room)
        actions = tuple(action for action in ACTIONS if action is not Action.MORE)
    else:
        most, least = (MAX_CLEAR_REASONS, 0) if verdict.level is Level.CLEAR else (MAX_REASONS, 1)
        room = MAX_LINES - len(before) - len(after)
        if verdict.collection is not None:
            block = collection_lines(verdict.collection, numbers, texts, room - least)
            after += block
            room -= len(block)
        before += main_reasons(verdict, quoter, texts, min(most, room))
    said = _within(tuple(before), tuple(after))
    shown = [run.text for said_line in said for run in said_line if isinstance(run, HotlineNumber)]
    return Reply(said, copy=tuple(dict.fromkeys(shown))[:MAX_COPY], actions=actions)


def line_of_level(level: Level, texts: Texts) -> tuple[Line, ...]:
    """Return the first line: the decision and what to do."""
    return headed(texts, f"verdict-{level.value}")


def _code_warning(verdict: Verdict, texts: Texts) -> tuple[Line, ...]:
    return headed(texts, "one-time-code") if verdict.one_time_code else ()


def _judged(verdict: Verdict, quoter: Quoter, texts: Texts) -> tuple[Line, ...]:
    """A ``clear`` names what it judged, so that it cannot be passed on as a badge for something else."""
    if verdict.level is not Level.CLEAR:
        return ()
    forwarded = line(texts, "clear-forwarded")
    words = quoter.span(verdict.body, JUDGED_LENGTH)
    return (line(texts, "clear-judged", words=words), forwarded) if words else (forwarded,)


def _official(verdict: Verdict, numbers: Numbers, texts: Texts) -> tuple[Line, ...]:
    """How to verify, in every reply: the institution's own number, candidates, or the back of the card."""
    if verdict.ambiguous:
        candidates = tuple(
            line(texts, "official-candidate", name=hotline.name, number=HotlineNumber(hotline.number))
            for hotline in numbers.own[:MAX_CANDIDATES]
        )
        if not candidates:
            return lines(texts, "official-unclear")
        return (*lines(texts, "official-ambiguous"), *candidates)
    if not numbers.own:
        return lines(texts, "official-unknown")
    first, *others = numbers.own
    number = HotlineNumber(first.number)
    second = next((other for other in others if is_for_everybody(other) and other.name == first.name), None)
    if second is None:
        return lines(texts, "official", name=first.name, number=number)
    return lines(
        texts,
        "official-two",
        name=first.name,
        number=number,
        purpose=second.purpose,
        second=HotlineNumber(second.number),
    )


def _general(numbers: Numbers, texts: Texts) -> tuple[Line, ...]:
    said: list[Line] = []
    if numbers.emergency:
        said += lines(texts, "money-sent", number=HotlineNumber(numbers.emergency.number))
    if numbers.advice:
        name, number = numbers.advice.name, HotlineNumber(numbers.advice.number)
        said += lines(texts, "ask-advice", name=name, number=number)
    return tuple(said)


def _whole(verdict: Verdict, texts: Texts, knowledge: Knows) -> tuple[Line, ...]:
    category = knowledge.categories.get(verdict.category) if verdict.category else None
    named = lines(texts, "more-category", name=category.name) if category else ()
    return (*named, *lines(texts, "more-likelihood", percent=str(min(99, max(1, round(verdict.score * 100))))))


def _within(before: tuple[Line, ...], after: tuple[Line, ...]) -> tuple[Line, ...]:
    """Drop reasons from the end until the reply fits into one message."""
    while units((*before, *after)) > MAX_UNITS and len(before) > 1:
        before = before[:-1]
    return (*before, *after)
