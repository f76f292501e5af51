"""Two replicas on one PostgreSQL that do the same at the same moment: all happens once, and nobody waits for ever.

On SQLite writers take turns anyway; what happens once there is in the other files.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from service_world import OWNER, START, Clock, World, group, open_world, period, person, private

from bot.model import Sms
from bot.service.context import Policy
from bot.service.jobs import Fate, Ticker
from bot.service.leases import Lease
from bot.service.retention import EVENT_KEPT
from bot.service.review import Decision, Result
from bot.service.types import Outcome
from bot.store import jobs
from bot.store.engine import Store
from bot.store.schema import Kind, event, indicator, job, report_text

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterable

    from databases import Database, PostgresDatabases

    from bot.store.jobs import Job

SCAM = "scam category-loan from-citic 请致电13800138000或登录 evil.top/a"
CLEAR = "clear 您的包裹到了,请到驿站取件 x.top"
PATIENCE = 60.0


@asynccontextmanager
async def replicas(database: Database, policy: Policy | None = None) -> AsyncIterator[tuple[World, World]]:
    clock = Clock()
    policy = policy or Policy(checks_per_minute=1_000_000)
    async with open_world(database, clock, policy=policy) as one, open_world(database, clock, policy=policy) as other:
        other.sources = one.sources
        yield one, other


@pytest.fixture
async def database(postgres: PostgresDatabases) -> Database:
    return await postgres.emptied()


@pytest.fixture
async def both(database: Database) -> AsyncIterator[tuple[World, World]]:
    async with replicas(database) as worlds:
        yield worlds


async def together(work: Iterable[Awaitable[Any]]) -> list[Any]:
    async with asyncio.timeout(PATIENCE):
        done = await asyncio.gather(*work, return_exceptions=True)  # all come to their end before one is looked at
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return done


async def count(world: World, *where: sa.ColumnElement[bool]) -> int:
    async with world.database.looked_into() as connection:
        found: int | None = await connection.scalar(sa.select(sa.func.count()).select_from(event).where(*where))
        return found or 0


async def test_one_press_on_both_is_one_report(both: tuple[World, World]) -> None:
    check_id = await both[0].check(SCAM, person(1), group(1))
    said = await together(both[at % 2].confirm(SCAM, person(1), group(1), check_id=check_id) for at in range(30))
    assert Counter(one.outcome for one in said) == {Outcome.RECORDED: 1, Outcome.ALREADY: 29}
    assert all(one.confirmed for one in said)
    assert await count(both[0], event.c.kind == Kind.REPORT) == 1


async def test_the_same_update_on_both_has_its_effect_once(both: tuple[World, World]) -> None:
    ids = await together(both[at % 2].check(SCAM, person(1), group(1), "update:a") for at in range(20))
    assert len(set(ids)) == 1
    assert await count(both[0]) == 1
    check_id = ids[0]
    said = await together(
        both[at % 2].confirm(SCAM, person(1), group(1), check_id=check_id, source="update:b") for at in range(20)
    )
    assert {one.outcome for one in said} == {Outcome.RECORDED}
    assert await count(both[0], event.c.kind == Kind.REPORT) == 1


async def test_changing_ones_mind_on_both_leaves_one_standing_word(both: tuple[World, World]) -> None:
    check_id = await both[0].check(SCAM, person(1), group(1))
    await together(
        (world.confirm if at % 3 else world.dispute)(SCAM, person(1), group(1), check_id=check_id)
        for at, world in enumerate(both * 10)
    )
    kinds = []
    async with both[0].database.looked_into() as connection:
        words = sa.select(event.c.kind).where(event.c.kind != Kind.CHECK).order_by(event.c.id)
        kinds = list(await connection.scalars(words))
    assert kinds, "somebody was heard"
    assert all(one != other for one, other in pairwise(kinds)), "and nothing twice in a row"


async def test_the_quota_is_one_for_both(database: Database) -> None:
    async with replicas(database, Policy(checks_per_minute=1_000_000, reports_per_day=5)) as both:
        texts = [f"scam 请登录 site{chr(97 + at)}.top 办理第{at}号" for at in range(20)]
        checks = [await both[0].check(text, person(1), private(1)) for text in texts]
        said = await together(
            both[at % 2].confirm(text, person(1), private(1), check_id=checks[at]) for at, text in enumerate(texts)
        )
        assert Counter(one.outcome for one in said) == {Outcome.RECORDED: 5, Outcome.QUOTA: 15}
        assert await count(both[0], event.c.kind == Kind.REPORT) == 5


async def test_many_people_on_both_all_count(both: tuple[World, World]) -> None:
    check_id = await both[0].check(SCAM, person(0), group(1))
    await together(both[at % 2].confirm(SCAM, person(at), group(at % 3), check_id=check_id) for at in range(24))
    sightings = [await world.service.sightings(Sms(SCAM)) for world in both]
    assert [(found.people, found.chats) for found in sightings] == [(24, 3), (24, 3)]


async def test_owners_on_both_decide_once(both: tuple[World, World]) -> None:
    await both[0].confirm(CLEAR, person(1), private(1))
    item = await both[1].service.next_review()
    assert item is not None
    done = await together(
        both[at % 2].service.decide(OWNER, private(999), item.asked, decision)
        for at, decision in enumerate(list(Decision) * 4)
    )
    assert Counter(one.result for one in done) == {Result.DONE: 1, Result.ALREADY: 11}


async def test_forgetting_on_one_while_the_other_hears_leaves_nothing_half(both: tuple[World, World]) -> None:
    for at in range(5):
        await both[0].confirm(SCAM, person(1), group(at))
    ids = [await both[0].check(SCAM, person(1), group(at)) for at in range(5, 15)]
    saying = [
        both[at % 2].confirm(SCAM, person(1), group(5 + at), check_id=check_id) for at, check_id in enumerate(ids)
    ]
    forgetting = [both[at % 2].service.forget(person(1)) for at in range(4)]
    await together([*saying[:5], *forgetting[:2], *saying[5:], *forgetting[2:]])
    async with both[0].database.looked_into() as connection:
        orphans = sa.select(sa.func.count()).select_from(event).where(event.c.person.is_(None))
        kept = await connection.scalar(
            orphans.where(sa.or_(*(event.c.id.in_(sa.select(table.c.event_id)) for table in (report_text, indicator))))
        )
    assert kept == 0, "what hangs on a forgotten report is gone"
    await both[1].service.forget(person(1))
    assert await count(both[0], event.c.person.is_not(None), event.c.kind == Kind.REPORT) == 0


async def test_both_delete_what_is_old_and_count_it_once(both: tuple[World, World]) -> None:
    await both[0].confirm(SCAM, person(1), private(1))
    async with both[0].database.looked_into() as connection:
        row = dict((await connection.execute(sa.select(event).where(event.c.kind == Kind.CHECK))).mappings().one())
        del row["id"]
        copies = [{**row, "source": f"s{at}", "check_id": f"c{at}"} for at in range(1200)]
        await connection.execute(event.insert(), copies)
    both[0].clock.now = START + EVENT_KEPT
    checking = [both[at % 2].check(f"clear 第{at}条", person(at), private(at)) for at in range(10)]
    await together([*(world.service.retain() for world in both), *checking])
    async with both[0].database.looked_into() as connection:
        counted = await connection.scalar(sa.text("SELECT CAST(sum(count) AS bigint) FROM event_count"))
    assert (counted, await count(both[0])) == (1202, 10)


async def test_what_is_chosen_while_a_group_moves_is_kept(both: tuple[World, World]) -> None:
    pairs = [(-100 - at, group(at).id) for at in range(12)]
    await together(
        work
        for at, (old, new) in enumerate(pairs)
        for work in (
            both[at % 2].service.groups.migrate(old, new),
            both[1 - at % 2].service.groups.change(old, auto_check=True),
            both[1 - at % 2].service.groups.migrate(old, new),
            both[at % 2].service.groups.change(new, weekly=True),
        )
    )
    for old, new in pairs:
        for chat_id in (old, new):
            settings = await both[0].service.groups.settings(chat_id)
            assert (settings.auto_check, settings.weekly) == (True, True)
    async with both[0].database.looked_into() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(job)) == 12, "one summary each"


async def test_a_job_is_done_by_one_of_them(database: Database) -> None:
    stores = [await Store.open(database.url) for _ in range(2)]
    clock, done = Clock(), list[str]()

    async def hand(job: Job) -> Fate:
        done.append(job.key)
        await asyncio.sleep(0.001)
        return Fate.DONE

    wanted = [f"k{at}" for at in range(60)]

    async def ask(store: Store) -> int:
        asked = 0
        for key in wanted:  # one of both is told that it waits already
            async with store.write() as connection:
                asked += await jobs.schedule(connection, jobs.NewJob("push", key, START))
        return asked

    assert sum(await together(ask(store) for store in stores)) == 60
    tickers = [Ticker(store, clock, {"push": hand}) for store in stores]
    ended = await together(ticker.tick() for ticker in tickers * 3)
    assert sorted(done) == sorted(wanted)
    assert sum(ended) == 60
    for store in stores:
        await store.close()


async def test_a_lease_is_held_by_one_of_them(database: Database) -> None:
    clock = Clock()
    stores = [await Store.open(database.url) for _ in range(2)]
    leases = [Lease(stores[at % 2], clock, "poller", 90) for at in range(8)]
    for _ in range(3):
        assert sum(await together(lease.hold() for lease in leases)) == 1
        clock.ahead(seconds=91)
    for store in stores:
        await store.close()


async def test_everything_at_once_ends(both: tuple[World, World]) -> None:
    """No two of the use cases wait for each other: a deadlock would end one of them with an error."""
    ids = [await both[0].check(SCAM, person(at), group(at % 4)) for at in range(8)]
    both[0].clock.ahead(days=91)

    def work(at: int) -> list[Awaitable[Any]]:
        world, who, where = both[at % 2], person(at % 8), group(at % 4)
        return [
            world.confirm(SCAM, who, where, check_id=ids[at % 8]),
            world.dispute(SCAM, who, where, check_id=ids[at % 8]),
            world.check(CLEAR, who, where),
            world.service.complain(ids[at % 8], who, where, world.source()),
            world.service.forget(person((at + 3) % 8)),
            world.service.report(where, period(START - timedelta(days=1), START + timedelta(days=400))),
            world.service.stats(),
            world.service.every("sweep"),
        ]

    done = await together(one for at in range(24) for one in [*work(at), both[at % 2].service.retain()])
    assert len(done) == 24 * 9
