"""In groups whose admins want it: point out unasked what is very likely a scam, in one line, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import telegram

from bot.overheard import is_brought
from bot.reply.prompts import prompt
from bot.service import inbox
from handlers import keyboards, membership
from handlers.check import source_of
from handlers.desk import desk_of
from handlers.incoming import chat_of, sms_of, talk_of
from handlers.send import say

if TYPE_CHECKING:
    from handlers.desk import Context, Desk


async def hear(update: telegram.Update, context: Context) -> None:
    """Look at what somebody wrote in a group, if it is to be looked at at all."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    check_id = await _found(desk, update, message)
    if check_id is None:
        inbox.silent()
        return
    markup = keyboards.why_button(desk.texts, check_id)
    if await say(message, prompt(desk.texts, "auto-line"), markup, alone=False) is not None:
        await membership.heard(desk, message.chat.id)


async def _found(desk: Desk, update: telegram.Update, message: telegram.Message) -> str | None:
    """The check that found a scam to point out; None where there is nothing to say."""
    bot, where, auto_check = message.get_bot(), chat_of(message), desk.service.auto_check
    if not (await auto_check.settings(where.id)).auto_check or _is_ours(message, bot.id):
        return None
    talk = talk_of(message, bot.username)
    if not is_brought(talk.text, talk.links, forwarded=message.forward_origin is not None):
        return None
    checked = await auto_check.check(sms_of(message, bot.username), talk, where, source_of(update, message))
    return checked.check_id if checked else None


def _is_ours(message: telegram.Message, me: int) -> bool:
    """Whether a bot wrote it: another one (Telegram hides these anyway) or we, passed on by somebody."""
    origin = message.forward_origin
    if isinstance(origin, telegram.MessageOriginUser) and origin.sender_user.id == me:
        return True
    # Admins and channels that write without their own name stand behind a bot of Telegram's.
    return message.sender_chat is None and message.from_user is not None and message.from_user.is_bot
