"""/report: a group's week or month, in one message and one picture, for its admins."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.reply.prompts import prompt
from bot.reply.report import compose_report
from bot.reply.report_picture import report_picture
from handlers import admins, group_choice
from handlers.desk import desk_of
from handlers.errors import place_of
from handlers.group_choice import Chosen, Purpose
from handlers.incoming import chat_of
from handlers.send import say, say_photo

if TYPE_CHECKING:
    import telegram

    from bot.reply.model import Reply
    from bot.service.group_types import GroupReport
    from handlers.desk import Context, Desk

_log = logging.getLogger(__name__)

_REFUSED = {
    Purpose.REPORT: "report-refused",
    Purpose.EXPORT: "export-refused",
    Purpose.SUBSCRIBE: "weekly-refused",
    Purpose.UNSUBSCRIBE: "weekly-refused",
}


async def command(update: telegram.Update, context: Context) -> None:
    """Show the record of a group to its admin; in a private chat, of the group that is chosen."""
    message = update.effective_message
    assert message is not None
    desk, words = desk_of(context), " ".join(context.args or ())
    chosen = await asked_for(desk, message, Purpose.REPORT, words)
    if chosen is not None:
        await tell(desk, message, chosen)


async def asked_for(desk: Desk, message: telegram.Message, purpose: Purpose, words: str) -> Chosen | None:
    """Return the group and the period that an admin's command is about; None where something was said instead."""
    where = chat_of(message)
    if not where.group:
        return await group_choice.choose(desk, message, purpose, words)
    if not await is_for(desk, message, purpose):
        return None
    period = await group_choice.period_of(desk, where.id, words)
    if period is None:
        await say(message, prompt(desk.texts, "period-unknown"))
        return None
    user = message.from_user if message.sender_chat is None else None
    return Chosen(purpose, where, user.id if user else None, period=period)


async def is_for(desk: Desk, message: telegram.Message, purpose: Purpose) -> bool:
    """Whether a group's message is an admin's; if it is not, or Telegram does not tell, that is said."""
    try:
        admin = await admins.group_admin_of(desk, message)
    except TelegramError:
        await say(message, prompt(desk.texts, "report-failed"))
        return False
    if not admin:
        await say(message, prompt(desk.texts, _REFUSED[purpose]))
    return admin


async def tell(desk: Desk, message: telegram.Message, chosen: Chosen) -> None:
    """Answer with the record of the chosen group and period. Without its picture it is still a record."""
    assert chosen.period is not None
    found = await desk.service.report(chosen.where, chosen.period)
    await say(message, group_choice.titled(desk, chosen, compose(desk, found)))
    picture = await draw(desk, found)
    if picture is None:
        return
    try:
        await say_photo(message, picture)
    except TelegramError as error:
        _log.warning("a picture could not be sent: %s", type(error).__name__)


def compose(desk: Desk, found: GroupReport, *, late: bool = False) -> Reply:
    """Return a record as a message."""
    return compose_report(found, desk.texts, desk.knowledge, desk.knowledge.directory, late=late)


async def draw(desk: Desk, found: GroupReport) -> bytes | None:
    """Return a record as a picture; None where drawing fails. Others are answered meanwhile."""
    try:
        return await asyncio.to_thread(report_picture, found, desk.texts, desk.knowledge)
    except Exception as error:  # noqa: BLE001 - a picture is not worth the message
        _log.error("a picture could not be drawn: %s at %s", type(error).__name__, place_of(error))
        return None
