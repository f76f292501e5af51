"""In a private chat: which of their groups a person means.

Offered are the groups where the person was seen as an admin and, asked of Telegram now, still is. The press asks
again: whoever stopped being an admin since has a button that does nothing.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.neutralise import neutralise
from bot.period import parse
from bot.reply.fill import line
from bot.reply.model import MAX_UNITS, Quote, Reply, units
from bot.reply.prompts import prompt
from bot.service.types import Chat
from handlers import admins, membership
from handlers.callback import Callback, Press
from handlers.incoming import chat_of, presser
from handlers.send import say, toast

if TYPE_CHECKING:
    import telegram

    from bot.period import Period
    from handlers.desk import Desk

_log = logging.getLogger(__name__)

MOST = 12
"""Groups that are asked about and offered: the ones used last."""
TITLE = 40
"""Characters of a group's title that are shown."""


class Purpose(StrEnum):
    """What a group is chosen for; the value stands in the data of buttons, so it never changes its meaning."""

    REPORT = "r"
    EXPORT = "e"
    SUBSCRIBE = "s"
    UNSUBSCRIBE = "u"
    SETTINGS = "c"


_ASKED = {
    Purpose.REPORT: "choice-report",
    Purpose.EXPORT: "choice-export",
    Purpose.SUBSCRIBE: "choice-subscribe",
    Purpose.UNSUBSCRIBE: "choice-unsubscribe",
    Purpose.SETTINGS: "choice-settings",
}
OF_A_PERIOD = frozenset({Purpose.REPORT, Purpose.EXPORT})
_DATA = re.compile(r"(?P<purpose>[a-z])/(?P<chat>-\d{1,16})(?:/(?P<period>[0-9W-]{7,8}))?")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A group whose admin the person is at this moment.

    Attributes:
        user_id: The person, as Telegram numbers them; None for an admin who writes as the group.
        title: Harmless to show and short; empty where the command was given in the group itself.
        period: What is asked for, in the group's time zone; None for what has no period.
    """

    purpose: Purpose
    where: Chat
    user_id: int | None = None
    title: str = ""
    period: Period | None = None


async def choose(desk: Desk, message: telegram.Message, purpose: Purpose, words: str = "") -> Chosen | None:
    """Find the group that the writer of a private message means; None where something was said instead.

    With one group there is nothing to choose. ``words`` name a period, for what has one.
    """
    assert message.from_user is not None
    found, unsure = await _groups_of(desk, message.get_bot(), message.from_user, purpose)
    if not found:
        await say(message, prompt(desk.texts, "choice-failed" if unsure else "choice-none"))
        return None
    offered = [chosen for place in found if (chosen := await _with_period(desk, place, words)) is not None]
    if not offered:
        await say(message, prompt(desk.texts, "period-unknown"))
        return None
    if len(offered) == 1 and not unsure:  # else the other may be the one that is meant
        return offered[0]
    asked = prompt(desk.texts, _ASKED[purpose])
    if len(found) == MOST:
        more = prompt(desk.texts, "choice-more", most=str(MOST))
        asked = Reply((*asked.lines, *more.lines))
    await say(message, asked, InlineKeyboardMarkup([[_button(chosen)] for chosen in offered]))
    return None


async def pressed(desk: Desk, query: telegram.CallbackQuery, message: telegram.Message, data: str) -> Chosen | None:
    """Return what a press on one of the groups means; None where that was refused. The press is answered."""
    found = _DATA.fullmatch(data)
    if found is None or found["purpose"] not in set(Purpose) or chat_of(message).group:
        await toast(query, desk.texts("pressed-old"))
        return None
    purpose = Purpose(found["purpose"])
    chosen, refusal = await check(desk, message.get_bot(), query.from_user, purpose, found["chat"], found["period"])
    await toast(query, desk.texts(refusal) if refusal else None)
    return chosen


async def check(
    desk: Desk, bot: telegram.Bot, user: telegram.User, purpose: Purpose, chat_id: str, words: str | None
) -> tuple[Chosen | None, str]:
    """Return a group that a button or link names, if the person is its admin now; else why not, as a text's key."""
    try:
        place = await _place(desk, bot, user, Chosen(purpose, Chat(int(chat_id), group=True), user.id))
    except TelegramError as error:
        _log.info("who runs a group could not be asked: %s", type(error).__name__)
        return None, "choice-press-failed"
    if place is None:
        return None, "choice-not-admin"
    await desk.service.groups.seen_admin(presser(user), place.where.id)
    chosen = await _with_period(desk, place, words or "")
    return chosen, "" if chosen else "period-unknown"


async def period_of(desk: Desk, chat_id: int, words: str) -> Period | None:
    """Return the period that words name in a group's time zone; None where they name none."""
    settings = await desk.service.groups.settings(chat_id)
    return parse(words, desk.service.now(), ZoneInfo(settings.time_zone))


def titled(desk: Desk, chosen: Chosen, reply: Reply) -> Reply:
    """Return a reply that says first which group it is about, where that is not plain."""
    if not chosen.title:
        return reply
    lines = (line(desk.texts, "choice-title", title=Quote(chosen.title)), *reply.lines)
    return replace(reply, lines=lines) if units(lines) <= MAX_UNITS else reply


def short_title(title: str | None) -> str:
    """Return a group's title as it may be shown: short, and with nothing to tap in it."""
    words = " ".join((title or "").split())
    return neutralise(words if len(words) <= TITLE else f"{words[: TITLE - 1]}…")


async def _groups_of(desk: Desk, bot: telegram.Bot, user: telegram.User, purpose: Purpose) -> tuple[list[Chosen], bool]:
    """The groups that the person runs now, and whether Telegram did not say so of some."""
    seen = await desk.service.groups.of_admin(presser(user))
    asked = (_place(desk, bot, user, Chosen(purpose, Chat(chat_id, group=True), user.id)) for chat_id in seen[:MOST])
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for error in answers:
        if isinstance(error, BaseException) and not isinstance(error, TelegramError):
            raise error
    unsure = any(isinstance(answer, TelegramError) for answer in answers)
    return [answer for answer in answers if isinstance(answer, Chosen)], unsure


async def _place(desk: Desk, bot: telegram.Bot, user: telegram.User, asked: Chosen) -> Chosen | None:
    """The group with its title; None where the person does not run it, or the bot is not in it any more.

    Raises:
        TelegramError: Telegram does not say.
    """
    chat_id = asked.where.id
    try:
        if not await admins.is_admin(bot, chat_id, user.id):
            await desk.service.groups.no_admin(presser(user), chat_id)
            return None
        chat = await bot.get_chat(chat_id)
    except ChatMigrated as error:
        new = await membership.moved(desk, error, chat_id)
        return await _place(desk, bot, user, replace(asked, where=Chat(new, group=True)))
    except (Forbidden, BadRequest):
        return None
    return replace(asked, title=short_title(chat.title) or desk.texts("choice-untitled"))


async def _with_period(desk: Desk, place: Chosen, words: str) -> Chosen | None:
    if place.purpose not in OF_A_PERIOD:
        return place
    period = await period_of(desk, place.where.id, words)
    return replace(place, period=period) if period else None


def _button(chosen: Chosen) -> InlineKeyboardButton:
    parts = [chosen.purpose.value, str(chosen.where.id), *([chosen.period.name] if chosen.period else [])]
    return InlineKeyboardButton(chosen.title, callback_data=Callback(Press.GROUP, "/".join(parts)).encode())
