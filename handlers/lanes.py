"""The order in which calls leave for Telegram: answers first, within the limits that Telegram sets.

All calls of the bot pass here (``Application.builder().rate_limiter(Lanes())``). A message waits until the bot, its
lane and its chat may send; calls that Telegram does not count as messages pass at once. Nothing polls: one timer
stands for whatever is due next, and a send costs O(log n) with n messages waiting.

What fails is tried again where that may help: after a 429, when the chat's hold is over (other chats go on meanwhile);
after a 5xx, a broken connection or a time-out, after a growing pause in which a later call may overtake. A time-out
does not tell whether the message arrived, and Telegram takes no idempotency key: a retry may double it. An answer that
comes twice does less harm than one that never comes.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import logging
import math
import random
from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

from bot.meters import CALL_ERRORS, CALLS, Meters
from bot.service.inbox import sending

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from telegram._utils.types import JSONDict

    Answer = bool | JSONDict | list[JSONDict]

_log = logging.getLogger(__name__)

RATE = 30.0
"""Messages a second that Telegram lets one bot send."""
PUSH_SHARE = 3
"""What nobody waits for gets one in so many, even where nothing else is sent: an answer always finds room."""
BACKOFF = (0.5, 1.0, 2.0)
"""Seconds before each retry of a call that got no answer; the real pause is up to half longer or shorter."""
FLOOD_TRIES = 5
LONGEST_HOLD = 60.0
"""Seconds; a call that Telegram puts off for longer fails at once, since whoever made it can plan better."""
MARGIN = 0.1
"""Seconds on top of what a 429 asks for."""
NOT_SENT = "shut down before the message was sent"

# Loop timers may fire this much early.
_EPSILON = 1e-6
# The first call of all, whose failure the operator wants to see at once, and the poll that the library repeats itself.
_ONCE = frozenset({"getMe", "getUpdates"})
_COUNTED = ("send", "forward", "copy", "editMessage")


class Lane(IntEnum):
    """Who goes first. Pass it as ``rate_limit_args`` of any method of the bot."""

    REPLY = 0
    """Somebody waits for it: verdicts, rescue, presses. The default."""
    PUSH = 1
    """Follow-ups and weekly pushes."""
    BROADCAST = 2


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one chat may get: ``burst`` messages at once, and one more every ``period`` seconds."""

    period: float
    burst: int


PRIVATE = Allowance(1.0, 20)
GROUP = Allowance(3.0, 20)
_FREE = Allowance(0.0, 1)


class Lanes(BaseRateLimiter[Lane]):
    """Sends by lane, then in order of arrival.

    Args:
        rate: Messages a second for the whole bot; None: no limits at all, only 429 and failures are waited out.
        private: The allowance of a private chat.
        group: The allowance of a group or channel.
        backoff: Seconds before each retry after a failure.
    """

    def __init__(
        self,
        rate: float | None = RATE,
        *,
        private: Allowance = PRIVATE,
        group: Allowance = GROUP,
        backoff: tuple[float, ...] = BACKOFF,
    ) -> None:
        self._rate = rate
        self._limited = rate is not None
        self._private, self._group = (private, group) if self._limited else (_FREE, _FREE)
        self._backoff = backoff
        self._all = _Window(rate, 1.0)
        # Half a second, not a whole one: what nobody waits for should not come in bursts.
        self._pushes = _Window(rate and rate / PUSH_SHARE, 0.5)
        self._lines = (_Line(), _Line())
        self._chats: dict[int | str, _Chat] = {}
        self._due: list[tuple[float, int, _Chat]] = []
        self._count = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        self.meters = Meters()
        """Told of every call; in a bot those of its service."""

    def share(self, bots: int) -> None:
        """Send no more than this process's part, where so many send as the same bot."""
        if self._rate is not None:
            self._all.allow(self._rate / bots)
            self._pushes.allow(self._rate / bots / PUSH_SHARE)
            self._dispatch()

    async def initialize(self) -> None:
        """Nothing to open: everything is made when it is needed."""

    async def shutdown(self) -> None:
        """End every call that still waits for its turn: it raises ``NetworkError`` and was not sent.

        Calls under way are left to end by themselves. The bot can be started again.
        """
        waiting = [*self._lines, *(chat.waiting for chat in self._chats.values())]
        for call in [call for line in waiting for call in line.clear()]:
            call.turn.set_exception(NetworkError(NOT_SENT))
        self._chats.clear()
        self._due.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Answer]],
        args: Any,  # noqa: ANN401 - the library's signature
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: Lane | None,
    ) -> Answer:
        """Make a call when it is its turn, and again where that may help.

        Raises:
            telegram.error.TelegramError: What the last try raised; NetworkError as well after ``shutdown``.
        """
        counted = endpoint.startswith(_COUNTED) and endpoint != "sendChatAction"
        chat = _chat_of(data) if counted else None
        lane, number = rate_limit_args or Lane.REPLY, next(self._count)
        failures = floods = 0
        while True:
            if counted:
                await self._turn(lane, number, chat)
            try:
                async with sending() if counted else nullcontext():
                    return await self._carried_out(endpoint, callback(*args, **kwargs))
            except RetryAfter as error:
                floods += 1
                pause = _seconds(error)
                if chat is not None:
                    self._hold(chat, min(pause, LONGEST_HOLD))
                if floods == FLOOD_TRIES or pause > LONGEST_HOLD:
                    raise
                _log.info("too much for one chat: %s waits %.0f s", endpoint, pause)
                if chat is None:
                    await asyncio.sleep(pause)
            except NetworkError as error:
                if isinstance(error, BadRequest) or endpoint in _ONCE or failures == len(self._backoff):
                    raise
                pause = self._backoff[failures] * random.uniform(0.5, 1.5)  # noqa: S311 - only to spread retries
                failures += 1
                _log.info("%s failed (%s), again in %.1f s", endpoint, type(error).__name__, pause)
                await asyncio.sleep(pause)

    async def _carried_out(self, endpoint: str, call: Coroutine[Any, Any, Answer]) -> Answer:
        try:
            answer = await call
        except TelegramError as error:
            self.meters.count(CALL_ERRORS, type(error).__name__)
            raise
        self.meters.count(CALLS, endpoint)
        return answer

    @property
    def waiting(self) -> int:
        """How many messages wait for their turn."""
        return sum(map(len, self._lines)) + sum(len(chat.waiting) for chat in self._chats.values())

    @property
    def remembered(self) -> int:
        """How many chats something is kept of: those that have not their whole allowance again."""
        return len(self._chats)

    # ── one call ─────────────────────────────────────────────────────────────────────────────────────────────

    async def _turn(self, lane: Lane, number: int, chat: int | str | None) -> None:
        call = _Call(lane, number, chat, asyncio.get_running_loop().create_future())
        self._lines[lane > Lane.REPLY].push(call)
        self._dispatch()
        try:
            await call.turn
        except asyncio.CancelledError:
            self._give_up(call)
            raise

    def _give_up(self, call: _Call) -> None:
        """Forget a call that was cancelled, perhaps in the very moment in which it got its turn."""
        known = self._chats.get(call.chat) if call.chat is not None else None
        if not call.turn.cancelled() and call.turn.exception() is None:
            sent = call.turn.result()
            self._all.give_back(sent)
            if call.lane > Lane.REPLY:
                self._pushes.give_back(sent)
            if known is not None:
                known.full_at -= known.allowance.period
        else:
            self._lines[call.lane > Lane.REPLY].drop_gone()
            if known is not None:
                known.waiting.drop_gone()
        if known is not None and known.waiting:
            self._look_at(known, 0.0)
        self._dispatch()

    def _hold(self, chat: int | str, seconds: float) -> None:
        known = self._chat(chat)
        known.held_until = max(known.held_until, asyncio.get_running_loop().time() + seconds + MARGIN)
        self._look_at(known, known.held_until)
        self._arm(known.held_until)

    # ── whose turn it is ─────────────────────────────────────────────────────────────────────────────────────

    def _dispatch(self) -> None:
        """Give their turn to all who may go now, and set the timer for the next."""
        now = asyncio.get_running_loop().time() + _EPSILON
        while self._due and self._due[0][0] <= now:
            due, _, chat = heapq.heappop(self._due)
            if chat.due == due:
                self._wake(chat, now)
        replies, pushes = self._lines
        while self._all.opens <= now and (replies or (pushes and self._pushes.opens <= now)):
            self._let_go((replies or pushes).pop(), now)
        wake = self._due[0][0] if self._due else math.inf
        if replies:
            wake = min(wake, self._all.opens)
        elif pushes:
            wake = min(wake, max(self._all.opens, self._pushes.opens))
        self._arm(wake)

    def _let_go(self, call: _Call, now: float) -> None:
        # Without limits a chat is known only while Telegram itself holds it back.
        if call.chat is not None and (self._limited or call.chat in self._chats):
            chat = self._chat(call.chat)
            if chat.opens > now:
                # Only this chat waits; the next call in line is looked at instead.
                chat.waiting.push(call)
                self._look_at(chat, chat.opens)
                return
            chat.full_at = max(chat.full_at, now) + chat.allowance.period
            if chat.due == math.inf:
                self._look_at(chat, chat.full_at)
        self._all.take(now)
        if call.lane > Lane.REPLY:
            self._pushes.take(now)
        call.turn.set_result(now)

    def _wake(self, chat: _Chat, now: float) -> None:
        """Put those of a chat that may go back in line; forget a chat that has its whole allowance."""
        chat.due = math.inf
        for _ in range(chat.free(now)):
            if not chat.waiting:
                break
            call = chat.waiting.pop()
            self._lines[call.lane > Lane.REPLY].push(call)
        if chat.waiting:
            # Those in line may take what is free, or be cancelled: look again when one more may go.
            self._look_at(chat, chat.opens if chat.opens > now else now + chat.allowance.period)
        elif max(chat.full_at, chat.held_until) <= now:
            del self._chats[chat.id]
        else:
            self._look_at(chat, max(chat.full_at, chat.held_until))

    def _chat(self, chat: int | str) -> _Chat:
        known = self._chats.get(chat)
        if known is None:
            # A name in place of a number is a channel's or a public group's.
            private = isinstance(chat, int) and chat > 0
            known = self._chats[chat] = _Chat(chat, self._private if private else self._group)
        return known

    def _look_at(self, chat: _Chat, when: float) -> None:
        """See to a chat at that time, or before."""
        if when < chat.due:
            chat.due = when
            heapq.heappush(self._due, (when, next(self._count), chat))

    def _arm(self, when: float) -> None:
        if self._timer is not None:
            if self._timer.when() <= when:
                return
            self._timer.cancel()
            self._timer = None
        if when < math.inf:
            self._timer = asyncio.get_running_loop().call_at(when, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._dispatch()


@dataclass(slots=True)
class _Call:
    lane: Lane
    number: int
    chat: int | str | None
    turn: asyncio.Future[float]
    """Done when the call may go; its result is the loop time at which it was counted."""


class _Line:
    """Those who wait: by lane, then by number. Who was cancelled stays in the heap until half of it is such."""

    def __init__(self) -> None:
        self._heap: list[tuple[Lane, int, _Call]] = []
        self._gone = 0

    def __bool__(self) -> bool:
        while self._heap and self._heap[0][2].turn.done():
            heapq.heappop(self._heap)
            self._gone = max(0, self._gone - 1)
        return bool(self._heap)

    def __len__(self) -> int:
        return sum(not call.turn.done() for _, _, call in self._heap)

    def push(self, call: _Call) -> None:
        heapq.heappush(self._heap, (call.lane, call.number, call))

    def pop(self) -> _Call:
        """The first; only after the line was found not to be empty."""
        return heapq.heappop(self._heap)[2]

    def drop_gone(self) -> None:
        """Note that somebody may have gone."""
        self._gone += 1
        if self._gone * 2 > len(self._heap):
            self._heap = [entry for entry in self._heap if not entry[2].turn.done()]
            heapq.heapify(self._heap)
            self._gone = 0

    def clear(self) -> list[_Call]:
        waiting = [call for _, _, call in self._heap if not call.turn.done()]
        self._heap.clear()
        self._gone = 0
        return waiting


@dataclass(slots=True, eq=False)
class _Chat:
    """One chat's allowance, kept as the time at which it is whole again (the "generic cell rate" algorithm)."""

    id: int | str
    allowance: Allowance
    full_at: float = -math.inf
    held_until: float = -math.inf
    due: float = math.inf
    """When it is looked at next."""
    waiting: _Line = field(default_factory=_Line)

    @property
    def opens(self) -> float:
        """From when on it may get a message."""
        return max(self.held_until, self.full_at - (self.allowance.burst - 1) * self.allowance.period)

    def free(self, now: float) -> int:
        """How many messages it may get now."""
        if self.opens > now:
            return 0
        period, burst = self.allowance.period, self.allowance.burst
        if not period:
            return len(self.waiting)
        return burst if self.full_at <= now else max(1, int(burst - (self.full_at - now) / period))


class _Window:
    """No more than ``rate * span`` in any ``span`` seconds (one, in a longer span, where that is less than one)."""

    def __init__(self, rate: float | None, span: float) -> None:
        self._longest = span
        self._times: deque[float] = deque(maxlen=0)
        self._span = 0.0
        if rate:
            self.allow(rate)

    def allow(self, rate: float) -> None:
        """Keep to another rate from now on."""
        most = max(1, int(rate * self._longest))
        self._span = most / rate
        if most != self._times.maxlen:
            self._times = deque(self._times, maxlen=most)

    @property
    def opens(self) -> float:
        times = self._times
        return times[0] + self._span if times.maxlen and len(times) == times.maxlen else -math.inf

    def take(self, now: float) -> None:
        self._times.append(now)

    def give_back(self, time: float) -> None:
        if time in self._times:
            self._times.remove(time)


def _chat_of(data: dict[str, Any]) -> int | str | None:
    chat = data.get("chat_id")
    if isinstance(chat, str):
        return int(chat) if chat.removeprefix("-").isdecimal() else chat.lower()
    return chat if isinstance(chat, int) else None


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return float(after) if isinstance(after, int) else after.total_seconds()
