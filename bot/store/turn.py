"""Whose turn it is to write, where there is one writer: in the order of asking, with a short way for what is urgent."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Turn:
    """A lock with two queues, fair within each: what is urgent goes first, but every second time at most."""

    def __init__(self) -> None:
        self._taken = False
        self._was_urgent = False
        self._urgent: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def taken(self, *, urgent: bool = False) -> AsyncIterator[None]:
        """Wait for the turn and keep it for the block."""
        if self._taken:
            await self._wait(self._urgent if urgent else self._others)
        self._taken = True
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, queue: deque[asyncio.Future[None]]) -> None:
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._pass_on()  # the turn came together with the cancellation
            elif mine in queue:
                queue.remove(mine)
            raise

    def _pass_on(self) -> None:
        """Give the turn to the next who still waits; it stays taken on the way, so that nobody slips in between."""
        queues = (self._others, self._urgent) if self._was_urgent else (self._urgent, self._others)
        for queue in queues:
            while queue:
                waiting = queue.popleft()
                if not waiting.done():
                    self._was_urgent = queue is self._urgent
                    waiting.set_result(None)
                    return
        self._taken = self._was_urgent = False
