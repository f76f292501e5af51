"""The inbox: nothing lost, chats in order and beside each other, killers found, neighbours spared."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import Clock

from bot.errors import StoreError
from bot.service import inbox as module
from bot.service.inbox import CROWDED, ERRORS, FEW, KILLS, PER_USER, TROUBLES, Failure, Inbox, Run, hurried, placed
from bot.service.leases import Lease
from bot.store.engine import Store
from bot.store.inbox import Arrival, Row
from bot.store.schema import inbox as table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from databases import Database

TOM, ANN = 11, 22


def update(number: int, queue: int = TOM, user: int | None = None) -> Arrival:
    return Arrival(number, queue, queue if user is None else user, f'{{"n": {number}}}')


@dataclass
class Hands:
    """Does the work and notes what it was given; also the speaker."""

    do: Callable[[Run], Awaitable[Failure | None]] | None = None
    begun: list[int] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)
    said: list[tuple[str, int]] = field(default_factory=list)
    alone: list[int] = field(default_factory=list)

    async def __call__(self, run: Run) -> Failure | None:
        self.begun.append(run.row.update_id)
        if hurried():
            self.alone.append(run.row.update_id)
        failure = await self.do(run) if self.do else None
        self.ended.append(run.row.update_id)
        return failure

    async def refused(self, arrival: Arrival) -> None:
        self.said.append(("refused", arrival.update_id))

    async def crowded(self, arrival: Arrival, waiting: int) -> None:
        assert waiting > CROWDED
        self.said.append(("crowded", arrival.update_id))

    async def buried(self, row: Row) -> None:
        self.said.append(("buried", row.update_id))


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    opened = await Store.open(database.url)
    yield opened
    await opened.close()


def made(store: Store, hands: Hands) -> Inbox:
    return Inbox(store, Clock(), hands, hands, first_wait=0.01)


@asynccontextmanager
async def opened(store: Store, hands: Hands) -> AsyncIterator[Inbox]:
    box = made(store, hands)
    await box.open()
    yield box
    await box.close(1.0)


async def until(met: Callable[[], bool], seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not met():  # noqa: ASYNC110  what is waited for sets no event
            await asyncio.sleep(0.005)


async def states(store: Store) -> dict[int, tuple[str, int, int]]:
    async with store.read() as connection:
        rows = await connection.execute(sa.select(table.c.update_id, table.c.state, table.c.starts, table.c.errors))
        return {number: (state, starts, errors) for number, state, starts, errors in rows}


async def crash(box: Inbox) -> None:
    """End all work at once and write nothing, as SIGKILL does."""
    box._closing = True
    tasks = [*box._workers.values(), *box._running.values()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_each_is_handled_once_and_leaves_its_number(store: Store) -> None:
    hands = Hands()
    async with opened(store, hands) as box:
        await box.accept([update(1), update(2, ANN)])
        await box.accept([update(2, ANN), update(3)])
        await until(lambda: box.waiting == 0)
        await box.accept([update(1), update(1)])
        await asyncio.sleep(0.05)
    assert sorted(hands.begun) == [1, 2, 3]
    assert {state for state, _, _ in (await states(store)).values()} == {"done"}
    async with store.read() as connection:
        assert (await connection.scalars(sa.select(table.c.body))).all() == [None] * 3


async def test_a_chat_keeps_its_order_and_waits_for_no_other(store: Store) -> None:
    held = asyncio.Event()

    async def do(run: Run) -> None:
        if run.row.queue == TOM:
            await held.wait()

    hands = Hands(do)
    async with opened(store, hands) as box:
        await box.accept([update(n, TOM if n % 2 else ANN) for n in range(1, 21)])
        await until(lambda: len(hands.ended) == 10)
        assert hands.ended == list(range(2, 21, 2))
        assert [number for number in hands.begun if number % 2] == [1]
        held.set()
        await until(lambda: box.waiting == 0)
    assert [number for number in hands.ended if number % 2] == list(range(1, 20, 2))


async def test_what_waits_for_its_companion_lets_it_begin(store: Store) -> None:
    met = asyncio.Event()

    async def do(run: Run) -> None:
        if run.row.update_id == 1:
            placed()
            await met.wait()
        else:
            met.set()

    hands = Hands(do)
    async with opened(store, hands) as box:
        await box.accept([update(1), update(2)])
        await until(lambda: box.waiting == 0)
    assert hands.begun == [1, 2]


# ── errors ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("passing", "most"), [(False, ERRORS), (True, TROUBLES)])
async def test_what_fails_is_tried_again_and_then_given_up(
    store: Store, passing: bool, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_LONGEST_WAIT", 0.02)

    async def do(run: Run) -> Failure | None:
        return Failure("Trouble", passing) if run.row.update_id == 1 else None

    hands = Hands(do)
    async with opened(store, hands) as box:
        await box.accept([update(1), update(2), update(3, ANN)])
        await until(lambda: box.waiting == 0)
        await until(lambda: bool(hands.said))
    assert Counter(hands.begun) == {1: most, 2: 1, 3: 1}
    assert [number for number in hands.begun if number != 3] == [1] * most + [2], "in order all the same"
    assert hands.said == [("buried", 1)]
    assert (await states(store))[1][0] == "dead"
    async with store.read() as connection:
        assert await connection.scalar(sa.select(table.c.body).where(table.c.update_id == 1)) == '{"n": 1}'


async def test_a_handlers_own_mistake_loses_nothing(store: Store) -> None:
    async def do(run: Run) -> Failure | None:
        if run.row.errors == 0:
            raise ZeroDivisionError
        return None

    hands = Hands(do)
    async with opened(store, hands) as box:
        await box.accept([update(1)])
        await until(lambda: box.waiting == 0)
    assert hands.begun == [1, 1]
    assert (await states(store))[1] == ("done", 0, 1)


# ── crashes ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("crashes", [1, 2])
async def test_after_a_crash_a_few_are_handled_together_after_two_each_alone(store: Store, crashes: int) -> None:
    async def hang(_run: Run) -> None:
        await asyncio.Event().wait()

    hands = Hands(hang)
    for number in range(crashes):
        box = made(store, hands)
        await box.open()
        if not number:
            await box.accept([update(n, n) for n in range(1, 6)] + [update(6, 5)])
        await until(lambda number=number: len(hands.begun) == 5 * (number + 1))  # type: ignore[misc]
        await crash(box)

    together = Counter[str]()

    async def slow(_run: Run) -> None:
        together["now"] += 1
        together["most"] = max(together["most"], together["now"])
        await asyncio.sleep(0.01)
        together["now"] -= 1

    again = Hands(slow)
    async with opened(store, again) as box:
        await until(lambda: box.waiting == 0)
    assert sorted(again.ended) == [1, 2, 3, 4, 5, 6]
    assert again.ended.index(5) < again.ended.index(6)
    assert again.alone == again.begun
    assert (together["most"] == 1) is (crashes == 2)
    assert together["most"] <= FEW


async def test_a_killer_is_given_up_and_its_neighbours_live(store: Store) -> None:
    killer = 3
    hands = Hands()
    deaths = 0
    number = 10
    while deaths < KILLS + 2:
        died = asyncio.Event()

        async def do(run: Run, died: asyncio.Event = died) -> None:
            if run.row.update_id == killer:
                died.set()
                await asyncio.Event().wait()

        hands.do = do
        box = made(store, hands)
        await box.open()
        if not deaths:
            await box.accept([update(n, n) for n in (1, 2, killer, 4)])
        else:
            await box.accept([update(number := number + 1, number)])
        try:
            await asyncio.wait_for(died.wait(), 0.3)
        except TimeoutError:
            await until(lambda box=box: box.waiting == 0)  # type: ignore[misc]
            await box.close(1.0)
            break
        await crash(box)
        deaths += 1
    assert deaths == KILLS
    assert hands.begun.count(killer) == KILLS
    assert ("buried", killer) in hands.said
    found = await states(store)
    assert found.pop(killer)[0] == "dead"
    assert {state for state, _, _ in found.values()} == {"done"}


async def test_a_graceful_end_finishes_what_is_under_way_and_hands_back_the_rest(store: Store) -> None:
    async def do(_run: Run) -> None:
        await asyncio.sleep(0.05)

    hands = Hands(do)
    box = made(store, hands)
    await box.accept([update(1), update(2), update(3)])
    await until(lambda: hands.begun == [1])
    await box.close(1.0)
    assert hands.ended == [1]
    found = await states(store)
    assert found[1][0] == "done"
    assert found[2] == found[3] == ("new", 0, 0)
    again = Hands()
    async with opened(store, again) as box:
        await until(lambda: box.waiting == 0)
    assert again.begun == [2, 3]
    assert again.alone == []


# ── bounds ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_flooder_is_bounded_and_slows_nobody(store: Store) -> None:
    async def do(run: Run) -> None:
        await asyncio.sleep(0.02 if run.row.user_id == TOM else 0)

    hands = Hands(do)
    async with opened(store, hands) as box:
        await box.accept([update(n) for n in range(1, 501)])
        await box.accept([update(n, ANN) for n in range(501, 511)])
        await until(lambda: {n for n in hands.ended if n > 500} == set(range(501, 511)), 1.0)
        assert len([n for n in hands.ended if n <= 500]) < PER_USER
        await until(lambda: box.waiting == 0)
        assert [what for what, _ in hands.said] == ["refused"]
        await box.accept([update(600)])
        await until(lambda: 600 in hands.ended)
    assert len([n for n in hands.ended if n <= 500]) == PER_USER
    assert (await states(store))[500] == ("done", 1, 0)


async def test_a_flooder_in_a_group_is_bounded_for_himself(store: Store) -> None:
    hands = Hands()
    group = -100
    async with opened(store, hands) as box:
        flood = [update(n, group, TOM) for n in range(1, 201)]
        await box.accept([*flood, update(201, group, ANN)])
        await until(lambda: box.waiting == 0)
    assert 201 in hands.ended
    assert len(hands.ended) == PER_USER + 1


async def test_a_long_queue_is_told_once_to_each(store: Store) -> None:
    held = asyncio.Event()

    async def do(_run: Run) -> None:
        await held.wait()

    hands = Hands(do)
    async with opened(store, hands) as box:
        await box.accept([update(n, n) for n in range(CROWDED)])
        await asyncio.sleep(0.01)
        assert hands.said == []
        await box.accept([update(10_000, ANN), update(10_001, ANN)])
        await until(lambda: bool(hands.said))
        held.set()
        await until(lambda: box.waiting == 0)
    assert hands.said == [("crowded", 10_000)]


# ── a database in trouble ───────────────────────────────────────────────────────────────────────────────


async def test_nothing_is_taken_that_cannot_be_stored(store: Store) -> None:
    hands = Hands()
    async with opened(store, hands) as box:
        async with store.write() as connection:
            await connection.execute(sa.text("ALTER TABLE inbox RENAME TO gone"))
        with pytest.raises(StoreError):
            await box.accept([update(1)])
        assert box.waiting == 0
        async with store.write() as connection:
            await connection.execute(sa.text("ALTER TABLE gone RENAME TO inbox"))
        await box.accept([update(1)])
        await until(lambda: box.waiting == 0)
    assert hands.ended == [1]


async def test_a_full_disk_takes_nothing_and_is_recovered_from(tmp_path: Path) -> None:
    store = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'z.db'}")

    async def room(pages: int) -> None:
        async with store.write() as connection:  # the one connection that writes
            await connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    hands = Hands()
    async with opened(store, hands) as box:
        async with store.read() as connection:
            pages = await connection.scalar(sa.text("PRAGMA page_count"))
        await room(pages)
        big = [Arrival(n, n, n, "x" * 100_000) for n in range(1, 6)]
        with pytest.raises(StoreError, match="free some space"):
            await box.accept(big)
        assert box.waiting == 0
        await room(1_000_000)
        await box.accept(big)
        await until(lambda: box.waiting == 0)
    await store.close()
    assert sorted(hands.ended) == [1, 2, 3, 4, 5]


async def test_done_is_written_down_once_the_database_is_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_WAIT", 0.02)
    held = asyncio.Event()

    async def do(_run: Run) -> None:
        await held.wait()

    hands = Hands(do)
    async with opened(store, hands) as box:
        await box.accept([update(1), update(2, ANN)])
        async with store.write() as connection:
            await connection.execute(sa.text("ALTER TABLE inbox RENAME TO gone"))
        held.set()
        await until(lambda: len(hands.ended) == 2)
        await asyncio.sleep(0.05)
        assert box.waiting == 2
        async with store.write() as connection:
            await connection.execute(sa.text("ALTER TABLE gone RENAME TO inbox"))
        await until(lambda: box.waiting == 0)
    assert {state for state, _, _ in (await states(store)).values()} == {"done"}


# ── who polls ───────────────────────────────────────────────────────────────────────────────────────────


async def test_one_process_polls_and_a_dead_one_is_not_waited_for(tmp_path: Path) -> None:
    url, clock = f"sqlite+aiosqlite:///{tmp_path / 'z.db'}", Clock()
    first, second = await Store.open(url), await Store.open(url)
    ours, theirs = (Lease(store, clock, "poller", 90) for store in (first, second))
    assert await ours.hold()
    assert await ours.hold()
    assert not await theirs.hold()
    clock.ahead(seconds=91)
    assert await theirs.hold(), "a lease that has run out is anybody's"
    clock.ahead(seconds=1)
    await first.close()  # its process is gone, its lease is not
    third = await Store.open(url)
    await second.close()
    assert await Lease(third, clock, "poller", 90).hold(), "no other process lives"
    await third.close()


async def test_a_lease_is_given_back(store: Store) -> None:
    clock = Clock()
    lease = Lease(store, clock, "poller", 90)
    assert await lease.hold()
    await lease.release()
    assert await Lease(store, clock, "poller", 90).hold()
