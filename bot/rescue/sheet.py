"""The sheet for the police: which blanks there are, what an answer becomes, and the sheet as text and as rows to draw.

The draft is a value; who keeps it and for how long is :mod:`bot.service.rescue`'s business.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from bot.datafile import read_toml
from bot.errors import DataError
from bot.paths import DATA
from bot.rescue.case import banks, facts

if TYPE_CHECKING:
    from pathlib import Path

    from bot.rescue.book import Book
    from bot.rescue.case import Case
    from bot.texts import Texts

# A mainland ID number has the birthday in it; a bank card of 18 digits hardly ever looks like one.
_CITIZEN = re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-]+(?=[\dXx])")
_LONG_NUMBER = re.compile(r"\d{12,}")
_TAIL = 4


class Blank(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to fill in, in ``most`` characters, where one of the facts ``any`` holds."""

    id: str
    part: Literal["loss", "scammer"]
    any: tuple[str, ...] = ()
    most: int = 80


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an SMS or a collector is reported: a row of the directory, and ids of its sources."""

    id: str
    institution: str
    sources: tuple[str, ...]


class SheetGuide(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file: blanks and reports, in order."""

    blank: tuple[Blank, ...]
    report: tuple[Report, ...]


class Draft(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sheet under way.

    Attributes:
        answers: By blank.
        asking: The blank that is being asked; None once all were asked.
        source: What caused the last change, so that the same message handed over twice is no answer to two questions.
    """

    answers: dict[str, str] = {}
    asking: str | None = None
    source: str = ""


class Refused(msgspec.Struct, frozen=True):
    """An answer that was not taken; ``why`` is the key of what to say, ``most`` how many characters may be."""

    why: Literal["sheet-no-id", "sheet-too-long"]
    most: int


@cache
def sheet_guide(file: Path = DATA / "rescue" / "sheet.toml") -> SheetGuide:
    """Read the blanks.

    Raises:
        DataError: The file is malformed.
    """
    try:
        return msgspec.convert(read_toml(file), SheetGuide)
    except msgspec.ValidationError as error:
        raise DataError(f"data/rescue/{file.name}: {error}; mend that entry") from None


def blanks_of(case: Case, book: Book, now: int) -> tuple[Blank, ...]:
    """Return the blanks that a case needs, in order."""
    known = facts(case, book.guide, now)
    return tuple(blank for blank in sheet_guide().blank if not blank.any or not known.isdisjoint(blank.any))


def started(case: Case, before: Draft | None, book: Book, texts: Texts, now: int) -> Draft:
    """Return a draft at its first blank, with what is known already; ``before`` is one filled in earlier.

    ``before`` itself comes back where it was only just begun: the button was pressed twice.
    """
    first = blanks_of(case, book, now)[0].id
    if before is not None and before.asking == first and first not in before.answers:
        return before
    answers = dict(before.answers) if before else {}
    named = texts("list-joiner").join(book.name(bank) for bank in banks(case, book.guide))
    if named:
        answers.setdefault("bank", named)
    return Draft(answers, first)


def answered(draft: Draft, text: str, case: Case, book: Book, texts: Texts, now: int) -> Draft | Refused:
    """Return the draft with an answer to the blank being asked, at the next one.

    An ID number is refused, and of the person's own account only the last digits are kept.
    """
    blank = next(blank for blank in sheet_guide().blank if blank.id == draft.asking)
    answer = " ".join(unicodedata.normalize("NFC", text).split())
    if _CITIZEN.search(_BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", answer))):
        return Refused("sheet-no-id", blank.most)
    if len(answer) > blank.most:
        return Refused("sheet-too-long", blank.most)
    if blank.part == "loss":
        # The person's own card number is of no use here, whichever question it answers.
        joined = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", answer))
        answer = _LONG_NUMBER.sub(lambda found: texts("sheet-own-tail", tail=found[0][-_TAIL:]), joined)
    return skipped(replace(draft, answers={**draft.answers, blank.id: answer}), case, book, now)


def skipped(draft: Draft, case: Case, book: Book, now: int) -> Draft:
    """Return the draft at the next blank, or finished."""
    order = [blank.id for blank in blanks_of(case, book, now)]
    # The case may have changed meanwhile, and the blank may be none of it any more: then all is asked.
    at = order.index(draft.asking) + 1 if draft.asking in order else len(order)
    return replace(draft, asking=order[at] if at < len(order) else None)


def ended(draft: Draft) -> Draft:
    """Return the draft as finished, whatever was left out."""
    return replace(draft, asking=None)
