"""The buttons under a verdict: recorded once, alive after a restart, polite when too late."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from talk_driving import running
from talk_material import CLEAR, SCAM, data_of, shows

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]


async def test_confirm(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    answer = await wang.press(reply, "确认是诈骗")
    assert "记下了" in answer.text
    await wang.wait_for(shows("已记下：是诈骗"))
    assert not reply.button("确认是诈骗")
    assert reply.button("我已经被骗")
    again = await wang.press(reply, "已记下：是诈骗")
    assert "已经说过" in again.text


async def test_double_press(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    data = data_of(reply, "确认是诈骗")
    first = await wang.press(reply, data=data)
    second = await wang.press(reply, data=data)
    assert "记下了" in first.text
    assert "已经说过" in second.text


async def test_racing_presses(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    data = data_of(reply, "确认是诈骗")
    answers = await asyncio.gather(*(wang.press(reply, data=data) for _ in range(5)))
    assert sum("记下了" in answer.text for answer in answers) == 1
    assert sum("已经说过" in answer.text for answer in answers) == 4


async def test_press_after_a_restart(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    async with running(server, tmp_path, knowledge):
        reply = await wang.ask(SCAM)
    async with running(server, tmp_path, knowledge):
        assert "记下了" in (await wang.press(reply, "确认是诈骗")).text
        await wang.press(reply, "更多依据")
        await wang.wait_for("全部依据")


async def test_deny(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    answer = await wang.press(reply, "不是诈骗")
    assert "谢谢您指出" in answer.text
    await wang.wait_for(shows("已记下：不是诈骗"))


async def test_a_wrong_press_can_be_put_right(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    await wang.press(reply, "确认是诈骗")
    await wang.wait_for(shows("已记下：是诈骗"))
    assert "谢谢您指出" in (await wang.press(reply, "不是诈骗")).text
    await wang.wait_for(shows("已记下：不是诈骗"))
    assert "记下了" in (await wang.press(reply, "确认是诈骗")).text
    await wang.wait_for(shows("已记下：是诈骗"))


async def test_deny_needs_no_text(app: App, wang: User) -> None:
    sent = await wang.send(SCAM)
    reply = await wang.next()
    await wang.delete(sent)
    assert "谢谢您指出" in (await wang.press(reply, "不是诈骗")).text


@pytest.mark.parametrize("button", ["确认是诈骗", "更多依据"])
async def test_original_gone(app: App, wang: User, button: str) -> None:
    sent = await wang.send(SCAM)
    reply = await wang.next()
    await wang.delete(sent)
    assert "再发一次" in (await wang.press(reply, button)).text


async def test_more_lists_everything_and_keeps_the_decision_first(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    first = reply.text.splitlines()[0]
    await wang.press(reply, "更多依据")
    await wang.wait_for("全部依据")
    assert reply.text.splitlines()[0] == first
    assert "全部依据" in reply.text
    assert not reply.button("更多依据")
    assert reply.button("确认是诈骗")


async def test_two_presses_on_more_race(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    data = data_of(reply, "更多依据")
    await asyncio.gather(wang.press(reply, data=data), wang.press(reply, data=data))
    await wang.wait_for("全部依据")
    await asyncio.sleep(0.1)
    assert len(wang.from_bot) == 1


async def test_vote_shows_after_more(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    await wang.press(reply, "确认是诈骗")
    await wang.wait_for(shows("已记下：是诈骗"))
    await wang.press(reply, "更多依据")
    await wang.wait_for("全部依据")
    assert reply.button("已记下：是诈骗")


async def test_victim(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    await wang.press(reply, "我已经被骗")
    said = await wang.next()
    assert "110" in said.text.splitlines()[0]


async def test_wrong_number(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    assert "我们会核对" in (await wang.press(reply, "号码不对")).text


@pytest.mark.parametrize(
    "data", ["", "?", "y:", "y:none-such-check-id", "zz:1", "h:nonsense", "old|data|1", "y:" + "a" * 60]
)
async def test_odd_or_old_data(app: App, wang: User, data: str) -> None:
    reply = await wang.ask(SCAM)
    if data:
        await wang.press(reply, data=data)
    assert reply.text.startswith("🔴")


async def test_expired_query_is_no_error(app: App, wang: User, server: Sandbox) -> None:
    reply = await wang.ask(SCAM)
    fault = server.fail("answerCallbackQuery", status=400)
    fault.description = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    with pytest.raises(TimeoutError):
        await wang.press(reply, "确认是诈骗", timeout=0.5)
    await wang.wait_for(shows("已记下：是诈骗"))
    assert len(wang.from_bot) == 1


async def test_sender_in_a_message_of_its_own_is_kept_for_the_press(app: App, wang: User) -> None:
    await wang.send(CLEAR)
    await wang.send("13912345678")
    reply = await wang.next()
    assert "记下了" in (await wang.press(reply, "确认是诈骗")).text


async def test_an_edit_does_not_wash_a_verdict_clean(app: App, server: Sandbox, wang: User) -> None:
    """A scammer's message, checked by somebody else, is edited before anybody asks for the reasons."""
    scammer = server.user("骗子")
    group = server.group("家人群", members=[wang, scammer])
    sent = await scammer.send(SCAM, group)
    reply = await wang.ask("/check", group, reply_to=sent)
    before = reply.text
    await scammer.edit(sent, CLEAR)
    assert "改过" in (await wang.press(reply, "更多依据")).text
    assert reply.text == before
