"""The ticker: what becomes of a job, and that nothing that a handler does stops the rest."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from jobs_world import CHAT, SECRET_PAYLOAD, Hand, Stuck, add, rows
from service_world import START, Clock

from bot.service.jobs import ATTEMPTS, BATCH, Fate, Ticker, wait_after
from bot.store.engine import Store
from bot.store.jobs import Job, NewJob, cancel, schedule
from bot.store.schema import job as table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await Store.open(database.url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.mark.parametrize("fate", [Fate.DONE, Fate.DROP])
async def test_what_is_done_or_dropped_is_gone(store: Store, clock: Clock, fate: Fate) -> None:
    await add(store, "k")
    hand = Hand(fate)
    ticker = Ticker(store, clock, {"push": hand})
    assert await ticker.tick() == 1
    assert await ticker.tick() == 0
    [job] = hand.jobs
    assert (job.chat_id, job.payload, job.attempts) == (CHAT, SECRET_PAYLOAD, 1)
    assert await rows(store) == {}


async def test_a_job_waits_for_its_time_and_may_be_late(store: Store, clock: Clock) -> None:
    await add(store, "soon", START + timedelta(seconds=1))
    await add(store, "day", START + timedelta(hours=20))
    hand = Hand(Fate.DONE)
    ticker = Ticker(store, clock, {"push": hand})
    assert await ticker.tick() == 0
    clock.ahead(seconds=1)
    assert await ticker.tick() == 1
    clock.ahead(days=2)
    assert await ticker.tick() == 1
    assert [job.due_at - START for job in hand.jobs] == [timedelta(seconds=1), timedelta(hours=20)]


@pytest.mark.parametrize("answer", [Fate.LATER, RuntimeError("tell-tale"), asyncio.CancelledError(), TimeoutError()])
async def test_a_failing_job_rests_longer_each_time_and_is_dropped_in_the_end(
    store: Store, clock: Clock, answer: Fate | BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await add(store, "k")
    await add(store, "good", START + timedelta(days=1))
    hand = Hand(answer)
    ticker = Ticker(store, clock, {"push": hand})
    for attempt in range(1, ATTEMPTS):
        assert await ticker.tick() == 0
        assert len(hand.jobs) == attempt
        assert (await rows(store))["k"] == (clock.now + wait_after(attempt), attempt, None)
        clock.now += wait_after(attempt) - timedelta(microseconds=1)
        assert await ticker.tick() == 0
        assert len(hand.jobs) == attempt
        clock.now += timedelta(microseconds=1)
    assert not [record for record in caplog.records if record.name == "bot.service.jobs"]
    assert await ticker.tick() == 1
    assert [job.attempts for job in hand.jobs] == list(range(1, ATTEMPTS + 1))
    assert list(await rows(store)) == ["good"]
    [record] = [record for record in caplog.records if record.name == "bot.service.jobs"]
    reason = answer if isinstance(answer, str) else type(answer).__name__
    assert record.getMessage() == f"a job was dropped after {ATTEMPTS} attempts: push ({reason})"
    assert record.exc_info is None
    for trace in ("tell-tale", "payload", "6222020012345678901", str(CHAT)):
        assert trace not in caplog.text


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 30), (2, 60), (7, 1920), (8, 3600), (4000, 3600)])
def test_how_long_a_job_rests(attempts: int, seconds: int) -> None:
    assert wait_after(attempts) == timedelta(seconds=seconds)


async def test_a_job_that_comes_again_does_so_for_ever(store: Store, clock: Clock) -> None:
    await add(store, "sweep")
    hand = Hand(Fate.DONE)
    ticker = Ticker(store, clock, {"push": hand})
    for turn in range(3 * ATTEMPTS):
        hand.answers = [clock.now + timedelta(minutes=10)]
        assert await ticker.tick() == 0
        assert await ticker.tick() == 0
        assert len(hand.jobs) == turn + 1
        clock.ahead(minutes=10)
    assert {job.attempts for job in hand.jobs} == {1}
    hand.answers = [Fate.LATER]
    await ticker.tick()
    assert list(await rows(store)) == ["sweep"]


async def test_a_job_that_asks_for_the_past_comes_once_a_tick(store: Store, clock: Clock) -> None:
    for at in range(BATCH):  # a full batch, after which there is another look
        await add(store, f"k{at}")
    hand = Hand(START - timedelta(days=1))
    ticker = Ticker(store, clock, {"push": hand})
    assert await asyncio.wait_for(ticker.tick(), 5) == 0
    assert max(Counter(hand.keys).values()) == 1
    clock.ahead(seconds=1)
    await ticker.tick()
    assert set(Counter(hand.keys).values()) == {2}


async def test_a_moment_without_a_time_zone_is_the_handlers_mistake(store: Store, clock: Clock) -> None:
    await add(store, "k")
    assert await Ticker(store, clock, {"push": Hand(datetime(2026, 11, 3))}).tick() == 0  # noqa: DTZ001
    assert (await rows(store))["k"] == (START + wait_after(1), 1, None)


async def test_a_kind_without_a_handler_stays_untouched(store: Store, clock: Clock) -> None:
    await add(store, "k", kind="other")
    await add(store, "mine")
    assert await Ticker(store, clock, {}).tick() == 0
    assert await Ticker(store, clock, {"push": Hand(Fate.DONE)}).tick() == 1
    assert await rows(store) == {"k": (START, 0, None)}


async def test_a_slow_handler_has_failed_and_holds_up_nobody(store: Store, clock: Clock) -> None:
    await add(store, "slow", kind="slow")
    await add(store, "quick")
    stuck = Stuck()
    ticker = Ticker(store, clock, {"slow": stuck, "push": Hand(Fate.DONE)}, timeout=0.02)
    assert await asyncio.wait_for(ticker.tick(), 5) == 1
    assert stuck.cut_off == 1
    assert await rows(store) == {"slow": (START + wait_after(1), 1, None)}


@pytest.mark.parametrize("seconds", [0.0, 120.0, 121.0])
async def test_a_time_out_is_shorter_than_the_lease(store: Store, clock: Clock, seconds: float) -> None:
    with pytest.raises(ValueError, match="time-out"):
        Ticker(store, clock, {}, timeout=seconds, lease_seconds=120.0)
    Ticker(store, clock, {}, timeout=119.0, lease_seconds=120.0)


async def test_a_job_that_the_process_dies_of_is_dropped_untried(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await add(store, "k")
    async with store.write() as connection:
        await connection.execute(sa.update(table).values(attempts=ATTEMPTS, lease="dead", leased_until=START))
    hand = Hand(Fate.DONE)
    assert await Ticker(store, clock, {"push": hand}).tick() == 1
    assert hand.jobs == []
    assert await rows(store) == {}
    assert "push (never ended)" in caplog.text


async def test_a_job_cancelled_while_it_is_done_is_not_brought_back(store: Store, clock: Clock) -> None:
    await add(store, "k")

    async def cancelling(job: Job) -> Fate:
        async with store.write() as connection:  # a handler may write: the ticker holds no transaction
            assert await cancel(connection, job.kind, job.key)
        return Fate.LATER

    assert await asyncio.wait_for(Ticker(store, clock, {"push": cancelling}).tick(), 5) == 0
    assert await rows(store) == {}


async def test_what_a_tick_takes_up_in_batches(store: Store, clock: Clock) -> None:
    async with store.write() as connection:
        for at in range(2 * BATCH + 1):
            await schedule(connection, NewJob("push", f"k{at:02}", START - timedelta(seconds=at)))
    at_once, most = 0, 0

    async def counting(job: Job) -> Fate:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0)
        at_once -= 1
        return Fate.DONE

    assert await Ticker(store, clock, {"push": counting}).tick() == 2 * BATCH + 1
    assert most <= BATCH
