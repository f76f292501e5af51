"""The sheet for the police in the chat: a question a message, then the text, the picture, and what to send to whom."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram import InputFile

from bot.reply.prompts import prompt
from bot.rescue import sheet, sheet_page
from bot.rescue.case import Page
from bot.rescue.moves import Move, Verb
from bot.rescue.sheet import Draft, Refused
from bot.rescue.told import read
from bot.service.rescue import Awaited
from bot.triage import Kind, triage
from handlers import keyboards, rescue
from handlers.incoming import presser
from handlers.send import say, say_file, toast

if TYPE_CHECKING:
    import telegram

    from bot.service.rescue import View
    from bot.service.types import Person
    from handlers.desk import Desk

_SKIP = "skip-"
_REPORTS = {"sms": sheet_page.SMS_REPORTS, sheet_page.COMPLAINT: (sheet_page.COMPLAINT,)}


async def press(desk: Desk, query: telegram.CallbackQuery, message: telegram.Message, view: View, what: str) -> None:
    """Begin, skip a blank, end, leave, or give the texts that report an SMS or a collector."""
    who, book, texts = presser(query.from_user), desk.rescue.book, desk.texts
    if what in _REPORTS:
        await toast(query)
        reply = sheet_page.reports(_REPORTS[what], await desk.rescue.draft(who), view.case, book, texts)
        await say(message, reply, keyboards.under(reply, texts))
    elif what == "plan":
        # As a message of its own: the text to copy must not be lost.
        await toast(query)
        back = await desk.rescue.move(who, Move(view.case.token, Verb.BACK))
        await rescue.show(desk, message, back or view)
    elif what == "open":
        await toast(query)
        draft = await desk.rescue.change_draft(
            who, query.id, lambda before: sheet.started(view.case, before, book, texts, view.now)
        )
        await _next(desk, message, view, draft, first=True)
    elif what == "quit":
        await desk.rescue.change_draft(who, query.id, lambda _before: None)
        await toast(query)
        await rescue.put(desk, message, sheet_page.leave(view.case, texts, "sheet-quit"))
    elif what == "end" or what.startswith(_SKIP):
        await _on(desk, query, message, view, who, what)
    else:
        await toast(query, texts("rescue-old"))


async def heard(desk: Desk, message: telegram.Message, text: str) -> bool:
    """Take a text as the answer to a question of the sheet or as the name of a bank; False if it is neither."""
    assert message.from_user is not None
    who = presser(message.from_user)
    awaited = await desk.rescue.awaits(who, _source(message))
    if awaited is Awaited.BANK:
        return await _bank(desk, message, who, text)
    view = await desk.rescue.current(who) if awaited is Awaited.BLANK else None
    if view is None or _is_news(text):
        return False
    await _answer(desk, message, view, who, text)
    return True


async def _bank(desk: Desk, message: telegram.Message, who: Person, text: str) -> bool:
    """Take a text for the name of a bank; where the page asks for one and there is no such bank, say so."""
    view = await desk.rescue.name_bank(who, text)
    if view is not None:
        await rescue.show(desk, message, view)
        return True
    asked = await desk.rescue.current(who)
    if asked is None or asked.case.page is Page.PLAN or not desk.rescue.book.may_be_a_name(text):
        return False
    if triage(text) in {Kind.VICTIM, Kind.GREETING, Kind.QUESTION, Kind.LEAD_IN}:
        return False
    await say(message, prompt(desk.texts, "ask-bank-unknown"))
    return True


def _is_news(text: str) -> bool:
    """Whether a text tells that more was lost: that is no answer, and comes first."""
    return triage(text) is Kind.VICTIM and bool({"money", "code"} & set(read(text).situations))


def _source(message: telegram.Message) -> str:
    return f"{message.chat.id}:{message.message_id}"


async def _answer(desk: Desk, message: telegram.Message, view: View, who: Person, text: str) -> None:
    refused: list[Refused] = []

    def change(before: Draft | None) -> Draft | None:
        if before is None or before.asking is None:
            return before
        after = sheet.answered(before, text, view.case, desk.rescue.book, desk.texts, view.now)
        if isinstance(after, Refused):
            refused.append(after)
            return before
        return after

    draft = await desk.rescue.change_draft(who, _source(message), change)
    if refused:
        await say(message, prompt(desk.texts, refused[0].why, most=str(refused[0].most)))
    await _next(desk, message, view, draft)


async def _on(
    desk: Desk, query: telegram.CallbackQuery, message: telegram.Message, view: View, who: Person, what: str
) -> None:
    """Go on without an answer; a second press on the same button changes nothing."""
    moved: list[Draft] = []

    def change(before: Draft | None) -> Draft | None:
        if before is None or before.asking is None:
            return before
        if what == "end":
            moved.append(sheet.ended(before))
        elif before.asking == what.removeprefix(_SKIP):
            moved.append(sheet.skipped(before, view.case, desk.rescue.book, view.now))
        return moved[0] if moved else before

    draft = await desk.rescue.change_draft(who, query.id, change)
    if draft is None:
        await toast(query)
        await rescue.put(desk, message, sheet_page.leave(view.case, desk.texts, "sheet-gone"))
        return
    goes_on = bool(moved) or draft.source == query.id
    await toast(query, None if goes_on else desk.texts("rescue-old"))
    if goes_on:
        await _next(desk, message, view, draft)


async def _next(desk: Desk, message: telegram.Message, view: View, draft: Draft | None, *, first: bool = False) -> None:
    """Ask for the next blank, or give the sheet where none is left."""
    book, texts = desk.rescue.book, desk.texts
    if draft is None:
        reply = sheet_page.leave(view.case, texts, "sheet-gone")
    elif draft.asking is not None:
        reply = sheet_page.question(draft, view.case, book, texts, view.now, first=first)
    else:
        # Drawing takes long enough to keep everybody else waiting.
        picture = await asyncio.to_thread(sheet_page.sheet_picture, draft, view.case, book, texts, view.now)
        await say_file(message, InputFile(picture, filename=texts("sheet-file")))
        reply = sheet_page.finished(draft, view.case, book, texts, view.now)
    await say(message, reply, keyboards.under(reply, texts))
