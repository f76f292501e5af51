"""Looking at a database from outside, for ``zhendema doctor``: nothing is made or migrated.

It is opened as the bot does, so a SQLite file that was just restored is put into WAL mode already here.
"""

from __future__ import annotations

import sqlite3
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store import postgres, sqlite
from bot.store.backup import connect
from bot.store.engine import parse
from bot.store.failures import explained
from bot.store.schema import inbox, lease, meta

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import timedelta
    from pathlib import Path

    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncEngine

_SYNCHRONOUS_FULL = 2
_DURABLE = ("fsync", "full_page_writes", "synchronous_commit")
"""What PostgreSQL does unless it is told not to."""
_PATIENCE = 2.0
"""Seconds to wait for another's write: a bot's last some milliseconds."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Updates that wait, since when the oldest does, and how many were given up."""

    waiting: int
    oldest: datetime | None
    dead: int


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL server. ``ahead`` is how far its clock is ahead of this machine's."""

    version: str
    number: int
    encoding: str
    writable: bool
    ahead: timedelta


class Probe:
    """A database as it is. Every method raises :class:`bot.errors.StoreError` where it cannot tell."""

    def __init__(self, engine: AsyncEngine, name: str, file: Path | None) -> None:
        self._engine = engine
        self.name = name
        """What messages call it: a file, or a URL without its password."""
        self.file = file
        """None for PostgreSQL."""

    @classmethod
    @asynccontextmanager
    async def opened(cls, url: str) -> AsyncIterator[Probe]:
        """A probe of the database that ``url`` names; nothing is connected yet.

        Raises:
            SettingsError: The URL is malformed, or a driver is missing.
        """
        probe = cls._of(parse(url))
        try:
            yield probe
        finally:
            await probe.close()

    @classmethod
    def _of(cls, url: URL) -> Probe:
        if url.get_backend_name() == "sqlite":
            file = sqlite.file_of(url)
            return cls(sqlite.engine(url, writes=False), str(file), file)
        return cls(postgres.engine(url), postgres.name_of(url), None)

    async def close(self) -> None:
        """Give all connections back."""
        await self._engine.dispose()

    async def schema(self) -> str | None:
        """The version of its schema; None where it has none."""
        with explained(self.name):
            async with self._engine.connect() as connection:
                if not await connection.run_sync(lambda sync: sa.inspect(sync).has_table("alembic_version")):
                    return None
                found: str | None = await connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
                return found

    async def key_id(self) -> str | None:
        """Of the secret that it was written under."""
        with explained(self.name):
            async with self._engine.connect() as connection:
                query = sa.select(meta.c.value).where(meta.c.key == "secret_key_id")
                found: str | None = await connection.scalar(query)
                return found

    async def backlog(self) -> Backlog:
        """What is in the inbox."""
        waits = sa.select(sa.func.count(), sa.func.min(inbox.c.received_at)).where(inbox.c.state == "new")
        dead = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.state == "dead")
        with explained(self.name):
            async with self._engine.connect() as connection:
                waiting, oldest = (await connection.execute(waits)).one()
                return Backlog(waiting, oldest, await connection.scalar(dead) or 0)

    async def polled_until(self) -> datetime | None:
        """Until when a bot said that it polls; None where the last one ended orderly."""
        with explained(self.name):
            async with self._engine.connect() as connection:
                found: datetime | None = await connection.scalar(
                    sa.select(lease.c.until).where(lease.c.name == "poller")
                )
                return found

    async def durable(self) -> bool:
        """Whether what is committed survives a power cut."""
        with explained(self.name):
            async with self._engine.connect() as connection:
                if self.file is None:
                    switches = [await connection.scalar(sa.text(f"SHOW {name}")) for name in _DURABLE]
                    return "off" not in switches
                journal = await connection.scalar(sa.text("PRAGMA journal_mode"))
                synchronous = await connection.scalar(sa.text("PRAGMA synchronous"))
                return (journal, synchronous) == ("wal", _SYNCHRONOUS_FULL)

    async def server(self) -> Server:
        """What stands behind the URL of a PostgreSQL database."""
        with explained(self.name):
            async with self._engine.connect() as connection:
                shown = [
                    str(await connection.scalar(sa.text(f"SHOW {name}")))
                    for name in ("server_version", "server_version_num", "server_encoding", "transaction_read_only")
                ]
                before = datetime.now(UTC)
                clock: datetime = (await connection.execute(sa.text("SELECT clock_timestamp()"))).scalar_one()
                after = datetime.now(UTC)
        version, number, encoding, read_only = shown
        ahead = clock - (before + (after - before) / 2)
        return Server(version.split()[0], int(number), encoding, read_only == "off", ahead)

    def check(self) -> None:
        """Read all of a SQLite file.

        Raises:
            StoreError: It is damaged, or cannot be read.
        """
        found = self._plainly("PRAGMA quick_check(1)")
        if found != [("ok",)]:
            raise StoreError(f"the database {self.name} is damaged: restore the last backup")

    def try_to_write(self) -> None:
        """Begin to write to a SQLite file and stop before anything is written.

        Raises:
            StoreError: It cannot be written.
        """
        self._plainly("BEGIN IMMEDIATE")

    def _plainly(self, statement: str) -> list[tuple[object, ...]]:
        assert self.file is not None
        with explained(self.name):
            try:
                with closing(connect(self.file, timeout=_PATIENCE)) as connection:
                    return connection.execute(statement).fetchall()
            except sqlite3.Error as error:
                raise DBAPIError(None, None, error) from None
