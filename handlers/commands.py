"""What Telegram shows of the bot before a word is said: the command menu and the description."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

if TYPE_CHECKING:
    import telegram

    from bot.texts import Texts

_log = logging.getLogger(__name__)

PRIVATE = ("check", "rescue", "hotline", "help", "privacy", "forget", "start", "report")
GROUP = ("check", "report")


async def register(bot: telegram.Bot, texts: Texts) -> None:
    """Register menu and description; the bot works without them, so a failure only goes to the log."""
    try:
        await bot.set_my_commands(_menu(PRIVATE, texts), BotCommandScopeAllPrivateChats())
        await bot.set_my_commands(_menu(GROUP, texts), BotCommandScopeAllGroupChats())
        await bot.set_my_description(texts("bot-description"))
        await bot.set_my_short_description(texts("bot-short-description"))
    except TelegramError as error:
        _log.warning("the command menu could not be registered: %s", type(error).__name__)


def _menu(names: tuple[str, ...], texts: Texts) -> list[BotCommand]:
    return [BotCommand(name, texts(f"command-{name}")) for name in names]
