"""Doing things when their time comes: the one part of the bot that a clock drives.

A job is a row of the database (``bot.store.jobs``). Each is done once in the ordinary course, by one of however
many processes there are. A process that dies with a job in hand leaves its lease behind; when that has run out,
another does the job again. So a job is done at least once, and late rather than never.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from secrets import token_urlsafe
from typing import TYPE_CHECKING, TypeVar

from bot.errors import StoreError
from bot.meters import JOB_FAILURES, JOBS
from bot.store import jobs
from bot.store.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from bot.service.context import Clock
    from bot.store.engine import Store

BATCH = 20
"""Jobs that are taken up and done at the same time."""
ATTEMPTS = 8
"""How often a job is tried."""
_FIRST_WAIT, _LONGEST_WAIT = 30, 3600  # seconds
_SOONEST = timedelta(seconds=1)

_T = TypeVar("_T")

_log = logging.getLogger(__name__)


class Fate(StrEnum):
    """What becomes of a job after its handler."""

    DONE = "done"
    LATER = "later"
    """It is tried again after a while, at most :data:`ATTEMPTS` times in all. An exception means the same."""
    DROP = "drop"
    """It came to nothing and never will come to more."""


Handler = Callable[[Job], Awaitable[Fate | datetime]]
"""Does a job. A moment (with its time zone) as the answer means: done, and again then.

It may be called again for a job that it did, if the process died before that was written down. It sees in
``due_at`` for when the job was meant: after the bot was down, that may be long past.
"""


def wait_after(attempts: int) -> timedelta:
    """How long a job rests after so many attempts (from 1): 30 seconds, twice as long each time, at most 1 hour."""
    return timedelta(seconds=min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT))


class Ticker:
    """Looks for due jobs and has them done. Several, in one process or many, share one database."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        handlers: Mapping[str, Handler],
        *,
        interval: float = 5.0,
        lease_seconds: float = 120.0,
        timeout: float = 60.0,
        grace: float = 5.0,
    ) -> None:
        """Make one; nothing happens before :meth:`tick` or :meth:`run`.

        Args:
            store: Where the jobs are.
            clock: Gives the time in UTC. Processes on one database should agree on it within seconds.
            handlers: Who does which kind; jobs of any other kind stay untouched.
            interval: Seconds between two looks.
            lease_seconds: For how long a job is ours, if this process dies with it.
            timeout: Seconds that a handler has; after that the attempt has failed.
            grace: Seconds that handlers have to end once :meth:`run` is told to stop.

        Raises:
            ValueError: A handler would be given as long as its lease, so that two might do one job at once.
        """
        if not 0 < timeout < lease_seconds:
            raise ValueError("a handler's time-out must be shorter than the lease")
        self._store = store
        self._clock = clock
        self._handlers = dict(handlers)
        self._interval = interval
        self._lease = timedelta(seconds=lease_seconds)
        self._timeout = timeout
        self._grace = grace

    async def run(self, stop: asyncio.Event) -> None:
        """Tick every ``interval`` seconds until ``stop`` is set.

        What is under way then may end within ``grace`` seconds; the rest is cut off and given back, to be done
        at the next start. When the call itself is cancelled, all is given back at once. No error ends it: the
        first of a row of failed ticks is logged.
        """
        ticking = asyncio.create_task(self._tick_until(stop))
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({ticking, stopped}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({ticking}, timeout=self._grace)
        finally:
            stopped.cancel()
            ticking.cancel()
            await asyncio.wait({ticking, stopped})

    async def tick(self, stop: asyncio.Event | None = None) -> int:
        """Do what is due now, each job at most once, and tell how many are ended (done or dropped).

        Once ``stop`` is set, no further jobs are taken up. Where nothing is due, nothing is written.

        Raises:
            StoreError: The database fails. Jobs that could not be written off are done again after their lease.
        """
        started = self._clock()
        due = await _to_the_end(self._next_due())
        if due is None or due > started:
            return 0
        lease, ended = token_urlsafe(16), 0
        while stop is None or not stop.is_set():
            taken = await _to_the_end(self._claim(started, lease))
            # Even when cancelled, this ends no sooner than the last of them has given back its job.
            outcomes = await asyncio.gather(*(self._serve(job) for job in taken), return_exceptions=True)
            for outcome in outcomes:
                if isinstance(outcome, BaseException):
                    raise outcome
                ended += outcome
            if len(taken) < BATCH:
                break
        return ended

    async def _tick_until(self, stop: asyncio.Event) -> None:
        failing = False
        while not stop.is_set():
            try:
                await self.tick(stop)
            except Exception as error:  # noqa: BLE001  whatever it is, the other jobs still have their time
                if not failing:
                    _log.error("jobs have to wait: %s", error if isinstance(error, StoreError) else _name(error))
                failing = True
            else:
                if failing:
                    _log.info("jobs are done again")
                failing = False
            with suppress(TimeoutError):
                async with asyncio.timeout(self._interval):
                    await stop.wait()

    async def _next_due(self) -> datetime | None:
        async with self._store.read(brief=True) as connection:
            return await jobs.next_due(connection, self._handlers)

    async def _claim(self, started: datetime, lease: str) -> list[Job]:
        # Never later than the start of the tick, so that what is put off is not due again within it; and not
        # later than the clock, which may have been set back since.
        clock = self._clock()
        now, until = min(started, clock), clock + self._lease
        async with self._store.write(brief=True) as connection:
            return await jobs.claim(connection, self._handlers, now, lease, until, BATCH)

    async def _serve(self, job: Job) -> bool:
        """Have a job done and write down what became of it; True where it is ended."""
        if job.attempts > ATTEMPTS:
            # No attempt ever came to an end: most likely this job is what the process dies of.
            return await self._drop(job, "never ended")
        try:
            fate, reason = await self._handled(job)
        except asyncio.CancelledError:
            with suppress(StoreError):  # then it is free when its lease has run out
                await self._put_off(job, job.due_at, job.attempts - 1)
            raise
        self._store.meters.count(JOB_FAILURES if fate is Fate.LATER else JOBS, job.kind)
        now = self._clock()
        if isinstance(fate, datetime):
            await self._put_off(job, max(fate, now + _SOONEST), 0)
            return False
        if fate is not Fate.LATER:
            return await self._finish(job)
        if job.attempts < ATTEMPTS:
            await self._put_off(job, now + wait_after(job.attempts), job.attempts)
            return False
        return await self._drop(job, reason or fate)

    async def _handled(self, job: Job) -> tuple[Fate | datetime, str]:
        """What the handler says, and if that is an exception, its name.

        Raises:
            CancelledError: We are cancelled; one that comes from within the handler is a failure like any other.
        """
        try:
            async with asyncio.timeout(self._timeout):
                fate = _sound(await self._handlers[job.kind](job))
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            return Fate.LATER, _name(error)
        except Exception as error:  # noqa: BLE001  a handler's mistake is not to stop the others
            return Fate.LATER, _name(error)
        return fate, ""

    async def _drop(self, job: Job, reason: str) -> bool:
        ended = await self._finish(job)
        if ended:
            _log.warning("a job was dropped after %d attempts: %s (%s)", ATTEMPTS, job.kind, reason)
        return ended

    async def _finish(self, job: Job) -> bool:
        async def write() -> bool:
            async with self._store.write(brief=True) as connection:
                return await jobs.finish(connection, job)

        return await _to_the_end(write())

    async def _put_off(self, job: Job, due_at: datetime, attempts: int) -> None:
        async def write() -> None:
            async with self._store.write(brief=True) as connection:
                await jobs.postpone(connection, job, due_at, attempts=attempts)

        await _to_the_end(write())


async def _to_the_end(transaction: Coroutine[None, None, _T]) -> _T:
    """Let a transaction come to its end even when we are cancelled meanwhile, and only then be cancelled.

    What was done is then written down, and no connection is left in the middle of its work.
    """
    working = asyncio.ensure_future(transaction)
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait({working})
        raise


def _sound(fate: Fate | datetime) -> Fate | datetime:
    if isinstance(fate, datetime) and fate.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return fate


def _name(error: BaseException) -> str:
    return type(error).__name__
