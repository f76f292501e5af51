"""/stats and /review, for the bot's owners in their private chat; to anybody else these commands do not exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.reply.prompts import prompt
from bot.reply.review import DECISIONS, compose_decided, compose_item
from bot.reply.stats import compose_stats
from bot.service.review import Asked, Decision, Result
from handlers.callback import Callback, Press
from handlers.desk import desk_of
from handlers.incoming import chat_of, presser
from handlers.send import harmless, say, say_instead, toast

if TYPE_CHECKING:
    import telegram

    from bot.reply.model import Reply
    from bot.service.review import Decided, Item
    from handlers.desk import Context, Desk

_DECIDE = {"c": Decision.CONFIRM, "x": Decision.REJECT, "m": Decision.MUTE}
_NEXT = "n"
"""The next item in place of this one."""
_ON = "g"
"""The next item as a message of its own, since this one says what was decided."""
_DATA = re.compile(r"(?P<verb>[cxm])-(?P<first>\d{1,14})-(?P<last>\d{1,14})|(?P<on>[ng])-(?P<after>\d{1,14})")


async def stats(update: telegram.Update, context: Context) -> None:
    """Say how the bot is used and how it fares."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    await say(message, compose_stats(await desk.service.stats(), desk.texts))


async def review(update: telegram.Update, context: Context) -> None:
    """Show what an owner should look at first."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    await say(message, *_page(desk, await desk.service.next_review()))


async def press(desk: Desk, query: telegram.CallbackQuery, message: telegram.Message, data: str) -> None:
    """Do what an owner pressed. A stranger who sends the data of such a button has an old one."""
    found, who = _DATA.fullmatch(data), presser(query.from_user)
    if found is None or chat_of(message).group or not desk.service.is_owner(who):
        await toast(query, desk.texts("pressed-old"))
        return
    if found["on"]:
        await toast(query)
        await _go_on(desk, message, int(found["after"]), instead=found["on"] == _NEXT)
        return
    asked, decision = Asked(int(found["first"]), int(found["last"])), _DECIDE[found["verb"]]
    done = await desk.service.decide(who, chat_of(message), asked, decision)
    if done.result is Result.OWNER:
        await toast(query, desk.texts("review-mute-owner"))
        return
    await toast(query, _told(desk, done))
    await _put(message, _decided(desk, done, decision), _rows(desk, [[("button-review-next", f"{_ON}-{asked.first}")]]))


async def _go_on(desk: Desk, message: telegram.Message, after: int, *, instead: bool) -> None:
    reply, markup = _page(desk, await desk.service.next_review(after))
    if instead:
        await _put(message, reply, markup)
        return
    async with harmless():
        await message.edit_reply_markup(None)
    await say(message, reply, markup)


def _page(desk: Desk, item: Item | None) -> tuple[Reply, InlineKeyboardMarkup | None]:
    if item is None:
        return prompt(desk.texts, "review-none"), None
    first, last = item.asked.first, item.asked.last
    mute = "button-review-mute" if item.people == 1 else "button-review-mute-first"
    rows = [
        [("button-review-confirm", f"c-{first}-{last}"), ("button-review-reject", f"x-{first}-{last}")],
        [(mute, f"m-{first}-{last}"), ("button-review-next", f"{_NEXT}-{first}")],
    ]
    return compose_item(item, desk.texts, desk.knowledge, desk.knowledge.directory), _rows(desk, rows)


def _rows(desk: Desk, rows: list[list[tuple[str, str]]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        [
            [
                InlineKeyboardButton(desk.texts(key), callback_data=Callback(Press.REVIEW, data).encode())
                for key, data in row
            ]
            for row in rows
        ]
    )


def _told(desk: Desk, done: Decided) -> str | None:
    if done.result is Result.ALREADY and done.earlier is not None:
        return desk.texts("review-already", decision=desk.texts(DECISIONS[done.earlier]))
    return desk.texts("review-gone") if done.result is Result.GONE else None


def _decided(desk: Desk, done: Decided, decision: Decision) -> Reply:
    if done.result is Result.GONE or done.kind is None:
        return prompt(desk.texts, "review-gone")
    return compose_decided(done.earlier or decision, done.kind, done.institution, desk.texts, desk.knowledge.directory)


async def _put(message: telegram.Message, reply: Reply, markup: InlineKeyboardMarkup | None) -> None:
    await say_instead(message.get_bot(), (message.chat.id, message.message_id), reply, markup)
