"""PostgreSQL as it is out there: away, restarted, frozen, crowded, or not ours. Every trouble ends, with a mend."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from postgres_server import PostgresServer
from sqlalchemy import make_url

from bot.errors import SettingsError, StoreError
from bot.store import postgres as module
from bot.store.dialect import take_turn, upsert
from bot.store.engine import Store
from bot.store.schema import meta

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from databases import Database, PostgresDatabases

NOTE = sa.select(meta.c.value).where(meta.c.key == "note")


async def note(store: Store, value: str) -> None:
    async with store.write() as connection:
        await upsert(connection, meta, {"key": "note", "value": value})


async def noted(store: Store) -> str | None:
    async with store.read() as connection:
        found: str | None = await connection.scalar(NOTE)
        return found


async def backend(store: Store) -> int:
    async with store.read() as connection:
        return int(await connection.scalar(sa.text("SELECT pg_backend_pid()")) or 0)


@pytest.fixture
async def theirs(postgres: PostgresDatabases) -> Database:
    return await postgres.emptied()


@pytest.fixture
async def store(theirs: Database) -> AsyncIterator[Store]:
    opened = await Store.open(theirs.url)
    yield opened
    await opened.close()


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One of our own, which may be ill-treated."""
    made = PostgresServer()
    made.start()
    yield made
    made.close()


# ── at the start ──


@pytest.mark.parametrize(
    ("address", "mend"),
    [
        ("postgresql://user:pass-word@127.0.0.1:1/zhendema", "start the server"),
        ("postgres://user:pass-word@127.0.0.1:1/zhendema?sslmode=require", "start the server"),
        ("postgresql+asyncpg://user:pass-word@no-such-host.invalid/zhendema", "host and port"),
        ("postgresql+asyncpg://user:pass-word@/zhendema?host=/no/such/folder", "host and port"),
    ],
)
async def test_a_server_that_is_not_there(address: str, mend: str) -> None:
    with pytest.raises(StoreError, match=mend) as caught:
        await Store.open(address)
    said = str(caught.value)
    assert "\n" not in said
    assert "pass-word" not in said


async def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT_SECONDS", 0.2)
    taken: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _reader, writer: taken.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    with pytest.raises(StoreError, match="does not answer in time"):
        await Store.open(f"postgresql://user:secret@127.0.0.1:{port}/zhendema")
    silent.close()
    for writer in taken:
        writer.close()


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("postgresql://user:pass-word@host", "name of a database"),
        ("postgresql://user:pass-word@host/db?pool_size=9", "pool_size"),
        ("postgresql+psycopg2://user:pass-word@host/db?password=other-word", "password"),
    ],
)
async def test_an_address_that_cannot_be_meant(address: str, named: str) -> None:
    with pytest.raises(SettingsError, match=named) as caught:
        await Store.open(address)
    assert "ZHENDEMA_DATABASE_URL" in str(caught.value)
    assert "-word" not in str(caught.value)


def test_the_name_holds_no_password() -> None:
    url = module.tidied(make_url("postgres://zhendema:pass-word@db.example:5433/bot?sslmode=require"))
    assert module.name_of(url) == "postgresql://zhendema@db.example:5433/bot"
    assert (url.drivername, dict(url.query)) == ("postgresql+asyncpg", {"ssl": "require"})


async def test_a_wrong_password_an_unknown_database_and_one_of_somebody_else(
    server: PostgresServer,
) -> None:
    await server.command("CREATE ROLE guarded LOGIN PASSWORD 'right-word'")
    await server.command("CREATE DATABASE not_theirs")
    rules = server.folder / "data" / "pg_hba.conf"
    rules.write_text("local all guarded scram-sha-256\nlocal all all trust\n")
    await server.command("SELECT pg_reload_conf()")
    where = f"host={server.folder}"
    for address, mend in (
        (f"postgresql://guarded:wrong-word@/postgres?{where}", "refuses the user, the password"),
        (f"postgresql://nobody:wrong-word@/postgres?{where}", "refuses the user, the password"),
        (f"postgresql://postgres@/nothing?{where}", "does not exist: make it"),
        (f"postgresql://guarded:right-word@/not_theirs?{where}", "make the user the owner"),
    ):
        with pytest.raises(StoreError, match=mend) as caught:
            await Store.open(address)
        assert "-word" not in f"{caught.value!r} {caught.value.__cause__!r}"


async def test_an_encoding_that_holds_no_chinese(postgres: PostgresDatabases) -> None:
    latin = await postgres.new("ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'")
    with pytest.raises(StoreError, match=r"LATIN1.*ENCODING 'UTF8'"):
        await Store.open(latin.url)


# ── while it runs ──


async def test_cut_off_connections_are_replaced_before_anybody_notices(store: Store, theirs: Database) -> None:
    await note(store, "before")
    async with store.read(), store.read(), store.read():
        pass
    async with theirs.looked_into() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'zhendema'"
        assert (await connection.exec_driver_sql(others)).rowcount >= 2
    await asyncio.sleep(0.05)
    for _ in range(5):
        assert await noted(store) == "before"
        await note(store, "before")


async def test_a_server_that_is_stopped_and_started_again(server: PostgresServer) -> None:
    store = await Store.open(server.url)
    await note(store, "kept")
    async with store.read(), store.read():
        server.stop()
        for attempt in (noted(store), note(store, "lost"), noted(store)):
            with pytest.raises(StoreError, match=r"start the server|tried again"):
                await asyncio.wait_for(attempt, 5)
    server.start()
    assert await noted(store) == "kept"
    await asyncio.gather(*(note(store, "later") for _ in range(20)))
    assert await noted(store) == "later"
    await store.close()


async def half(store: Store, server: PostgresServer) -> None:
    async with store.write() as connection:
        await connection.execute(sa.update(meta).values(value="half"))
        server.stop()
        server.start()
        await connection.execute(sa.update(meta).values(value="half"))


async def test_a_server_that_stops_in_the_middle_of_a_transaction(server: PostgresServer) -> None:
    store = await Store.open(server.url)
    await note(store, "kept")
    with pytest.raises(StoreError, match=r"is stopped|broke the connection off"):
        await half(store, server)
    assert await noted(store) == "kept"
    await store.close()


# The driver leaves the socket of an attempt to connect that is cut off to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_server_that_hangs_keeps_nobody_for_ever(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST", 0.5)
    monkeypatch.setattr(module, "CLOSE_SECONDS", 0.5)
    store = await Store.open(server.url)
    await note(store, "kept")
    frozen = [await backend(store), server.pid]
    for pid in reversed(frozen):
        os.kill(pid, signal.SIGSTOP)
    try:
        for attempt in (noted(store), note(store, "lost")):
            begun = time.monotonic()
            with pytest.raises(StoreError, match="does not answer in time"):
                await attempt
            assert time.monotonic() - begun < 10
    finally:
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    async with asyncio.timeout(10):
        assert await noted(store) == "kept"
    await store.close()
    gc.collect()


async def test_a_connection_that_died_unnoticed_while_it_was_idle(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(module, "ASK_SECONDS", 0.1)
    store = await Store.open(server.url)
    await note(store, "kept")
    lost = await backend(store)
    os.kill(lost, signal.SIGSTOP)
    try:
        assert await asyncio.wait_for(noted(store), 10) == "kept"
        assert await backend(store) != lost
    finally:
        os.kill(lost, signal.SIGCONT)
        await store.close()


async def test_who_waits_for_a_lock_or_works_for_too_long_is_told_so(
    theirs: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_SECONDS", 0.2)
    monkeypatch.setattr(module, "STATEMENT_SECONDS", 0.5)
    one, other = await Store.open(theirs.url), await Store.open(theirs.url)
    async with one.write() as connection:
        await take_turn(connection, "a person")
        with pytest.raises(StoreError, match="kept waiting by another"):
            async with other.write() as late:
                await take_turn(late, "a person")
        async with other.write() as free:
            await take_turn(free, "another person")
    async with other.write() as late:
        await take_turn(late, "a person")
    with pytest.raises(StoreError, match="takes too long"):
        async with other.read() as connection:
            await connection.execute(sa.text("SELECT pg_sleep(9)"))
    await one.close()
    await other.close()


async def test_more_at_a_time_than_there_are_connections(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    await asyncio.gather(*(note(store, str(n)) for n in range(10 * module.CONNECTIONS)))
    monkeypatch.setattr(store._writer.sync_engine.pool, "_timeout", 0.1)
    free = asyncio.Event()

    async def hold() -> None:
        async with store.read():
            await free.wait()

    holding = [asyncio.create_task(hold()) for _ in range(module.CONNECTIONS)]
    await asyncio.sleep(0.3)
    with pytest.raises(StoreError, match="all connections to it are busy"):
        await noted(store)
    free.set()
    await asyncio.gather(*holding)
    assert await noted(store)


async def test_two_that_wait_for_each_other_are_parted(theirs: Database) -> None:
    """A deadlock ends one of the two, which may try again; the other one goes on."""
    store = await Store.open(theirs.url)
    both = asyncio.Barrier(2)

    async def take(first: str, second: str) -> bool:
        try:
            async with store.write() as connection:
                await take_turn(connection, first)
                await both.wait()
                await take_turn(connection, second)
        except StoreError as error:
            assert "tried again" in str(error)  # noqa: PT017
            return False
        return True

    assert sorted(await asyncio.gather(take("a", "b"), take("b", "a"))) == [False, True]
    await store.close()
