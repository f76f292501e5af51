"""The composition root as a process: clear ends, and an answer for everything that still waits."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from talk_driving import SECRET, running, settings_for
from talk_material import SCAM
from telegram.error import NetworkError

from handlers.intake import ALLOWED_UPDATES
from handlers.run import BAD_TOKEN, CONFLICT, UNREACHABLE, RunError, opened, serve

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]

OTHER_TOKEN = "123456:AAabcdefghijklmnopqrstuvwxyz0123456789"


async def start(folder: Path, **environ: str) -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENDEMA_")}
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "handlers",
        "run",
        env={**clean, "XDG_STATE_HOME": str(folder), "ZHENDEMA_SECRET": SECRET, **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_sigterm_answers_what_waits_and_exits_0(server: Sandbox, tmp_path: Path, wang: User) -> None:
    process = await start(
        tmp_path, ZHENDEMA_TOKEN=server.token, ZHENDEMA_API_URL=server.api_url, ZHENDEMA_BURST_SECONDS="9"
    )
    await server.ready(timeout=30)
    await wang.send(SCAM)
    await server.idle()
    process.send_signal(signal.SIGTERM)
    _, log = await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0, log.decode()
    assert wang.last.text.startswith("🔴")
    assert server.token.split(":")[1] not in log.decode()
    assert (tmp_path / "zhendema").stat().st_mode & 0o777 == 0o700


async def test_process_with_a_refused_token(server: Sandbox, tmp_path: Path) -> None:
    process = await start(tmp_path, ZHENDEMA_TOKEN=OTHER_TOKEN, ZHENDEMA_API_URL=server.api_url)
    _, log = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert log.decode().strip().splitlines()[-1] == f"zhendema: {BAD_TOKEN}"
    assert OTHER_TOKEN not in log.decode()


async def test_refused_token(server: Sandbox, tmp_path: Path, knowledge: Knowledge) -> None:
    async with opened(settings_for(server, tmp_path, token=OTHER_TOKEN), knowledge) as app:
        with pytest.raises(RunError, match="ZHENDEMA_TOKEN was refused"):
            await serve(app, asyncio.Event())


async def test_unreachable(server: Sandbox, tmp_path: Path, knowledge: Knowledge) -> None:
    async with opened(settings_for(server, tmp_path, api_url="http://127.0.0.1:9"), knowledge) as app:
        with pytest.raises(RunError) as caught:
            await serve(app, asyncio.Event())
    assert str(caught.value) == UNREACHABLE


async def test_unreachable_proxy(server: Sandbox, tmp_path: Path, knowledge: Knowledge) -> None:
    settings = settings_for(server, tmp_path, proxy="socks5://127.0.0.1:9")
    async with opened(settings, knowledge) as app:
        with pytest.raises(RunError, match="ZHENDEMA_PROXY"):
            await serve(app, asyncio.Event())


async def test_second_poller(server: Sandbox, tmp_path: Path, knowledge: Knowledge) -> None:
    server.fail("getUpdates", status=409, times=None)
    async with opened(settings_for(server, tmp_path), knowledge) as app:
        with pytest.raises(RunError) as caught:
            await asyncio.wait_for(serve(app, asyncio.Event()), 20)
    assert str(caught.value) == CONFLICT


async def test_passing_trouble_is_sat_out(app: App, server: Sandbox, wang: User) -> None:
    server.fail("getUpdates", status=502, times=2)
    await asyncio.sleep(0.1)
    assert (await wang.ask(SCAM, timeout=10)).text.startswith("🔴")


async def test_only_what_is_handled_is_asked_for(app: App, server: Sandbox) -> None:
    call = server.calls_of("getUpdates")[-1]
    assert all(kind in str(call.params["allowed_updates"]) for kind in ALLOWED_UPDATES)
    assert "channel_post" not in str(call.params["allowed_updates"])


async def test_knowledge_is_loaded_before_anything_is_said(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge
) -> None:
    async with opened(settings_for(server, tmp_path), knowledge):
        assert not server.calls


async def test_answers_while_others_wait(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    other = server.user("小李")
    async with running(server, tmp_path, knowledge, burst_seconds=0.3):
        await wang.send("帮我看看")
        assert (await other.ask(SCAM)).text.startswith("🔴")
        assert not wang.from_bot


async def test_both_ways_to_telegram_go_through_the_proxy(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge
) -> None:
    seen: list[str] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readline()).decode().split()[1].rsplit("/", 1)[-1])
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as proxy:
        address = f"http://127.0.0.1:{proxy.sockets[0].getsockname()[1]}"
        async with opened(settings_for(server, tmp_path, proxy=address), knowledge) as app:
            for call in (app.bot.initialize, app.bot.get_updates):
                with pytest.raises(NetworkError):
                    await call()
            await app.bot.shutdown()
    assert seen == ["getMe", "getUpdates"]
    assert not server.calls
