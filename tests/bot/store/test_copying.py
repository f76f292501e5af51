"""From SQLite to PostgreSQL: every row of every table, once, whatever breaks off; and never half a record in use."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from bot.errors import SettingsError, StoreError
from bot.secret import Secret
from bot.store import plain, sqlite
from bot.store.copying import copy
from bot.store.engine import Store
from bot.store.events import NewEvent, append
from bot.store.meta import bind_secret
from bot.store.schema import Kind, Moment, event, inbox, job, metadata

if TYPE_CHECKING:
    from databases import Database, PostgresDatabases

    from bot.store.plain import Sum

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
BIG = -1_001_234_567_890_123
SECRET = Secret("a-secret-of-more-than-thirty-two-characters")


def value(column: sa.Column[Any], number: int) -> Any:
    """One of the column's type, another one for every number; of those that may be null, some are."""
    if column.nullable and number % 3 == 0:
        return None
    for key in column.foreign_keys:
        own = key.column.table is column.table
        return value(key.column, max(1, number - 1) if own else number)
    if isinstance(column.type, sa.String):
        return f"{number}短\U0001f600'\"\\"[: column.type.length or 99]
    return {
        sa.Boolean: bool(number % 2),
        Moment: NOW + timedelta(microseconds=number),
        sa.Float: number / 7,
        sa.Integer: number,
        sa.BigInteger: number if column.primary_key else BIG - number,
    }[type(column.type)]


async def filled(path: Path, rows: int, few: int = 40) -> str:
    """A record with so many events and updates, and ``few`` rows at most in every other table; its URL."""
    url = f"sqlite+aiosqlite:///{path}"
    store = await Store.open(url)
    await bind_secret(store, SECRET.key_id)
    async with store.write() as connection:
        for table in metadata.sorted_tables:
            count = rows if table in {event, inbox} else min(rows, few)
            made = [{column.name: value(column, n) for column in table.columns} for n in range(1, count + 1)]
            await connection.execute(table.insert(), made)
        # What was deleted is not numbered again.
        await connection.execute(event.insert().values(kind="x", at=NOW, source="last", admin=False, id=rows + 50))
        await connection.execute(sa.delete(event).where(event.c.source == "last"))
    await store.close()
    return url


async def content(url: str) -> dict[str, set[tuple[Any, ...]]]:
    store = await Store.open(url)
    async with store.read() as connection:
        found = {table.name: [tuple(row) for row in await connection.execute(sa.select(table))] for table in TABLES}
    await store.close()
    for name, rows in found.items():
        assert len(rows) == len(set(rows)), name
    return {name: set(rows) for name, rows in found.items()}


TABLES = metadata.sorted_tables


def files(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir() if each.suffix not in {".lock", ".poller"}}


@pytest.fixture
async def target(postgres: PostgresDatabases) -> Database:
    return await postgres.emptied()


async def test_everything_arrives_and_the_source_stays_as_it_is(
    tmp_path: Path, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plain, "BATCH", 7)
    url = await filled(tmp_path / "z.db", 40)
    before = files(tmp_path / "z.db")
    told: dict[str, Sum] = {}
    assert await copy(url, target.url, told.__setitem__) == SECRET.key_id
    assert files(tmp_path / "z.db") == before
    assert await content(target.url) == await content(url)
    assert set(told) == {table.name for table in TABLES}
    assert {name: found.rows for name, found in told.items() if name != "meta"} == dict.fromkeys(
        set(told) - {"meta"}, 40
    )
    await _start(target.url)
    store = await Store.open(target.url)
    async with store.write() as connection:
        new = NewEvent(kind=Kind.CHECK, at=NOW, source="new", person=None)
        assert await append(connection, new) == 40 + 51, "numbers go on, and none is given twice"
        assert (
            await connection.scalar(
                sa.insert(job).values(kind="k", key="k", due_at=NOW, payload="").returning(job.c.id)
            )
            == 41
        )
    await store.close()


async def test_a_record_that_was_left_by_a_crash(tmp_path: Path, target: Database) -> None:
    path = tmp_path / "z.db"
    await filled(path, 3)
    script = f"""
import os, sqlite3
plain = sqlite3.connect({str(path)!r})
plain.execute("UPDATE report_text SET text = 'only in the log'")
plain.commit()
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", script], check=False)  # noqa: ASYNC221
    before = files(path)
    assert before["z.db-wal"]
    await copy(f"sqlite+aiosqlite:///{path}", target.url, lambda _name, _found: None)
    after = files(path)
    assert {name: after[name] for name in ("z.db", "z.db-wal")} == {name: before[name] for name in ("z.db", "z.db-wal")}
    assert {row[1] for row in (await content(target.url))["report_text"]} == {"only in the log"}


async def test_an_empty_record(tmp_path: Path, target: Database) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'z.db'}"
    await (await Store.open(url)).close()
    assert await copy(url, target.url, lambda _name, _found: None) is None
    store = await Store.open(target.url)
    async with store.write() as connection:
        assert await append(connection, NewEvent(kind=Kind.CHECK, at=NOW, source="new", person=None)) == 1
    await store.close()


async def test_a_null_character_is_left_behind(tmp_path: Path, target: Database) -> None:
    url = await filled(tmp_path / "z.db", 1)
    with closing(sqlite3.connect(tmp_path / "z.db")) as raw, raw:
        raw.execute("UPDATE report_text SET text = ?", ("a\0b",))
    await copy(url, target.url, lambda _name, _found: None)
    assert {row[1] for row in (await content(target.url))["report_text"]} == {"ab"}


async def test_what_does_not_fit_is_named_by_its_table(tmp_path: Path, target: Database) -> None:
    url = await filled(tmp_path / "z.db", 1)
    with closing(sqlite3.connect(tmp_path / "z.db")) as raw, raw:
        raw.execute("UPDATE event SET category = ?", ("hidden" * 20,))  # longer than SQLite would mind
    with pytest.raises(StoreError, match="cannot hold a value; that was on the way with rows of event") as caught:
        await copy(url, target.url, lambda _name, _found: None)
    assert "hidden" not in str(caught.value)


# ── what breaks off ──


async def count(database: Database) -> int:
    async with database.looked_into() as connection:
        counts = [await connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in (event, inbox)]
        return sum(found or 0 for found in counts)


async def test_killed_in_the_middle_it_goes_on_and_nothing_is_doubled(tmp_path: Path, target: Database) -> None:
    rows = 3 * plain.BATCH
    url = await filled(tmp_path / "z.db", rows)
    command = [sys.executable, "-m", "handlers", "db", "copy", url]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "ZHENDEMA_DATABASE_URL": target.url}
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE)  # noqa: ASYNC220
    deadline = time.monotonic() + 60
    while not await count(target):
        assert time.monotonic() < deadline
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert 0 < await count(target) < 2 * rows
    with pytest.raises(StoreError, match="half a copy: run `zhendema db copy`"):
        await _start(target.url)
    done = subprocess.run(  # noqa: ASYNC221
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"\nevent: {rows} rows, checksum " in f"\n{done.stdout}"
    assert SECRET.key_id in done.stdout
    assert await content(target.url) == await content(url)
    await _start(target.url)


async def _start(url: str) -> None:
    store = await Store.open(url)
    try:
        await bind_secret(store, SECRET.key_id)
    finally:
        await store.close()


async def test_a_copy_that_was_begun_from_another_record(tmp_path: Path, target: Database) -> None:
    url, told = await filled(tmp_path / "z.db", 3), list[str]()

    def stop(name: str, _found: Sum) -> None:
        told.append(name)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await copy(url, target.url, stop)
    with closing(sqlite3.connect(tmp_path / "z.db")) as raw, raw:
        raw.execute("UPDATE report_text SET text = 'the bot ran again' WHERE event_id = 2")
    with pytest.raises(StoreError, match="begun from another record"):
        await copy(url, target.url, stop)
    assert len(told) == 1


async def test_a_row_that_did_not_arrive_as_it_was_is_found(tmp_path: Path, target: Database) -> None:
    url = await filled(tmp_path / "z.db", 30)
    async with target.looked_into() as connection:
        await connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql "
            "AS $$ BEGIN NEW.score = NEW.score + 1e-9; RETURN NEW; END $$"
        )
        await connection.exec_driver_sql(
            "CREATE TRIGGER spoil BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.id = 17) EXECUTE FUNCTION spoil()"
        )
    try:
        with pytest.raises(StoreError, match=r"event has 30 rows in .* and 30 in .*, or other ones"):
            await copy(url, target.url, lambda _name, _found: None)
        with pytest.raises(StoreError, match="half a copy"):
            await _start(target.url)
    finally:
        async with target.looked_into() as connection:
            await connection.exec_driver_sql("DROP TRIGGER spoil ON event")


# ── what is refused ──


async def test_a_target_that_holds_something(tmp_path: Path, target: Database) -> None:
    url = await filled(tmp_path / "z.db", 3)
    await _start(target.url)
    with pytest.raises(StoreError, match=r"not empty \(meta\): name a new database"):
        await copy(url, target.url, lambda _name, _found: None)


async def test_while_a_bot_runs_on_the_source(tmp_path: Path, target: Database) -> None:
    url = await filled(tmp_path / "z.db", 3)
    store = await Store.open(url)
    assert store.is_sole()
    with pytest.raises(StoreError, match=r"a bot is running.*stop it first"):
        await copy(url, target.url, lambda _name, _found: None)
    await store.close()


async def test_nobody_starts_on_the_source_meanwhile(
    tmp_path: Path, target: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "LOCK_SECONDS", 0.2)
    url = await filled(tmp_path / "z.db", 3)
    starting: list[asyncio.Task[Store]] = []

    def told(_name: str, _found: Sum) -> None:
        if not starting:
            starting.append(asyncio.get_running_loop().create_task(Store.open(url)))
        time.sleep(0.05)

    await copy(url, target.url, told)
    with pytest.raises(StoreError, match="another process"):
        await starting[0]


@pytest.mark.parametrize(
    ("source", "target", "error", "said"),
    [
        ("postgresql://u:hidden@h/d", "postgresql://u:hidden@h/e", SettingsError, "from SQLite to PostgreSQL only"),
        ("postgresql://u:hidden@h/d", "sqlite:////tmp/none.db", SettingsError, "from SQLite to PostgreSQL only"),
        ("sqlite:////tmp/none.db", "sqlite:////tmp/none2.db", SettingsError, "from SQLite to PostgreSQL only"),
        ("none.db", "postgresql://u:hidden@h/e", SettingsError, "must be like"),
        ("sqlite:////no/such/none.db", "postgresql://u:hidden@h/e", StoreError, "there is no database"),
    ],
)
async def test_what_cannot_be_copied(source: str, target: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said) as caught:
        await copy(source, target, lambda _name, _found: None)
    assert "hidden" not in str(caught.value)


async def test_no_record_of_ours_or_an_older_one(tmp_path: Path, target: Database) -> None:
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("CREATE TABLE event (id INTEGER)")
    with pytest.raises(StoreError, match="no database of zhendema"):
        await copy(f"sqlite:///{path}", target.url, lambda _name, _found: None)
    url = await filled(tmp_path / "z.db", 1)
    with closing(sqlite3.connect(tmp_path / "z.db")) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '0003'")
    with pytest.raises(StoreError, match=r"schema 0003.*start this version on it once"):
        await copy(url, target.url, lambda _name, _found: None)
