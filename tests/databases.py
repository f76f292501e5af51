"""Databases of both engines for the tests: what works on one only is found here and not by an operator."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa
from postgres_server import PostgresServer, command
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from bot.store.engine import Store
from bot.store.schema import metadata

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

VARIABLE = "ZHENDEMA_TEST_POSTGRES"
_TABLES = [table.name for table in reversed(metadata.sorted_tables)]
_NUMBERED = [table.name for table in metadata.sorted_tables if table.autoincrement_column is not None]
# Truncating makes new files for every table and takes fifty times as long.
_EMPTY = ";".join(
    [f"DELETE FROM {name}" for name in _TABLES]
    + [f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 1, false)" for name in _NUMBERED]
)
_CUT_OFF = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True)
class Database:
    """Where a test keeps its record. ``path`` is the file of an SQLite database."""

    url: str
    path: Path | None = None

    @property
    def is_sqlite(self) -> bool:
        return self.path is not None

    @asynccontextmanager
    async def looked_into(self) -> AsyncIterator[AsyncConnection]:
        """A connection beside the bot's own, whose transaction is committed."""
        engine = create_async_engine(self.url, poolclass=NullPool)
        async with engine.begin() as connection:
            yield connection
        await engine.dispose()

    async def dump(self) -> bytes:
        """Everything on the disk; of PostgreSQL, whose files keep what is deleted for a while, all rows."""
        if self.path is not None:
            return b"".join(p.read_bytes() for p in self.path.parent.iterdir() if p.name.startswith(self.path.name))
        async with self.looked_into() as connection:
            tables = [await connection.execute(sa.select(table)) for table in metadata.sorted_tables]
        return "\n".join(str(tuple(row)) for rows in tables for row in rows).encode()


Fresh: TypeAlias = "Callable[[], Awaitable[Database]]"


def sqlite_at(path: Path) -> Database:
    return Database(f"sqlite+aiosqlite:///{path}", path)


class PostgresDatabases:
    """The databases on one server: one that is emptied for each test, and new ones for those who need them."""

    def __init__(self) -> None:
        url = os.environ.get(VARIABLE)
        self.server: PostgresServer | None = None
        if url is None:
            self.server = PostgresServer()
            self.server.start()
            url = self.server.url
        self._admin = url
        self._made: list[str] = []
        self._numbers = count(1)
        self._shared: Database | None = None

    async def emptied(self) -> Database:
        """The one at the newest schema and with nothing in it, whatever the test before did."""
        if self._shared is None:
            self._shared = await self.new()
            await (await Store.open(self._shared.url)).close()
        async with self._shared.looked_into() as connection:
            await connection.execute(_CUT_OFF)
            raw = await connection.get_raw_connection()
            assert raw.driver_connection is not None
            await raw.driver_connection.execute(_EMPTY)  # all of it in one message
        return self._shared

    async def new(self, options: str = "ENCODING 'UTF8'") -> Database:
        """One without any tables."""
        name = f"zhendema_test_{os.getpid()}_{next(self._numbers)}"
        await command(self._admin, f"CREATE DATABASE {name} TEMPLATE template0 {options}")
        self._made.append(name)
        return Database(make_url(self._admin).set(database=name).render_as_string(hide_password=False))

    async def close(self) -> None:
        if self.server is not None:
            self.server.close()
            return
        for name in self._made:
            await command(self._admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
