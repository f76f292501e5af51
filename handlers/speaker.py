"""What people and owners are told when something is wrong with the bot itself: once, calmly, and never in a group."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import TelegramError

from bot.reply.prompts import prompt
from handlers.html import render_html

if TYPE_CHECKING:
    from collections.abc import Sequence

    import telegram

    from bot.errors import StoreError
    from bot.store.inbox import Arrival, Row
    from handlers.desk import Desk

_log = logging.getLogger(__name__)


class Speaker:
    """Speaks for the inbox. A sentence that cannot be sent is let go: nothing depends on it."""

    def __init__(self, bot: telegram.Bot, desk: Desk) -> None:
        self._bot = bot
        self._desk = desk
        self._told: set[int] = set()
        self._trouble = False

    async def refused(self, arrival: Arrival) -> None:
        """Say that a person sends more than is taken."""
        await self._say(arrival.queue, "inbox-flooded")

    async def crowded(self, arrival: Arrival, waiting: int) -> None:
        """Say that there is a queue."""
        await self._say(arrival.queue, "inbox-queued", waiting=str(waiting))

    async def buried(self, row: Row) -> None:
        """Say that an update was given up."""
        update = Update.de_json(json.loads(row.body), self._bot)
        if update.callback_query is None:
            await self._say(row.queue, "failed")
            return
        try:
            await update.callback_query.answer(self._desk.texts("failed-press"), show_alert=True)
        except TelegramError as error:
            _log.info("an apology could not be sent: %s", type(error).__name__)

    async def trouble(self, error: StoreError, updates: Sequence[Update]) -> None:
        """Tell the owners once that the database fails, and everybody who waits for it, once each."""
        if not self._trouble:
            self._trouble = True
            _log.error("nothing can be stored: %s", error)
            await self._say_to_owners("owner-trouble", error=str(error))
        for chat in dict.fromkeys(update.effective_chat.id for update in updates if update.effective_chat):
            if chat not in self._told:
                self._told.add(chat)
                await self._say(chat, "store-down")

    async def well(self) -> None:
        """Note that all is well again, and say so to the owners where it was not."""
        if self._trouble:
            self._trouble = False
            self._told.clear()
            _log.info("the database works again")
            await self._say_to_owners("owner-well")

    async def _say_to_owners(self, key: str, **args: str) -> None:
        for owner in self._desk.settings.owners:
            await self._say(owner, key, **args)

    async def _say(self, chat: int, key: str, **args: str) -> None:
        if chat <= 0:
            return
        try:
            await self._bot.send_message(chat, render_html(prompt(self._desk.texts, key, **args)))
        except TelegramError as error:
            _log.info("a notice could not be sent: %s", type(error).__name__)
