"""From Telegram into the inbox and from the inbox to the handlers.

An update is acknowledged only after it is stored, whether it was asked for (:mod:`handlers.polling`) or posted
(:mod:`handlers.webhook`). python-telegram-bot's own Updater is not used: it acknowledges what lies in memory, and an
error in taking it in ends its polling silently.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from telegram import Update
from telegram.error import BadRequest, NetworkError, RetryAfter

from bot.errors import StoreError
from bot.meters import UPDATES
from bot.service.inbox import Failure
from bot.store.inbox import Arrival
from handlers.lanes import Lanes
from handlers.memory import Bounded
from handlers.speaker import Speaker

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from bot.service.inbox import Run
    from handlers.desk import App, Desk

_log = logging.getLogger(__name__)

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
"""All that Telegram is asked for."""

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


def _kind_of(update: Update | None) -> str:
    if update is None:
        return "unreadable"
    return next((kind for kind in ALLOWED_UPDATES if getattr(update, kind)), "unasked")


class Source(Protocol):
    """Where updates come from."""

    @property
    def ready(self) -> bool:
        """Whether it does what it is there for, or would as soon as its turn comes."""

    async def run(self, stop: asyncio.Event) -> None:
        """Call :meth:`Intake.begin` when it is our turn, then hand updates to :meth:`Intake.take` until ``stop``."""

    async def close(self) -> None:
        """Give back what it holds, once nothing is under way any more."""


class Intake:
    """Stores and handles what a source brings."""

    def __init__(self, app: App, desk: Desk, *, first_wait: float) -> None:
        self._app = app
        self._desk = desk
        self._speaker = Speaker(app.bot, desk)
        self._fresh: Bounded[int, Update] = Bounded()
        self._begun = False
        lanes = app.bot.rate_limiter
        self.inbox = desk.service.inbox(
            self._handle,
            self._speaker,
            first_wait=first_wait,
            spread=desk.settings.webhook_url is None,
            told=lanes.share if isinstance(lanes, Lanes) else None,
        )

    @asynccontextmanager
    async def working(self, grace: float) -> AsyncIterator[None]:
        """Handle what is taken within the block; at its end what is under way has ``grace`` seconds."""
        try:
            yield
        finally:
            closing = asyncio.create_task(self._desk.burst.close())
            await self.inbox.close(grace)
            closing.cancel()
            await asyncio.gather(closing, return_exceptions=True)

    async def begin(self) -> None:
        """Take up what an earlier process left, the first time; before anything is taken.

        Raises:
            StoreError: The database fails.
        """
        if not self._begun:
            await self.inbox.open()
            self._begun = True

    async def take(self, arrivals: Sequence[Arrival], updates: Sequence[Update]) -> bool:
        """Store updates; False where that fails, and they must not be acknowledged.

        Args:
            arrivals: What to store.
            updates: The same as the library reads them, as far as it can.
        """
        try:
            taken = await self.inbox.accept(arrivals)
        except StoreError as error:
            await self._speaker.trouble(error, updates)
            return False
        # Handling begins when this lets go of the loop; what it finds here it need not read again.
        read = {update.update_id: update for update in updates}
        for arrival in {each.update_id: each for each in arrivals}.values():
            update = read.get(arrival.update_id)
            if arrival.update_id in taken:
                self._desk.service.meters.count(UPDATES, _kind_of(update))
                if update is not None and self.inbox.handles(arrival):
                    self._fresh.put(arrival.update_id, update)
        if arrivals:
            await self._speaker.well()
        return True

    async def trouble(self, error: StoreError) -> None:
        """Tell the owners that the database fails while nothing was to be stored."""
        await self._speaker.trouble(error, ())

    async def _handle(self, run: Run) -> Failure | None:
        """Hand one update to the application; what went wrong was noted by the error handler."""
        update = self._fresh.pop(run.row.update_id) or Update.de_json(json.loads(run.row.body), self._app.bot)
        noted: list[Failure] = []
        _failure.set(noted)
        await self._app.process_update(update)
        if noted:
            return noted[0]
        if not run.silent:
            self._desk.service.latency_since(run.row.received_at)
        return None
