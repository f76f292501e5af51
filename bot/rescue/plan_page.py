"""The plan as a page: every step in order with whom to call, what to say and until when; done ones are folded away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from bot.reply.fill import headed, line, lines, strong
from bot.reply.model import Choice, Line, Reply
from bot.rescue.case import Page, deadline, facts, plan
from bot.rescue.moves import Verb
from bot.rescue.pages import (
    choice,
    helper_choice,
    in_rows,
    numbers_in,
    region_choice,
    region_choices,
    region_lines,
    who,
)
from bot.rescue.schema import OWN_BANK

if TYPE_CHECKING:
    from bot.rescue.book import Book
    from bot.rescue.case import Case
    from bot.rescue.schema import Clock, Step
    from bot.texts import Texts

BEIJING = timezone(timedelta(hours=8))
"""The mainland has one time; clocks of other regions are not sourced."""
PER_ROW = 3
MAX_COPY = 2


def plan_page(case: Case, book: Book, texts: Texts, now: int) -> Reply:
    """Return the whole plan, which always fits into one message.

    Args:
        case: With enough said for a plan.
        book: The guide and the directory.
        texts: The reader's language.
        now: Seconds since 1970 UTC; decides only whether a deadline has passed.
    """
    known = facts(case, book.guide, now)
    steps = plan(case, book.guide, now)
    said: list[Line] = []
    if "offline" in known and not case.abroad:
        said += headed(texts, "plan-photo", who=who(case))
    guard = next((part for part in book.guide.guard if part.fits(known, abroad=case.abroad)), None)
    if guard:
        said += headed(texts, f"guard-{guard.id}", who=who(case))
    current = next((step for step in steps if step.id not in case.done), None)
    called: tuple[str, ...] = ()
    previous: Step | None = None
    for number, step in enumerate(steps, start=1):
        told = _step(step, number, case, book, texts, now, current=step is current)
        said += told
        # What must be done before any call leaves the first call's number to be copied.
        if step is current or (previous is current and not called):
            called = numbers_in(told)
        previous = step
    said += lines(texts, "plan-hint") if current else headed(texts, "plan-all-done")
    for part in book.guide.closing:
        if part.fits(known, abroad=case.abroad):
            show = headed if part.region == "any" else lines
            said += show(texts, f"closing-{part.id}", **book.arguments(part, case, texts))
    if case.region is None:
        said += region_lines(book, texts)
    if case.reminders:
        said += lines(texts, "plan-reminders")
    if case.region is None:
        said += lines(texts, "plan-ask-region")
    return Reply(tuple(said), copy=called[:MAX_COPY], choices=_choices(case, steps, book, texts))


def _step(
    step: Step,
    number: int,
    case: Case,
    book: Book,
    texts: Texts,
    now: int,
    *,
    current: bool,
) -> tuple[Line, ...]:
    if step.id in case.done:
        return lines(texts, "plan-step-done", n=str(number), name=texts(f"step-{step.id}-name"))
    arguments = book.arguments(step, case, texts)
    doing = line(texts, f"step-{step.id}", who=who(case), **arguments)
    if current:
        doing = strong(doing)
    said = [*lines(texts, "plan-step-now" if current else "plan-step", n=str(number), step=doing)]
    if step.say:
        said += lines(texts, "plan-say", say=line(texts, f"step-{step.id}-say", who=who(case), **arguments))
    if step.clock and facts(case, book.guide, now).issuperset(step.clock.all):
        said += lines(texts, "plan-clock", clock=_clock(step.id, step.clock, case, book, texts, now))
    return tuple(said)


def _clock(step: str, clock: Clock, case: Case, book: Book, texts: Texts, now: int) -> Line:
    until = deadline(case, book.guide, clock.hours)
    if until is None or until <= now:
        return line(texts, f"step-{step}-clock-soon")
    moment = datetime.fromtimestamp(until, UTC).astimezone(BEIJING)
    shown = texts("plan-moment", month=str(moment.month), day=str(moment.day), time=f"{moment:%H:%M}")
    return line(texts, f"step-{step}-clock", deadline=shown)


def _choices(case: Case, steps: tuple[Step, ...], book: Book, texts: Texts) -> tuple[tuple[Choice, ...], ...]:
    rows = in_rows((_tick(case, step, number, texts) for number, step in enumerate(steps, start=1)), PER_ROW)
    if not case.abroad:
        rows.append(
            (
                choice(case, texts("plan-button-sheet"), Verb.SHEET, "open"),
                choice(case, texts("plan-button-sources"), Verb.SOURCES),
            )
        )
    else:
        rows.append((choice(case, texts("plan-button-sources"), Verb.SOURCES),))
    change = [choice(case, texts("plan-button-edit"), Verb.PAGE, Page.SITUATIONS)] if not case.abroad else []
    bank_matters = case.means or any(OWN_BANK in step.call for step in steps)
    if bank_matters and (not case.abroad or any(book.bank_buttons(case))):
        change.append(choice(case, texts("plan-button-means"), Verb.PAGE, Page.MEANS))
    if change:
        rows.append(tuple(change))
    remind = ("plan-button-remind-off", "0") if case.reminders else ("plan-button-remind", "1")
    rows.append((choice(case, texts(remind[0]), Verb.REMIND, remind[1]), helper_choice(case, texts)))
    if case.helper:
        rows.append((choice(case, texts("plan-button-persuade"), Verb.PERSUADE),))
    rows += in_rows(region_choices(case, book, texts), PER_ROW) if case.region is None else []
    last = [choice(case, texts("plan-button-restart"), Verb.PAGE, Page.RESTART)]
    if case.region is not None:
        last.insert(0, region_choice(case, texts))
    rows.append(tuple(last))
    return tuple(rows)


def _tick(case: Case, step: Step, number: int, texts: Texts) -> Choice:
    name = texts(f"step-{step.id}-name")
    if step.id in case.done:
        return choice(case, texts("plan-button-ticked", name=name), Verb.UNTICK, step.id)
    return choice(case, texts("plan-button-tick", n=str(number), name=name), Verb.TICK, step.id)
