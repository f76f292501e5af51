"""The one core that everything shares: pieces of work of a millisecond, one in each round of the event loop.

Updates come by the hundred. If all of them were judged in one round, whatever else is ready, such as an answer that
arrived and is to be written down, would wait for the last of them.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


class Core:
    """Gives turns, in the order of asking."""

    def __init__(self) -> None:
        self._taken = asyncio.Lock()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Do a piece of work within the block. All others who are ready for something come before the next turn."""
        async with self._taken:
            yield
            await asyncio.sleep(0)
