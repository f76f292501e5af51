"""``python -m bench.transport``: sends a second on loopback, stock httpx against our aiohttp, in the same run.

Two servers, each a process of its own: the sandbox, which does what Telegram does with a message, and a stub that says
yes at once, since the sandbox may be slower than either transport. The transports take turns, so that what else the
machine does hits both; the ratio is the figure to look at.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import web
from telegram import Bot
from telegram.request import BaseRequest, HTTPXRequest

from handlers.http import AiohttpRequest
from sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

SENDS = 600
ROUNDS = 3
CONCURRENCY = (1, 16, 64)
TOKEN = "7000000001:AAsandbox_0123456789abcdef0123456789"  # noqa: S105 - nobody's
TRANSPORTS: dict[str, Callable[[int], BaseRequest]] = {
    "httpx": lambda connections: HTTPXRequest(connections, pool_timeout=None, httpx_kwargs={"trust_env": False}),
    "aiohttp": AiohttpRequest,
}


async def main() -> int:
    """Prints the table."""
    print(f"{'server':<8} {'at once':>7} {'httpx/s':>8} {'aiohttp/s':>9} {'ratio':>6}")
    for kind in ("stub", "sandbox"):
        for at_once in CONCURRENCY:
            # A sandbox keeps every message: a new one each time.
            async with _server(kind) as (address, chat):
                rates: dict[str, list[float]] = {name: [] for name in TRANSPORTS}
                for _ in range(ROUNDS):
                    for name in TRANSPORTS:
                        rates[name].append(await _rate(name, address, chat, at_once))
            stock, own = (statistics.median(rates[name]) for name in TRANSPORTS)
            print(f"{kind:<8} {at_once:>7} {stock:>8.0f} {own:>9.0f} {own / stock:>6.2f}", flush=True)
    return 0


async def _rate(name: str, address: str, chat: int, at_once: int) -> float:
    """Sends a second."""
    left = iter(range(SENDS))

    async def worker(bot: Bot) -> None:
        for number in left:
            await bot.send_message(chat, f"这条短信像是诈骗，不要点链接。{number}")

    sends, polls = TRANSPORTS[name](at_once), TRANSPORTS[name](1)
    async with sends, polls:
        bot = Bot(TOKEN, f"{address}/bot", request=sends, get_updates_request=polls)
        await asyncio.gather(*(bot.get_me() for _ in range(at_once)))  # the connections are open
        begun = time.perf_counter()
        await asyncio.gather(*(worker(bot) for _ in range(at_once)))
        return SENDS / (time.perf_counter() - begun)


@asynccontextmanager
async def _server(kind: str) -> AsyncIterator[tuple[str, int]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.transport", kind, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        address, chat = (await process.stdout.readline()).decode().split()
        yield address, int(chat)
    finally:
        process.kill()
        await process.wait()


async def _sandbox() -> None:
    async with Sandbox(token=TOKEN) as sandbox:
        person = sandbox.user("小王")
        await person.start()
        print(sandbox.api_url, person.id, flush=True)
        await asyncio.Event().wait()


async def _stub() -> None:
    me = {"id": 7_000_000_001, "is_bot": True, "first_name": "真的吗", "username": "zhendema_bot"}
    message = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "from": me, "text": "好"}
    answers = {
        method: json.dumps({"ok": True, "result": result}).encode()
        for method, result in (("getMe", me), ("sendMessage", message))
    }

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=answers[request.match_info["method"]], content_type="application/json")

    app = web.Application()
    app.router.add_post("/bot{token}/{method}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [address] = runner.addresses
    print(f"http://127.0.0.1:{address[1]} 1", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    _role = {"stub": _stub, "sandbox": _sandbox}.get("".join(sys.argv[1:]), main)
    sys.exit(asyncio.run(_role()))
