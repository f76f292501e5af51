"""Opens the database and hands out transactions."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import SettingsError
from bot.store import migrate, sqlite
from bot.store.failures import explained
from bot.store.turn import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from sqlalchemy import URL

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
T = TypeVar("T")
POOL = 8
"""Connections of one process to PostgreSQL."""


class Store:
    """An open database at the newest schema. Use :meth:`read` and :meth:`write`; :meth:`close` at the end."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, name: str, turn: Turn | None) -> None:
        self._writer = writer
        self._reader = reader
        self._turn = turn
        self._sole: int | None = None
        self._pieces: list[tuple[Callable[[AsyncConnection], Awaitable[Any]], asyncio.Future[Any]]] = []
        self._writing: asyncio.Task[None] | None = None
        self.name = name
        """What messages call it: a file, or a URL without its password."""

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database, making and migrating it where needed; safe to do in several processes at once.

        Raises:
            SettingsError: The URL is malformed or names an unknown kind of database.
            StoreError: The database cannot be used; the message says what mends it.
        """
        parsed = _parse(url)
        if parsed.get_backend_name() == "sqlite":
            return await cls._open_sqlite(parsed)
        name = parsed.render_as_string(hide_password=True)
        try:
            engine = create_async_engine(parsed, hide_parameters=True, pool_size=POOL, pool_pre_ping=True)
        except ModuleNotFoundError as error:
            raise SettingsError(
                f"ZHENDEMA_DATABASE_URL names PostgreSQL, which needs a driver: pip install {error.name}",
            ) from None
        store = cls(engine, engine, name, None)
        await store._migrate()
        return store

    @classmethod
    async def _open_sqlite(cls, url: URL) -> Store:
        path = sqlite.file_of(url)
        sqlite.prepare(path)
        store = cls(
            sqlite.engine(url, writes=True),
            sqlite.engine(url, writes=False),
            str(path),
            Turn(),
        )
        async with sqlite.start_lock(path):
            await store._migrate()
        return store

    async def _migrate(self) -> None:
        try:
            async with self.write() as connection:
                await connection.run_sync(migrate.upgrade, self.name)
        except BaseException:
            await self.close()
            raise

    @asynccontextmanager
    async def write(self, *, urgent: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes: committed at the end, rolled back on an error.

        On SQLite one at a time, in the order of asking, ``urgent`` ones before the others. Return only after it ended
        what must not be lost.
        """
        with explained(self.name):
            if self._turn is None:
                async with self._writer.begin() as connection:
                    yield connection
            else:
                async with self._turn.taken(urgent=urgent), self._writer.begin() as connection:
                    yield connection

    async def together(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do a small piece of writing in one transaction with whatever else waits for the same; before all others.

        Returns once it is committed. ``work`` may be called a second time, if another's piece spoils the transaction:
        it must have the same effect then.

        Raises:
            StoreError: The database fails.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._pieces.append((work, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_pieces())
        return await done

    async def _write_pieces(self) -> None:
        while self._pieces:
            pieces, self._pieces = self._pieces, []
            try:
                async with self.write(urgent=True) as connection:
                    results = [await work(connection) for work, _ in pieces]
            except Exception:  # noqa: BLE001  each learns of its own error below
                for work, done in pieces:
                    await self._write_piece(work, done)
                continue
            for (_, done), result in zip(pieces, results, strict=True):
                if not done.done():
                    done.set_result(result)

    async def _write_piece(self, work: Callable[[AsyncConnection], Awaitable[Any]], done: asyncio.Future[Any]) -> None:
        try:
            async with self.write(urgent=True) as connection:
                result = await work(connection)
        except Exception as error:  # noqa: BLE001  raised where it is waited for
            if not done.done():
                done.set_exception(error)
        else:
            if not done.done():
                done.set_result(result)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that reads; all its statements see the same moment on SQLite."""
        with explained(self.name):
            async with self._reader.connect() as connection:
                yield connection

    async def tidy(self) -> None:
        """Empty SQLite's write-ahead log, where what was deleted would otherwise stand until it is written over."""
        if self._turn is None:
            return
        with explained(self.name):
            async with self._turn.taken(), self._writer.connect() as connection:
                # Not within a transaction, so past SQLAlchemy, which would begin one.
                raw = await connection.get_raw_connection()
                assert raw.driver_connection is not None
                # A long backup reads on: then the log is emptied another time, and no writer waits for it now.
                await raw.driver_connection.execute(f"PRAGMA busy_timeout = {sqlite.TIDY_TIMEOUT_MS}")
                # A cursor that is not read to its end keeps its lock.
                async with raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                    await cursor.fetchall()
                await raw.driver_connection.execute(f"PRAGMA busy_timeout = {sqlite.BUSY_TIMEOUT_MS}")

    def is_sole(self) -> bool:
        """Whether no other living process polls on this database; only SQLite can tell, by a file beside it.

        Once True it stays so until :meth:`close`.

        Raises:
            StoreError: The file cannot be made.
        """
        if self._sole is None and self._turn is not None:
            with explained(self.name):
                self._sole = sqlite.sole_process(Path(self.name))
        return self._sole is not None

    async def close(self) -> None:
        """Give all connections back."""
        if self._sole is not None:
            os.close(self._sole)
            self._sole = None
        await self._reader.dispose()
        await self._writer.dispose()


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        driver = _DRIVERS[parsed.get_backend_name()]
    except (ArgumentError, KeyError, ValueError):
        raise SettingsError(
            "ZHENDEMA_DATABASE_URL must be like sqlite+aiosqlite:////path/zhendema.db "
            "or postgresql+asyncpg://user:password@host/database",
        ) from None
    return parsed.set(drivername=driver)
