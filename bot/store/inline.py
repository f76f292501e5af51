"""Statements of SQLite run where they are asked for, in the event loop's own thread, while a transaction is *brief*.

aiosqlite hands every single call to a thread and back, a dozen times for a transaction that reads one row; that took
more time than all of SQLite's work. What is brief runs inline instead, and only what may wait for the disk goes to the
thread: COMMIT with its fsync (and now and then a checkpoint), the rollback of what was written, closing.

Nothing inline can hold the event loop up:

- No lock is waited for inside SQLite (its ``busy_timeout`` is 0): a statement that finds the database locked is tried
  again after a pause of asyncio's.
- A SELECT that turns out long is broken off after :data:`LONGEST` and run again in the thread.

A task that is cancelled in the middle of a call learns of it later, by :meth:`Connection.settle`: no two threads are
ever in one connection, and SQLAlchemy, which does not survive a cancellation in its middle without throwing the
connection away, never sees one.
"""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import aiosqlite

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncConnection

T = TypeVar("T")

BUSY_SECONDS = 10.0
"""How long to wait for another process's transaction (a backup, a second start)."""
LONGEST = 0.005
"""Seconds."""
_STEPS = 1000
"""Of SQLite's machine, after which it looks at the time: some ten microseconds."""
_PAUSES = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
_WAITABLE = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_BUSY_RECOVERY})
"""What passes by waiting. ``SQLITE_BUSY_SNAPSHOT`` does not."""


class Connection(aiosqlite.Connection):
    """A connection to a file, for SQLAlchemy's ``async_creator_fn``."""

    def __init__(self, path: str, *, writes: bool) -> None:
        super().__init__(lambda: _connect(path), iter_chunk_size=64)
        self._thread.daemon = True
        self._writes = writes
        self._asked: Callable[[], object] | None = None
        self._cut = False
        """Whether the task that uses it was to be cancelled and does not know yet."""
        self.brief = False
        """Whether the present transaction runs inline; set anew for each."""

    async def begin(self) -> None:
        """Begin a transaction; one that may write takes the write lock, so that it never has read too early."""
        await self._execute(self._conn.execute, "BEGIN IMMEDIATE" if self._writes else "BEGIN")

    async def _execute(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:  # noqa: ANN401  as aiosqlite has it
        """Run one call of the driver; all of aiosqlite's go through here."""
        deadline, tries = monotonic() + BUSY_SECONDS, 0
        while True:
            try:
                return await self._run(fn, *args, **kwargs)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode not in _WAITABLE or monotonic() > deadline or self._cut:
                    raise
            try:
                await asyncio.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
            except asyncio.CancelledError:
                self._put_off()
            tries += 1

    async def _run(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:  # noqa: ANN401
        if not self._running or self._connection is None:
            raise ValueError("Connection closed")  # by which SQLAlchemy knows it
        name = fn.__name__
        if name in {"commit", "rollback"}:
            # Without a transaction neither does anything, and one that only read has nothing to write.
            quick = not self._connection.in_transaction or (self.brief and not self._writes)
            return fn() if quick else await self._in_thread(fn)
        if not self.brief or (name == "close" and fn == self._connection.close):
            return await self._in_thread(fn, *args, **kwargs)
        # Only a SELECT: of anything else SQLite would roll the whole transaction back.
        if name == "execute" and args[0].startswith("SELECT"):
            self._asked = partial(fn, *args)
        elif name != "fetchall":
            self._asked = None
        if self._asked is None:
            return fn(*args, **kwargs)
        # Not left in place: in the thread it would ask for the interpreter every few microseconds.
        ends = monotonic() + LONGEST
        self._connection.set_progress_handler(lambda: monotonic() > ends, _STEPS)
        try:
            return fn(*args, **kwargs)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            self._connection.set_progress_handler(None, 0)
        return await self._in_thread(self._anew, fn, *args, **kwargs)

    def _anew(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:  # noqa: ANN401
        """Do again what was broken off; the rows of a SELECT can only be fetched after it."""
        if fn.__name__ != "execute" and self._asked is not None:
            self._asked()
        return fn(*args, **kwargs)

    async def _in_thread(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:  # noqa: ANN401
        """Run a call in the thread, to its end even when cancelled."""
        calling: asyncio.Task[T] = asyncio.create_task(super()._execute(fn, *args, **kwargs))  # type: ignore[no-untyped-call]
        cancelled = False
        while not calling.done():
            try:
                await asyncio.wait({calling})
            except asyncio.CancelledError:
                cancelled = True
        if cancelled:
            self._put_off()
        return calling.result()

    def _put_off(self) -> None:
        """Have the present task cancelled, for which it was asked already, as soon as it waits for something else."""
        self._cut = True
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()  # or this would count as a second time, and a time limit not know its own cancellation
        task.cancel()

    async def settle(self) -> None:
        """Be cancelled, if that was put off.

        Raises:
            CancelledError: It was.
        """
        if self._cut:
            self._cut = False
            await asyncio.sleep(0)


def of(connection: AsyncConnection) -> Connection:
    """The connection below SQLAlchemy's, which has to be started."""
    sync = connection.sync_connection
    assert sync is not None
    found = sync.connection.driver_connection
    assert isinstance(found, Connection)
    return found


def _connect(path: str) -> sqlite3.Connection:
    # Used by one thread at a time, which sqlite3 cannot know.
    return sqlite3.connect(path, timeout=0, check_same_thread=False)
