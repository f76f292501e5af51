"""The sheet as it is shown: one question after the other, then the text, the picture, and what to send to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.neutralise import neutralise
from bot.picture import Field, Note, Row, Section, Title, draw
from bot.reply.fill import headed, lines
from bot.reply.model import Block, HotlineNumber, Line, Quote, Reply
from bot.rescue.cards import sources_of
from bot.rescue.case import facts
from bot.rescue.moves import Verb
from bot.rescue.pages import choice, who
from bot.rescue.sheet import Draft, Report, blanks_of, sheet_guide

if TYPE_CHECKING:
    from bot.rescue.book import Book
    from bot.rescue.case import Case
    from bot.rescue.sheet import Blank
    from bot.texts import Texts

PERSON_LINES = ("name", "id", "phone")
STORY_LINES = 4
PARTS = ("loss", "scammer")
SMS_REPORTS = ("12321", "mobile", "unicom", "telecom")
COMPLAINT = "complaint"


def question(draft: Draft, case: Case, book: Book, texts: Texts, now: int, *, first: bool = False) -> Reply:
    """Ask for the blank that is being filled in."""
    order = [blank.id for blank in blanks_of(case, book, now)]
    asking = draft.asking
    assert asking is not None
    said: list[Line] = [*lines(texts, "sheet-intro"), ()] if first else []
    place = {"n": str(order.index(asking) + 1), "of": str(len(order))} if asking in order else {"n": "1", "of": "1"}
    said += headed(texts, "sheet-ask", question=texts(f"sheet-ask-{asking}", who=who(case)), **place)
    had = draft.answers.get(asking)
    if had:
        said += lines(texts, "sheet-had", answer=Quote(neutralise(had)))
    skip = choice(case, texts("sheet-button-keep" if had else "sheet-button-skip"), Verb.SHEET, f"skip-{asking}")
    end = choice(case, texts("sheet-button-end"), Verb.SHEET, "end")
    leave = choice(case, texts("sheet-button-quit"), Verb.SHEET, "quit")
    return Reply(tuple(said), choices=((skip,), (end,), (leave,)))


def finished(draft: Draft, case: Case, book: Book, texts: Texts, now: int) -> Reply:
    """Give the sheet as a text to copy."""
    rows = [
        (choice(case, texts("sheet-button-sms"), Verb.SHEET, "sms"),),
        (
            choice(case, texts("sheet-button-again"), Verb.SHEET, "open"),
            choice(case, texts("sheet-button-plan"), Verb.SHEET, "plan"),
        ),
    ]
    if "debt" in case.situations:
        rows.insert(0, (choice(case, texts("sheet-button-complaint"), Verb.SHEET, COMPLAINT),))
    text = (Block(sheet_text(draft, case, book, texts, now)),)
    return Reply((*lines(texts, "sheet-done"), text, *lines(texts, "sheet-delete")), choices=tuple(rows))


def sheet_text(draft: Draft, case: Case, book: Book, texts: Texts, now: int) -> str:
    """Return the sheet as plain text, with lines to write on where something is missing."""
    empty = texts("sheet-empty")
    rows = [(texts(f"sheet-person-{name}"), empty) for name in PERSON_LINES]
    rows.append((texts("sheet-what"), _situations(case, texts)))
    rows += [
        (texts(f"sheet-label-{blank.id}"), draft.answers.get(blank.id) or empty) for blank in blanks_of(case, book, now)
    ]
    filled = [texts("sheet-line", label=label, value=value) for label, value in rows]
    return "\n".join([texts("sheet-title"), *filled, _foot(case, book, texts, now)])


def sheet_picture(draft: Draft, case: Case, book: Book, texts: Texts, now: int) -> bytes:
    """Return the sheet as a PNG; takes some tens of milliseconds of processor time."""
    return draw(sheet_rows(draft, case, book, texts, now))


def sheet_rows(draft: Draft, case: Case, book: Book, texts: Texts, now: int) -> list[Row]:
    """Return what the picture shows."""
    rows: list[Row] = [Title(texts("sheet-title")), Section(texts("sheet-part-person"))]
    rows += [Field(texts(f"sheet-person-{name}")) for name in PERSON_LINES]
    blanks = blanks_of(case, book, now)
    for part in PARTS:
        rows.append(Section(texts(f"sheet-part-{part}")))
        if part == PARTS[0]:
            rows.append(Field(texts("sheet-what"), _situations(case, texts)))
        rows += [_field(blank, draft, texts) for blank in blanks if blank.part == part]
    rows.append(Field(texts("sheet-story"), blanks=STORY_LINES))
    rows.append(Note(_foot(case, book, texts, now)))
    return rows


def reports(ids: tuple[str, ...], draft: Draft | None, case: Case, book: Book, texts: Texts) -> Reply:
    """Give texts to copy and say where each is sent; what is not known stays in brackets."""
    answers = draft.answers if draft else {}
    said: list[Line] = [] if COMPLAINT in ids else list(lines(texts, "report-sms"))
    for report in (
        report for report in sheet_guide().report if report.id in ids and book.has_number(report.institution)
    ):
        blank = "report-number-blank" if report.id == COMPLAINT else "report-sender-blank"
        said += lines(texts, f"report-{report.id}", number=_number(report, book))
        text = texts(
            f"report-{report.id}-text",
            sender=answers.get("number") or texts(blank),
            content=texts("report-content-blank"),
            time=answers.get("time") or texts("report-time-blank"),
        )
        said.append((Block(text),))
    found = dict.fromkeys(source for report in sheet_guide().report if report.id in ids for source in report.sources)
    said += lines(texts, "report-sources", sources=sources_of(found, book, texts))
    return Reply(tuple(said), choices=((choice(case, texts("sheet-button-plan"), Verb.SHEET, "plan"),),))


def leave(case: Case, texts: Texts, key: str) -> Reply:
    """Say how filling in ended, with the way back to the plan."""
    return Reply(lines(texts, key), choices=((choice(case, texts("sheet-button-plan"), Verb.BACK),),))


def _field(blank: Blank, draft: Draft, texts: Texts) -> Field:
    return Field(texts(f"sheet-label-{blank.id}"), draft.answers.get(blank.id, ""))


def _situations(case: Case, texts: Texts) -> str:
    return texts("list-joiner").join(texts(f"situation-{found}") for found in case.situations)


def _foot(case: Case, book: Book, texts: Texts, now: int) -> str:
    return texts("sheet-foot" if "moved" in facts(case, book.guide, now) else "sheet-foot-plain")


def _number(report: Report, book: Book) -> HotlineNumber:
    return book.number_for_sms(report.institution) if report.id != COMPLAINT else book.number(report.institution)
