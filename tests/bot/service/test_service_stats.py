"""/stats: counts, latencies in a fixed memory, and indexes that keep it fast."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from service_world import OWNER, START, Clock, group, open_world, person, private

from bot.service.latency import Latencies
from bot.store import review, stats
from bot.store.engine import Store
from bot.store.schema import Kind, inbox

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Database


SCAM = "scam from-citic 请登录 evil.top/a"
CLEAR = "周末一起去公园走走吧，中午在老地方吃面"
LATE = datetime(2026, 11, 1, 15, 59, 59, tzinfo=UTC)
"""A second before midnight in Beijing."""


async def test_nothing_yet(database: Database) -> None:
    async with open_world(database) as world:
        found = await world.service.stats()
    assert (found.recent, found.ever) == ((0, 0), (0, 0))
    assert found.days == (0,) * 7
    assert (found.checks, found.levels, found.reports, found.backlog, found.dead, found.waiting) == (0, (), 0, 0, 0, 0)
    assert found.since_start is None
    assert found.last_hour is None


async def test_people_groups_days_levels_and_what_was_said(database: Database) -> None:
    clock = Clock(LATE)
    async with open_world(database, clock) as world:
        await world.check(SCAM, person(1), group(1))
        clock.ahead(seconds=1)
        check_id = await world.check(SCAM, person(2), group(1))
        await world.dispute(SCAM, person(2), group(1), check_id=check_id)
        await world.service.complain(check_id, person(2), group(1), "c")
        clock.ahead(days=6)
        check_id = await world.check(CLEAR, person(3), private(3))
        await world.confirm(CLEAR, person(3), private(3), check_id=check_id)
        found = await world.service.stats()
        assert found.days == (1, 0, 0, 0, 0, 0, 1), "the check a second before midnight is of the day before"
        assert found.since == datetime(2026, 11, 1, 16, tzinfo=UTC)
        assert (found.recent, found.ever) == ((2, 1), (3, 1))
        assert sorted((count.key, count.count) for count in found.levels) == [("clear", 1), ("scam", 1)]
        assert (found.checks, found.reports, found.corrections, found.complaints) == (2, 1, 1, 1)
        assert found.waiting == 3
        await world.service.forget(person(3))
        assert (await world.service.stats()).ever == (2, 1)


async def test_the_inbox(database: Database) -> None:
    async with open_world(database) as world:
        store = await Store.open(database.url)
        row = {"queue": 1, "received_at": START, "starts": 0, "errors": 0}
        states = ["new", "new", "done", "dead", "done"]
        async with store.write() as connection:
            for number, state in enumerate(states):
                await connection.execute(inbox.insert().values(update_id=number, state=state, **row))
        await store.close()
        found = await world.service.stats()
    assert (found.backlog, found.dead) == (2, 1)


async def test_latencies_of_the_last_hour_and_since_the_start(database: Database) -> None:
    clock = Clock()
    async with open_world(database, clock) as world:
        world.service.latencies.record(10.0, clock().timestamp())
        clock.ahead(hours=2)
        world.service.latencies.record(0.1, clock().timestamp())
        found = await world.service.stats()
    assert found.since_start is not None
    assert found.last_hour is not None
    assert (found.since_start.count, found.last_hour.count) == (2, 1)
    assert found.since_start.p99 == pytest.approx(10.0, rel=0.05)
    assert found.last_hour.p99 == pytest.approx(0.1, rel=0.05)


# ── the recorder ──


def test_quantiles_are_at_most_five_percent_too_high() -> None:
    chance, latencies = random.Random(1), Latencies()
    times = sorted(chance.lognormvariate(-1, 1) for _ in range(2000))
    for second in times:
        latencies.record(second, 0.0)
    found = latencies.quantiles(None)
    assert found is not None
    for share, said in ((0.5, found.p50), (0.95, found.p95), (0.99, found.p99)):
        assert 1.0 <= said / times[int(share * 2000) - 1] <= 1.0501


@pytest.mark.parametrize("seconds", [0.0, -1.0, 1e-9, 1e9])
def test_odd_durations_fall_into_the_outermost_buckets(seconds: float) -> None:
    latencies = Latencies()
    latencies.record(seconds, 0.0)
    found = latencies.quantiles(None)
    assert found is not None
    assert found.p50 == pytest.approx(0.001 if seconds < 1 else 0.001 * 1.05**283)


def test_minutes_pass_out_of_the_hour() -> None:
    latencies = Latencies()
    for minute in range(200):
        latencies.record(1.0, minute * 60.0)
    now = 199 * 60.0
    assert [getattr(latencies.quantiles(since), "count", 0) for since in (None, now, now - 3600, now + 60)] == [
        200,
        1,
        61,
        0,
    ]


def test_a_clock_that_was_set_back_does_no_harm() -> None:
    latencies = Latencies()
    latencies.record(1.0, 100 * 60.0)
    latencies.record(1.0, 39 * 60.0)
    found = latencies.quantiles(0.0)
    assert found == latencies.quantiles(39 * 60.0)
    assert found is not None
    assert found.count == 1


# ── the queries ──


async def test_the_queries_use_indexes(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'z.db'}")
    plans: dict[str, list[str]] = {}
    async with store.read() as connection:
        for name, statement, values in (
            ("seen", stats._SEEN, {}),
            ("inbox", stats._INBOX, {"state": "new"}),
            ("queue", review._QUEUE, {"owners": [OWNER.key]}),
            ("alike", review._ALIKE[Kind.REPORT], {"owners": [OWNER.key], "fingerprint": "x"}),
        ):
            raw = statement.params(**values).compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
            plans[name] = [row[-1] for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {raw}")]
        count = f"SELECT count(*) FROM event WHERE at >= {2**50}"
        plans["events"] = [row[-1] for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {count}")]
    await store.close()
    lines = [line for plan in plans.values() for line in plan]
    assert [line for line in lines if line.startswith(("SCAN event", "SCAN inbox"))] == []
    assert sum("ix_event_kind_level_id" in line for line in plans["queue"]) == 8
    assert "ix_event_fingerprint_kind_person" in plans["alike"][0]
    assert "ix_event_at" in plans["events"][0]
