"""Waiting until something is true, woken at each change."""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Signal:
    """Wakes everybody who waits, each time that something changed."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self.count = 0
        """How many changes there were."""

    def notify(self) -> None:
        """Something changed."""
        self.count += 1
        self._event.set()
        self._event = asyncio.Event()

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - a long poll's own parameter
        """Until the next change, or ``timeout`` seconds."""
        event = self._event
        # Not asyncio.wait_for: on 3.11 it swallows a cancellation that meets the event.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(None if math.isinf(timeout) else timeout):
                await event.wait()

    async def until(self, probe: Callable[[], T], timeout: float) -> T:  # noqa: ASYNC109
        """The first truthy value of ``probe``; its last value when ``timeout`` seconds are over."""
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            value = probe()
            left = deadline - asyncio.get_running_loop().time()
            if value or left <= 0:
                return value
            await self.wait(left)
