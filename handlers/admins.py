"""Who runs a group, asked of Telegram at the moment it matters, or shortly before.

Whoever is found to run one under their own name is offered it in their private chat later.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram.constants import ChatMemberStatus

from handlers.incoming import presser
from handlers.memory import Admins

if TYPE_CHECKING:
    import telegram

    from handlers.desk import Desk

REMEMBERED = 30.0
_RUNS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def is_admin(bot: telegram.Bot, chat_id: int, user_id: int) -> bool:
    """Return True if the person is the owner or an administrator of the group."""
    return (await bot.get_chat_member(chat_id, user_id)).status in _RUNS


async def counts(desk: Desk, bot: telegram.Bot, chat_id: int, user_id: int) -> bool:
    """Return True if the person ran the group at some moment of the last :data:`REMEMBERED` seconds.

    For words on a check, which many may say at once: one question serves a whole group. Nobody gets to see or change
    a group's settings by it.

    Raises:
        TelegramError: Telegram does not say.
    """
    now = asyncio.get_running_loop().time()
    known = desk.memory.admins.get(chat_id)
    if known is None or known.until <= now or _failed(known.asked):
        known = Admins(asyncio.ensure_future(_all(bot, chat_id)), now + REMEMBERED)
        desk.memory.admins.put(chat_id, known)
    return user_id in await asyncio.shield(known.asked)


def _failed(asked: asyncio.Future[frozenset[int]]) -> bool:
    return asked.done() and (asked.cancelled() or asked.exception() is not None)


async def _all(bot: telegram.Bot, chat_id: int) -> frozenset[int]:
    return frozenset(member.user.id for member in await bot.get_chat_administrators(chat_id))


async def group_admin_of(desk: Desk, message: telegram.Message) -> bool:
    """Return True if a group's message was written by an admin, under a name or as the group itself.

    A channel is no admin, not even the group's own linked one.

    Raises:
        TelegramError: Telegram does not say.
    """
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id
    if message.from_user is None:
        return False
    return await runs(desk, message.get_bot(), message.chat.id, message.from_user)


async def runs(desk: Desk, bot: telegram.Bot, chat_id: int, user: telegram.User) -> bool:
    """Return True if a person, who pressed a button or wrote under their name, is an admin of the group.

    Raises:
        TelegramError: Telegram does not say.
    """
    admin = await is_admin(bot, chat_id, user.id)
    if admin:
        await desk.service.groups.seen_admin(presser(user), chat_id)
    else:
        await desk.service.groups.no_admin(presser(user), chat_id)
    return admin
