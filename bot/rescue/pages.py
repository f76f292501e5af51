"""The pages that ask: what happened, through which bank, where. The most urgent step stands above every question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.fill import headed, line, lines, strong
from bot.reply.model import Choice, HotlineNumber, Line, Reply
from bot.rescue.case import Page, facts, next_page
from bot.rescue.moves import Move, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.rescue.book import Book
    from bot.rescue.case import Case
    from bot.texts import Texts

Row = tuple[Choice, ...]
_ABOUT = (("moved", "money"), ("offline", "offline"), ("exposed", "exposed"), ("lent", "lent"))
"""Which question about means is asked: the first whose fact holds."""


def situations_page(case: Case, book: Book, texts: Texts, now: int) -> Reply:
    """Ask what happened and how long ago; several things may have."""
    guide = book.guide
    likely = guide.likely.get(case.category or "", ())
    order = [*likely, *(found for found in guide.situations if found not in likely)]
    rows = in_rows((_toggle(case, texts, situation) for situation in order), 2)
    rows += in_rows((choice(case, texts(f"when-{when}"), Verb.WHEN, when) for when in guide.whens), 2)
    rows.append((region_choice(case, texts), helper_choice(case, texts)))
    if next_page(case, guide) is not Page.SITUATIONS:
        rows.append((choice(case, texts("choice-back"), Verb.BACK),))
    key = "ask-situations-helper" if case.helper else "ask-situations"
    return _asking(case, book, texts, now, lines(texts, key), rows)


def means_page(case: Case, book: Book, texts: Texts, now: int) -> Reply:
    """Ask which bank or wallet."""
    known = facts(case, book.guide, now)
    first, more = book.bank_buttons(case)
    means = [
        found.id
        for found in book.guide.means.values()
        if found.id != "bank" and (not found.needs or not known.isdisjoint(found.needs))
    ]
    rows = in_rows((_means(case, texts, bank, bank_label(bank, book, texts)) for bank in first), 2)
    if more:
        rows += [(choice(case, texts("choice-more-banks"), Verb.PAGE, Page.BANKS),)]
    if not case.abroad:
        rows += in_rows((_means(case, texts, found, texts(f"means-{found}")) for found in means), 2)
    rows.append((choice(case, texts("choice-skip"), Verb.SKIP),))
    rows.append((choice(case, texts("choice-back"), Verb.PAGE, Page.SITUATIONS),))
    about = next((kind for fact, kind in _ABOUT if fact in known), "exposed")
    return _asking(case, book, texts, now, lines(texts, f"ask-means-{about}"), rows)


def banks_page(case: Case, book: Book, texts: Texts, now: int) -> Reply:
    """Offer the other main banks."""
    _, more = book.bank_buttons(case)
    rows = in_rows((_means(case, texts, bank, bank_label(bank, book, texts)) for bank in more), 2)
    rows.append((choice(case, texts("means-bank"), Verb.MEANS, "bank"),))
    rows.append((choice(case, texts("choice-back"), Verb.PAGE, Page.MEANS),))
    return _asking(case, book, texts, now, lines(texts, "ask-banks"), rows)


def region_page(case: Case, book: Book, texts: Texts, now: int) -> Reply:
    """Ask where the person is."""
    rows = in_rows(region_choices(case, book, texts), 2)
    rows.append((choice(case, texts("choice-back"), Verb.BACK),))
    return _asking(case, book, texts, now, lines(texts, "ask-region"), rows)


def restart_page(case: Case, _book: Book, texts: Texts, _now: int) -> Reply:
    """Ask before everything chosen and ticked is dropped."""
    yes = choice(case, texts("restart-yes"), Verb.RESTART)
    no = choice(case, texts("restart-no"), Verb.BACK)
    return Reply(lines(texts, "restart-ask"), choices=((yes,), (no,)))


def urgent(case: Case, book: Book, texts: Texts, now: int) -> tuple[Line, ...]:
    """Return what to do before any question; the first line stands out."""
    known = facts(case, book.guide, now)
    said: list[Line] = []
    if "offline" in known and not case.abroad:
        said += lines(texts, "plan-photo", who=who(case))
    begun = False
    for part in book.guide.urgent:
        if part.fits(known, abroad=case.abroad):
            told = line(texts, f"urgent-{part.id}", **book.arguments(part, case, texts))
            said += [told] if begun else headed(texts, "urgent-first", line=strong(told))
            begun = True
    if case.region is None:
        said += region_lines(book, texts)
    return tuple(said)


def who(case: Case) -> str:
    """Return for whom the sentences are: the person who was scammed, or whoever helps them."""
    return "helper" if case.helper else "self"


def region_lines(book: Book, texts: Texts) -> tuple[Line, ...]:
    """Return the lines outside the mainland, for whoever did not say where they are."""
    return lines(texts, "urgent-regions", **book.foreign_lines())


def region_choices(case: Case, book: Book, texts: Texts) -> tuple[Choice, ...]:
    """Return one button a region."""
    return tuple(choice(case, texts(f"region-{region}"), Verb.REGION, region) for region in book.guide.regions)


def region_choice(case: Case, texts: Texts) -> Choice:
    """Return the button that leads to the regions."""
    label = texts("choice-region")
    if case.region:
        label = texts("choice-region-now", region=texts(f"region-{case.region}"))
    return choice(case, label, Verb.PAGE, Page.REGION)


def helper_choice(case: Case, texts: Texts) -> Choice:
    """Return the button that says for whom the plan is."""
    label = texts("choice-self" if case.helper else "choice-helper")
    return choice(case, label, Verb.HELPER, "0" if case.helper else "1")


def bank_label(bank: str, book: Book, texts: Texts) -> str:
    """Return a bank's short name where it has one."""
    key = f"bank-{bank}"
    return texts(key) if key in texts else book.name(bank)


def choice(case: Case, label: str, verb: Verb, argument: str = "") -> Choice:
    """Return a button of this case."""
    return Choice(label, Move(case.token, verb, argument).encode())


def in_rows(choices: Iterable[Choice], width: int) -> list[Row]:
    """Return buttons in rows of ``width``."""
    found = list(choices)
    return [tuple(found[at : at + width]) for at in range(0, len(found), width)]


def numbers_in(said: Iterable[Line]) -> tuple[str, ...]:
    """Return the numbers to call, in order of appearance, each once."""
    return tuple(dict.fromkeys(run.text for row in said for run in row if isinstance(run, HotlineNumber)))


def _toggle(case: Case, texts: Texts, situation: str) -> Choice:
    return _chosen(case, texts, texts(f"situation-{situation}"), situation, (Verb.ADD, Verb.TAKE), case.situations)


def _means(case: Case, texts: Texts, means: str, label: str) -> Choice:
    return _chosen(case, texts, label, means, (Verb.MEANS, Verb.NO_MEANS), case.means)


def _chosen(
    case: Case, texts: Texts, label: str, argument: str, verbs: tuple[Verb, Verb], chosen: tuple[str, ...]
) -> Choice:
    """Return a button that chooses, or takes back where it is chosen."""
    if argument in chosen:
        return choice(case, texts("choice-chosen", label=label), verbs[1], argument)
    return choice(case, label, verbs[0], argument)


def _asking(case: Case, book: Book, texts: Texts, now: int, question: tuple[Line, ...], rows: list[Row]) -> Reply:
    first = urgent(case, book, texts, now)
    known = facts(case, book.guide, now)
    # Where the bank comes first its number is not known yet, and the one that is there is for later.
    copy = () if "exposed" in known and "moved" not in known else numbers_in(first[:1])
    return Reply((*first, (), *question), copy=copy, choices=tuple(rows))
