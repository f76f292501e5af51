"""The writer's turn: one at a time, urgent ones first, and never lost with somebody who gave up."""

from __future__ import annotations

import asyncio

import pytest

from bot.store.turn import Turn


async def test_urgent_ones_go_first_and_the_rest_in_order() -> None:
    turn, order = Turn(), list[str]()
    together = 0

    async def go(name: str, *, urgent: bool) -> None:
        nonlocal together
        async with turn.taken(urgent=urgent):
            together += 1
            assert together == 1
            order.append(name)
            await asyncio.sleep(0)
            together -= 1

    async with turn.taken():
        tasks = [asyncio.create_task(go(name, urgent=name.isupper())) for name in ("a", "b", "C", "d", "E")]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert order == ["C", "a", "E", "b", "d"], "nobody starves"


async def test_who_gives_up_loses_no_turn() -> None:
    turn = Turn()

    async def go() -> None:
        async with turn.taken():
            await asyncio.sleep(0)

    for give_up_late in (False, True):
        async with turn.taken():
            first, second = asyncio.create_task(go()), asyncio.create_task(go())
            await asyncio.sleep(0)
            if not give_up_late:
                first.cancel()
                await asyncio.sleep(0)
        # The turn was passed on to the first, which is cancelled before it runs.
        first.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        assert first.cancelled()
        assert not second.cancelled()
        async with asyncio.timeout(1), turn.taken():
            pass


async def test_an_error_passes_the_turn_on() -> None:
    turn = Turn()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            async with turn.taken():
                raise ZeroDivisionError
