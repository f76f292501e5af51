"""Few answers are sent and not yet written down, whatever slow networks and databases do to the one or the other."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest
from test_service_inbox import Hands, opened, until, update

from bot.service.inbox import Run, current, sending
from bot.service.places import PLACES, UNANSWERED, UNWRITTEN, Patience, Places, Taken
from bot.store.engine import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

    from bot.store.inbox import Row

LONG = Patience(60.0, 60.0)


@pytest.fixture
async def store(database: Database) -> AsyncIterator[Store]:
    made = await Store.open(database.url)
    yield made
    await made.close()


def test_they_let_through_more_than_telegram_takes() -> None:
    assert PLACES / UNANSWERED > 30


async def test_only_so_many_at_a_time_and_in_order() -> None:
    places, begun = Places(2, LONG), list[int]()

    async def send(number: int, taken: Taken) -> None:
        async with taken.sending():
            begun.append(number)

    all_taken = [Taken(places) for _ in range(5)]
    tasks = [asyncio.create_task(send(number, taken)) for number, taken in enumerate(all_taken)]
    await asyncio.sleep(0.02)
    assert begun == [0, 1]
    all_taken[1].give_back()
    all_taken[1].give_back()  # twice is once
    await asyncio.sleep(0.02)
    assert begun == [0, 1, 2]
    for taken in all_taken:
        taken.give_back()
    await asyncio.sleep(0.02)
    assert begun == [0, 1, 2, 3, 4]
    await asyncio.gather(*tasks)


async def test_a_second_answer_to_the_same_update_needs_no_second_place() -> None:
    taken = Taken(Places(1, LONG))
    async with asyncio.timeout(1):
        for _ in range(3):
            async with taken.sending():
                pass


async def test_what_could_not_be_sent_keeps_no_place() -> None:
    places = Places(1, LONG)
    first, second = Taken(places), Taken(places)
    with pytest.raises(ZeroDivisionError):
        async with first.sending():
            raise ZeroDivisionError
    async with asyncio.timeout(1), second.sending():
        pass


async def test_who_hangs_is_waited_for_no_longer_than_that() -> None:
    places = Places(1, Patience(0.05, 60.0))
    async with Taken(places).sending():
        began = time.monotonic()
        async with Taken(places).sending():
            assert 0.04 < time.monotonic() - began < 1


async def test_what_is_answered_is_kept_for_as_long_as_writing_may_take() -> None:
    places = Places(1, Patience(0.02, 0.2))
    began = time.monotonic()
    async with Taken(places).sending():
        pass
    async with Taken(places).sending():
        assert 0.19 < time.monotonic() - began < 2


async def test_what_was_given_up_is_not_given_back_twice() -> None:
    places = Places(1, Patience(0.02, 60.0))
    late = Taken(places)
    async with late.sending():
        await asyncio.sleep(0.1)
    second, third = Taken(places), Taken(places)
    async with second.sending():
        late.give_back()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1), third.sending():
            pass


async def test_one_who_is_cancelled_in_the_queue_takes_nothing_along() -> None:
    places = Places(1, LONG)
    first = Taken(places)

    async def wait() -> None:
        async with Taken(places).sending():
            pass

    async with first.sending():
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    first.give_back()
    async with asyncio.timeout(1), Taken(places).sending():
        pass


async def test_without_an_update_nothing_is_counted() -> None:
    assert current.get() is None
    async with asyncio.timeout(1):
        for _ in range(2 * PLACES):
            async with sending():
                pass


async def test_an_update_gives_its_place_back_when_it_is_written_down(store: Store) -> None:
    now, most = set[int](), 0

    async def do(run: Run) -> None:
        nonlocal most
        async with sending():
            now.add(run.row.update_id)
            most = max(most, len(now))
            await asyncio.sleep(0.002)

    async with opened(store, Hands(do)) as box:
        box._places = Places(PLACES, LONG)  # however slow this machine is
        written = box._ended

        def ended(row: Row) -> None:
            now.remove(row.update_id)
            written(row)

        box._ended = ended  # type: ignore[method-assign]
        await box.accept([update(n, n) for n in range(1, 101)])
        await until(lambda: box.waiting == 0, 20)
    assert most == PLACES


async def test_a_database_in_trouble_keeps_nobody_from_being_answered(store: Store) -> None:
    sent = asyncio.Semaphore(0)

    async def do(_run: Run) -> None:
        async with sending():
            sent.release()

    hands = Hands(do)
    async with opened(store, hands) as box:
        await box.accept([update(n, n) for n in range(1, 3 * PLACES + 1)])
        async with store.write():  # nothing can be written down meanwhile
            async with asyncio.timeout(UNWRITTEN * 10):
                for _ in range(3 * PLACES):
                    await sent.acquire()
