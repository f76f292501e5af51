"""Opens the database and hands out transactions."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsError, StoreError
from bot.meters import DATABASE, DATABASE_ERRORS, Meters
from bot.store import inline, migrate, postgres, sqlite
from bot.store.failures import explained
from bot.store.turn import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

T = TypeVar("T")


class Store:
    """An open database at the newest schema. Use :meth:`read` and :meth:`write`; :meth:`close` at the end."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine, name: str, turn: Turn | None) -> None:
        self._writer = writer
        self._reader = reader
        self._turn = turn
        self._sole: int | None = None
        self._pieces: list[tuple[Callable[[AsyncConnection], Awaitable[Any]], asyncio.Future[Any]]] = []
        self._writing: list[asyncio.Task[None]] = []
        self.name = name
        """What messages call it: a file, or a URL without its password."""
        self.meters = Meters()
        """Told how long transactions take."""

    @classmethod
    async def open(cls, url: str) -> Store:
        """Open the database, making and migrating it where needed; safe to do in several processes at once.

        Raises:
            SettingsError: The URL is malformed or names an unknown kind of database.
            StoreError: The database cannot be used; the message says what mends it.
        """
        parsed = parse(url)
        if parsed.get_backend_name() == "sqlite":
            return await cls._open_sqlite(parsed)
        name = postgres.name_of(parsed)
        await _prepare(parsed, name)
        engine = postgres.engine(parsed)
        return cls(engine, postgres.reader(engine), name, None)

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
    async def write(self, *, urgent: bool = False, brief: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that writes: committed at the end, rolled back on an error or when cancelled.

        On SQLite one at a time, in the order of asking, ``urgent`` ones before the others. Return only after it ended
        what must not be lost.

        Args:
            urgent: Whether it goes first.
            brief: Whether its statements touch a few rows by their keys: then they run in the event loop's thread
                (:mod:`bot.store.inline`), and nothing else should be waited for within it.
        """
        with self._watched("write"):
            if self._turn is None:
                async with asyncio.timeout(postgres.LONGEST), self._writer.begin() as connection:
                    yield connection
                return
            async with self._turn.taken(urgent=urgent), _lent(self._writer, brief=brief) as connection:
                # Not by SQLAlchemy's own ``begin()``: cancelled in its commit, that would go on to give the
                # connection back while the commit is still under way.
                await connection.begin()
                yield connection
                await inline.of(connection).settle()
                await connection.commit()

    async def together(self, work: Callable[[AsyncConnection], Awaitable[T]]) -> T:
        """Do a brief piece of writing in one transaction with whatever else waits for the same; before all others.

        Returns once it is committed. ``work`` may be called a second time, if another's piece spoils the transaction:
        it must have the same effect then.

        Raises:
            StoreError: The database fails.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._pieces.append((work, done))
        self._writing = [task for task in self._writing if not task.done()]
        if len(self._writing) < (1 if self._turn else postgres.WRITERS):
            self._writing.append(asyncio.create_task(self._write_pieces()))
        return await done

    async def _write_pieces(self) -> None:
        while self._pieces:
            pieces, self._pieces = self._pieces, []
            try:
                async with self.write(urgent=True, brief=True) as connection:
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
            async with self.write(urgent=True, brief=True) as connection:
                result = await work(connection)
        except Exception as error:  # noqa: BLE001  raised where it is waited for
            if not done.done():
                done.set_exception(error)
        else:
            if not done.done():
                done.set_result(result)

    @asynccontextmanager
    async def read(self, *, brief: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction that reads; all its statements see the same moment. ``brief`` as for writing."""
        with self._watched("read"):
            if self._turn is None:
                async with asyncio.timeout(postgres.LONGEST), self._reader.connect() as connection:
                    yield connection
                return
            async with _lent(self._reader, brief=brief) as connection:
                yield connection

    @contextmanager
    def _watched(self, kind: str) -> Iterator[None]:
        try:
            with self.meters.timing(DATABASE, kind), explained(self.name):
                yield
        except StoreError:
            self.meters.count(DATABASE_ERRORS, kind)
            raise

    async def tidy(self) -> None:
        """Empty SQLite's write-ahead log, where what was deleted would otherwise stand until it is written over."""
        if self._turn is None:
            return
        with explained(self.name):
            async with self._turn.taken(), _lent(self._writer, brief=False) as connection:
                # Not within a transaction, so past SQLAlchemy, which would begin one.
                raw = inline.of(connection)
                # A long backup reads on: then the log is emptied another time, and no writer waits for it now.
                await raw.execute(f"PRAGMA busy_timeout = {sqlite.TIDY_TIMEOUT_MS}")
                # A cursor that is not read to its end keeps its lock.
                async with raw.execute("PRAGMA wal_checkpoint(TRUNCATE)") as cursor:
                    await cursor.fetchall()
                await raw.execute("PRAGMA busy_timeout = 0")

    @property
    def is_shared(self) -> bool:
        """Whether several processes may handle updates on it beside each other."""
        return self._turn is None

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
        with suppress(TimeoutError):  # a server that does not answer is left without a word
            async with asyncio.timeout(None if self._turn else postgres.CLOSE_SECONDS):
                await self._reader.dispose()
                await self._writer.dispose()


async def _prepare(url: URL, name: str) -> None:
    """Bring a PostgreSQL database to the newest schema, however long that takes."""
    engine = postgres.engine(url, patient=True)
    try:
        with explained(name):
            async with engine.begin() as connection:
                await connection.run_sync(postgres.check)
                await connection.run_sync(migrate.upgrade, name)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _lent(engine: AsyncEngine, *, brief: bool) -> AsyncIterator[AsyncConnection]:
    """A connection to SQLite; whatever is open at the end is rolled back."""
    connection = engine.connect()
    await connection.start()
    raw = inline.of(connection)
    raw.brief = brief
    try:
        yield connection
    finally:
        await connection.close()
        await raw.settle()


def parse(url: str) -> URL:
    """What ``ZHENDEMA_DATABASE_URL`` says, for the driver that we use.

    Raises:
        SettingsError: It is malformed or names an unknown kind of database.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        parsed = None
    if parsed is not None and parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite+aiosqlite")
    if parsed is not None and parsed.get_backend_name() in {"postgresql", "postgres"}:
        return postgres.tidied(parsed)
    raise SettingsError(
        "ZHENDEMA_DATABASE_URL must be like sqlite+aiosqlite:////path/zhendema.db "
        "or postgresql+asyncpg://user:password@host/database",
    )
