"""Who runs a group, asked of Telegram at the moment it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.constants import ChatMemberStatus

if TYPE_CHECKING:
    import telegram

_RUNS = (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)


async def is_admin(bot: telegram.Bot, chat_id: int, user_id: int) -> bool:
    """Return True if the person is the owner or an administrator of the group."""
    return (await bot.get_chat_member(chat_id, user_id)).status in _RUNS


async def writes_as_admin(message: telegram.Message) -> bool:
    """Return True if a group's message was written by an admin, under a name or as the group itself.

    A channel is no admin, not even the group's own linked one.
    """
    if message.sender_chat is not None:
        return message.sender_chat.id == message.chat.id
    if message.from_user is None:
        return False
    return await is_admin(message.get_bot(), message.chat.id, message.from_user.id)
