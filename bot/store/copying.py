"""Copying a SQLite record into an empty PostgreSQL database, to go on there.

While it is under way a note in the target says so: no bot starts on half a record (``meta.bind_secret``), and a copy
that broke off is taken up where it was. The note is written in the same transactions as the rows. The source is only
read.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from bot.errors import SettingsError, StoreError
from bot.store import postgres, sqlite
from bot.store.backup import beside, connect, known_schemas, writable
from bot.store.dialect import take_turn, upsert
from bot.store.engine import Store, parse
from bot.store.failures import explained
from bot.store.meta import COPYING
from bot.store.plain import Sum, tables
from bot.store.schema import meta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import URL, Connection
    from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

    from bot.store.plain import PlainTable

_TABLES = tables({meta.name: [COPYING]})
_NOTE = sa.select(meta.c.value).where(meta.c.key == COPYING)


class _Note(msgspec.Struct):
    """How far a copy is: what the source holds, and the key of the last row that was copied of each table."""

    source: dict[str, Sum]
    copied: dict[str, list[Any]] = msgspec.field(default_factory=dict)


async def copy(source_url: str, target_url: str, told: Callable[[str, Sum], None]) -> str | None:
    """Copy everything, or the rest of it, and compare both sides; no bot may be running on the source.

    Args:
        source_url: Of a SQLite database, as ``ZHENDEMA_DATABASE_URL``.
        target_url: Of a PostgreSQL database that is empty, or holds what a copy of the same source left behind.
        told: Called with every table's name and what it holds, once both sides were found to hold the same.

    Returns:
        The id of the secret that the record was written under; None where it was never used.

    Raises:
        SettingsError: These are not such URLs.
        StoreError: A bot is running, the target is not empty, one of the two fails, or they do not agree.
    """
    source, target = parse(source_url), parse(target_url)
    if source.get_backend_name() != "sqlite" or target.get_backend_name() != "postgresql":
        raise SettingsError(
            "`zhendema db copy` goes from SQLite to PostgreSQL only: name a source like "
            "sqlite+aiosqlite:////path/zhendema.sqlite3, and a target, or ZHENDEMA_DATABASE_URL, like "
            "postgresql+asyncpg://user:password@host/database",
        )
    file = sqlite.file_of(source)
    if not file.is_file():
        raise StoreError(f"there is no database {file}: name the file that the bot used")
    async with sqlite.start_lock(file):
        with writable(file):
            alone = sqlite.sole_process(file)
        if alone is None:
            raise StoreError(f"a bot is running on {file}: stop it first")
        try:
            with _opened(file) as reading:
                key_id = _key_id(reading, file)
                await (await Store.open(target_url)).close()
                await _Copy(reading, file, target).do(told)
                return key_id
        finally:
            os.close(alone)


@contextmanager
def _opened(file: Path) -> Iterator[Connection]:
    """The source as it is at this moment; its file is not touched, and neither is its log."""
    in_use = any(beside(file, ending).exists() for ending in ("-wal", "-shm"))
    options = "mode=ro" if in_use else "mode=ro&immutable=1"
    engine = sa.create_engine(
        "sqlite://", creator=lambda: connect(file, options=options), poolclass=StaticPool, hide_parameters=True
    )
    try:
        with explained(str(file)), engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
    finally:
        engine.dispose()


def _key_id(reading: Connection, file: Path) -> str | None:
    inspector = sa.inspect(reading)
    if not all(inspector.has_table(name) for name in ("alembic_version", "meta")):
        raise StoreError(f"{file} is no database of zhendema: name another file")
    schema, newest = reading.scalar(sa.text("SELECT version_num FROM alembic_version")), max(known_schemas())
    if schema != newest:
        raise StoreError(
            f"{file} has schema {schema}, this version has {newest}: start this version on it once, or install that",
        )
    found: str | None = reading.scalar(sa.select(meta.c.value).where(meta.c.key == "secret_key_id"))
    return found


class _Copy:
    """One run of a copy, on a source that stands still."""

    def __init__(self, reading: Connection, file: Path, target: URL) -> None:
        self._reading = reading
        self._file = file
        self._name = postgres.name_of(target)
        self._engine: AsyncEngine = postgres.engine(target, patient=True)

    async def do(self, told: Callable[[str, Sum], None]) -> None:
        """Begin or go on, to the end."""
        try:
            with explained(str(self._file)):
                source = {table.name: table.sum(self._reading) for table in _TABLES}
            note = await self._begin(source)
            for table in _TABLES:
                await self._fill(table, note)
            await self._compare(source, told)
            await self._end()
        finally:
            await self._engine.dispose()

    async def _begin(self, source: dict[str, Sum]) -> _Note:
        with explained(self._name):
            async with self._engine.begin() as connection:
                await take_turn(connection, COPYING)
                found = await connection.scalar(_NOTE)
                if found is not None:
                    note = msgspec.json.decode(found, type=_Note)
                    if note.source != source:
                        raise StoreError(
                            f"the copy in {self._name} was begun from another record than {self._file} holds now: "
                            "make that database anew, and copy again",
                        )
                    return note
                filled = [table.name for table in _TABLES if not await connection.run_sync(table.is_empty)]
                if filled:
                    raise StoreError(f"{self._name} is not empty ({filled[0]}): name a new database")
                note = _Note(source)
                await _write(connection, note)
                return note

    async def _fill(self, table: PlainTable, note: _Note) -> None:
        while True:
            with explained(str(self._file)):
                rows = table.after(self._reading, note.copied.get(table.name))
            if not rows:
                return
            note.copied[table.name] = table.key_of(rows[-1])
            try:
                with explained(self._name):
                    async with self._engine.begin() as connection:
                        await connection.execute(table.insertion, rows)
                        await _write(connection, note)
            except StoreError as error:
                raise StoreError(f"{error}; that was on the way with rows of {table.name}") from None

    async def _compare(self, source: dict[str, Sum], told: Callable[[str, Sum], None]) -> None:
        with explained(self._name):
            async with postgres.reader(self._engine).connect() as connection:
                for table in _TABLES:
                    found = await connection.run_sync(table.sum)
                    if found != source[table.name]:
                        raise StoreError(
                            f"{table.name} has {found.rows} rows in {self._name} and {source[table.name].rows} in "
                            f"{self._file}, or other ones: make that database anew, and copy again",
                        )
                    told(table.name, found)

    async def _end(self) -> None:
        """Let rows be numbered on from where the source is, and bots start."""
        with explained(str(self._file)):
            rows = self._reading.execute(sa.text("SELECT name, seq FROM sqlite_sequence"))
            numbers: dict[str, int] = {row.name: row.seq for row in rows}
        with explained(self._name):
            async with self._engine.begin() as connection:
                for table in _TABLES:
                    if table.numbered:
                        last = numbers.get(table.name, 0)
                        sequence = sa.func.pg_get_serial_sequence(table.name, table.key[0])
                        await connection.execute(sa.select(sa.func.setval(sequence, max(last, 1), last > 0)))
                await connection.execute(sa.delete(meta).where(meta.c.key == COPYING))
                await connection.execute(sa.text("ANALYZE"))  # or its first statements would be planned blindly


async def _write(connection: AsyncConnection, note: _Note) -> None:
    await upsert(connection, meta, {"key": COPYING, "value": msgspec.json.encode(note).decode()})
