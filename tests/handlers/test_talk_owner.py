"""The owners' desk: /stats and /review for owners, nothing at all for anybody else."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from talk_driving import running
from talk_material import CLEAR, SCAM, data_of

from handlers import commands
from handlers.desk import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]

PLAIN = "您好，您名下的老房子加装电梯意见登记表在 dianti-dengji.com/x1 上，联系 13800138000，请于周五前填写完毕 #老房子"
UNKNOWN = "没有这个命令"


@pytest.fixture
def boss(server: Sandbox) -> User:
    return server.user("老板")


@pytest.fixture
async def desk(server: Sandbox, tmp_path: Path, knowledge: Knowledge, boss: User) -> AsyncIterator[App]:
    """The bot with an owner; whatever it said, nothing may be tapped."""
    async with running(server, tmp_path, knowledge, owners=frozenset({boss.id})) as app:
        yield app
    said = [message for chat in server.state.chats.values() for message in chat.messages.values()]
    assert [link for message in said if message.from_bot for link in message.links] == []


async def report(user: User, text: str = PLAIN) -> None:
    reply = await user.ask(text)
    assert "记下了" in (await user.press(reply, "确认是诈骗")).text


async def judged(user: User, text: str = PLAIN) -> str:
    return (await user.ask(text)).text.splitlines()[0]


async def decided(boss: User, item: Message, label: str, said: str) -> Message:
    """Press, and wait for what is said in place of the item."""
    await boss.press(item, label)
    done = await boss.wait_for(said)
    assert done.id == item.id
    assert [button.text for button in done.buttons] == ["下一条"]
    return done


# ── who ──


@pytest.mark.parametrize("command", ["/stats", "/review", "/stats@zhendema_bot", "/review x"])
async def test_to_a_stranger_these_are_unknown_commands(desk: App, wang: User, command: str) -> None:
    unknown = await wang.ask("/nonsense")
    reply = await wang.ask(command)
    assert UNKNOWN in reply.text
    assert (reply.text, reply.buttons, reply.reply_buttons) == (unknown.text, unknown.buttons, unknown.reply_buttons)


@pytest.mark.parametrize("command", ["/stats", "/review"])
async def test_nothing_in_groups_and_nothing_forwarded(
    desk: App, server: Sandbox, boss: User, wang: User, command: str
) -> None:
    group = server.group("家人群", members=[wang], admins=[boss])
    for text in (command, f"{command}@zhendema_bot"):
        await boss.send(text, group)
    await asyncio.sleep(0.3)
    assert group.from_bot == []
    reply = await boss.ask(command, forward_name="别人")
    assert "运行情况" not in reply.text
    assert "等您看" not in reply.text


async def test_without_owners_nobody_is_one(app: App, boss: User) -> None:
    assert UNKNOWN in (await boss.ask("/stats")).text


@pytest.mark.parametrize("data", ["w:", "w:c-1", "w:z-1-1", "w:c-99999-99999", "w:n-0", "w:g-1", "w:c--1-1"])
async def test_a_strangers_press_is_an_old_button(desk: App, boss: User, wang: User, data: str) -> None:
    reply = await wang.ask(SCAM)
    assert "过期" in (await wang.press(reply, data=data)).text


@pytest.mark.parametrize("data", ["w:", "w:c-1", "w:z-1-1", "w:c--1-1", "w:c-1-123456789012345"])
async def test_odd_data_of_an_owner(desk: App, boss: User, data: str) -> None:
    reply = await boss.ask("/review")
    assert "过期" in (await boss.press(reply, data=data)).text


async def test_a_stranger_cannot_decide(desk: App, boss: User, wang: User) -> None:
    await report(wang)
    item = await boss.ask("/review")
    mine = await wang.ask(SCAM)
    assert "过期" in (await wang.press(mine, data=data_of(item, "确认"))).text
    assert (await judged(wang)).startswith("🟡")
    assert "漏了" in (await boss.ask("/review")).text


async def test_menus_are_the_owners_alone(desk: App, server: Sandbox, boss: User) -> None:
    texts = Desk.of(desk).texts
    await commands.register(desk.bot, texts, [boss.id])
    menus = {scope: {row["command"] for row in rows} for (scope, _), rows in server.state.commands.items()}
    owned = [scope for scope, names in menus.items() if {"stats", "review"} <= names]
    assert len(owned) == 1
    assert str(boss.id) in owned[0]
    assert menus[owned[0]] == {*commands.OWNER}


async def test_a_menu_that_fails_is_no_trouble(
    desk: App, server: Sandbox, boss: User, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", "handlers.commands")
    server.fail("setMyCommands", status=400, times=3).description = "Bad Request: chat not found"
    await commands.register(desk.bot, Desk.of(desk).texts, [boss.id])
    said = [(row.levelname, row.getMessage()) for row in caplog.records if row.name == "handlers.commands"]
    assert ("DEBUG", "an owner's menu could not be registered: BadRequest") in said
    assert str(boss.id) not in str(said)


# ── /stats ──


async def test_stats(desk: App, boss: User, wang: User) -> None:
    empty = await boss.ask("/stats")
    assert "七天来 0 人，0 个群" in empty.text
    assert "还没有回复用时的记录" in empty.text
    await report(wang)
    reply = await wang.ask(SCAM)
    await wang.press(reply, "不是诈骗")
    said = (await boss.ask("/stats")).text
    assert "七天来 1 人，0 个群。总共 1 人，0 个群。" in said
    assert re.search(r"\d+月\d+日 ▇{10} 2 次", said)
    assert "请核实 50%" in said
    assert "很可能是诈骗 50%" in said
    assert "确认诈骗 1 次，更正 1 次，号码不对 0 次" in said
    assert "更正 50.0 次" in said
    assert "等您看的 2 条" in said
    assert re.search(r"启动以来回复 \d+ 次：一半在 \d+\.\d 秒内", said)


# ── /review ──


async def test_nothing_to_review(desk: App, boss: User) -> None:
    reply = await boss.ask("/review")
    assert "没有要您看的" in reply.text
    assert reply.buttons == []


async def test_an_item_can_be_read_and_nothing_in_it_tapped(desk: App, boss: User, wang: User) -> None:
    await report(wang)
    item = await boss.ask("/review")
    assert item.text.startswith("🔎")
    for said in ("1 人这样说", "请核实", "dianti-dengji[.]com", "加装电梯", "查询编号"):
        assert said in item.text
    assert "13800138000" not in item.text
    assert "/x1" not in item.text
    assert item.links == []
    assert [button.text for button in item.buttons] == ["确认", "驳回", "静音此人", "下一条"]
    assert all(len((button.data or "").encode()) <= 64 for button in item.buttons)


@pytest.mark.parametrize(("text", "sign"), [(PLAIN, "🟡"), (CLEAR, "⚪")])
async def test_a_confirmed_miss_is_told_to_everybody(
    desk: App, boss: User, wang: User, server: Sandbox, text: str, sign: str
) -> None:
    assert (await judged(wang, text)).startswith(sign)
    await report(wang, text)
    item = await boss.ask("/review")
    await decided(boss, item, "确认", "对所有人都算诈骗")
    assert (await judged(server.user("小李"), text)).startswith("🟠")
    assert "没有要您看的" in (await boss.ask("/review")).text


async def test_a_rejected_report_changes_nothing(desk: App, boss: User, server: Sandbox) -> None:
    for name in "甲乙丙":
        await report(server.user(name))
    assert (await judged(server.user("小李"))).startswith("🟠")
    item = await boss.ask("/review")
    assert "3 人这样说" in item.text
    assert item.button("静音最先说的人")
    await decided(boss, item, "驳回", "已驳回")
    assert (await judged(server.user("小李"))).startswith("🟡")


async def test_muting_leaves_two_of_three(desk: App, boss: User, server: Sandbox) -> None:
    users = [server.user(name) for name in "甲乙丙"]
    for user in users:
        await report(user)
    item = await boss.ask("/review")
    await decided(boss, item, "静音最先说的人", "已静音")
    assert (await judged(server.user("小李"))).startswith("🟡")
    again = await boss.ask("/review")
    assert "2 人这样说" in again.text
    await report(server.user("丁"))
    assert (await judged(server.user("小李"))).startswith("🟠")


async def test_a_confirmed_correction(desk: App, boss: User, server: Sandbox) -> None:
    for name in "甲乙丙":
        await report(server.user(name))
    warned = server.user("小李")
    reply = await warned.ask(PLAIN)
    assert reply.text.startswith("🟠")
    await warned.press(reply, "不是诈骗")
    miss = await boss.ask("/review")
    await boss.press(miss, "下一条")
    item = await boss.wait_for("说不是诈骗")
    assert item.id == miss.id
    assert "可疑" in item.text
    assert "dianti-dengji[.]com" in item.text, "somebody reported the same text"
    await decided(boss, item, "确认", "这条不是诈骗")
    assert (await judged(server.user("小张"))).startswith("🟡")


async def test_a_wrong_number_names_the_row_to_withdraw(desk: App, boss: User, wang: User) -> None:
    reply = await wang.ask(SCAM)
    await wang.press(reply, "号码不对")
    item = await boss.ask("/review")
    assert "中信银行" in item.text
    assert "95558" in item.parts("code")
    assert "没有存短信内容" in item.text
    done = await decided(boss, item, "确认", "号码确实不对")
    (overlay,) = done.parts("pre")
    assert "[change.citic" in overlay
    assert '"95558"' in overlay
    await boss.press(done, "下一条")
    assert "没有要您看的" in (await boss.next()).text
    assert "[change.citic" in done.text, "the lines to copy stay"
    assert done.buttons == []


async def test_an_owners_own_complaint_waits_but_cannot_be_muted(desk: App, boss: User) -> None:
    reply = await boss.ask(SCAM)
    await boss.press(reply, "号码不对")
    item = await boss.ask("/review")
    assert "不能静音" in (await boss.press(item, "静音此人")).text
    assert item.button("确认")


async def test_pressing_twice_and_two_owners(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, boss: User, wang: User
) -> None:
    partner = server.user("合伙人")
    async with running(server, tmp_path, knowledge, owners=frozenset({boss.id, partner.id})):
        await report(wang)
        mine, theirs = await boss.ask("/review"), await partner.ask("/review")
        yes, no = data_of(mine, "确认"), data_of(theirs, "驳回")
        await decided(boss, mine, "确认", "对所有人都算诈骗")
        assert "已经有人处理过了：确认" in (await boss.press(mine, data=yes)).text
        assert "已经有人处理过了：确认" in (await partner.press(theirs, data=no)).text
        assert (await partner.wait_for("对所有人都算诈骗")).id == theirs.id
        assert (await judged(wang)).startswith("🟠")


async def test_a_decision_after_a_restart(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, boss: User, wang: User
) -> None:
    owners = frozenset({boss.id})
    async with running(server, tmp_path, knowledge, owners=owners):
        await report(wang)
        item = await boss.ask("/review")
    async with running(server, tmp_path, knowledge, owners=owners):
        done = await decided(boss, item, "确认", "对所有人都算诈骗")
        assert (await judged(wang)).startswith("🟠")
    async with running(server, tmp_path, knowledge, owners=owners):
        await boss.press(done, "下一条")
        assert "没有要您看的" in (await boss.next()).text


async def test_what_was_taken_back_meanwhile(desk: App, boss: User, wang: User) -> None:
    reply = await wang.ask(PLAIN)
    await wang.press(reply, "确认是诈骗")
    item = await boss.ask("/review")
    await wang.press(reply, "不是诈骗")
    assert "不用处理" in (await boss.press(item, "驳回")).text


async def test_paging_goes_round(desk: App, boss: User, wang: User) -> None:
    await report(wang, PLAIN)
    await report(wang, CLEAR)
    item = await boss.ask("/review")
    for words in ("公园", "电梯", "公园"):
        await boss.press(item, "下一条")
        assert (await boss.wait_for(words)).id == item.id
        assert "有 2 条" in item.text
