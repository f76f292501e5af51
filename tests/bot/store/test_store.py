from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import SecretError, SettingsError, StoreError
from bot.store import migrate
from bot.store.dialect import insert_once, take_turn
from bot.store.engine import Store
from bot.store.meta import bind_secret
from bot.store.schema import meta, metadata

if TYPE_CHECKING:
    from databases import Database, Fresh

ROOT = Path(__file__).resolve().parents[3]
_NOTE = sa.select(meta.c.value).where(meta.c.key == "note")


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


async def _note(store: Store, value: str) -> None:
    async with store.write() as connection:
        await insert_once(connection, meta, {"key": "note", "value": value})


async def _read_note(store: Store) -> str | None:
    async with store.read() as connection:
        found: str | None = await connection.scalar(_NOTE)
        return found


# ── opening and migrating ──


async def test_from_nothing_to_the_newest_schema_and_again(fresh: Fresh) -> None:
    unmade = await fresh()
    for _ in range(3):
        store = await Store.open(unmade.url)
        await _note(store, "kept")
        assert await _read_note(store) == "kept"
        await store.close()
    if unmade.path:
        assert stat.S_IMODE(unmade.path.stat().st_mode) == 0o600


async def test_the_migrations_make_exactly_the_schema(fresh: Fresh) -> None:
    unmade = await fresh()
    store = await Store.open(unmade.url)
    async with store.read() as connection:
        difference = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"compare_type": True}),
                metadata,
            ),
        )
    await store.close()
    assert difference == []


async def test_durable_settings_are_in_force(tmp_path: Path) -> None:
    store = await Store.open(_url(tmp_path / "z.db"))
    async with store.write() as writer, store.read() as reader:
        for connection in (writer, reader):
            for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
                assert await connection.scalar(sa.text(f"PRAGMA {pragma}")) == value
    await store.close()


@pytest.mark.parametrize("name", ["100%.db", "with space.db", "a'b.db", "数据.db"])
async def test_odd_paths(tmp_path: Path, name: str) -> None:
    path = tmp_path / name.removesuffix(".db") / name
    store = await Store.open(_url(path))
    await store.close()
    assert path.exists()


async def test_a_failed_migration_leaves_nothing_behind(fresh: Fresh, monkeypatch: pytest.MonkeyPatch) -> None:
    unmade = await fresh()
    upgrade = migrate.upgrade

    def failing(connection: sa.Connection, name: str) -> None:
        upgrade(connection, name)
        raise RuntimeError

    monkeypatch.setattr(migrate, "upgrade", failing)
    with pytest.raises(RuntimeError):
        await Store.open(unmade.url)
    async with unmade.looked_into() as connection:
        assert await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names()) == []
    monkeypatch.undo()
    await (await Store.open(unmade.url)).close()


async def test_a_database_of_a_newer_version_is_left_alone(fresh: Fresh) -> None:
    unmade = await fresh()
    await (await Store.open(unmade.url)).close()
    async with unmade.looked_into() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match=r"newer zhendema.*backup"):
        await Store.open(unmade.url)
    async with unmade.looked_into() as connection:
        assert await connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == "9999"


def test_there_is_one_line_of_migrations() -> None:
    assert len(ScriptDirectory.from_config(migrate.config()).get_heads()) == 1


async def test_stores_opening_at_the_same_time(fresh: Fresh) -> None:
    unmade = await fresh()
    stores = await asyncio.gather(*(Store.open(unmade.url) for _ in range(8)))
    await asyncio.gather(*(_note(store, "one") for store in stores))
    assert {await _read_note(store) for store in stores} == {"one"}
    for store in stores:
        await store.close()


_START = """
import asyncio, sys
from bot.store.engine import Store
from bot.store.meta import bind_secret
async def main():
    store = await Store.open(sys.argv[1])
    await bind_secret(store, "key")
    await store.close()
asyncio.run(main())
"""


def test_processes_starting_at_the_same_time(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", _START, _url(tmp_path / "z.db")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, cwd=tmp_path) for _ in range(4)]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()


def test_the_migrations_work_from_a_package_that_lies_elsewhere(tmp_path: Path) -> None:
    archive = tmp_path / "bot.zip"
    with zipfile.ZipFile(archive, "w") as wheel:
        for file in (ROOT / "bot").rglob("*.py"):
            wheel.write(file, file.relative_to(ROOT))
    zipfile.ZipFile(archive).extractall(tmp_path / "site 100%")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site 100%")}
    subprocess.run(
        [sys.executable, "-W", "error", "-c", _START, _url(tmp_path / "z.db")],
        env=environment,
        check=True,
        cwd=tmp_path,
        timeout=60,
    )


# ── what can be wrong ──


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "mysql://u:secret@h/d", "sqlite+aiosqlite://", "sqlite:///:memory:", "://", "postgresql:/x"],
)
async def test_an_url_that_names_no_database(url: str) -> None:
    with pytest.raises((SettingsError, StoreError)) as caught:
        await Store.open(url)
    assert "secret" not in str(caught.value)


async def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    with pytest.raises(SettingsError, match="pip install asyncpg"):
        await Store.open("postgresql://user:secret@127.0.0.1:1/zhendema")


async def test_a_path_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder"):
        await Store.open(_url(tmp_path / "file" / "z.db"))
    with pytest.raises(StoreError, match="folder"):
        await Store.open(_url(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
async def test_a_folder_without_the_right_to_write(tmp_path: Path) -> None:
    os.chmod(tmp_path, 0o500)  # noqa: PTH101
    with pytest.raises(StoreError, match="writable"):
        await Store.open(_url(tmp_path / "z.db"))


@pytest.mark.parametrize("content", [b"this is no database at all" * 100, b"SQLite format 3\0" + b"\xff" * 4096])
async def test_a_damaged_file_is_named_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "z.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"z\.db.*backup"):
        await Store.open(_url(path))
    assert path.read_bytes() == content


async def test_damage_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "z.db"
    store = await Store.open(_url(path))
    for number in range(50):
        async with store.write() as connection:
            await insert_once(connection, meta, {"key": f"k{number}", "value": "v" * 3000})
    await store.close()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"z\.db"):
        await _open_and_read(path)


async def _open_and_read(path: Path) -> None:
    store = await Store.open(_url(path))
    try:
        await _read_note(store)
    finally:
        await store.close()


async def test_a_full_disk_and_after_it(tmp_path: Path) -> None:
    store = await Store.open(_url(tmp_path / "z.db"))
    async with store.write() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreError, match="disk is full") as caught:
        await _note(store, "tell-tale" * 10000)
    assert "tell-tale" not in f"{caught.value!r} {caught.value.__cause__!r}"
    async with store.write() as connection:
        await connection.exec_driver_sql("PRAGMA max_page_count = 100000")
    await _note(store, "space again")
    assert await _read_note(store) == "space again"
    await store.close()


async def test_a_reader_cannot_write(database: Database) -> None:
    store = await Store.open(database.url)
    with pytest.raises(StoreError, match="read-only"):
        async with store.read() as connection:
            await insert_once(connection, meta, {"key": "note", "value": "x"})
    assert await _read_note(store) is None
    await store.close()


async def test_another_secret_fails_with_the_mend(database: Database) -> None:
    store = await Store.open(database.url)
    await bind_secret(store, "first")
    await bind_secret(store, "first")
    with pytest.raises(SecretError, match=r"another secret.*ZHENDEMA_SECRET"):
        await bind_secret(store, "second")
    await bind_secret(store, "first")
    await store.close()


# ── transactions ──


async def _write_and_fail(store: Store) -> None:
    async with store.write() as connection:
        await insert_once(connection, meta, {"key": "note", "value": "x"})
        raise ZeroDivisionError


async def test_an_error_undoes_the_whole_transaction(database: Database) -> None:
    store = await Store.open(database.url)
    with pytest.raises(ZeroDivisionError):
        await _write_and_fail(store)
    assert await _read_note(store) is None
    await _note(store, "y")
    assert await _read_note(store) == "y"
    await store.close()


async def test_writers_take_turns_and_see_each_other(database: Database) -> None:
    store = await Store.open(database.url)
    await _note(store, "0")

    async def add_one() -> None:
        async with store.write() as connection:
            await take_turn(connection, "note")
            value = int(await connection.scalar(_NOTE) or 0)
            await asyncio.sleep(0)
            await connection.execute(sa.update(meta).where(meta.c.key == "note").values(value=str(value + 1)))

    await asyncio.gather(*(add_one() for _ in range(50)))
    assert await _read_note(store) == "50"
    await store.close()


async def test_two_stores_on_one_database_take_turns_too(database: Database) -> None:
    stores = [await Store.open(database.url) for _ in range(2)]
    await _note(stores[0], "0")

    async def add_one(store: Store) -> None:
        async with store.write() as connection:
            await take_turn(connection, "note")
            value = int(await connection.scalar(_NOTE) or 0)
            await connection.execute(sa.update(meta).where(meta.c.key == "note").values(value=str(value + 1)))

    await asyncio.gather(*(add_one(stores[i % 2]) for i in range(30)))
    assert await _read_note(stores[0]) == "30"
    for store in stores:
        await store.close()


async def test_a_reader_sees_one_moment(database: Database) -> None:
    store = await Store.open(database.url)
    await _note(store, "before")
    async with store.read() as connection:
        assert await connection.scalar(_NOTE) == "before"
        async with store.write() as writing:
            await writing.execute(sa.update(meta).values(value="after"))
        assert await connection.scalar(_NOTE) == "before"
    assert await _read_note(store) == "after"
    await store.close()


async def test_readers_do_not_wait_for_a_writer(database: Database) -> None:
    store = await Store.open(database.url)
    await _note(store, "before")
    async with store.write() as connection:
        await connection.execute(sa.update(meta).values(value="after"))
        assert await asyncio.wait_for(_read_note(store), 2) == "before"
    assert await _read_note(store) == "after"
    await store.close()


@pytest.mark.parametrize("steps", range(12))
async def test_a_cancelled_write_leaves_the_store_usable(database: Database, steps: int) -> None:
    store = await Store.open(database.url)
    task = asyncio.create_task(_note(store, "cancelled"))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with store.write() as connection:
        await connection.execute(sa.delete(meta))
    await asyncio.wait_for(_note(store, "later"), 5)
    assert await _read_note(store) == "later"
    await store.close()
