"""The ticker with clocks that leap, databases that fail, other processes, and when it is stopped."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from jobs_world import Broken, Hand, Stuck, add, rows, running, until
from service_world import START, Clock

from bot.errors import StoreError
from bot.service.jobs import BATCH, Fate, Ticker, wait_after
from bot.store.engine import Store
from bot.store.jobs import Job, NewJob, schedule

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.jobs import Handler


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await Store.open(database.url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


# ── the clock, the database, other processes ──


async def test_an_idle_ticker_writes_nothing(store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    await add(store, "future", START + timedelta(seconds=1))
    await add(store, "other", kind="other")
    hand = Hand(Fate.DONE)
    ticker = Ticker(store, clock, {"push": hand})
    write, written = store.write, []

    @asynccontextmanager
    async def counted(**how: bool) -> AsyncIterator[AsyncConnection]:
        written.append(1)
        async with write(**how) as connection:
            yield connection

    monkeypatch.setattr(store, "write", counted)
    for _ in range(3):
        assert await ticker.tick() == 0
    assert written == []
    clock.ahead(seconds=1)
    assert await ticker.tick() == 1
    assert written == [1, 1]


@pytest.mark.parametrize(("hours", "at_job"), [(-2, 0), (9000, 0), (9000, BATCH - 1)])
async def test_a_clock_that_leaps_in_a_tick_makes_no_job_come_twice_in_it(
    store: Store, clock: Clock, hours: int, at_job: int
) -> None:
    for at in range(BATCH):  # a full batch, after which there is another look
        await add(store, f"k{at}", START - timedelta(days=9))
    seen: Counter[str] = Counter()
    leapt = asyncio.Event()

    async def leaping(job: Job) -> Fate:
        if len(seen) == at_job and not leapt.is_set():
            leapt.set()
            clock.ahead(hours=hours)
        seen[job.key] += 1
        return Fate.LATER

    ticker = Ticker(store, clock, {"push": leaping})
    await ticker.tick()
    assert set(seen.values()) == {1}
    clock.now += wait_after(1)  # and they wait by the new clock
    await ticker.tick()
    assert set(seen.values()) == {2}


async def test_a_clock_that_is_wrong_by_years(store: Store, clock: Clock) -> None:
    await add(store, "k")
    hand = Hand(Fate.LATER)
    ticker = Ticker(store, clock, {"push": hand})
    clock.now = datetime(1970, 1, 1, tzinfo=UTC)
    assert await ticker.tick() == 0
    assert hand.jobs == []
    clock.now = datetime(2199, 1, 1, tzinfo=UTC)
    assert await ticker.tick() == 0
    assert hand.keys == ["k"]
    assert (await rows(store))["k"] == (clock.now + wait_after(1), 1, None)


async def test_two_tickers_on_one_database_do_each_job_once(database: Database, clock: Clock) -> None:
    stores = [await Store.open(database.url) for _ in range(2)]
    names = [f"k{at:02}" for at in range(5 * BATCH)]
    async with stores[0].write() as connection:
        for name in names:
            await schedule(connection, NewJob("push", name, START))
    done: list[tuple[int, str]] = []
    both = asyncio.Event()

    def hand(number: int) -> Handler:
        async def note(job: Job) -> Fate:
            done.append((number, job.key))
            if len({number for number, _ in done}) == len(stores):
                both.set()
            await both.wait()  # neither ends before the other has begun
            return Fate.DONE

        return note

    tickers = [Ticker(store, clock, {"push": hand(number)}) for number, store in enumerate(stores)]
    ended = await asyncio.wait_for(asyncio.gather(*(ticker.tick() for ticker in tickers)), 20)
    assert sorted(key for _, key in done) == names
    assert sum(ended) == len(names)
    assert await rows(stores[0]) == {}
    for store in stores:
        await store.close()


async def test_what_a_dead_process_held_is_done_after_its_lease(store: Store, clock: Clock) -> None:
    await add(store, "k")
    stuck, hand = Stuck(), Hand(Fate.DONE)
    first = Ticker(store, clock, {"push": stuck}, lease_seconds=100)
    task = asyncio.create_task(first.tick())
    await stuck.begun.wait()
    other = Ticker(store, clock, {"push": hand})
    clock.ahead(seconds=99)
    assert await other.tick() == 0
    clock.ahead(seconds=1)
    assert await other.tick() == 1
    stuck.free.set()  # not dead after all, but too late: it ends nothing
    assert await asyncio.wait_for(task, 5) == 0
    assert hand.keys == ["k"]


async def test_an_outage_is_logged_once_and_survived(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.service.jobs")
    await add(store, "k")
    hand, read, failed = Hand(Fate.DONE), store.read, asyncio.Semaphore(0)

    def broken(**_how: bool) -> Broken:
        failed.release()
        return Broken()

    for outage in (1, 2):
        monkeypatch.setattr(store, "read", broken)
        async with running(Ticker(store, clock, {"push": hand}, interval=0.001)):
            for _ in range(5):
                await asyncio.wait_for(failed.acquire(), 5)
            assert caplog.messages.count("jobs have to wait: the database z is locked") == outage
            monkeypatch.setattr(store, "read", read)
            await until(hand.jobs, outage)
            await add(store, f"after-{outage}")
    assert caplog.messages.count("jobs are done again") == 2


async def test_a_job_that_cannot_be_written_off_is_the_error_of_the_tick(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(store, "bad")
    await add(store, "good")
    write = store.write

    def broken(**_how: bool) -> Broken:
        monkeypatch.setattr(store, "write", write)
        return Broken()

    async def breaking(job: Job) -> Fate:
        if job.key == "bad":
            monkeypatch.setattr(store, "write", broken)
        else:
            await asyncio.sleep(0.05)
        return Fate.DONE

    ticker = Ticker(store, clock, {"push": breaking})
    with pytest.raises(StoreError, match="locked"):
        await ticker.tick()
    [(due, attempts, lease)] = (await rows(store)).values()  # the other one was ended all the same
    assert (due, attempts) == (START, 1)
    assert lease is not None


# ── running and stopping ──


async def test_running_looks_again_and_again(store: Store, clock: Clock) -> None:
    hand = Hand(Fate.DONE)
    async with running(Ticker(store, clock, {"push": hand}, interval=0.001)):
        for count in range(1, 4):
            await add(store, f"k{count}")
            await until(hand.jobs, count)


async def test_stopping_does_not_wait_for_the_next_look(store: Store, clock: Clock) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(Ticker(store, clock, {}, interval=3600, grace=3600).run(stop))
    await asyncio.sleep(0.02)
    assert not task.done()
    stop.set()
    await asyncio.wait_for(task, 5)


async def test_on_stopping_what_is_under_way_may_end_and_no_more_is_taken_up(store: Store, clock: Clock) -> None:
    async with store.write() as connection:
        for at in range(BATCH + 1):
            await schedule(connection, NewJob("push", f"k{at:02}", START + timedelta(seconds=at)))
    clock.ahead(hours=1)
    stuck = Stuck()
    async with running(Ticker(store, clock, {"push": stuck})) as stop:
        await stuck.begun.wait()
        stop.set()
        await asyncio.sleep(0.01)
        stuck.free.set()
    assert stuck.cut_off == 0
    assert await rows(store) == {f"k{BATCH:02}": (START + timedelta(seconds=BATCH), 0, None)}


async def test_what_does_not_end_in_time_is_given_back_at_once(store: Store, clock: Clock) -> None:
    await add(store, "a")
    await add(store, "b", START - timedelta(hours=1))
    stuck, hand = Stuck(), Hand(Fate.DONE)
    async with running(Ticker(store, clock, {"push": stuck}, grace=0.01)) as stop:
        await stuck.begun.wait()
        stop.set()
    assert stuck.cut_off == 2
    assert await rows(store) == {"a": (START, 0, None), "b": (START - timedelta(hours=1), 0, None)}
    assert await Ticker(store, clock, {"push": hand}).tick() == 2
    assert {job.attempts for job in hand.jobs} == {1}


@pytest.mark.parametrize("how", ["tick", "run"])
async def test_a_cancellation_passes_through_and_gives_back(store: Store, clock: Clock, how: str) -> None:
    await add(store, "k")
    stuck = Stuck()
    ticker = Ticker(store, clock, {"push": stuck})
    task = asyncio.create_task(ticker.tick() if how == "tick" else ticker.run(asyncio.Event()))
    await stuck.begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    assert stuck.cut_off == 1
    assert await rows(store) == {"k": (START, 0, None)}


@pytest.mark.parametrize("steps", range(0, 60, 3))
async def test_a_cancellation_at_any_point_loses_no_job(store: Store, clock: Clock, steps: int) -> None:
    await add(store, "k")
    hand = Hand(Fate.DONE)
    task = asyncio.create_task(Ticker(store, clock, {"push": hand}, lease_seconds=100).tick())
    for _ in range(steps):
        await asyncio.sleep(0.0002)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await asyncio.wait_for(task, 5)
    if hand.jobs:
        assert await rows(store) == {}  # what was done is written down, cancelled or not
    clock.ahead(seconds=100)
    await Ticker(store, clock, {"push": hand}).tick()
    assert hand.keys == ["k"]
    assert await rows(store) == {}
