from __future__ import annotations

import json

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.reply.model import Action, Plain, Reply
from bot.texts import Texts
from handlers import keyboards
from handlers.callback import Press


def test_buttons_of_ours_are_written_as_the_library_would() -> None:
    texts = Texts.load()
    reply = Reply(((Plain("a"),),), copy=("95588", "110", "96110"), actions=tuple(Action))
    made = keyboards.under(reply, texts, "c" * 22, "10086")
    assert made is not None
    plain = InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(each.text, callback_data=each.callback_data, copy_text=each.copy_text)
                for each in row
            ]
            for row in made.inline_keyboard
        ]
    )
    assert json.loads(made.to_json()) == json.loads(plain.to_json())
    assert made == plain
    assert len(plain.inline_keyboard) > 4


def test_others_buttons_may_stand_among_ours() -> None:
    rows = [[InlineKeyboardButton("网", url="https://example.org"), InlineKeyboardButton("好", callback_data="y:abc")]]
    kept = keyboards.without(InlineKeyboardMarkup(rows), Press.DENY)
    assert kept is not None
    assert kept.to_dict() == InlineKeyboardMarkup(rows).to_dict()
