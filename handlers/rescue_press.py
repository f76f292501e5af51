"""Presses on the pages of a case. The case is the person's own: a button only says what is to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.prompts import prompt
from bot.rescue.cards import persuade_card, sources_card
from bot.rescue.moves import Move, Verb, decode
from bot.rescue.reply import compose_page
from handlers import keyboards, rescue, sheet
from handlers.incoming import chat_of, presser
from handlers.send import say, toast

if TYPE_CHECKING:
    import telegram

    from bot.service.rescue import View
    from handlers.desk import Desk


async def press(desk: Desk, query: telegram.CallbackQuery, message: telegram.Message, data: str) -> None:
    """Do what was pressed and show the page again; say politely where a button is too old."""
    move = decode(data)
    if move is None or chat_of(message).group:
        await toast(query, desk.texts("rescue-old"))
        return
    who = presser(query.from_user)
    view = await desk.rescue.move(who, _meant(move), chat_of(message))
    if view is None:
        early = move.verb is Verb.WHEN and await _nothing_chosen(desk, move, query)
        await toast(query, desk.texts("pick-situation-first" if early else "rescue-old"))
        return
    if move.verb is Verb.SHEET and view.case.abroad:
        await toast(query, desk.texts("rescue-old"))
        return
    if move.verb is Verb.SHEET:
        await sheet.press(desk, query, message, view, move.argument)
        return
    if move.verb is Verb.FOLLOW and move.argument != "open":
        await toast(query)
        said = "followup-thanks" if move.argument == "done" else "followup-stopped"
        await rescue.put(desk, message, prompt(desk.texts, said))
        return
    if move.verb in {Verb.SOURCES, Verb.PERSUADE}:
        await toast(query)
        await _card(desk, message, view, move.verb)
        return
    await toast(query, _said(desk, move))
    await rescue.put(desk, message, compose_page(view.case, desk.rescue.book, desk.texts, view.now))


def _meant(move: Move) -> Move:
    """Return what a press does to the case: the answers to a follow-up are other moves in other words."""
    if move.verb is not Verb.FOLLOW:
        return move
    return Move(move.token, Verb.BACK) if move.argument == "open" else Move(move.token, Verb.REMIND, "0")


def _said(desk: Desk, move: Move) -> str | None:
    if move.verb is Verb.REMIND:
        return desk.texts("rescue-said-remind" if move.argument == "1" else "rescue-said-remind-off")
    return desk.texts("rescue-said-restart") if move.verb is Verb.RESTART else None


async def _nothing_chosen(desk: Desk, move: Move, query: telegram.CallbackQuery) -> bool:
    view = await desk.rescue.current(presser(query.from_user))
    return view is not None and view.case.token == move.token and not view.case.situations


async def _card(desk: Desk, message: telegram.Message, view: View, verb: Verb) -> None:
    if verb is Verb.SOURCES:
        reply = sources_card(view.case, desk.rescue.book, desk.texts, view.now)
    else:
        reply = persuade_card(view.case, desk.texts)
    await say(message, reply, keyboards.under(reply, desk.texts))
