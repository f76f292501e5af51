"""Several inboxes on one PostgreSQL, as replicas: every chat is one's own at a time, and nobody's death holds it up."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import Clock
from test_service_inbox import Hands, crash, states, until, update

from bot.service.claims import Claims, Times
from bot.service.inbox import PER_USER, Failure, Inbox, Run, hurried, sending
from bot.store.engine import Store
from bot.store.schema import chat_claim, replica

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from databases import Database, PostgresDatabases

TIMES = Times(lease=1.0, beat=0.1, look=0.02)


@dataclass
class Replica:
    """One process's worth of an inbox; ``shared`` notes who handled what, in the order of all replicas."""

    name: str
    store: Store
    shared: list[tuple[str, int, int]]
    times: Times = TIMES
    spread: bool = False
    do: Callable[[Run], Awaitable[Failure | None]] | None = None
    hands: Hands = field(default_factory=Hands)
    counted: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        async def handle(run: Run) -> Failure | None:
            failure = await self.do(run) if self.do else None
            async with sending():
                self.shared.append((self.name, run.row.queue, run.row.update_id))
            return failure

        self.hands.do = handle
        self.claims = Claims(self.store, PER_USER, spread=self.spread, told=self.counted.append, times=self.times)
        self.box = Inbox(self.store, Clock(), self.hands, self.hands, first_wait=0.01, claims=self.claims)

    async def freeze(self) -> None:
        """Say nothing more to the others, as a process that is stopped; what is under way goes on once it wakes."""
        await self.claims.stop()

    def wake(self) -> None:
        self.claims._watching = asyncio.create_task(self.claims._watch())

    async def die(self) -> None:
        await self.claims.stop()
        await crash(self.box)


@pytest.fixture
async def database(postgres: PostgresDatabases) -> Database:
    return await postgres.emptied()


@asynccontextmanager
async def replicas(database: Database, count: int = 2, **more: object) -> AsyncIterator[list[Replica]]:
    shared: list[tuple[str, int, int]] = []
    made = [Replica(f"r{at}", await Store.open(database.url), shared, **more) for at in range(count)]  # type: ignore[arg-type]
    for each in made:
        await each.box.open()
    try:
        yield made
    finally:
        for each in made:
            await each.box.close(1.0)
            await each.store.close()


@pytest.fixture
async def both(database: Database) -> AsyncIterator[list[Replica]]:
    async with replicas(database) as made:
        yield made


async def claims_of(database: Database) -> dict[int, str]:
    async with database.looked_into() as connection:
        return {row.queue: row.holder for row in await connection.execute(sa.select(chat_claim))}


async def all_done(store: Store, count: int, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while True:
            found = await states(store)
            if len(found) == count and {state for state, _, _ in found.values()} == {"done"}:
                return
            await asyncio.sleep(0.02)


def in_order(shared: list[tuple[str, int, int]]) -> bool:
    chats: dict[int, list[int]] = {}
    for _, queue, number in shared:
        chats.setdefault(queue, []).append(number)
    return all(numbers == sorted(set(numbers)) for numbers in chats.values())


async def post(both: list[Replica], numbers: range, chats: int = 40) -> None:
    """A few at a time, to one and the other in turn; those of a chat, too."""
    for start in numbers[::8]:
        few = [update(number, 1000 + number % chats) for number in range(start, min(start + 8, numbers.stop))]
        await both[start // chats % len(both)].box.accept(few)


async def test_updates_of_a_chat_posted_to_both_are_handled_once_and_in_order(both: list[Replica]) -> None:
    await post(both, range(300))
    await all_done(both[0].store, 300)
    shared = both[0].shared
    assert sorted(number for _, _, number in shared) == list(range(300))
    assert in_order(shared)
    assert {name for name, _, _ in shared} == {"r0"}, "who stored the first of a chat keeps it"
    assert not any(each.hands.alone for each in both), "nothing counts as left by a crash"


async def test_chats_are_spread_where_one_stores_all(database: Database) -> None:
    async with replicas(database, spread=True) as both:
        await until(lambda: both[0].counted[-1] == 2)
        for number in range(100):
            await both[0].box.accept([update(number, 1000 + number % 20)])
        await all_done(both[0].store, 100)
        assert in_order(both[0].shared)
        assert {name for name, _, _ in both[0].shared} == {"r0", "r1"}
        assert len({(name, queue) for name, queue, _ in both[0].shared}) == 20


async def test_the_same_posted_to_both_at_once_is_stored_by_one_and_fails_on_none(both: list[Replica]) -> None:
    for start in range(0, 100, 20):
        numbers = range(start, start + 20)
        accepted = await asyncio.gather(
            *(each.box.accept([update(number, 7 + number % 3) for number in numbers]) for each in both)
        )
        assert sorted(number for each in accepted for number in each) == list(numbers)
    await all_done(both[0].store, 100)
    assert in_order(both[0].shared)
    assert len(both[0].shared) == 100


async def test_a_killed_one_is_taken_over_within_its_lease(both: list[Replica]) -> None:
    async def hang(_run: Run) -> None:
        await asyncio.Event().wait()

    both[0].do = hang
    await both[0].box.accept([update(number, 1000 + number % 5) for number in range(20)])
    await both[1].box.accept([update(20, 1000)])
    await both[0].die()
    assert both[0].shared == []
    await asyncio.sleep(TIMES.lease * 0.4)
    assert both[0].shared == [], "the lease still holds"
    await all_done(both[1].store, 21, TIMES.lease + 1.0)
    assert in_order(both[1].shared)
    assert set(both[1].hands.alone) == set(range(20)), "begun by who is gone: with care"
    assert both[1].counted[-1] == 1


async def test_one_that_was_away_too_long_does_nothing_more(both: list[Replica]) -> None:
    go_on = asyncio.Event()

    async def wait(run: Run) -> None:
        if not hurried():
            await go_on.wait()

    both[0].do = wait
    numbers = range(10)
    await both[0].box.accept([update(number, 1000 + number % 2) for number in numbers])
    await until(lambda: len(both[0].hands.begun) == 2)
    holder = both[0].claims.holder()
    await both[0].freeze()
    await asyncio.sleep(TIMES.ours + 0.05)
    assert not both[0].claims.holds(holder)
    await all_done(both[1].store, 10)
    go_on.set()
    await both[0].box.accept([update(10, 1000), update(11, 3000)])
    await asyncio.sleep(0.1)
    assert {name for name, _, _ in both[0].shared} == {"r1"}, "what was under way does not answer any more"
    both[0].wake()
    await all_done(both[0].store, 12)
    assert sorted(number for _, _, number in both[0].shared) == list(range(12))
    assert in_order(both[0].shared)
    await until(lambda: both[0].box.waiting == 0)
    await both[0].box.accept([update(12, 4000)])
    await until(lambda: ("r0", 4000, 12) in both[0].shared)


async def test_a_database_that_was_away_for_longer_than_a_lease_costs_nobody_its_chats(
    both: list[Replica], database: Database
) -> None:
    go_on = asyncio.Event()

    async def wait(_run: Run) -> None:
        await go_on.wait()

    for at, each in enumerate(both):
        each.do = wait
        await each.box.accept([update(at, 1000 + at)])
    before = await claims_of(database)
    for name in ("replica", "inbox"):
        async with database.looked_into() as connection:
            await connection.execute(sa.text(f"ALTER TABLE {name} RENAME TO gone_{name}"))
    await asyncio.sleep(TIMES.lease + 0.2)
    assert not any(each.claims.holds(each.claims.holder()) for each in both)
    for name in ("replica", "inbox"):
        async with database.looked_into() as connection:
            await connection.execute(sa.text(f"ALTER TABLE gone_{name} RENAME TO {name}"))
    await until(lambda: all(each.claims.holds(each.claims.holder()) for each in both))
    await asyncio.sleep(0.3)
    assert await claims_of(database) == before
    go_on.set()
    await all_done(both[0].store, 2)
    assert len(both[0].shared) == 2


async def test_who_ends_orderly_is_not_waited_for(both: list[Replica]) -> None:
    begun = asyncio.Event()

    async def slow(_run: Run) -> None:
        begun.set()
        await asyncio.sleep(0.1)

    both[0].do = slow
    await both[0].box.accept([update(number, 1000) for number in range(5)])
    await begun.wait()
    await both[0].box.close(1.0)
    await all_done(both[1].store, 5, TIMES.lease * 0.6)
    assert [number for _, _, number in both[0].shared] == list(range(5))
    assert both[0].shared[0][0] == "r0"
    assert {name for name, _, _ in both[0].shared[1:]} == {"r1"}
    assert both[1].hands.alone == []


async def test_a_quiet_chat_is_given_back(database: Database) -> None:
    async with replicas(database, times=replace(TIMES, idle=0.3)) as both:
        await both[0].box.accept([update(1)])
        await all_done(both[0].store, 1)
        (holder,) = (await claims_of(database)).values()
        assert holder == both[0].claims.holder()
        async with asyncio.timeout(5):
            while await claims_of(database):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await both[1].box.accept([update(2)])
        await all_done(both[0].store, 2)
        assert [name for name, _, _ in both[0].shared] == ["r0", "r1"]


async def test_what_fails_is_tried_again_where_the_chat_is(both: list[Replica]) -> None:
    async def do(run: Run) -> Failure | None:
        return Failure("Trouble", passing=True) if run.row.errors < 2 and run.row.update_id == 1 else None

    for each in both:
        each.do = do
    await both[0].box.accept([update(0)])
    await both[1].box.accept([update(1), update(2)])
    await all_done(both[0].store, 3)
    assert [number for _, _, number in both[0].shared] == [0, 1, 1, 1, 2]
    assert both[1].hands.begun == []


async def test_a_flooder_is_bounded_whoever_stores_it(both: list[Replica]) -> None:
    held = asyncio.Event()

    async def wait(_run: Run) -> None:
        await held.wait()

    both[0].do = wait
    await both[0].box.accept([update(0)])
    for start in range(1, 201, 20):
        await both[1].box.accept([update(number) for number in range(start, start + 20)])
    held.set()
    await all_done(both[0].store, 201)
    assert [number for _, _, number in both[0].shared] == list(range(PER_USER))
    assert ("refused", PER_USER) in both[1].hands.said


async def test_everything_at_once_loses_and_doubles_nothing(database: Database) -> None:
    """Three of them store, take, give back and end beside each other all the time."""
    async with replicas(database, 3, times=Times(lease=1.0, beat=0.03, look=0.01, idle=0.02)) as three:
        for round_ in range(12):
            await asyncio.gather(
                *(
                    each.box.accept([update(round_ * 60 + at * 20 + n, 1000 + n % 20) for n in range(20)])
                    for at, each in enumerate(three)
                )
            )
            await asyncio.sleep(0.03)
        await all_done(three[0].store, 720)
        assert sorted(number for _, _, number in three[0].shared) == list(range(720))
        async with database.looked_into() as connection:
            assert await connection.scalar(sa.select(sa.func.count()).select_from(replica)) == 3
