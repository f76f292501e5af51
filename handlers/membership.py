"""The bot's own place in groups: whether it is there, may write, hears what is said; and where a group went on."""

from __future__ import annotations

import logging
from enum import Enum
from typing import TYPE_CHECKING

import telegram
from telegram.constants import ChatMemberStatus, ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.reply.prompts import prompt
from bot.service import inbox
from bot.service.group_types import Presence
from handlers import admins
from handlers.desk import desk_of
from handlers.html import render_html
from handlers.incoming import GROUPS

if TYPE_CHECKING:
    from handlers.desk import Context, Desk

_log = logging.getLogger(__name__)

# What Telegram says where the bot may not write, in old and new words.
_NO_RIGHTS = (
    "not enough rights to send",
    "have no rights to send",
    "no write access",
    "chat_write_forbidden",
    "chat_restricted",
    "chat_send_",
)
_NOT_THERE = ("bot was kicked from", "bot is not a member of", "chat was deleted")


class Hearing(Enum):
    """What the bot hears of a group's talk."""

    ADMIN = "admin"
    """Everything, since it is an admin."""
    OPEN = "open"
    """Everything, if its privacy mode was off already when it came: Telegram does not say."""
    NOTHING = "nothing"
    """Only what is said to it."""
    MUTED = "muted"
    """It may not write, so whatever it hears is of no use."""


async def my_place(update: telegram.Update, context: Context) -> None:
    """Take note of what somebody made of the bot in a group; in a private chat it only was blocked or let in again."""
    change = update.my_chat_member
    assert change is not None
    inbox.silent()
    if change.chat.type not in GROUPS:
        return
    desk, bot, chat_id = desk_of(context), context.bot, change.chat.id
    desk.memory.admins.pop(chat_id)
    presence = presence_of(change.new_chat_member)
    if presence is Presence.GONE and change.chat.type == ChatType.GROUP:
        # It may have been made a supergroup; what was chosen must not be lost on the way.
        try:
            await bot.get_chat(chat_id)
        except ChatMigrated as error:
            await moved(desk, error, chat_id)
            return
        except TelegramError:
            pass
    await _note(desk, chat_id, presence)
    if presence is Presence.PRESENT:
        if presence_of(change.old_chat_member) is Presence.GONE:
            await _see(desk, bot, chat_id, change.from_user)
        await still_hears(desk, bot, chat_id)


async def migrated(update: telegram.Update, context: Context) -> None:
    """Let a group's record go on under the id of the supergroup that it became; told in the old chat and the new."""
    message = update.effective_message
    assert message is not None
    inbox.silent()
    desk = desk_of(context)
    if message.migrate_to_chat_id is not None:
        await _move(desk, message.chat.id, message.migrate_to_chat_id)
    elif message.migrate_from_chat_id is not None:
        await _move(desk, message.migrate_from_chat_id, message.chat.id)
        await still_hears(desk, context.bot, message.chat.id)


async def moved(desk: Desk, error: ChatMigrated, old: int) -> int:
    """Take note of the new id that a refusal tells of, and return it."""
    await _move(desk, old, error.new_chat_id)
    return error.new_chat_id


async def unheard(desk: Desk, chat_id: int, error: BaseException) -> bool:
    """Take note that the bot cannot write in a group; False where the error says no such thing."""
    presence = presence_told(error)
    if presence is None or chat_id >= 0:
        return False
    await _note(desk, chat_id, presence)
    return True


async def heard(desk: Desk, chat_id: int) -> None:
    """Take note that the bot just wrote in a group, if it was not known to be able to.

    Telegram tells a bot nothing when a group's rules for everybody change.
    """
    if (await desk.service.auto_check.settings(chat_id)).presence is not Presence.PRESENT:
        await _note(desk, chat_id, Presence.PRESENT)


def presence_of(member: telegram.ChatMember) -> Presence:
    """Return what a place in a group means for what the bot can do there."""
    if member.status in (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED):
        return Presence.GONE
    if isinstance(member, telegram.ChatMemberRestricted):
        if not member.is_member:
            return Presence.GONE
        return Presence.PRESENT if member.can_send_messages else Presence.SILENCED
    return Presence.PRESENT


def presence_told(error: BaseException) -> Presence | None:
    """Return what a refusal to send into a group tells of the bot there; None where it is about something else."""
    if not isinstance(error, BadRequest | Forbidden):
        return None
    said = error.message.lower()
    if any(words in said for words in _NO_RIGHTS):
        return Presence.SILENCED
    return Presence.GONE if isinstance(error, Forbidden) and any(words in said for words in _NOT_THERE) else None


async def hearing(bot: telegram.Bot, chat_id: int) -> Hearing:
    """Return what the bot hears of a group, asked of Telegram now.

    Raises:
        TelegramError: Telegram does not say.
    """
    mine = await bot.get_chat_member(chat_id, bot.id)
    if mine.status == ChatMemberStatus.ADMINISTRATOR:
        return Hearing.ADMIN
    if presence_of(mine) is Presence.SILENCED:
        return Hearing.MUTED
    # Not what the library remembers from the start: BotFather may have been asked since.
    return Hearing.OPEN if (await bot.get_me()).can_read_all_group_messages else Hearing.NOTHING


async def still_hears(desk: Desk, bot: telegram.Bot, chat_id: int) -> None:
    """Where scams are pointed out unasked and the bot hears nothing any more: say so once, and switch that off."""
    if not (await desk.service.auto_check.settings(chat_id)).auto_check:
        return
    try:
        if await hearing(bot, chat_id) is not Hearing.NOTHING:
            return
        # Told first: it may be told twice after a crash, but it is never switched off in silence.
        await bot.send_message(chat_id, render_html(prompt(desk.texts, "auto-lost")))
    except TelegramError as error:
        if not await unheard(desk, chat_id, error):
            raise
    await desk.service.groups.change(chat_id, auto_check=False)
    desk.service.auto_check.changed(chat_id)


async def _see(desk: Desk, bot: telegram.Bot, chat_id: int, who: telegram.User) -> None:
    """Remember who brought the bot in, if they run the group."""
    if who.is_bot:
        return
    try:
        await admins.runs(desk, bot, chat_id, who)
    except TelegramError as error:
        _log.info("who runs a group could not be asked: %s", type(error).__name__)


async def _note(desk: Desk, chat_id: int, presence: Presence) -> None:
    await desk.service.groups.presence(chat_id, presence)
    desk.service.auto_check.changed(chat_id)


async def _move(desk: Desk, old: int, new: int) -> None:
    await desk.service.groups.migrate(old, new)
    desk.service.auto_check.changed(old, new)
