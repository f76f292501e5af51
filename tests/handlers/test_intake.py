"""From Telegram into the inbox: nothing lost by a kill, a full database or a second process; nothing twice."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sqlite3
import sys
from typing import TYPE_CHECKING

from talk_driving import SECRET, running
from talk_material import CLEAR, SCAM

from handlers.shift import LEASE_SECONDS

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]


async def rename(folder: Path, old: str, new: str) -> None:
    def do() -> None:
        with contextlib.closing(sqlite3.connect(folder / "zhendema.sqlite3")) as database:
            database.execute(f"ALTER TABLE {old} RENAME TO {new}")
            database.commit()

    await asyncio.to_thread(do)


async def test_what_cannot_be_stored_is_answered_later(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    owner = server.user("站长")
    async with running(server, tmp_path, knowledge, owners=frozenset({owner.id})):
        await owner.start()
        await owner.next()
        assert (await wang.ask(CLEAR)).text.startswith("⚪")
        await rename(tmp_path, "inbox", "gone")
        said = await wang.ask(SCAM, timeout=10)
        assert "恢复后马上看" in said.text
        assert said.parts("code") == ["96110"]
        await owner.wait_for("消息存不进去")
        await asyncio.sleep(1.5)
        assert wang.last.id == said.id, "once"
        await rename(tmp_path, "gone", "inbox")
        await wang.wait_for(lambda m: m.text.startswith("🔴"))
        await owner.wait_for("故障恢复了")
        assert len([m for m in owner.from_bot if "故障" in m.text]) == 2


async def test_a_restart_answers_nothing_twice(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    async with running(server, tmp_path, knowledge):
        await wang.ask(SCAM)
        reply = await wang.ask("/help")
    async with running(server, tmp_path, knowledge):
        assert "怎么用" in (await wang.ask("/help")).text
        assert [m.id for m in wang.from_bot if m.id < reply.id] == [wang.from_bot[0].id]
        assert len(wang.from_bot) == 3


async def test_a_killed_bot_answers_after_its_restart(server: Sandbox, tmp_path: Path, wang: User) -> None:
    def start(burst: str) -> asyncio.subprocess.Process:
        return asyncio.create_subprocess_exec(  # type: ignore[return-value]
            sys.executable, "-m", "handlers", "run",
            env={
                "PATH": "", "XDG_STATE_HOME": str(tmp_path), "ZHENDEMA_SECRET": SECRET,
                "ZHENDEMA_TOKEN": server.token, "ZHENDEMA_API_URL": server.api_url, "ZHENDEMA_BURST_SECONDS": burst,
            },
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip

    process = await start("9")  # type: ignore[misc]
    await server.ready(timeout=30)
    await wang.send(SCAM)
    await wang.send("帮我看看这条")
    await server.idle()
    await asyncio.sleep(0.3)
    process.send_signal(signal.SIGKILL)
    await process.wait()
    assert wang.from_bot == []
    process = await start("0.1")  # type: ignore[misc]
    try:
        await wang.wait_for(lambda m: m.text.startswith("🔴"), timeout=30)
        await server.idle()
        assert len([m for m in wang.from_bot if m.text.startswith("🔴")]) == 1
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_a_second_process_stands_by(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    async with contextlib.AsyncExitStack() as stack:
        first = await stack.enter_async_context(contextlib.AsyncExitStack())
        await first.enter_async_context(running(server, tmp_path, knowledge))
        await stack.enter_async_context(running(server, tmp_path, knowledge))
        assert (await wang.ask(CLEAR)).text.startswith("⚪")
        await asyncio.sleep(1.2)
        assert 409 not in {call.status for call in server.calls_of("getUpdates")}
        await first.aclose()
        assert (await wang.ask(SCAM, timeout=10)).text.startswith("🔴")


def test_the_lease_outlives_a_long_poll() -> None:
    assert LEASE_SECONDS > 2 * 30
