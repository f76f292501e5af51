"""The inbox at work: stored updates are handled in order within a chat, chats beside each other, each to its end.

An update is stored before its messenger is told so. From then on it ends in one of three ways, each written down: it
is done, it is tried again, or it is buried. A process that dies leaves its updates begun; the next one takes those up,
a few at a time and after a second crash one at a time, so that an update which kills the process is found and its
neighbours live on.

Nothing here knows a messenger: a *handler* does the work, a *speaker* tells people what the inbox knows.
"""

from __future__ import annotations

import asyncio
import logging
from bisect import insort
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from bot.errors import StoreError
from bot.meters import DEAD
from bot.service.core import Core
from bot.service.places import Places, Taken
from bot.store import inbox as rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.service.claims import Claims
    from bot.service.context import Clock
    from bot.store.engine import Store
    from bot.store.inbox import Arrival, Row

KILLS = 5
"""An update that was begun so often without an end is given up."""
ERRORS = 3
"""… and one that failed so often for a reason of its own …"""
TROUBLES = 12
"""… or for one that may pass: with the waits below that is some eight minutes."""
FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
PER_USER = 60
"""Updates of one person in one chat that may wait; more are not taken. A burst of forwards is far smaller."""
CROWDED = 300
"""With so many waiting, people are told that there is a queue."""
FEW = 32
"""Updates of a crashed process that are tried at the same time; those that outlive a second crash are tried alone."""
AT_ONCE = 1024
"""Updates under way at the same time. Most of them only wait for the rest of their burst."""
LONGEST = 300.0
"""Seconds that handling one update may take."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """How handling an update failed: the type of the error, and whether the cause may pass by itself."""

    error: str
    passing: bool


@dataclass(slots=True)
class Run:
    """One update being handled, as its handler sees it.

    Attributes:
        row: The update.
        taken: The place of its answer, while that is under way.
        hurried: True where it is handled after a crash: nothing else should be waited for.
        placed: Set by the handler once the update waits for others of its chat, and at the end, so that these may be
            begun.
        silent: Set by the handler where nobody was to get an answer, so that there is no time to one.
        holds: Whether it still is ours to handle.
    """

    row: Row
    taken: Taken
    holds: Callable[[], bool] = lambda: True
    hurried: bool = False
    silent: bool = False
    placed: asyncio.Event = field(default_factory=asyncio.Event)


Handler = Callable[[Run], Awaitable[Failure | None]]
current: ContextVar[Run | None] = ContextVar("current", default=None)
"""The run that the present task belongs to."""


def placed() -> None:
    """Let the next update of the same chat begin, since this one now waits for it."""
    run = current.get()
    if run is not None:
        run.placed.set()


def silent() -> None:
    """Note that nobody waits for an answer to the present update, and none was given."""
    run = current.get()
    if run is not None:
        run.silent = True


def hurried() -> bool:
    """Whether the present update was left by a crash, so that waiting for others is of no use."""
    run = current.get()
    return run is not None and run.hurried


def sending() -> AbstractAsyncContextManager[None]:
    """Within it an answer is sent: it may have to wait until few others are sent and not yet written down.

    Raises:
        CancelledError: Another process handles the update by now.
    """
    run = current.get()
    if run is None:
        return nullcontext()
    if not run.holds():
        raise asyncio.CancelledError
    return run.taken.sending()


class Speaker(Protocol):
    """Tells people what the inbox knows. Whatever goes wrong in it is its own business."""

    async def refused(self, arrival: Arrival) -> None:
        """Say that a person sends more than is taken."""

    async def crowded(self, arrival: Arrival, waiting: int) -> None:
        """Say that there is a queue."""

    async def buried(self, row: Row) -> None:
        """Say that an update was given up."""


class Inbox:
    """See the module. One for each process that handles updates."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        handle: Handler,
        speaker: Speaker,
        *,
        first_wait: float = FIRST_WAIT,
        claims: Claims | None = None,
    ) -> None:
        """Make one; nothing happens before :meth:`open`.

        Args:
            store: Where the updates are.
            clock: Gives the time in UTC.
            handle: Does the work.
            speaker: Tells people what the inbox knows.
            first_wait: Seconds before an update that failed is tried again; twice as long each time.
            claims: Which chats are ours, where other processes handle the others; None: all are.
        """
        self._claims = claims
        self._first_wait = first_wait
        self._store = store
        self._clock = clock
        self._handle = handle
        self._speaker = speaker
        self._queues: dict[int, deque[Row]] = {}
        self._suspects: set[int] = set()
        self._running: dict[int, asyncio.Task[None]] = {}
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._pending: dict[tuple[int, int | None], int] = {}
        self._waiting = 0
        self._told: set[tuple[int, int | None]] = set()
        self._few = asyncio.Semaphore(FEW)
        self._alone = asyncio.Lock()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._core = Core()
        self._places = Places()
        self._marks = _Marks(store, clock)
        self._closing = False
        self._said: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """Updates that are stored and not ended."""
        return self._waiting

    async def open(self) -> None:
        """Take up what an earlier process left.

        Raises:
            StoreError: The database fails.
        """
        if self._claims is not None:
            await self._claims.open(self._take_up, self._forget)
            return
        async with self._store.read() as connection:
            self._take_up(await rows.unfinished(connection))

    async def accept(self, arrivals: Sequence[Arrival]) -> set[int]:
        """Store updates, then have them handled. Only after that may they be acknowledged.

        Returns:
            The numbers of those that are new: neither known already nor more than is taken of one person. Not all of
            them are handled here where other processes are: :meth:`handles`.

        Raises:
            StoreError: They could not be stored: nothing was taken.
        """
        if not arrivals:
            return set()
        refused = set(self._too_many(arrivals))
        if self._claims is None:
            async with self._store.write(brief=True) as connection:
                here = await rows.put(connection, arrivals, self._clock(), refused=refused)
            new = {row.update_id for row in here}
        else:
            stored = await self._claims.store(arrivals, self._clock(), refused)
            here, new, refused = stored.here, stored.new, stored.refused
        for row in here:
            self._enqueue(row)
        for arrival in arrivals:
            if arrival.update_id in refused:
                self._tell(arrival, partial(self._speaker.refused, arrival))
            elif self.waiting > CROWDED:
                self._tell(arrival, partial(self._speaker.crowded, arrival, self.waiting))
        return new

    def handles(self, arrival: Arrival) -> bool:
        """Whether an update that was accepted waits here."""
        return self._claims is None or self._claims.knows(arrival.update_id, arrival.queue)

    async def close(self, grace: float) -> None:
        """Begin nothing more, wait ``grace`` seconds for what is under way, and hand back the rest."""
        self._closing = True
        if self._running:
            await asyncio.wait(self._running.values(), timeout=grace)
        if self._claims is not None:
            await self._claims.stop()
        await _cut_off(*self._workers.values(), *self._running.values(), *self._said)
        await self._marks.close()
        left = [
            row.update_id for queue in self._queues.values() for row in queue if row.update_id not in self._suspects
        ]
        try:
            async with self._store.write(brief=True) as connection:
                await rows.hand_back(connection, left)
                if self._claims is not None:
                    await self._claims.leave(connection)
        except StoreError as error:
            _log.error("updates could not be handed back: %s", error)

    def _too_many(self, arrivals: Sequence[Arrival]) -> Iterator[int]:
        more: dict[tuple[int, int | None], int] = {}
        for arrival in arrivals:
            key = (arrival.queue, arrival.user_id)
            if self._pending.get(key, 0) + more.get(key, 0) >= PER_USER:
                yield arrival.update_id
            else:
                more[key] = more.get(key, 0) + 1

    def _tell(self, arrival: Arrival, words: Callable[[], Coroutine[None, None, None]]) -> None:
        """Say something once until the person's updates are worked off."""
        key = (arrival.queue, arrival.user_id)
        if key not in self._told:
            self._told.add(key)
            self._speak(words())

    def _speak(self, words: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(words)
        self._said.add(task)
        task.add_done_callback(self._said.discard)

    def _take_up(self, left: Iterable[Row]) -> None:
        """Handle what was not stored here; with what was begun by somebody who is gone one is careful."""
        begun = 0
        for row in left:
            if row.starts:
                self._suspects.add(row.update_id)
                begun += 1
            self._enqueue(row)
        if begun:
            _log.info("%d updates that another run began are taken up", begun)

    async def _forget(self) -> None:
        """End all work and drop all updates: other processes have taken them."""
        for queue in self._queues.values():
            while queue:
                self._ended(queue.popleft())
        self._suspects.clear()
        await _cut_off(*self._workers.values(), *self._running.values())

    def _enqueue(self, row: Row) -> None:
        key = (row.queue, row.user_id)
        self._pending[key] = self._pending.get(key, 0) + 1
        self._waiting += 1
        if self._claims is not None:
            self._claims.keep(row)
        # What one process stored is sometimes found only after what another stored later.
        insort(self._queues.setdefault(row.queue, deque()), row, key=_number)
        self._wake(row.queue)

    def _holds(self) -> bool:
        return self._claims is None or self._claims.holds(self._claims.holder())

    def _wake(self, queue: int) -> None:
        if queue not in self._workers and not self._closing:
            worker = asyncio.create_task(self._work(queue))
            self._workers[queue] = worker

    async def _work(self, queue: int) -> None:
        """Begin the updates of one chat, each as soon as the one before is done or waits for it."""
        waiting = self._queues[queue]
        try:
            while waiting and not self._closing:
                if self._claims is not None:
                    await self._claims.held()
                row = waiting[0]
                if row.update_id in self._suspects:
                    # All that was stored counts as begun once, so the first time a few are tried together.
                    async with self._few if row.starts <= 1 else self._alone:
                        await self._begin_suspect(row)
                        continue
                async with self._slots:
                    async with self._core.turn():
                        pass
                    if waiting[0] is row and self._holds():
                        waiting.popleft()
                        await self._start(row)
        finally:
            del self._workers[queue]
            if waiting and not self._closing:
                self._wake(queue)
            elif not waiting:
                self._queues.pop(queue, None)

    async def _begin_suspect(self, row: Row) -> None:
        """Handle an update during which the process died, to its end, and counted before it is begun."""
        waiting = self._queues[row.queue]
        if row.starts >= KILLS:
            waiting.remove(row)
            self._suspects.discard(row.update_id)
            try:
                await self._bury(row, "killed the process")
            finally:
                self._ended(row)
            return
        try:
            async with self._store.write(brief=True) as connection:
                await rows.begin(connection, [row.update_id])
        except StoreError:
            await asyncio.sleep(self._first_wait)
            return
        if not self._holds():
            return
        waiting.remove(row)
        self._suspects.discard(row.update_id)
        await self._start(replace(row, starts=row.starts + 1), suspect=True)

    async def _start(self, row: Row, *, suspect: bool = False) -> None:
        """Begin an update; return when it has ended or, unless it is a suspect, when it waits for others."""
        run = Run(row, Taken(self._places), hurried=suspect)
        if self._claims is not None:
            run.holds = partial(self._claims.holds, self._claims.holder())
        task = asyncio.create_task(self._run(run))
        self._running[run.row.update_id] = task
        if suspect:
            await asyncio.wait({task})
        else:
            await run.placed.wait()

    async def _run(self, run: Run) -> None:
        row = run.row
        current.set(run)
        again = False
        try:
            try:
                async with asyncio.timeout(LONGEST):
                    failure = await self._handle(run)
            except Exception as error:  # noqa: BLE001  a handler's mistake must not lose the update
                failure = Failure(type(error).__name__, passing=False)
            if not run.holds():
                return  # whose it is now handles it from the start
            if failure is None:
                await self._marks.finish(row.update_id)
                run.taken.give_back()
            elif _is_last(row, failure):
                await self._bury(row, failure.error)
            else:
                await self._again(row, failure)
                again = True
        finally:
            if not again:
                self._ended(row)
            run.taken.give_back()
            run.placed.set()
            del self._running[row.update_id]

    async def _again(self, row: Row, failure: Failure) -> None:
        """Note a failure, wait, and put the update first again."""
        wait = min(_LONGEST_WAIT, self._first_wait * 2**row.errors)
        try:
            async with self._store.write(brief=True) as connection:
                await rows.fail(connection, row.update_id, failure.error)
        except StoreError:
            _log.warning("a failure could not be written down yet")
        await asyncio.sleep(wait)
        self._queues.setdefault(row.queue, deque()).appendleft(replace(row, starts=0, errors=row.errors + 1))
        self._wake(row.queue)

    async def _bury(self, row: Row, error: str) -> None:
        _log.error("an update is given up: %s", error)
        self._store.meters.count(DEAD)
        try:
            async with self._store.write(brief=True) as connection:
                await rows.bury(connection, row.update_id, error, self._clock())
        except StoreError:
            _log.error("a dead letter could not be written down; it is tried again later")
        self._speak(self._speaker.buried(row))

    def _ended(self, row: Row) -> None:
        key = (row.queue, row.user_id)
        if self._claims is not None:
            self._claims.drop(row)
        self._waiting -= 1
        left = self._pending[key] - 1
        if left:
            self._pending[key] = left
        else:
            del self._pending[key]
            self._told.discard(key)


class _Marks:
    """Writes "done" for many updates at once: while one transaction is under way, the next ones gather."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._gathered: list[tuple[int, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def finish(self, update_id: int) -> None:
        """Return once the update is written down as done, however long the database is in trouble."""
        written = asyncio.get_running_loop().create_future()
        self._gathered.append((update_id, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await written

    async def close(self) -> None:
        """Write what is still to be written, or give up where that fails."""
        if self._writing is not None and not self._writing.done():
            await asyncio.wait({self._writing}, timeout=5.0)
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)

    async def _write(self) -> None:
        wait = FIRST_WAIT
        while self._gathered:
            batch, self._gathered = self._gathered, []
            try:
                numbers, now = [update_id for update_id, _ in batch], self._clock()
                await self._store.together(partial(rows.finish, update_ids=numbers, at=now))
            except StoreError as error:
                _log.error("what is done could not be written down yet: %s", error)
                self._gathered = [*batch, *self._gathered]
                await asyncio.sleep(wait)
                wait = min(_LONGEST_WAIT, wait * 2)
                continue
            wait = FIRST_WAIT
            for _, written in batch:
                if not written.done():
                    written.set_result(None)


async def _cut_off(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _number(row: Row) -> int:
    return row.update_id


def _is_last(row: Row, failure: Failure) -> bool:
    """Whether a row is not tried again after this failure."""
    return row.errors + 1 >= (TROUBLES if failure.passing else ERRORS)
