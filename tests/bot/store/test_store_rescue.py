"""Cases and drafts of /rescue: kept one for each person, given out in time only, and gone when they are gone."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command

from bot.store import migrate
from bot.store.engine import Store
from bot.store.rescue import drop_case, drop_draft, load_case, load_draft, save_case, save_draft, sweep
from bot.store.schema import rescue_case, rescue_draft

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from databases import Database
    from sqlalchemy.ext.asyncio import AsyncConnection

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    store = await Store.open(database.url)
    async with store.write() as opened:
        yield opened
    await store.close()


async def people(connection: AsyncConnection, table: sa.Table) -> set[str]:
    return set(await connection.scalars(sa.select(table.c.person)))


async def test_a_case_is_kept_and_overwritten(connection: AsyncConnection) -> None:
    assert await load_case(connection, "p1") is None
    await save_case(connection, "p1", '{"bank":"工商"}', NOW)
    await save_case(connection, "p2", "other", NOW)
    await save_case(connection, "p1", "newer", NOW + HOUR)
    assert await load_case(connection, "p1") == "newer"
    assert await load_case(connection, "p2") == "other"
    assert await connection.scalar(sa.select(rescue_case.c.updated_at).where(rescue_case.c.person == "p1")) == (
        NOW + HOUR
    )


async def test_a_case_is_dropped_alone(connection: AsyncConnection) -> None:
    await save_case(connection, "p1", "case", NOW)
    await save_case(connection, "p2", "case", NOW)
    await save_draft(connection, "p1", "draft", NOW + HOUR)
    assert await drop_case(connection, "p1")
    assert not await drop_case(connection, "p1")
    assert await load_case(connection, "p2") == "case"
    assert await load_draft(connection, "p1", NOW) == "draft"


async def test_a_draft_is_given_out_until_its_time_is_over(connection: AsyncConnection) -> None:
    await save_draft(connection, "p1", "old", NOW)
    assert await load_draft(connection, "p1", NOW) is None
    await save_draft(connection, "p1", "new", NOW + HOUR)
    assert await load_draft(connection, "p1", NOW + HOUR - INSTANT) == "new"
    assert await load_draft(connection, "p1", NOW + HOUR) is None
    assert await load_draft(connection, "p2", NOW) is None


async def test_a_draft_is_dropped_alone(connection: AsyncConnection) -> None:
    await save_draft(connection, "p1", "draft", NOW + HOUR)
    await save_draft(connection, "p2", "draft", NOW + HOUR)
    await save_case(connection, "p1", "case", NOW)
    assert await drop_draft(connection, "p1")
    assert not await drop_draft(connection, "p1")
    assert await load_draft(connection, "p2", NOW) == "draft"
    assert await load_case(connection, "p1") == "case"


async def test_sweeping_takes_what_is_over_and_nothing_else(connection: AsyncConnection) -> None:
    for person, at in (("old", NOW - INSTANT), ("at", NOW), ("new", NOW + INSTANT)):
        await save_draft(connection, person, "draft", at)
        await save_case(connection, person, "case", at - 9 * HOUR)
    await sweep(connection, NOW, NOW - 9 * HOUR)
    assert await people(connection, rescue_draft) == {"new"}
    assert await people(connection, rescue_case) == {"at", "new"}


# ── what is deleted is gone from the disk ──


@pytest.fixture
def careless_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """An SQLite that leaves deleted rows in the file unless it is told; some builds are, Debian's is not."""
    connect = sqlite3.connect

    def careless(*args: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = connect(*args, **options)
        made.execute("PRAGMA secure_delete = OFF")
        return made

    monkeypatch.setattr(sqlite3, "connect", careless)


def on_the_disk(path: Path) -> bytes:
    """The database file after all of its log went into it."""
    plain = sqlite3.connect(path)
    assert plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    plain.close()
    return b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))


@pytest.mark.parametrize("how", ["drop", "overwrite", "sweep"])
@pytest.mark.parametrize("size", [1, 1000])
@pytest.mark.usefixtures("careless_sqlite")
async def test_a_draft_that_is_gone_is_not_in_the_file(tmp_path: Path, how: str, size: int) -> None:
    path = tmp_path / "z.db"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    draft = "tell-tale-6222020012345678901" * size  # a long one has pages of its own
    async with store.write() as connection:
        await save_draft(connection, "p2", "of another", NOW + HOUR)
        await save_draft(connection, "p1", draft, NOW)
    assert b"tell-tale" in on_the_disk(path)
    async with store.write() as connection:
        if how == "drop":
            await drop_draft(connection, "p1")
        elif how == "overwrite":
            await save_draft(connection, "p1", "{}", NOW)
        else:
            await sweep(connection, NOW, NOW)
    disk = on_the_disk(path)
    assert b"tell-tale" not in disk
    assert b"6222020012345678901" not in disk
    assert b"of another" in disk
    await store.close()


# ── from version 2 ──


async def test_an_older_record_gets_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    settings = migrate.config()
    with engine.begin() as sync:
        settings.attributes["connection"] = sync
        command.upgrade(settings, "0002")
        sync.exec_driver_sql("INSERT INTO meta VALUES ('note', 'kept')")
        assert not {"rescue_case", "rescue_draft", "job"} & set(sa.inspect(sync).get_table_names())
    engine.dispose()
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    async with store.write() as connection:
        assert await connection.scalar(sa.text("SELECT value FROM meta WHERE key = 'note'")) == "kept"
        await save_case(connection, "p1", "case", NOW)
        assert await load_case(connection, "p1") == "case"
    await store.close()
