"""A group's record of a period as one message that an admin can pass on. Nobody is named, nothing of a scam is live.

What was reported comes from strangers: domains, numbers and wordings are shown inert, everything else is our own.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.examples import OTHER, example_of
from bot.hotlines import MAINLAND
from bot.reply.fill import line, lines, strong
from bot.reply.model import MAX_UNITS, Block, Line, Quote, Reply, units
from bot.reply.official import ask_line, official_line
from bot.reply.quotes import clipped
from bot.reply.summary import against, category_name, change, days_of, name_of, number
from bot.service.group_types import Totals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.institutions import Directory
    from bot.reply.knows import Knows
    from bot.service.group_types import Example, GroupReport
    from bot.texts import Texts

MAX_CATEGORIES = 5
MAX_INSTITUTIONS = 6
MAX_LISTED = 6
"""Addresses and numbers; more of them nobody reads."""
MAX_ADDRESS, MAX_WORDING = 48, 140
"""Characters, before they are made inert."""
TIPS = 4
_TURNED = {"R", "AL", "AN"}
_FILLER = "·"
_ALWAYS, _INSTITUTIONS, _CATEGORIES, _MOST, _DOMAINS, _NUMBERS, _GONE = range(7)


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines that stand or go together; what has the highest rank goes first where there is no room.

    Attributes:
        close: Follows what is before it without an empty line.
    """

    rank: int
    lines: tuple[Line, ...]
    close: bool = False


def compose_report(
    report: GroupReport,
    texts: Texts,
    knowledge: Knows,
    directory: Directory,
    *,
    late: bool = False,
    region: str = MAINLAND,
    room: int = MAX_UNITS,
) -> Reply:
    """Say what a group's week or month was like. The picture of the same is ``report_picture``.

    The reply has lines only: no buttons, no numbers to copy. Everything in it may be sent to the whole group.

    Args:
        report: What is known.
        texts: The group's language.
        knowledge: Names of the categories and the general lines.
        directory: Whose number is what.
        late: Sent by itself and later than it should have been: it says so.
        region: Whose general lines the warning names.
        room: UTF-16 units that it may take. What matters least is left out to keep to it; title, counts, warning
            and footer stay, so less than 800 (a photo's caption holds 1,024) may be overrun.
    """
    quiet = not report.totals.scams
    head = [strong(_title(report, texts)), *(lines(texts, "summary-late") if late else ())]
    parts = [_Part(_ALWAYS, tuple(head))]
    if quiet:
        parts.append(_Part(_ALWAYS, _quiet(report, texts)))
    else:
        kinds = _categories(report, texts, knowledge)
        domains = _listed("summary-domains", report.domains, texts)
        parts += [
            _Part(_ALWAYS, _counts(report, texts)),
            _Part(_CATEGORIES, kinds),
            _Part(_GONE, _gone(report, texts, knowledge), close=bool(kinds)),
            _Part(_INSTITUTIONS, _institutions(report, texts, directory)),
            _Part(_DOMAINS, domains),
            _Part(_NUMBERS, _listed("summary-numbers", report.numbers, texts), close=bool(domains)),
            _Part(_MOST, _most(report.example, texts, knowledge)),
            _Part(_ALWAYS, _forward(report, texts, knowledge, directory, region)),
        ]
    parts.append(_Part(_ALWAYS, lines(texts, "summary-footer")))
    return Reply(_within([part for part in parts if part.lines], room))


def _title(report: GroupReport, texts: Texts) -> Line:
    return line(texts, "summary-title", name=name_of(report.period, texts), period=days_of(report.period, texts))


def _counts(report: GroupReport, texts: Texts) -> tuple[Line, ...]:
    known = report.before != Totals()
    times, kinds, people = (texts(key) for key in ("summary-times", "summary-kinds", "summary-people"))
    now, then = report.totals, report.before

    def amount(count: int, before: int, unit: str) -> str:
        return _amount(count, before if known else None, unit, texts)

    return (
        line(texts, "summary-compared", against=against(report.period, texts))
        if known
        else line(texts, "summary-no-before"),
        strong(line(texts, "summary-scams", amount=amount(now.scams, then.scams, kinds))),
        line(texts, "summary-repeats", amount=amount(now.repeats, then.repeats, times)),
        line(texts, "summary-reporters", amount=amount(now.reporters, then.reporters, people)),
        line(texts, "summary-checks", amount=amount(now.checks, then.checks, times)),
        line(texts, "summary-corrections", amount=amount(now.corrections, then.corrections, times)),
    )


def _quiet(report: GroupReport, texts: Texts) -> tuple[Line, ...]:
    now, then = report.totals, report.before
    said = list(lines(texts, "summary-quiet" if now.checks else "summary-quiet-none"))
    times = texts("summary-times")
    if now.checks:
        said.append(line(texts, "summary-checks", amount=_amount(now.checks, None, times, texts)))
    if now.corrections:
        said.append(line(texts, "summary-corrections", amount=_amount(now.corrections, None, times, texts)))
    if then.scams:
        said.append(line(texts, "summary-quiet-before", count=number(then.scams)))
    if not now.checks:
        said += lines(texts, "summary-how")
    # The same period has the same tip, however often it is asked for.
    tip = report.period.first.toordinal() // 7 % TIPS
    return (*said, line(texts, "summary-tip", tip=texts(f"summary-tip-{tip}")))


def _categories(report: GroupReport, texts: Texts, knowledge: Knows) -> tuple[Line, ...]:
    now = [found for found in report.categories if found.count]
    if not now:
        return ()
    kinds, known = texts("summary-kinds"), report.before != Totals()
    said = [strong(line(texts, "summary-categories"))]
    for found in now[:MAX_CATEGORIES]:
        amount = _amount(found.count, found.before if known else None, kinds, texts)
        name = category_name(found.key, knowledge.categories, texts)
        said.append(line(texts, "summary-category", name=name, amount=amount))
    rest = now[MAX_CATEGORIES:]
    if rest:
        amount = _amount(sum(found.count for found in rest), None, kinds, texts)
        said.append(line(texts, "summary-categories-more", count=str(len(rest)), amount=amount))
    return tuple(said)


def _gone(report: GroupReport, texts: Texts, knowledge: Knows) -> tuple[Line, ...]:
    names = [category_name(found.key, knowledge.categories, texts) for found in report.categories if not found.count]
    return lines(texts, "summary-gone", list=_joined(list(dict.fromkeys(names)), texts)) if names else ()


def _institutions(report: GroupReport, texts: Texts, directory: Directory) -> tuple[Line, ...]:
    known = [said for found in report.institutions if (said := official_line(found.key, texts, directory)) is not None]
    if not known:
        return ()
    more = len(known) - MAX_INSTITUTIONS
    rest = lines(texts, "summary-institutions-more", count=str(more)) if more > 0 else ()
    return (strong(line(texts, "summary-institutions")), *known[:MAX_INSTITUTIONS], *rest)


def _most(example: Example | None, texts: Texts, knowledge: Knows) -> tuple[Line, ...]:
    """The wording that several people reported; without one, our own example stands in the warning below it."""
    if example is None:
        return ()
    about = {"reports": number(example.reports), "people": number(example.people)}
    named = _named(example.category, knowledge)
    wording = _inert(example.wording or "", MAX_WORDING)
    quoted = lines(texts, "summary-wording", words=Quote(wording)) if wording else ()
    if named is None:
        return (strong(line(texts, "summary-most-plain", **about)), *quoted)
    said = strong(line(texts, "summary-most", category=named, **about))
    return (said, *(quoted or lines(texts, "summary-wording-none")))


def _forward(
    report: GroupReport, texts: Texts, knowledge: Knows, directory: Directory, region: str
) -> tuple[Line, ...]:
    """The warning to copy: our own words only, since it leaves the group and nobody there can ask back."""
    asked = (report.example.category if report.example else None, *(found.key for found in report.categories[:1]))
    category = next((key for key in asked if _named(key, knowledge)), None)
    named = _named(category, knowledge)
    if named is None:
        warning = texts("summary-warning-any")
    else:
        ours = example_of(category)
        example = _inert(ours.text, MAX_WORDING)
        warning = texts("summary-warning", category=named, example=example, advice=ours.advice)
    ask = "".join(run.text for run in ask_line(texts, knowledge, directory, region))
    return (strong(line(texts, "summary-forward")), (Block(f"{warning}\n{ask}".strip()),))


def _named(category: str | None, knowledge: Knows) -> str | None:
    """The name of a category that says something; the rest are too unlike for one example to stand for them."""
    if category is None or category == OTHER or category not in knowledge.categories:
        return None
    return knowledge.categories[category].name


def _amount(count: int, before: int | None, unit: str, texts: Texts) -> str:
    if before is None:
        return texts("summary-amount", count=number(count), unit=unit)
    moved = change(count, before, unit, texts)
    return texts("summary-amount-change", count=number(count), unit=unit, change=moved)


def _listed(key: str, things: Sequence[str], texts: Texts) -> tuple[Line, ...]:
    shown = [inert for thing in things if (inert := _inert(thing, MAX_ADDRESS))]
    return lines(texts, key, list=Quote(_joined(shown, texts))) if shown else ()


def _joined(things: Sequence[str], texts: Texts) -> str:
    shown = texts("list-joiner").join(things[:MAX_LISTED])
    return texts("list-more", shown=shown, count=str(len(things))) if len(things) > MAX_LISTED else shown


def _inert(text: str, limit: int) -> str:
    """One line with nothing to tap and nothing that turns, covers or breaks the lines around it."""
    return clipped("".join(map(_upright, text)), limit)


def _upright(character: str) -> str:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return ""
    return _FILLER if unicodedata.bidirectional(character) in _TURNED else character


def _within(parts: list[_Part], room: int) -> tuple[Line, ...]:
    while units(_apart(parts)) > room:
        least = max(parts, key=lambda part: part.rank)
        if least.rank == _ALWAYS:
            break
        parts.remove(least)
    return _apart(parts)


def _apart(parts: Iterable[_Part]) -> tuple[Line, ...]:
    said: list[Line] = []
    for part in parts:
        said += part.lines if part.close or not said else ((), *part.lines)
    return tuple(said)
