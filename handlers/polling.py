"""Updates by long polling: one process at a time asks, and only the next offset acknowledges what was stored."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.errors import StoreError
from handlers.intake import ALLOWED_UPDATES, arrival_of
from handlers.shift import Shift

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram import Update

    from handlers.desk import App, Desk
    from handlers.intake import Intake

_log = logging.getLogger(__name__)

_FIRST_WAIT, _LONGEST_WAIT = 0.5, 15.0
_BUSY, _PAUSE = 64, 0.1
"""With so many waiting nobody gains by being stored at once; storing three costs nearly as much as storing thirty."""


class Poller:
    """A source that asks Telegram, as long as no other process on the same database does."""

    def __init__(
        self, app: App, desk: Desk, intake: Intake, failed: Callable[[TelegramError], None], *, poll_seconds: int
    ) -> None:
        """Make one; nothing is asked before :meth:`run`.

        Args:
            app: Its bot asks.
            desk: Its service knows who polls.
            intake: Takes what comes.
            failed: Told of every error of a poll; ends the run where waiting does not help.
            poll_seconds: How long Telegram may wait for an update before it answers.
        """
        self._app = app
        self._intake = intake
        self._failed = failed
        self._poll_seconds = poll_seconds
        self._is_shared = desk.service.is_shared
        self._shift = Shift(desk.service)

    @property
    def ready(self) -> bool:
        """Always: a process that stands by is as good as one that polls."""
        return True

    async def run(self, stop: asyncio.Event) -> None:
        """Ask and store until ``stop``. Only the asking is ever cut off, never the storing."""
        _log.info("ready: polling for updates")
        offset, wait = 0, _FIRST_WAIT
        while not stop.is_set():
            try:
                updates = await self._next(stop, offset)
            except TelegramError as error:
                self._failed(error)
                updates = None
            except StoreError as error:
                await self._intake.trouble(error)
                updates = None
            if updates is not None and await self._take(updates):
                wait = _FIRST_WAIT
                offset = updates[-1].update_id + 1 if updates else offset
                if updates and self._intake.inbox.waiting > _BUSY:
                    await _wait(stop, _PAUSE)
                continue
            await _wait(stop, wait)
            wait = _FIRST_WAIT if self._shift.stands_by else min(_LONGEST_WAIT, wait * 2)

    async def close(self) -> None:
        """Let another process poll."""
        await self._shift.end()

    async def _take(self, updates: Sequence[Update]) -> bool:
        return await self._intake.take([arrival_of(update) for update in updates], updates)

    async def _next(self, stop: asyncio.Event, offset: int) -> Sequence[Update] | None:
        """Return what there is; None where it is not our turn, or ``stop`` came first."""
        if self._is_shared:
            await self._intake.begin()  # who only stands by to poll handles its share all the same
        if not await self._shift.mine():
            return None
        await self._intake.begin()
        return await self._asked(stop, offset)

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


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not beyond ``stop``."""
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
