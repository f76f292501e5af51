"""Three processes of the bot behind one webhook on one PostgreSQL; one is killed, one is stopped and wakes again."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from aiohttp import ClientError, ClientSession, ClientTimeout, web
from talk_driving import SECRET
from web_driving import HOST, client_of, free_port, until_ready

from bot.service.places import PLACES

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator
    from pathlib import Path

    from databases import PostgresDatabases

    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]

LEASE = 2.0
# The bot as it is, but for how long one waits for one that is gone, and that the knowledge is loaded once for all.
BOTS = f"""
import gc, os, sys
from bot.knowledge import Knowledge
from bot.service import claims
claims.TIMES = claims.Times(lease={LEASE}, beat=0.3, look=0.1)
loaded = Knowledge.load()
Knowledge.load = lambda **_: loaded
from handlers.cli import main
gc.freeze()
for port in sys.argv[1:]:
    pid = os.fork()
    if not pid:
        os.environ["ZHENDEMA_LISTEN"] = "{HOST}:" + port
        os._exit(main(["run"]))
    print(pid, flush=True)
while True:
    try:
        print(*os.wait(), flush=True)
    except ChildProcessError:
        break
"""
BANKS = ("工商银行", "招商银行", "建设银行", "农业银行")


@asynccontextmanager
async def relay(ports: list[int]) -> AsyncIterator[int]:
    """Passes each post to the next of them, and to another where that one does not answer."""
    turn = itertools.count()

    async def handle(request: web.Request) -> web.Response:
        body, first = await request.read(), next(turn)
        for at in range(len(ports)):
            url = f"http://{HOST}:{ports[(first + at) % len(ports)]}{request.path}"
            try:
                async with session.post(url, data=body, headers=request.headers) as answer:
                    if answer.status != 503:
                        return web.Response(status=answer.status)
            except (ClientError, TimeoutError):
                continue
        return web.Response(status=502)

    async with ClientSession(timeout=ClientTimeout(0.5)) as session:
        server = web.Application()
        server.router.add_post("/telegram", handle)
        runner = web.AppRunner(server)
        await runner.setup()
        port = free_port()
        await web.TCPSite(runner, HOST, port).start()
        yield port
        await runner.cleanup()


async def started(server: Sandbox, folder: Path, url: str, hook: int, ports: list[int]) -> tuple[Process, list[int]]:
    """The parent of all, and their numbers."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENDEMA_")}
    given = {
        "XDG_STATE_HOME": str(folder),
        "ZHENDEMA_SECRET": SECRET,
        "ZHENDEMA_TOKEN": server.token,
        "ZHENDEMA_API_URL": server.api_url,
        "ZHENDEMA_DATABASE_URL": url,
        "ZHENDEMA_WEBHOOK_URL": f"http://{HOST}:{hook}/telegram",
    }
    made = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOTS, *map(str, ports), env={**clean, **given}, stdout=asyncio.subprocess.PIPE
    )
    assert made.stdout is not None
    pids = [int(await made.stdout.readline()) for _ in ports]
    for port in ports:
        async with client_of(port) as client:
            await until_ready(client)
    return made, pids


def answers(user: User) -> list[str]:
    """Which bank each answer was about."""
    return [next(bank for bank in BANKS if bank in message.text) for message in user.from_bot]


async def answered(users: list[User], banks: tuple[str, ...], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not all(set(banks) <= set(answers(user)) for user in users):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_one_is_killed_and_one_is_stopped(server: Sandbox, tmp_path: Path, postgres: PostgresDatabases) -> None:
    url, ports = (await postgres.new()).url, [free_port() for _ in range(3)]
    users = [server.user(f"人{number}") for number in range(20)]
    async with relay(ports) as hook:
        parent, (killed, stopped, last) = await started(server, tmp_path, url, hook, ports)
        try:
            for bank in BANKS[:2]:
                await asyncio.gather(*(user.send(f"/hotline {bank}") for user in users))
            await asyncio.sleep(0.3)
            os.kill(killed, signal.SIGKILL)
            await answered(users, BANKS[:2], LEASE + 8)
            await asyncio.gather(*(user.send(f"/hotline {BANKS[2]}") for user in users))
            await asyncio.sleep(0.2)
            os.kill(stopped, signal.SIGSTOP)
            await asyncio.gather(*(user.send(f"/hotline {BANKS[3]}") for user in users))
            await answered(users, BANKS, LEASE + 8)
            os.kill(stopped, signal.SIGCONT)
            await asyncio.sleep(1.0)
            said = [answers(user) for user in users]
            firsts = [list(dict.fromkeys(each)) for each in said]
            assert firsts == [list(BANKS)] * len(users), "all, and in order"
            assert sum(len(each) - len(BANKS) for each in said) <= 2 * PLACES, "what was being sent then"
            again = server.user("后来的人")
            assert BANKS[0] in (await again.ask(f"/hotline {BANKS[0]}", timeout=10)).text
        finally:
            for pid in (stopped, last):
                os.kill(pid, signal.SIGCONT)
                os.kill(pid, signal.SIGTERM)
            with contextlib.suppress(ProcessLookupError):
                os.kill(killed, signal.SIGKILL)
            said_last, _ = await parent.communicate()
        ends = {int(pid): int(end) for pid, end in map(str.split, said_last.decode().splitlines())}
        assert ends == {killed: signal.SIGKILL, stopped: 0, last: 0}
