"""SQLite: one writer at a time, readers that never wait for it, and commits that survive a power cut."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import SettingsError, StoreError
from bot.store import inline

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from sqlalchemy import URL, AdaptedConnection, Connection

TIDY_TIMEOUT_MS = 100
READERS = 4
LOCK_SECONDS = 60.0
"""How long to wait for another process that is migrating this file."""

# At DEBUG it writes every statement with its values.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)


def file_of(url: URL) -> Path:
    """The database file that a URL names."""
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise SettingsError(
            "ZHENDEMA_DATABASE_URL: SQLite needs a file, as in sqlite+aiosqlite:////var/lib/zhendema/zhendema.db",
        )
    return Path(url.database)


def prepare(path: Path) -> None:
    """Make the folder and an empty file that only its owner reads, unless they are there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            raise StoreError(f"the database {path} is a folder: name a file in ZHENDEMA_DATABASE_URL")
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"the database {path} cannot be opened ({error.strerror}): "
            "make its folder exist and writable for this user",
        ) from None


def engine(url: URL, *, writes: bool) -> AsyncEngine:
    """An engine whose transactions are real: the driver's own implicit BEGIN is off.

    A writer takes the write lock when it begins, so that it never fails half-way for having read too early.
    """
    path = str(file_of(url))
    made = create_async_engine(
        url,
        hide_parameters=True,
        connect_args={"async_creator_fn": lambda *_args, **_options: inline.Connection(path, writes=writes)},
        pool_size=1 if writes else READERS,
        max_overflow=0,
        pool_timeout=LOCK_SECONDS,
    )

    @event.listens_for(made.sync_engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:  # noqa: ANN401  the driver's, untyped
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        if writes:
            # What is deleted is overwritten with zeros: a person's draft must not lie on in a free part of the
            # file, or in the next backup. Not every build of SQLite does so unasked.
            cursor.execute("PRAGMA secure_delete = ON")
        else:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(made.sync_engine, "begin")
    def on_begin(connection: Connection) -> None:
        # Past a cursor of SQLAlchemy's, which would cost more than all the rest of a brief transaction's frame.
        adapted = cast("AdaptedConnection", connection.connection.dbapi_connection)
        adapted.run_async(inline.Connection.begin)

    return made


@asynccontextmanager
async def start_lock(path: Path) -> AsyncIterator[None]:
    """Keep other processes from opening the same file while this one switches it to WAL and migrates it."""
    lock = path.with_name(path.name + ".lock")
    with _open(lock) as descriptor:
        deadline = time.monotonic() + LOCK_SECONDS
        while not _try_lock(descriptor):
            if time.monotonic() > deadline:
                raise StoreError(f"another process has been starting on {path} for {LOCK_SECONDS:.0f} s: stop it")
            await asyncio.sleep(0.02)
        yield  # closing the file gives the lock back


def sole_process(path: Path) -> int | None:
    """Take what only one living process has for a database file; None where another has it.

    The system takes it back when the process dies, however it dies. The number is to be closed with :func:`os.close`.
    """
    descriptor = os.open(path.with_name(path.name + ".poller"), os.O_RDWR | os.O_CREAT, 0o600)
    if _try_lock(descriptor):
        return descriptor
    os.close(descriptor)
    return None


@contextmanager
def _open(lock: Path) -> Iterator[int]:
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"cannot make {lock} ({error.strerror}): make its folder writable for this user") from None
    try:
        yield descriptor
    finally:
        os.close(descriptor)


if sys.platform == "win32":

    def _try_lock(descriptor: int) -> bool:  # noqa: ARG001
        """Windows has no flock; the migration's own transaction is the lock there."""
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        """Take the lock if it is free."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
