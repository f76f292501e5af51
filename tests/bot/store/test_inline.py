"""Brief transactions: in the event loop's thread, never in its way, and whole however they are cut off."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import threading
import time
from contextlib import asynccontextmanager, closing
from typing import TYPE_CHECKING, Any

import aiosqlite
import pytest
import sqlalchemy as sa

from bot.errors import StoreError
from bot.store import inline
from bot.store.dialect import insert_once
from bot.store.engine import Store
from bot.store.schema import meta

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

WHERE = sa.text("SELECT thread()")
COUNT = "(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {}) SELECT x FROM n)"
KEYS = sa.select(meta.c.key).where(meta.c.key != "alembic")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'z.db'}")
    yield opened
    await opened.close()


@asynccontextmanager
async def at_work(store: Store, *, writes: bool, brief: bool) -> AsyncIterator[AsyncConnection]:
    """A transaction in which SQL can tell the thread that it runs in."""
    async with (store.write if writes else store.read)(brief=brief) as connection:
        raw = inline.of(connection)
        raw._conn.create_function("thread", 0, threading.get_ident)
        yield connection


async def note(store: Store, key: str, *, brief: bool = True) -> None:
    async with store.write(brief=brief) as connection:
        await insert_once(connection, meta, {"key": key, "value": "x"})


async def keys(store: Store) -> set[str]:
    async with store.read() as connection:
        return set(await connection.scalars(KEYS))


@asynccontextmanager
async def watched(most: float) -> AsyncIterator[None]:
    """Within it the event loop never hangs for longer than ``most`` seconds."""
    gaps, last = [0.0], time.monotonic()

    async def look() -> None:
        nonlocal last
        while True:
            await asyncio.sleep(0.001)
            now = time.monotonic()
            gaps.append(now - last)
            last = now

    looking = asyncio.create_task(look())
    await asyncio.sleep(0.01)
    gaps.clear()
    try:
        yield
    finally:
        looking.cancel()
    assert max(gaps, default=0.0) < most


# ── where statements run ────────────────────────────────────────────────────────────────────────────────


def test_all_of_aiosqlite_goes_through_the_one_seam() -> None:
    """If this fails, aiosqlite has changed: what :class:`inline.Connection` overrides must be found anew."""
    assert inline.Connection._execute is not aiosqlite.Connection._execute
    for method in (aiosqlite.Connection.commit, aiosqlite.Connection.rollback, aiosqlite.Connection.close):
        assert "_execute" in method.__code__.co_names
    for name in ("execute", "executemany", "fetchone", "fetchmany", "fetchall", "close"):
        assert "_execute" in getattr(aiosqlite.Cursor, name).__code__.co_names


@pytest.mark.parametrize("writes", [False, True])
@pytest.mark.parametrize("brief", [False, True])
async def test_a_brief_one_runs_in_the_loops_thread_and_no_other(store: Store, *, writes: bool, brief: bool) -> None:
    async with at_work(store, writes=writes, brief=brief) as connection:
        assert (await connection.scalar(WHERE) == threading.get_ident()) is brief


async def test_each_transaction_is_as_its_own_caller_says(store: Store) -> None:
    for brief in (True, False, True, False):
        async with at_work(store, writes=True, brief=brief) as connection:
            assert (await connection.scalar(WHERE) == threading.get_ident()) is brief


async def test_a_brief_read_never_leaves_the_loop(store: Store) -> None:
    async def read() -> set[str]:
        async with store.read(brief=True) as connection:
            found = set(await connection.scalars(KEYS))
            return found | set(await connection.scalars(KEYS))

    await note(store, "kept")
    expected = await read()  # the connection is open now
    running = read()
    with pytest.raises(StopIteration) as ended:
        running.send(None)
    assert ended.value.value == expected == {"kept"}


# ── what could hold the loop up ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("writes", [False, True])
async def test_a_long_select_goes_on_in_the_thread(store: Store, *, writes: bool) -> None:
    async with watched(0.15), at_work(store, writes=writes, brief=True) as connection:
        if writes:
            await insert_once(connection, meta, {"key": "before", "value": "x"})
        long = sa.text(f"SELECT max(x), thread() FROM {COUNT.format(2_000_000)}")
        most, thread = (await connection.execute(long)).one()
        assert most == 2_000_000
        assert thread != threading.get_ident()
        assert await connection.scalar(WHERE) == threading.get_ident()
    assert await keys(store) == ({"before"} if writes else set())


async def test_a_select_whose_rows_take_long_gives_all_of_them(store: Store) -> None:
    async with at_work(store, writes=False, brief=True) as connection:
        rows = await connection.scalars(sa.text(f"SELECT x FROM {COUNT.format(100_000)}"))
        assert rows.all() == list(range(1, 100_001))


async def test_a_statement_that_writes_is_never_broken_off(store: Store) -> None:
    many = f"SELECT 'k' || x, 'v' FROM {COUNT.format(20_000)}"
    async with store.write(brief=True) as connection:
        await connection.scalars(KEYS)
        began = time.monotonic()
        await connection.execute(sa.text(f"INSERT INTO meta (key, value) {many}"))
        assert time.monotonic() - began > inline.LONGEST
    assert len(await keys(store)) == 20_000


async def test_a_statement_used_often_is_not_taken_for_a_long_one(store: Store) -> None:
    """SQLite counts a prepared statement's steps over all its runs."""
    async with at_work(store, writes=False, brief=True) as connection:
        threads = {
            (await connection.execute(sa.text(f"SELECT max(x), thread() FROM {COUNT.format(300)}"))).one()[1]
            for _ in range(300)
        }
    assert threading.get_ident() in threads
    assert len(threads) <= 2  # another job on this core may make one of them seem long


async def test_a_lock_of_another_process_is_waited_for_beside_the_loop(store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "z.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        async with watched(0.15):
            writing = asyncio.create_task(note(store, "later"))
            await asyncio.sleep(0.3)
            assert not writing.done()
            assert await keys(store) == set()
            other.execute("COMMIT")
            await asyncio.wait_for(writing, 5)
    assert await keys(store) == {"later"}


@pytest.mark.parametrize("brief", [False, True])
async def test_a_lock_that_stays_is_told(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, brief: bool
) -> None:
    monkeypatch.setattr(inline, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(tmp_path / "z.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            await note(store, "never", brief=brief)
        other.execute("ROLLBACK")
    await note(store, "then", brief=brief)
    assert await keys(store) == {"then"}


# ── cut off ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("brief", [False, True])
async def test_hundreds_of_cancelled_writes_leave_nothing_open(store: Store, tmp_path: Path, *, brief: bool) -> None:
    chance, returned = random.Random(7), set()
    with closing(sqlite3.connect(tmp_path / "z.db", isolation_level=None, timeout=0)) as other:
        for number in range(300):
            task = asyncio.create_task(note(store, f"k{number}", brief=brief))
            for _ in range(chance.randrange(14)):
                await asyncio.sleep(0 if chance.random() < 0.7 else 0.0005)
            for _ in range(chance.choice((1, 1, 2, 3))):
                task.cancel()
                await asyncio.sleep(0)
            [outcome] = await asyncio.gather(task, return_exceptions=True)
            assert outcome is None or isinstance(outcome, asyncio.CancelledError)
            if outcome is None:
                returned.add(f"k{number}")
            # No lock is left: somebody else may write at this very moment.
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")
    await asyncio.wait_for(note(store, "last", brief=brief), 1)
    assert returned | {"last"} <= await keys(store)


async def test_cancelled_in_the_middle_nothing_is_written(store: Store) -> None:
    inside = asyncio.Event()

    async def half() -> None:
        async with store.write(brief=True) as connection:
            await insert_once(connection, meta, {"key": "half", "value": "x"})
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(half())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await asyncio.wait_for(note(store, "whole"), 1)
    assert await keys(store) == {"whole"}


async def test_many_writers_some_of_them_cancelled(store: Store) -> None:
    chance = random.Random(3)
    tasks: list[asyncio.Task[Any]] = []
    for number in range(200):
        tasks.append(asyncio.create_task(note(store, f"k{number}", brief=chance.random() < 0.5)))
        if chance.random() < 0.4:
            await asyncio.sleep(0.001)
            chance.choice(tasks).cancel()
    outcomes = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 30)
    written = {f"k{number}" for number, outcome in enumerate(outcomes) if outcome is None}
    assert written <= await keys(store)
    assert all(outcome is None or isinstance(outcome, asyncio.CancelledError) for outcome in outcomes)
