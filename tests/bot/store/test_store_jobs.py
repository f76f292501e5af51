"""The table of jobs: asking once, taking up under a lease, ending, giving back."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from bot.store.engine import Store
from bot.store.jobs import (
    Job,
    NewJob,
    cancel,
    cancel_person,
    claim,
    finish,
    next_due,
    postpone,
    schedule,
)
from bot.store.schema import job as table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database
    from sqlalchemy.ext.asyncio import AsyncConnection

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    store = await Store.open(database.url)
    async with store.write() as opened:
        yield opened
    await store.close()


async def add(
    connection: AsyncConnection, key: str, due: float = 0, kind: str = "push", person: str | None = None
) -> None:
    assert await schedule(connection, NewJob(kind, key, NOW + due * MINUTE, person))


async def take(
    connection: AsyncConnection, lease: str = "mine", at: datetime = NOW, kinds: tuple[str, ...] = ("push",)
) -> list[Job]:
    return await claim(connection, kinds, at, lease, at + MINUTE, 10)


async def count(connection: AsyncConnection) -> int | None:
    return await connection.scalar(sa.select(sa.func.count()).select_from(table))


async def test_a_job_comes_back_as_it_was_asked_for(connection: AsyncConnection) -> None:
    new = NewJob("push", "k", NOW, "hash-of-person", -1_001_234_567_890_123, '{"a":1}')
    assert await schedule(connection, new)
    [job] = await take(connection)
    assert (job.kind, job.key, job.due_at, job.person, job.chat_id, job.payload) == (
        *("push", "k", NOW),
        *("hash-of-person", -1_001_234_567_890_123, '{"a":1}'),
    )
    assert (job.attempts, job.lease) == (1, "mine")


async def test_one_job_for_a_kind_and_key(connection: AsyncConnection) -> None:
    await add(connection, "k", 1)
    assert not await schedule(connection, NewJob("push", "k", NOW - MINUTE, payload="[]"))
    await add(connection, "other")
    await add(connection, "k", 1, kind="retry")
    [job] = await take(connection)
    assert job.key == "other"
    assert await finish(connection, job)
    [job] = await take(connection, at=NOW + MINUTE)
    assert (job.key, job.payload) == ("k", "{}")


async def test_only_what_is_due_and_of_these_kinds_oldest_first(connection: AsyncConnection) -> None:
    for key, due in (("late", -1.0), ("future", 0.001), ("latest", -9.0), ("now", 0.0)):
        await add(connection, key, due)
    await add(connection, "elsewhere", -5, kind="retry")
    assert [job.key for job in await take(connection)] == ["latest", "late", "now"]
    assert await take(connection, kinds=()) == []
    assert [job.key for job in await take(connection, kinds=("push", "retry"))] == ["elsewhere"]


async def test_the_limit_leaves_the_younger_ones(connection: AsyncConnection) -> None:
    for at in range(5):
        await add(connection, f"k{at}", -at)
    assert [j.key for j in await claim(connection, ["push"], NOW, "a", NOW + MINUTE, 2)] == ["k4", "k3"]
    assert [j.key for j in await claim(connection, ["push"], NOW, "b", NOW + MINUTE, 2)] == ["k2", "k1"]
    assert [j.key for j in await claim(connection, ["push"], NOW, "c", NOW + MINUTE, 2)] == ["k0"]


async def test_a_lease_keeps_others_off_until_it_has_run_out(connection: AsyncConnection) -> None:
    await add(connection, "k")
    [first] = await take(connection, "first")
    assert await take(connection, "second", NOW + MINUTE - timedelta(microseconds=1)) == []
    [second] = await take(connection, "second", NOW + MINUTE)
    assert (second.attempts, second.lease, second.id) == (2, "second", first.id)
    assert not await finish(connection, first)
    assert not await postpone(connection, first, NOW)
    assert await finish(connection, second)
    assert not await finish(connection, second)
    assert await count(connection) == 0


async def test_giving_back_keeps_the_attempts_unless_told(connection: AsyncConnection) -> None:
    await add(connection, "k")
    [job] = await take(connection)
    assert await postpone(connection, job, NOW + 5 * MINUTE)
    assert not await postpone(connection, job, NOW)  # given back, it is ours no longer
    assert await take(connection, at=NOW + 4 * MINUTE) == []
    [job] = await take(connection, at=NOW + 5 * MINUTE)
    assert (job.attempts, job.due_at) == (2, NOW + 5 * MINUTE)
    assert await postpone(connection, job, NOW, attempts=0)
    [job] = await take(connection)
    assert job.attempts == 1


async def test_cancelling_takes_a_job_that_is_being_done_too(connection: AsyncConnection) -> None:
    await add(connection, "k")
    await add(connection, "k", kind="retry")
    [job] = await take(connection)
    assert await cancel(connection, "push", "k")
    assert not await cancel(connection, "push", "k")
    await add(connection, "k")  # asked for anew: another job, which the old word does not reach
    assert not await finish(connection, job)
    assert [again.id != job.id for again in await take(connection, job.lease)] == [True]
    assert not await finish(connection, job)
    assert await count(connection) == 2


async def test_cancelling_a_persons_jobs_leaves_the_others(connection: AsyncConnection) -> None:
    await add(connection, "a", person="p1")
    await add(connection, "b", 99, kind="retry", person="p1")
    await add(connection, "c", person="p2")
    await add(connection, "d")
    await take(connection)
    assert await cancel_person(connection, "p1") == 2
    assert await cancel_person(connection, "p1") == 0
    assert await count(connection) == 2


async def test_when_something_can_be_taken_up_next(connection: AsyncConnection) -> None:
    kinds = ["push"]
    assert await next_due(connection, kinds) is None
    await add(connection, "elsewhere", -9, kind="retry")
    assert await next_due(connection, kinds) is None
    assert await next_due(connection, []) is None
    await add(connection, "far", 60)
    await add(connection, "due", -1)
    assert await next_due(connection, kinds) == NOW - MINUTE
    [job] = await take(connection)
    assert await next_due(connection, kinds) == NOW + MINUTE
    await finish(connection, job)
    assert await next_due(connection, kinds) == NOW + 60 * MINUTE
    # A lease from before the clock was set back: what counts is still when it can be taken.
    await connection.execute(sa.update(table).where(table.c.key == "far").values(lease="x", leased_until=NOW))
    assert await next_due(connection, kinds) == NOW + 60 * MINUTE
    assert await take(connection, at=NOW + MINUTE) == []


async def test_two_processes_never_take_the_same_job(database: Database) -> None:
    stores = [await Store.open(database.url) for _ in range(2)]
    async with stores[0].write() as connection:
        for at in range(40):
            await add(connection, f"k{at:02}", -1)

    both = asyncio.Barrier(2)

    async def take_all(number: int) -> list[str]:
        keys: list[str] = []
        while True:
            async with stores[number].write() as connection:
                taken = await claim(connection, ["push"], NOW, f"lease-{number}", NOW + MINUTE, 3)
            if not taken:
                return keys
            if not keys:
                await both.wait()
            keys += [job.key for job in taken]

    first, second = await asyncio.gather(take_all(0), take_all(1))
    assert sorted(first + second) == [f"k{at:02}" for at in range(40)]
    for store in stores:
        await store.close()
