"""From getUpdates into the inbox and from the inbox to the handlers.

An update is acknowledged (by the next offset) only after it is stored. python-telegram-bot's own Updater is not used:
it acknowledges what lies in memory, and an error in taking it in ends its polling silently.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING

from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.errors import StoreError
from bot.service.inbox import Failure
from bot.service.leases import POLLER
from bot.store.inbox import Arrival
from handlers.speaker import Speaker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.service.inbox import Run
    from handlers.desk import App, Desk

_log = logging.getLogger(__name__)

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
"""All that Telegram is asked for."""
LEASE_SECONDS = 90.0
"""Renewed after a quarter; a long poll of 30 s may begin just before that."""
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 15.0

_failure: ContextVar[list[Failure] | None] = ContextVar("failure", default=None)


def note_failure(error: BaseException) -> None:
    """Note that handling the present update failed; called by the error handler."""
    noted = _failure.get()
    if noted is not None:
        passing = isinstance(error, StoreError | RetryAfter) or (
            isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        )
        noted.append(Failure(type(error).__name__, passing))


def arrival_of(update: Update) -> Arrival:
    """Return an update as the inbox keeps it: in order within its chat, or its user where there is no chat."""
    chat, user = update.effective_chat, update.effective_user
    owner = user.id if user else None
    return Arrival(update.update_id, chat.id if chat else owner or 0, owner, update.to_json())


class Intake:
    """Polls, stores, handles. :meth:`serve` is all that is called."""

    def __init__(self, app: App, desk: Desk, *, poll_seconds: int, first_wait: float) -> None:
        self._app = app
        self._desk = desk
        self._poll_seconds = poll_seconds
        self._speaker = Speaker(app.bot, desk)
        self._fresh: dict[int, Update] = {}
        self._stands_by = False
        self._renew_at = 0.0
        self.inbox = desk.service.inbox(self._handle, self._speaker, first_wait=first_wait)
        self._lease = desk.service.lease(POLLER, LEASE_SECONDS)

    async def serve(self, stop: asyncio.Event, failed: Callable[[TelegramError], None], *, grace: float) -> None:
        """Take up what is left, poll until ``stop``, then let what is under way end.

        Args:
            stop: Ends the polling.
            failed: Told of every error of a poll; ends the run where waiting does not help.
            grace: Seconds for what is under way.
        """
        await self.inbox.open()
        try:
            await self._poll(stop, failed)
        finally:
            closing = asyncio.create_task(self._desk.burst.close())
            await self.inbox.close(grace)
            closing.cancel()
            await asyncio.gather(closing, return_exceptions=True)
            await self._give_back()

    async def _poll(self, stop: asyncio.Event, failed: Callable[[TelegramError], None]) -> None:
        """Ask and store until ``stop``. Only the asking is ever cut off, never the storing."""
        offset, wait = 0, _FIRST_WAIT
        while not stop.is_set():
            try:
                updates = await self._asked(stop, offset) if await self._is_poller() else None
            except TelegramError as error:
                failed(error)
                updates = None
            except StoreError as error:
                await self._speaker.trouble(error, ())
                updates = None
            if updates is not None and await self._accept(updates):
                wait = _FIRST_WAIT
                offset = updates[-1].update_id + 1 if updates else offset
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
            wait = _FIRST_WAIT if self._stands_by else min(_LONGEST_WAIT, wait * 2)

    async def _asked(self, stop: asyncio.Event, offset: int) -> Sequence[Update] | None:
        """Return what Telegram has; None where ``stop`` came first."""
        asking = asyncio.create_task(
            self._app.bot.get_updates(offset=offset, timeout=self._poll_seconds, allowed_updates=list(ALLOWED_UPDATES))
        )
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({asking, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return await asking if asking.done() else None
        finally:
            for task in (asking, stopped):
                task.cancel()
            await asyncio.gather(asking, stopped, return_exceptions=True)

    async def _accept(self, updates: Sequence[Update]) -> bool:
        """Store updates; False where that fails, and they are to be asked for again."""
        try:
            taken = await self.inbox.accept([arrival_of(update) for update in updates])
        except StoreError as error:
            await self._speaker.trouble(error, updates)
            return False
        # Handling begins when this lets go of the loop; what it finds here it need not read again.
        self._fresh.update({update.update_id: update for update in updates if update.update_id in taken})
        if updates:
            await self._speaker.well()
        return True

    async def _is_poller(self) -> bool:
        now = asyncio.get_running_loop().time()
        if now < self._renew_at:
            return True
        holds = await self._lease.hold()
        if holds:
            self._renew_at = now + LEASE_SECONDS / 4
        if not holds and not self._stands_by:
            _log.info("another process polls on this database: standing by")
        self._stands_by = not holds
        return holds

    async def _give_back(self) -> None:
        try:
            await self._lease.release()
        except StoreError as error:
            _log.warning("the poller's lease could not be given back: %s", error)

    async def _handle(self, run: Run) -> Failure | None:
        """Hand one update to the application; what went wrong was noted by the error handler."""
        update = self._fresh.pop(run.row.update_id, None) or Update.de_json(json.loads(run.row.body), self._app.bot)
        noted: list[Failure] = []
        _failure.set(noted)
        await self._app.process_update(update)
        if noted:
            return noted[0]
        self._desk.service.latency_since(run.row.received_at)
        return None
