"""The lanes between python-telegram-bot's own ExtBot and the sandbox: what the server sees, and when.

Rates are scaled up where waiting for the real ones would take minutes; each such test says by how much.
"""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from telegram import ReplyParameters
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import ExtBot

from bot.service.inbox import Run, current
from bot.service.places import Patience, Places, Taken
from bot.store.inbox import Row
from handlers.http import AiohttpRequest
from handlers.lanes import FLOOD_TRIES, MARGIN, NOT_SENT, Allowance, Lane, Lanes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]

ONE = 1.9
"""A rate at which there is one message each 0.53 s."""
LAVISH = Allowance(0.001, 1000)
SOON = (0.02, 0.04, 0.08)


@pytest.fixture(autouse=True)
def timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # as handlers.app does


@asynccontextmanager
async def bot_with(server: Sandbox, rate: float | None = 30.0, **how: Any) -> AsyncIterator[tuple[ExtBot[Lane], Lanes]]:
    lanes = Lanes(rate, **how)
    way = AiohttpRequest(64)
    bot: ExtBot[Lane] = ExtBot(server.token, f"{server.api_url}/bot", request=way, rate_limiter=lanes)
    await bot.initialize()
    try:
        yield bot, lanes
    finally:
        await bot.shutdown()


async def people(server: Sandbox, count: int) -> list[User]:
    made = [server.user(f"小{number}") for number in range(count)]
    for person in made:
        await person.start()
    return made


def push(bot: ExtBot[Lane], chat: int, text: str = "推送", lane: Lane = Lane.PUSH) -> asyncio.Task[Any]:
    return asyncio.create_task(bot.send_message(chat, text, rate_limit_args=lane))


def texts(server: Sandbox) -> list[str]:
    return [str(call.params["text"]) for call in server.calls_of("sendMessage")]


def arrivals(server: Sandbox, *, text: str | None = None) -> list[float]:
    return [call.at for call in server.calls_of("sendMessage") if text in (None, call.params["text"])]


def most_in(times: list[float], seconds: float) -> int:
    return max(sum(start <= time < start + seconds for time in times) for start in times)


async def dismiss(tasks: Iterable[asyncio.Task[Any]]) -> None:
    every = list(tasks)
    for task in every:
        task.cancel()
    await asyncio.gather(*every, return_exceptions=True)


# ── order and rates ──────────────────────────────────────────────────────────────────────────────────────────


async def test_lanes_leave_in_their_order_and_no_second_has_more_than_the_rate(server: Sandbox) -> None:
    [wang, li] = await people(server, 2)
    async with bot_with(server, 24.0, private=LAVISH) as (bot, lanes):
        full = [push(bot, wang.id, "voll", Lane.REPLY) for _ in range(24)]
        await asyncio.gather(*full)
        late = []
        for number in range(2):
            late += [
                push(bot, wang.id, f"broadcast {number}", Lane.BROADCAST),
                push(bot, wang.id, f"push {number}", Lane.PUSH),
                asyncio.create_task(bot.send_message((wang, li)[number].id, f"reply {number}")),
            ]
        await asyncio.sleep(0.05)
        assert lanes.waiting == 6
        await asyncio.gather(*late)
    order = ["reply 0", "reply 1", "push 0", "push 1", "broadcast 0", "broadcast 1"]
    assert [text for text in texts(server) if text != "voll"] == order
    times = arrivals(server)
    # Loopback may bring a call a little late, and so nearer to the next.
    assert most_in(times, 0.95) == 24
    assert 0.95 < times[24] - times[0] < 1.3


async def test_replicas_share_the_rate(server: Sandbox) -> None:
    [wang] = await people(server, 1)
    async with bot_with(server, 20.0, private=LAVISH) as (bot, lanes):
        lanes.share(2)
        sent = [push(bot, wang.id, "半", Lane.REPLY) for _ in range(15)]
        await asyncio.sleep(0.3)
        assert lanes.waiting == 5, "the second ten have to wait for a second"
        lanes.share(1)
        await asyncio.wait_for(asyncio.gather(*sent), 0.6)


async def test_pushes_get_a_third_even_alone(server: Sandbox) -> None:
    persons = await people(server, 8)
    async with bot_with(server, 24.0) as (bot, _):
        sends = [push(bot, person.id, lane=lane) for person in persons[:6] for lane in (Lane.PUSH, Lane.BROADCAST)]
        await asyncio.sleep(0.1)
        assert len(texts(server)) == 4  # half a second's worth
        asked = time.monotonic()
        await asyncio.gather(*(bot.send_message(person.id, "好") for person in persons * 2))
        assert time.monotonic() - asked < 0.3
        await asyncio.gather(*sends)
    times = arrivals(server, text="推送")
    assert most_in(times, 0.95) <= 8
    assert 0.9 < times[-1] - times[0] < 1.7


async def test_a_verdict_does_not_wait_behind_20000_pushes(server: Sandbox) -> None:
    """At the real rates: 20,000 weekly pushes wait, and 12 persons a second ask."""
    persons = await people(server, 50)
    async with bot_with(server) as (bot, lanes):
        pushes = []
        for number in range(20_000):
            pushes.append(push(bot, persons[number % 50].id))
            if number % 100 == 0:
                await asyncio.sleep(0)  # as a job does that takes them out of a database
        assert lanes.waiting > 19_500
        waits: list[float] = []

        async def ask(person: User) -> None:
            asked = time.monotonic()
            await bot.send_message(person.id, "判断")
            waits.append(time.monotonic() - asked)

        asks = []
        steady = time.monotonic() + 0.1  # while 20,000 come in, what may go reaches the server late
        used = time.process_time()
        for person in persons[:15]:
            asks.append(asyncio.create_task(ask(person)))
            await asyncio.sleep(0.08)
        await asyncio.gather(*asks)
        used = time.process_time() - used
        sent = [at for at in arrivals(server, text="推送") if at > steady]
        # Dismissed calls leave nothing behind.
        await dismiss(pushes)
        assert lanes.waiting == 0
        assert not any(line._heap for line in lanes._lines)
    assert sorted(waits)[int(len(waits) * 0.95)] < 1.0
    assert most_in(sent, 0.95) <= 10
    assert len(sent) >= 8
    # Server and client together in this process: with a loop that polled 20,000 calls it would be all of the time.
    assert used < 1.2


async def test_a_burst_of_answers_in_one_chat_is_not_slowed_but_a_flood_is(server: Sandbox) -> None:
    """The 21st waits 0.25 s instead of the real second."""
    [wang, li] = await people(server, 2)
    async with bot_with(server, private=Allowance(0.25, 20)) as (bot, lanes):
        begun = time.monotonic()
        flood = [push(bot, wang.id, f"{number}", Lane.REPLY) for number in range(22)]
        await asyncio.gather(*flood[:20])
        await bot.send_message(li.id, "另外一个人")
        assert time.monotonic() - begun < 0.24
        assert lanes.waiting == 2
        await flood[20]
        assert 0.24 < time.monotonic() - begun < 0.45
        await flood[21]
        assert 0.49 < time.monotonic() - begun < 0.8
    assert [message.text for message in wang.from_bot] == [str(number) for number in range(22)]


async def test_a_group_gets_its_rate_and_holds_up_nobody(server: Sandbox) -> None:
    """Four at once and one each 0.2 s, fifteen times the real pace of 20 a minute."""
    [wang] = await people(server, 1)
    group, other = server.group("群", members=[wang]), server.group("群二", members=[wang])
    async with bot_with(server, group=Allowance(0.2, 4)) as (bot, _):
        begun = time.monotonic()
        sends = [push(bot, group.id, f"{number}", Lane.REPLY) for number in range(6)]
        sends.append(asyncio.create_task(bot.send_message(str(group.id), "6")))
        await asyncio.gather(bot.send_message(wang.id, "好"), bot.send_message(other.id, "好"), *sends[:4])
        assert time.monotonic() - begun < 0.18
        await asyncio.gather(*sends)
        assert 0.58 < time.monotonic() - begun < 0.9
    assert [message.text for message in group.from_bot] == [str(number) for number in range(7)]


async def test_an_answer_overtakes_pushes_of_its_own_chat(server: Sandbox) -> None:
    [wang] = await people(server, 1)
    async with bot_with(server, private=Allowance(0.1, 1)) as (bot, _):
        sends = [push(bot, wang.id, f"push {number}") for number in range(3)]
        await asyncio.sleep(0.02)
        await bot.send_message(wang.id, "reply")
        await asyncio.gather(*sends)
    assert texts(server) == ["push 0", "reply", "push 1", "push 2"]


async def test_what_is_no_message_passes_and_an_edit_counts(server: Sandbox) -> None:
    [wang] = await people(server, 1)
    async with bot_with(server, ONE) as (bot, _):
        sent = await bot.send_message(wang.id, "一")
        begun = time.monotonic()
        for _ in range(2):
            await bot.send_chat_action(wang.id, "typing")
            await bot.get_me()
            await bot.get_chat_member(wang.id, wang.id)
            await bot.set_my_commands([])
        assert await bot.get_updates(timeout=0)
        with pytest.raises(BadRequest):
            await bot.answer_callback_query("1")
        assert time.monotonic() - begun < 0.4
        await bot.edit_message_text("一!", chat_id=wang.id, message_id=sent.message_id)
        assert time.monotonic() - begun > 0.5


async def test_no_limits_for_measurements(server: Sandbox) -> None:
    [wang] = await people(server, 1)
    async with bot_with(server, None) as (bot, lanes):
        begun = time.monotonic()
        await asyncio.gather(*(push(bot, wang.id) for _ in range(100)))
        assert time.monotonic() - begun < 1.5
        assert lanes.remembered == 0


# ── failures ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_429_holds_back_its_own_chat_alone(server: Sandbox) -> None:
    [wang, li] = await people(server, 2)
    server.fail("sendMessage", status=429, retry_after=1, chat=wang)
    server.fail("setMyCommands", status=429, retry_after=1)
    async with bot_with(server) as (bot, lanes):
        without = asyncio.create_task(bot.set_my_commands([]))
        held = [push(bot, wang.id, "一", Lane.REPLY)]
        await asyncio.sleep(0.1)
        held += [push(bot, wang.id, "二"), push(bot, wang.id, "三", Lane.REPLY)]
        begun = time.monotonic()
        for _ in range(5):
            await bot.send_message(li.id, "好")
        assert time.monotonic() - begun < 0.4
        assert lanes.waiting == 3
        await asyncio.gather(*held, without)
    assert [message.text for message in wang.from_bot] == ["一", "三", "二"]
    first, again, *_ = [call.at for call in server.calls_of("sendMessage") if call.params["chat_id"] == str(wang.id)]
    assert 1.0 < again - first < 1.6
    assert [call.status for call in server.calls_of("setMyCommands")] == [429, 200]


async def test_a_429_that_does_not_end(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without limits, since a 429 is heeded even so."""
    [wang, li] = await people(server, 2)
    monkeypatch.setattr("handlers.lanes.LONGEST_HOLD", 0.0)
    server.fail("sendMessage", status=429, retry_after=3600, chat=li)
    async with bot_with(server, None) as (bot, lanes):
        with pytest.raises(RetryAfter):
            await asyncio.wait_for(bot.send_message(li.id, "一"), 2)
        monkeypatch.undo()
        monkeypatch.setenv("PTB_TIMEDELTA", "1")
        monkeypatch.setattr("handlers.lanes._seconds", lambda _error: 0.01)
        server.fail("sendMessage", status=429, times=None, chat=wang)
        with pytest.raises(RetryAfter):
            await asyncio.wait_for(bot.send_message(wang.id, "二"), 3)
        assert lanes.remembered > 0
    times = arrivals(server, text="二")
    assert len(times) == FLOOD_TRIES
    assert min(after - before for before, after in pairwise(times)) > MARGIN


@pytest.mark.parametrize("fault", ["502", "drop", "time-out"])
async def test_what_may_pass_is_tried_again_ever_later(server: Sandbox, fault: str) -> None:
    [wang] = await people(server, 1)
    if fault == "drop":
        server.drop("sendMessage", times=3)
    elif fault == "time-out":
        server.delay("sendMessage", 0.1, times=3)
    else:
        server.fail("sendMessage", status=int(fault), times=3)
    async with bot_with(server, backoff=(0.04, 0.08, 0.16)) as (bot, _):
        await bot.send_message(wang.id, "好", read_timeout=0.05)
    times = arrivals(server)
    assert len(times) == 4
    if fault == "502":
        gaps = [after - before for before, after in pairwise(times)]
        assert all(
            0.5 * pause < gap < 1.5 * pause + 0.06 for gap, pause in zip(gaps, (0.04, 0.08, 0.16), strict=True)
        ), gaps


async def test_what_does_not_pass_is_raised_in_the_end(server: Sandbox) -> None:
    [wang] = await people(server, 1)
    async with bot_with(server, backoff=SOON) as (bot, _):
        server.fail("sendMessage", status=503, times=None)
        with pytest.raises(NetworkError, match="Service Unavailable"):
            await bot.send_message(wang.id, "好")
        assert len(texts(server)) == 4
        server.delay("setMyCommands", 0.1, times=None)
        with pytest.raises(TimedOut):
            await bot.set_my_commands([], read_timeout=0.03)
        assert len(server.calls_of("setMyCommands")) == 4


async def test_what_is_not_tried_again(server: Sandbox) -> None:
    [wang, li] = await people(server, 2)
    await li.block_bot()
    async with bot_with(server, backoff=SOON) as (bot, _):
        with pytest.raises(Forbidden):
            await bot.send_message(li.id, "一")
        with pytest.raises(BadRequest):
            await bot.send_message(wang.id, "二", reply_parameters=ReplyParameters(999))
        assert texts(server) == ["一", "二"]
        before = len(server.calls)
        for method, call in (("getUpdates", bot.get_updates), ("getMe", bot.get_me)):
            server.fail(method, status=502)
            with pytest.raises(NetworkError):
                await call()
        server.fail("sendMessage", status=401)
        with pytest.raises(InvalidToken):
            await bot.send_message(wang.id, "三")
        assert len(server.calls) == before + 3


# ── those who go, and what is kept ───────────────────────────────────────────────────────────────────────────


async def test_who_is_cancelled_takes_no_slot(server: Sandbox) -> None:
    [wang, li] = await people(server, 2)
    async with bot_with(server, ONE, private=Allowance(0.3, 1)) as (bot, lanes):
        await bot.send_message(li.id, "一")
        begun = time.monotonic()
        gone = [push(bot, person.id, "没人等", lane) for person in (wang, li) for lane in Lane for _ in range(20)]
        stays = asyncio.create_task(bot.send_message(wang.id, "二"))
        await asyncio.sleep(0.4)
        await dismiss(gone)
        assert lanes.waiting == 1
        await stays
        assert 0.45 < time.monotonic() - begun < 0.8
        assert texts(server) == ["一", "二"]


async def test_a_turn_that_came_with_the_cancellation_is_given_back(server: Sandbox) -> None:
    [wang, li] = await people(server, 2)
    async with bot_with(server, 2.0, private=Allowance(30.0, 1)) as (bot, lanes):
        for lane in (Lane.PUSH, Lane.REPLY):
            for _ in range(2):
                lanes._all.take(asyncio.get_running_loop().time())
            send = push(bot, wang.id, "没人等", lane)
            await asyncio.sleep(0)
            assert lanes.waiting == 1
            lanes._all._times.clear()
            lanes._dispatch()
            send.cancel()
            with suppress(asyncio.CancelledError):
                await send
        await asyncio.wait_for(bot.send_message(wang.id, "一", rate_limit_args=Lane.PUSH), 0.3)
        await asyncio.wait_for(bot.send_message(li.id, "二"), 0.3)
    assert texts(server) == ["一", "二"]


async def test_nothing_is_kept_of_a_chat_with_its_whole_allowance(server: Sandbox) -> None:
    persons = await people(server, 10)
    async with bot_with(server, 1000.0, private=Allowance(0.15, 3)) as (bot, lanes):
        for count, each in ((10, 2), (1, 4)):  # of the four, one waits
            await asyncio.gather(
                *(bot.send_message(person.id, "好") for person in persons[:count] for _ in range(each))
            )
            assert lanes.remembered == count
            async with asyncio.timeout(2):
                while lanes.remembered:  # noqa: ASYNC110 - nothing tells of it, as nobody but a test asks
                    await asyncio.sleep(0.02)
            assert (len(lanes._due), lanes._timer) == (0, None)


async def test_a_cancelled_call_is_freed(server: Sandbox) -> None:
    [wang, li] = await people(server, 2)
    async with bot_with(server, 1.0) as (bot, lanes):
        await bot.send_message(li.id, "一")
        first = push(bot, li.id, "先", Lane.REPLY)  # it stays, ahead of the others
        gone = [push(bot, wang.id, "没人等") for _ in range(50)]
        await asyncio.sleep(0)
        kept = [weakref.ref(entry[2].turn) for entry in lanes._lines[1]._heap]
        assert len(kept) == 50
        await dismiss(gone)
        del gone
        await asyncio.sleep(0)
        gc.collect()
        assert sum(ref() is not None for ref in kept) <= 1
        await dismiss([first])


async def test_shutdown_ends_who_waits_and_a_new_start_is_clean(server: Sandbox) -> None:
    [wang, li] = await people(server, 2)
    async with bot_with(server, ONE, private=Allowance(60.0, 1)) as (bot, lanes):
        await bot.send_message(wang.id, "一")
        waits = [push(bot, person.id, "没人等", lane) for person in (wang, li, li) for lane in Lane]
        await asyncio.sleep(0.1)
        await bot.shutdown()
        ends = await asyncio.gather(*waits, return_exceptions=True)
        assert all(isinstance(end, NetworkError) and str(end) == NOT_SENT for end in ends)
        assert (lanes.waiting, lanes.remembered, lanes._timer) == (0, 0, None)
        await bot.initialize()
        await asyncio.wait_for(bot.send_message(wang.id, "二"), 2)


# ── places ──────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_chat_that_is_held_back_keeps_no_place(server: Sandbox) -> None:
    wang, li = await people(server, 2)
    server.fail("sendMessage", status=429, retry_after=1, times=1)
    places = Places(1, Patience(60.0, 60.0))

    def answer(person: User) -> asyncio.Task[Any]:
        async def send() -> None:
            current.set(Run(Row(1, person.id, person.id, "", datetime.now(UTC), 1, 0), Taken(places)))
            await bot.send_message(person.id, "判定")

        return asyncio.create_task(send())

    async with bot_with(server) as (bot, _):
        held = answer(wang)
        while not server.calls_of("sendMessage"):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        await asyncio.wait_for(answer(li), 0.9)
        assert not held.done()
        # Li's answer is sent and not written down, so the other waits for its place now.
        await asyncio.sleep(1.5)
        assert not held.done()
        held.cancel()
        await asyncio.gather(held, return_exceptions=True)
