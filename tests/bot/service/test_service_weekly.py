"""Which week is due, whether it is late, and what of it was sent: asked of the job and the group's settings alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from service_world import Clock, World, group, open_world

from bot.service.group_types import Presence
from bot.service.groups import WEEKLY, next_push
from bot.service.jobs import Fate
from bot.service.weekly import LATE, Push
from bot.store import jobs
from bot.store.schema import job as table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

    from bot.store.jobs import Job

CHAT = group(1).id
SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)
FIRST = next_push(CHAT, SHANGHAI, TUESDAY)
WEEK = timedelta(days=7)
TICK = timedelta(microseconds=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(TUESDAY)


@pytest.fixture
async def world(database: Database, clock: Clock) -> AsyncIterator[World]:
    async with open_world(database, clock) as made:
        await made.service.groups.change(CHAT, weekly=True)
        yield made


async def taken(world: World) -> Job:
    """The group's job, taken up whatever the time is."""
    async with world.service._context.store.write() as connection:
        far = world.clock.now + 60 * WEEK
        (job,) = await jobs.claim(connection, [WEEKLY], far, "lease", far + WEEK, 5)
    return job


async def payload(world: World) -> str:
    async with world.database.looked_into() as connection:
        return str(await connection.scalar(sa.select(table.c.payload).where(table.c.kind == WEEKLY)))


@pytest.mark.parametrize(
    ("after", "week", "late"),
    [
        (timedelta(0), "2026-W46", False),
        (LATE, "2026-W46", False),
        (LATE + TICK, "2026-W46", True),
        (timedelta(days=6, hours=14), "2026-W46", True),
        (WEEK, "2026-W47", False),
        (3 * WEEK + timedelta(hours=5), "2026-W49", True),
    ],
)
async def test_the_newest_week_and_whether_it_is_late(world: World, after: timedelta, week: str, late: bool) -> None:
    job = await taken(world)
    world.clock.now = FIRST + after
    due = await world.service.weekly.due(job)
    assert isinstance(due, Push)
    assert (due.chat_id, due.period.name, due.late, due.said) == (CHAT, week, late, False)


async def test_how_late_it_is_does_not_depend_on_when_it_was_tried_last(world: World) -> None:
    job = await taken(world)
    world.clock.now = FIRST + timedelta(hours=3)
    due = await world.service.weekly.due(replace(job, due_at=world.clock.now, attempts=5))
    assert isinstance(due, Push)
    assert due.late


async def test_between_midnight_and_its_moment_it_waits_for_that(world: World) -> None:
    job = await taken(world)
    for now in (FIRST - TICK, FIRST + 2 * WEEK - timedelta(hours=9)):
        world.clock.now = now
        assert await world.service.weekly.due(job) == next_push(CHAT, SHANGHAI, now)


async def test_what_was_sent_is_not_sent_again(world: World) -> None:
    job, weekly = await taken(world), world.service.weekly
    world.clock.now = FIRST
    due = await weekly.due(job)
    assert isinstance(due, Push)
    await weekly.note(job, due, whole=False)
    half = await weekly.due(replace(job, payload=await payload(world)))
    assert half == replace(due, said=True)
    await weekly.note(job, due, whole=True)
    done = replace(job, payload=await payload(world))
    assert await weekly.due(done) == FIRST + WEEK
    world.clock.now = FIRST + WEEK
    again = await weekly.due(done)
    assert isinstance(again, Push)
    assert (again.period.name, again.said) == ("2026-W47", False)


async def test_who_lost_the_job_writes_nothing_down(world: World) -> None:
    job, weekly = await taken(world), world.service.weekly
    world.clock.now = FIRST
    due = await weekly.due(job)
    assert isinstance(due, Push)
    before = await payload(world)
    await weekly.note(replace(job, lease="another's"), due, whole=True)
    assert await payload(world) == before


@pytest.mark.parametrize("broken", ["", "[]", '{"week": 5}', "{", '"x"'])
async def test_a_payload_that_nobody_understands_is_as_if_nothing_was_sent(world: World, broken: str) -> None:
    job = await taken(world)
    world.clock.now = FIRST
    due = await world.service.weekly.due(replace(job, payload=broken))
    assert isinstance(due, Push)
    assert not due.said


async def test_jobs_that_have_no_group_to_send_to_end(world: World) -> None:
    job, groups, weekly = await taken(world), world.service.groups, world.service.weekly
    world.clock.now = FIRST
    assert await weekly.due(replace(job, chat_id=None)) is Fate.DROP
    assert await weekly.due(replace(job, chat_id=group(2).id)) is Fate.DROP, "a group that never subscribed"
    await groups.presence(CHAT, Presence.SILENCED)
    assert isinstance(await weekly.due(job), Push), "it may be able to write again by now"
    await groups.presence(CHAT, Presence.GONE)
    assert await weekly.due(job) is Fate.DROP


async def test_the_next_one_is_told_in_the_groups_own_time(world: World) -> None:
    assert (await world.service.weekly.next(CHAT)).isoformat()[:13] == "2026-11-16T09"
    await world.service.groups.change(CHAT, time_zone="America/New_York")
    there = await world.service.weekly.next(CHAT)
    assert there.isoformat()[:13] == "2026-11-16T09"
    assert there - FIRST == timedelta(hours=13)
