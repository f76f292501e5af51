"""Messages that come in a row are answered together.

Each person's messages in each chat lie in a pile until it has been quiet for a moment: a complete SMS for
``quiet`` seconds, something that waits for its companion (a number, "帮我看看") for ``companion`` seconds.
Then the pile is answered in the order in which it was written. Piles of different people or chats never mix.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.service.inbox import Run, current, hurried, placed
from bot.triage import Kind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import telegram

Key = tuple[int, int]
LONGEST = 50
"""A pile of this many messages is answered at once."""
PATIENCE = 5
"""… and one that has waited this many times ``companion``."""


@dataclass(slots=True)
class Item:
    """One message on a pile. ``done`` ends when it has been answered, or was joined to another."""

    message: telegram.Message
    text: str
    kind: Kind
    source: str
    arrived: float
    done: asyncio.Future[None]
    run: Run | None = field(default_factory=current.get)
    """The update, as the inbox handles it."""


@dataclass(slots=True)
class _Pile:
    items: list[Item] = field(default_factory=list)
    timer: asyncio.TimerHandle | None = None


class Burst:
    """The piles. ``answer`` is called with one pile at a time for each person and chat."""

    def __init__(self, quiet: float, companion: float) -> None:
        self.quiet = quiet
        self.companion = companion
        self.answer: Callable[[Key, list[Item]], Awaitable[None]] | None = None
        self._piles: dict[Key, _Pile] = {}
        self._running: dict[Key, asyncio.Task[None]] = {}
        self._closing = False

    async def add(self, key: Key, item: Item, taken: Awaitable[bool]) -> None:
        """Put a message on its pile and wait until it has been answered.

        It lies there from the start, so that an edit that follows at once finds it; ``taken`` is True if it turns
        out to be somebody else's business.

        Raises:
            Exception: Whatever went wrong in answering this very message.
        """
        pile = self._piles.setdefault(key, _Pile())
        pile.items.append(item)
        try:
            gone = await taken
        except BaseException:
            self._take(key, pile, item)
            raise
        if gone:
            self._take(key, pile, item)
            return
        if self._piles.get(key) is pile:
            self._wind(key, pile)
        placed()
        await item.done

    def _take(self, key: Key, pile: _Pile, item: Item) -> None:
        """Take a message off its pile, unless that is being answered already."""
        if self._piles.get(key) is not pile:
            return
        pile.items.remove(item)
        if not pile.items:
            if pile.timer is not None:
                pile.timer.cancel()
            del self._piles[key]

    def waiting(self, key: Key) -> bool:
        """Return True if the person has messages that were not answered yet."""
        return key in self._piles or key in self._running

    def replace(self, key: Key, message: telegram.Message, text: str, kind: Kind) -> bool:
        """Take an edited message in place of the one on the pile; False if that was answered already."""
        pile = self._piles.get(key)
        for item in pile.items if pile else ():
            if item.message.message_id == message.message_id:
                item.message, item.text, item.kind = message, text, kind
                return True
        return False

    async def close(self) -> None:
        """Answer everything that still waits, now."""
        self._closing = True
        while self._piles or self._running:
            for key in list(self._piles):
                self._start(key)
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    def _wind(self, key: Key, pile: _Pile) -> None:
        """Set the timer anew after each message."""
        if pile.timer is not None:
            pile.timer.cancel()
        loop = asyncio.get_running_loop()
        patience = pile.items[0].arrived + PATIENCE * self.companion - loop.time()
        if self._closing or len(pile.items) >= LONGEST:
            patience = 0.0
        half = all(item.kind.waits for item in pile.items)
        cry = any(item.kind in {Kind.DANGER, Kind.VICTIM} for item in pile.items)
        delay = 0.0 if cry or hurried() else self.companion if half else self.quiet
        pile.timer = loop.call_later(max(0.0, min(delay, patience)), self._start, key)

    def _start(self, key: Key) -> None:
        """Answer a pile after the one before it."""
        pile = self._piles.pop(key, None)
        if pile is None:
            return
        if pile.timer is not None:
            pile.timer.cancel()
        task = asyncio.get_running_loop().create_task(self._run(key, pile.items, self._running.get(key)))
        self._running[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: Key, task: asyncio.Task[None]) -> None:
        if self._running.get(key) is task:
            del self._running[key]

    async def _run(self, key: Key, items: list[Item], before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait([before])
        items.sort(key=lambda item: item.message.message_id)
        try:
            assert self.answer is not None
            await self.answer(key, items)
        except Exception as error:  # noqa: BLE001 - raised again where the message is waited for
            for item in items:
                if not item.done.done():
                    item.done.set_exception(error)
        finally:
            for item in items:
                if not item.done.done():
                    item.done.set_result(None)
