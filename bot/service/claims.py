"""Which chats this process handles, where several share a database on PostgreSQL.

Each is there for :attr:`Times.lease` at a time (:mod:`bot.store.claims`). Whoever stores a chat's update claims the
chat, unless somebody else has it; then that one finds the update at its next look. A chat is kept until nothing was
heard of it for a while, since what a handler remembers of it is in one process. Who is gone is taken off by the others,
who then find its chats unclaimed.

A process acts on a chat only while :meth:`Claims.holds`, which ends well before anybody may take it off. One that was
taken off while it slept forgets all that it had and begins anew under another name.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from secrets import token_urlsafe
from time import monotonic
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.store import claims, inbox

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.engine import Store
    from bot.store.inbox import Arrival, Row

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Times:
    """All in seconds.

    Attributes:
        lease: After so long without a word a process counts as gone.
        beat: How often it says that it is there, and looks who else is.
        look: How often it looks for updates of its chats that others stored.
        idle: A chat is given back when nothing was heard of it for so long.
    """

    lease: float = 15.0
    beat: float = 2.0
    look: float = 0.25
    idle: float = 30.0

    @property
    def ours(self) -> float:
        """How long it trusts its own word: what is being sent at the end of that is to be over before the lease is."""
        return self.lease * 0.8


TIMES = Times()


@dataclass(slots=True)
class _Chat:
    """One that is ours: its updates in memory, and when the last one ended."""

    rows: set[int] = field(default_factory=set)
    quiet_since: float = field(default_factory=monotonic)


@dataclass(slots=True)
class Stored:
    """What became of arrivals. ``here`` are those for us to handle, ``new`` the numbers of all that were not known."""

    new: set[int]
    refused: set[int]
    here: list[Row]


class Claims:
    """See the module. One for each process that handles updates.

    Args:
        store: On PostgreSQL.
        most: Updates of one user that may wait in one queue.
        spread: Whether new chats are given to all who are there in turn, not kept by who stores their first update.
        told: Told how many processes there are, each time somebody looked.
        times: How often and how long.
    """

    def __init__(
        self,
        store: Store,
        most: int,
        *,
        spread: bool = False,
        told: Callable[[int], None] | None = None,
        times: Times | None = None,
    ) -> None:
        self._store = store
        self._most = most
        self._spread = spread
        self._told = told
        self._times = times or TIMES
        self._holder = token_urlsafe(16)
        self._until = -1.0
        self._renewed = asyncio.Event()
        self._living: Sequence[str] = ()
        self._mine: dict[int, _Chat] = {}
        self._storing = Counter[int]()
        self._arriving = set[int]()
        self._watchers: list[set[int]] = []
        self._watching: asyncio.Task[None] | None = None
        self._adopt: Callable[[Iterable[Row]], None] = _nothing
        self._forget: Callable[[], Awaitable[None]] = _nobody

    # ── what an inbox asks ───────────────────────────────────────────────────────────────────────────────────

    async def open(self, adopt: Callable[[Iterable[Row]], None], forget: Callable[[], Awaitable[None]]) -> None:
        """Be there from now on.

        Args:
            adopt: Given updates to handle that were not stored here, in order; ``starts`` as others left it.
            forget: Ends all work and drops all updates, since others have taken them.

        Raises:
            StoreError: The database fails.
        """
        self._adopt, self._forget = adopt, forget
        await self._join()
        await self._look()
        self._watching = asyncio.create_task(self._watch())

    def holder(self) -> str:
        """The name under which claims are held now; for :meth:`holds`."""
        return self._holder

    def holds(self, holder: str) -> bool:
        """Whether what was claimed under that name still is, for a moment at least."""
        return holder == self._holder and monotonic() < self._until

    async def held(self) -> None:
        """Wait until claims hold, while the database cannot be asked; for ever where they are lost."""
        while not self.holds(self._holder):
            self._renewed.clear()
            await self._renewed.wait()

    def knows(self, update_id: int, queue: int) -> bool:
        """Whether an update is in memory here."""
        chat = self._mine.get(queue)
        return chat is not None and update_id in chat.rows

    def keep(self, row: Row) -> None:
        """Note that an update is in memory."""
        self._mine.setdefault(row.queue, _Chat()).rows.add(row.update_id)

    def drop(self, row: Row) -> None:
        """Note that it is no more: it is ended, or left to be found again."""
        chat = self._mine.get(row.queue)
        if chat is not None:
            chat.rows.discard(row.update_id)
            chat.quiet_since = monotonic()
        for watcher in self._watchers:
            watcher.add(row.update_id)

    async def store(self, arrivals: Sequence[Arrival], at: datetime, refused: Collection[int]) -> Stored:
        """Store updates, claim what is free of their chats, and adopt what others stored there before.

        Raises:
            StoreError: They could not be stored.
        """
        holder, queues = self._holder, {each.queue for each in arrivals}
        self._storing.update(queues)
        numbers = {each.update_id for each in arrivals} - self._arriving
        self._arriving |= numbers
        try:
            with self._noted() as ended:
                async with self._store.write(brief=True) as connection:
                    mine = queues & self._mine.keys()
                    mine |= await self._take(connection, queues - mine, spread=self._spread)
                    others = queues - mine
                    refused = {*refused, *await self._too_many(connection, arrivals, others)}
                    new = await inbox.put(connection, arrivals, at, refused=refused, left=others)
                    found = await self._begun(connection, mine, {row.update_id for row in new})
        finally:
            self._storing.subtract(queues)
            self._storing = +self._storing
            self._arriving -= numbers
        here: list[Row] = []
        if holder == self._holder:
            for queue in mine:
                self._mine.setdefault(queue, _Chat())
            self._take_in(found, ended)
            here = [row for row in new if row.queue in mine]
        return Stored({row.update_id for row in new}, set(refused), here)

    async def stop(self) -> None:
        """Look no more. Claims end by themselves unless they are given back."""
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})

    async def leave(self, connection: AsyncConnection) -> None:
        """Let others have all chats at once."""
        await claims.leave(connection, self._holder)

    # ── what goes on beside that ─────────────────────────────────────────────────────────────────────────────

    async def _watch(self) -> None:
        next_beat, failing = monotonic() + self._times.beat, False
        while True:
            await asyncio.sleep(self._times.look)
            try:
                if monotonic() >= min(next_beat, self._until):
                    await self._beat()
                    next_beat = monotonic() + self._times.beat
                await self._look()
            except Exception as error:  # noqa: BLE001  whatever it is, without this nothing would go on
                if not failing:
                    _log.error("others cannot be heard: %s", error if isinstance(error, StoreError) else type(error))
                failing = True
            else:
                failing = False

    async def _join(self) -> None:
        asked = monotonic()
        self._holder, self._until = token_urlsafe(16), -1.0
        async with self._store.write(brief=True) as connection:
            await claims.bury(connection)
            await claims.join(connection, self._holder, self._times.lease)
            living = await claims.living(connection)
        self._there(asked, living)

    async def _beat(self) -> None:
        """Say that we are there, see who else is, give back what is quiet."""
        asked, holder = monotonic(), self._holder
        quiet = self._quiet(asked - self._times.idle)
        for queue in quiet:  # from here on it is claimed again by whoever stores its next update
            del self._mine[queue]
        try:
            async with self._store.write(brief=True) as connection:
                kept = await claims.renew(connection, holder, self._times.lease)
                if kept:
                    if self.holds(holder):
                        # Not after the database itself was away: then nobody could say that they are there.
                        await claims.bury(connection)
                    await claims.release(connection, holder, quiet)
                    living = await claims.living(connection)
        except BaseException:
            for queue in quiet:
                self._mine.setdefault(queue, _Chat())
            raise
        if kept:
            self._there(asked, living)
        else:
            await self._lose()

    def _there(self, asked: float, living: Sequence[str]) -> None:
        self._until = asked + self._times.ours
        self._living = living
        self._renewed.set()
        if self._told is not None:
            self._told(len(living))

    async def _lose(self) -> None:
        _log.warning("this process was away for so long that others took its chats")
        # First, so that what is being stored at this moment is not taken for ours either.
        self._holder, self._until = token_urlsafe(16), -1.0
        self._mine = {}
        await self._forget()
        await self._join()

    def _quiet(self, since: float) -> list[int]:
        return [
            queue
            for queue, chat in self._mine.items()
            if not chat.rows and chat.quiet_since <= since and not self._storing[queue]
        ]

    async def _look(self) -> None:
        """Adopt updates of our chats that others stored, and those of chats that nobody has."""
        holder = self._holder
        async with self._store.read(brief=True) as connection:
            waiting = await claims.waiting(connection, holder)
        left = {each.queue for each in waiting if not each.claimed}
        mine = {each.queue for each in waiting if each.claimed and not self._is_here(each.update_id, each.queue)}
        if not left and not mine:
            return
        with self._noted() as ended:
            async with self._store.write(brief=True) as connection:
                mine |= await self._take(connection, left)
                found = await self._begun(connection, mine, ())
        if holder == self._holder:
            self._take_in(found, ended)

    def _is_here(self, update_id: int, queue: int) -> bool:
        return self.knows(update_id, queue) or update_id in self._arriving

    async def _take(self, connection: AsyncConnection, queues: Collection[int], *, spread: bool = False) -> set[int]:
        """Those of the queues that were free and are ours now."""
        living = self._living if spread and self._holder in self._living else (self._holder,)
        taken = await claims.take(connection, {queue: living[queue % len(living)] for queue in queues})
        return {queue for queue, holder in taken.items() if holder == self._holder}

    async def _begun(self, connection: AsyncConnection, queues: Collection[int], but: Collection[int]) -> list[Row]:
        """Unknown updates of queues that are ours; counted as begun, which their rows here do not say yet."""
        if not queues:
            return []
        known = [number for queue in queues if queue in self._mine for number in self._mine[queue].rows]
        found = await inbox.unfinished_of(connection, queues, {*known, *but})
        await inbox.begin(connection, [row.update_id for row in found if not row.starts])
        return found

    async def _too_many(
        self, connection: AsyncConnection, arrivals: Sequence[Arrival], queues: Collection[int]
    ) -> set[int]:
        """Arrivals for others that are more than is taken of one person; of our own chats the inbox knows."""
        if not queues:
            return set()
        crowd = Counter(await inbox.crowd(connection, queues))
        more = set[int]()
        for each in arrivals:
            if each.queue in queues:
                crowd[each.queue, each.user_id] += 1
                if crowd[each.queue, each.user_id] > self._most:
                    more.add(each.update_id)
        return more

    @contextmanager
    def _noted(self) -> Iterator[set[int]]:
        """Gathers what is dropped meanwhile: a transaction may still have seen it as unfinished."""
        ended = set[int]()
        self._watchers.append(ended)
        try:
            yield ended
        finally:
            self._watchers = [each for each in self._watchers if each is not ended]

    def _take_in(self, found: Sequence[Row], ended: Collection[int]) -> None:
        self._adopt(row for row in found if row.update_id not in ended and not self._is_here(row.update_id, row.queue))


def _nothing(_rows: Iterable[Row]) -> None: ...


async def _nobody() -> None: ...
