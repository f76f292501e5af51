"""Bad days: the person gets a calm sentence, the log no secret."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from talk_driving import break_table, running
from talk_material import SCAM, shows

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]


async def test_calm_sentence(app: App, server: Sandbox, wang: User, caplog: pytest.LogCaptureFixture) -> None:
    server.fail("sendMessage", status=400, times=3)
    reply = await wang.ask(SCAM)
    assert "没看成" in reply.text
    assert "telegram.error.BadRequest" in caplog.text
    assert (await wang.ask(SCAM)).text.startswith("🔴")


async def test_what_fails_once_is_tried_again(app: App, server: Sandbox, wang: User) -> None:
    server.fail("sendMessage", status=400, times=2)
    assert (await wang.ask(SCAM)).text.startswith("🔴")
    assert len(wang.from_bot) == 1


async def test_flood_control_is_waited_out(app: App, server: Sandbox, wang: User) -> None:
    server.fail("sendMessage", status=429, retry_after=1)
    reply = await wang.ask(SCAM)
    assert reply.text.startswith("🔴")
    assert len(wang.from_bot) == 1


async def test_one_bad_message_of_a_burst_spoils_no_other(app: App, server: Sandbox, wang: User) -> None:
    server.fail("sendMessage", status=400)
    for at in range(3):
        await wang.send(f"{SCAM}{at}", forward_name="骗子")
    replies = await wang.wait_for(3)
    assert sum(reply.text.startswith("🔴") for reply in replies) == 3


async def test_blocked_bot_is_no_error(app: App, server: Sandbox, wang: User, caplog: pytest.LogCaptureFixture) -> None:
    await wang.ask(SCAM)
    await wang.send(SCAM)
    await wang.block_bot()
    await asyncio.sleep(0.5)
    assert "ERROR" not in caplog.text


async def test_failing_press(app: App, server: Sandbox, wang: User) -> None:
    reply = await wang.ask(SCAM)
    server.fail("editMessageReplyMarkup", status=400)
    answer = await wang.press(reply, "确认是诈骗")
    assert "记下了" in answer.text
    again = await wang.press(reply, "确认是诈骗")
    assert "已经说过" in again.text
    await wang.wait_for(shows("已记下：是诈骗"))


async def test_with_a_broken_database_people_still_get_a_verdict(
    app: App, server: Sandbox, tmp_path: Path, wang: User
) -> None:
    before = await wang.ask(SCAM)
    await break_table(tmp_path, "event")
    reply = await wang.ask(SCAM)
    assert reply.text == before.text
    assert [button.text for button in reply.buttons if button.data] == ["我已经被骗"]
    assert "没办成" in (await wang.press(before, "确认是诈骗")).text


async def test_slow_menu_does_not_stop_the_bot(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    server.fail("setMyCommands", status=500, times=None)
    async with running(server, tmp_path, knowledge):
        assert (await wang.ask(SCAM)).text.startswith("🔴")
