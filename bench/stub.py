"""A Bot API server that does nearly nothing, for load: it hands updates out and takes the time until they are answered.

A process of its own, driven by lines of JSON on standard input (see :mod:`bench.throughput`). Plain asyncio, since a
framework would cost more than the bots that are measured.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import deque
from typing import Any
from urllib.parse import unquote_plus

from bench.corpus import texts

ME = {"id": 7_000_000_001, "is_bot": True, "first_name": "真的吗", "username": "zhendema_bot"}
FIRST_CHAT = 10_000_000
BATCH = 100
_LONGEST_POLL = 10.0
_MOST_SECONDS = 240.0
_STEP = 0.001


def _ok(result: object) -> bytes:
    return json.dumps({"ok": True, "result": result}).encode()


class Load:
    """The updates: how many are out, and when each was due and answered."""

    def __init__(self) -> None:
        self._texts = texts()
        self._sent = 0
        self._due: dict[int, float] = {}
        self._ready: deque[dict[str, Any]] = deque()
        self._given: deque[dict[str, Any]] = deque()
        self.changed = asyncio.Event()
        self.waits: list[float] = []
        self.calls: dict[str, int] = {}
        self.polls = 0

    @property
    def outstanding(self) -> int:
        """Updates without an answer."""
        return len(self._due)

    def send(self, due: float) -> None:
        """Let one more person send an SMS; ``due`` is when, by ``time.perf_counter()``."""
        self._sent += 1
        person = {"id": FIRST_CHAT + self._sent, "is_bot": False, "first_name": "小王", "language_code": "zh-hans"}
        message = {
            "message_id": self._sent,
            "date": int(time.time()),
            "chat": {"id": person["id"], "type": "private", "first_name": "小王"},
            "from": person,
            "text": self._texts[self._sent % len(self._texts)],
            "forward_origin": {"type": "hidden_user", "date": int(time.time()), "sender_user_name": "短信转发"},
        }
        self._due[FIRST_CHAT + self._sent] = due
        self._ready.append({"update_id": self._sent, "message": message})
        self.changed.set()

    def answered(self, chat: int) -> None:
        """Note the first message to a chat."""
        due = self._due.pop(chat, None)
        if due is not None:
            self.waits.append(time.perf_counter() - due)
            self.changed.set()

    async def updates(self, offset: int, patience: int) -> bytes:
        """Answer getUpdates; ``patience`` is in seconds."""
        self.polls += 1
        while self._given and self._given[0]["update_id"] < offset:
            self._given.popleft()
        deadline = time.perf_counter() + min(patience, _LONGEST_POLL)
        while not self._ready and not self._given and (left := deadline - time.perf_counter()) > 0:
            self.changed.clear()
            try:
                async with asyncio.timeout(left):
                    await self.changed.wait()
            except TimeoutError:
                break
        while self._ready and len(self._given) < BATCH:
            self._given.append(self._ready.popleft())
        return _ok(list(self._given))


class _Connection(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as far as the two clients use it."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._buffer = b""
        self._polls: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end]
            at = head.lower().find(b"content-length:")
            length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self._buffer) < end + 4 + length:
                return
            body = self._buffer[end + 4 : end + 4 + length]
            self._buffer = self._buffer[end + 4 + length :]
            self._serve(head.split(b" ", 2)[1].rpartition(b"/")[2].decode(), body)

    def _serve(self, method: str, body: bytes) -> None:
        load = self._load
        load.calls[method] = load.calls.get(method, 0) + 1
        if method == "getUpdates":
            task = asyncio.create_task(self._poll(_field(body, b"offset"), _field(body, b"timeout")))
            self._polls.add(task)
            task.add_done_callback(self._polls.discard)
            return
        if method == "sendMessage":
            chat = _field(body, b"chat_id")
            load.answered(chat)
            place = {"id": chat, "type": "private", "first_name": "小王"}
            self._answer(_ok({"message_id": 1_000_000_000, "date": 1, "chat": place, "from": ME, "text": "好"}))
            return
        self._answer(_ok(ME if method == "getMe" else True))

    async def _poll(self, offset: int, patience: int) -> None:
        self._answer(await self._load.updates(offset, patience))

    def _answer(self, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def _field(body: bytes, name: bytes) -> int:
    """A number in a form."""
    for part in body.split(b"&"):
        key, _, value = part.partition(b"=")
        if key == name:
            return int(unquote_plus(value.decode()))
    return 0


async def _flood(load: Load, count: int, window: int) -> float:
    """Send ``count`` updates, ``window`` of them unanswered at a time; answered a second."""
    begun, sent = time.perf_counter(), 0
    while (sent < count or load.outstanding) and time.perf_counter() < begun + _MOST_SECONDS:
        while sent < count and load.outstanding < window:
            load.send(time.perf_counter())
            sent += 1
        load.changed.clear()
        await load.changed.wait()
    return len(load.waits) / (time.perf_counter() - begun)


async def _pace(load: Load, count: int, rate: float) -> float:
    """Send ``count`` updates, ``rate`` a second whatever becomes of them; answered a second."""
    begun = time.perf_counter()
    for number in range(count):
        due = begun + number / rate
        while (left := due - time.perf_counter()) > 0:  # noqa: ASYNC110 - until a time, not an event
            await asyncio.sleep(max(_STEP, left))
        load.send(due)
    while load.outstanding and time.perf_counter() < begun + count / rate + _MOST_SECONDS:  # noqa: ASYNC110
        await asyncio.sleep(_STEP)
    return len(load.waits) / (time.perf_counter() - begun)


async def main() -> None:
    """Serve; do what the lines on standard input say."""
    load, loop = Load(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(load), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        order = json.loads(line)
        load.waits, load.calls, busy = [], {}, time.process_time()
        begun = time.perf_counter()
        if order["do"] == "wait":
            while not load.polls:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            rate = 0.0
        elif order["do"] == "flood":
            rate = await _flood(load, order["count"], order["window"])
        else:
            rate = await _pace(load, order["count"], order["rate"])
        waits = sorted(load.waits) or [0.0]
        answer = {
            "rate": rate,
            "answered": len(load.waits),
            "calls": load.calls,
            "busy": (time.process_time() - busy) / max(1e-9, time.perf_counter() - begun),
        } | {f"p{share}": waits[min(len(waits) - 1, len(waits) * share // 100)] for share in (50, 95, 99)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
