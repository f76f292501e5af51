"""What Telegram shows of the bot before a word is said: the command menu and the description."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from telegram import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import TelegramError

if TYPE_CHECKING:
    from collections.abc import Iterable

    import telegram

    from bot.texts import Texts

_log = logging.getLogger(__name__)

_OF_GROUPS = ("report", "subscribe", "unsubscribe", "export")
PRIVATE = ("check", "rescue", "hotline", "trends", "help", "privacy", "settings", "forget", "start", *_OF_GROUPS)
GROUP = ("check",)
"""What all members see: short, and nothing that most of them are refused."""
ADMINS = (*GROUP, *_OF_GROUPS, "settings")
OWNER = (*PRIVATE, "stats", "review")
OWNER_SECONDS = 5.0
"""How long the menus of owners may take; the start waits for no more."""


async def register(bot: telegram.Bot, texts: Texts, owners: Iterable[int] = ()) -> None:
    """Register menus and description; the bot works without them, so a failure only goes to the log.

    Args:
        bot: Whose they are.
        texts: The language.
        owners: User ids whose menu has the owners' commands too.
    """
    await asyncio.gather(_for_all(bot, texts), *(_for_owner(bot, texts, owner) for owner in owners))


async def _for_owner(bot: telegram.Bot, texts: Texts, owner: int) -> None:
    try:
        async with asyncio.timeout(OWNER_SECONDS):
            await bot.set_my_commands(_menu(OWNER, texts), BotCommandScopeChat(owner))
    except (TelegramError, TimeoutError) as error:  # such as an owner who never wrote to the bot
        _log.debug("an owner's menu could not be registered: %s", type(error).__name__)


async def _for_all(bot: telegram.Bot, texts: Texts) -> None:
    try:
        await bot.set_my_commands(_menu(PRIVATE, texts), BotCommandScopeAllPrivateChats())
        await bot.set_my_commands(_menu(GROUP, texts), BotCommandScopeAllGroupChats())
        await bot.set_my_commands(_menu(ADMINS, texts), BotCommandScopeAllChatAdministrators())
        await bot.set_my_description(texts("bot-description"))
        await bot.set_my_short_description(texts("bot-short-description"))
    except TelegramError as error:
        _log.warning("the command menu could not be registered: %s", type(error).__name__)


def _menu(names: tuple[str, ...], texts: Texts) -> list[BotCommand]:
    return [BotCommand(name, texts(f"command-{name}")) for name in names]
