"""How many answers may be sent and not yet written down as sent.

An answer that was sent is sent again by the next process, if this one is killed before its update is written down as
done. That cannot be ruled out, but it is kept to few: a *place* is taken just before the sending and given back once
"done" is committed.

Nobody is held up by it for long. A place is given back early where the messenger takes longer than :data:`UNANSWERED`
to answer, so that through a slow proxy too ``PLACES / UNANSWERED`` = 31 answers a second may leave, and Telegram takes
30; and where writing it down takes longer than :data:`UNWRITTEN`, as with a database in trouble.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PLACES = 5
UNANSWERED, UNWRITTEN = 0.16, 1.0
"""Seconds."""


class Patience(NamedTuple):
    """How long places are kept: until there is an answer, and from then on."""

    unanswered: float = UNANSWERED
    unwritten: float = UNWRITTEN


class Places:
    """All places of a process."""

    def __init__(self, places: int = PLACES, patience: Patience | None = None) -> None:
        self._free = asyncio.Semaphore(places)
        self._patience = patience or Patience()

    async def take(self) -> Place:
        """Wait for a place, in the order of asking."""
        await self._free.acquire()
        return Place(self._free, self._patience)


class Place:
    """One place; it is given back once, however often that is asked for."""

    def __init__(self, free: asyncio.Semaphore, patience: Patience) -> None:
        self._free: asyncio.Semaphore | None = free
        self._patience = patience
        self._timer = asyncio.get_running_loop().call_later(patience.unanswered, self.give_back)

    def answered(self) -> None:
        """Keep it for as long as it takes to write that down."""
        if self._free is not None:
            self._timer.cancel()
            self._timer = asyncio.get_running_loop().call_later(self._patience.unwritten, self.give_back)

    def give_back(self) -> None:
        """Let the next have it."""
        free, self._free = self._free, None
        if free is not None:
            self._timer.cancel()
            free.release()


class Taken:
    """The places of one update, at most one at a time: several answers to it are doubled or not together."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._place: Place | None = None

    @asynccontextmanager
    async def sending(self) -> AsyncIterator[None]:
        """Send within the block. What was not sent needs no place any more."""
        if self._place is None:
            self._place = await self._places.take()
        try:
            yield
        except BaseException:
            self.give_back()
            raise
        if self._place is not None:
            self._place.answered()

    def give_back(self) -> None:
        """It is written down, or came to nothing."""
        place, self._place = self._place, None
        if place is not None:
            place.give_back()
