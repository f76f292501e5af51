"""In a group the bot speaks only when spoken to."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from talk_material import CLEAR, SCAM, shows

if TYPE_CHECKING:
    from handlers.desk import App
    from sandbox.server import Group, Sandbox, User

pytest_plugins = ["talk_fixtures"]


FLAGGED = ("🔴", "🟠")


@pytest.fixture
def li(server: Sandbox) -> User:
    return server.user("小李")


@pytest.fixture
def admin(server: Sandbox) -> User:
    return server.user("管理员")


@pytest.fixture
def group(server: Sandbox, wang: User, li: User, admin: User) -> Group:
    return server.group("家人群", members=[wang, li], admins=[admin])


async def nothing_is_said(group: Group) -> None:
    before = len(group.from_bot)
    await asyncio.sleep(0.3)
    assert len(group.from_bot) == before


async def test_check_as_reply(app: App, group: Group, wang: User, li: User) -> None:
    sms = await li.send(SCAM, group)
    reply = await wang.ask("/check", group, reply_to=sms)
    assert reply.text.startswith("🔴")
    assert reply.reply_to == sms.id
    assert reply.links == []


async def test_check_with_text(app: App, group: Group, wang: User) -> None:
    reply = await wang.ask(f"/check@zhendema_bot {SCAM}", group)
    assert reply.text.startswith("🔴")
    answer = await wang.press(reply, "确认是诈骗")
    assert "记下了" in answer.text


async def test_mention_as_reply(app: App, group: Group, wang: User, li: User) -> None:
    sms = await li.send(SCAM, group)
    reply = await wang.ask("@zhendema_bot 帮我看看", group, reply_to=sms)
    assert reply.text.startswith("🔴")
    assert reply.reply_to == sms.id


async def test_mention_with_text(app: App, group: Group, wang: User) -> None:
    reply = await wang.ask(f"@zhendema_bot {SCAM}", group)
    assert reply.text.startswith("🔴")


@pytest.mark.parametrize("text", ["@zhendema_bot", "@zhendema_bot 你好", "/check", "@Zhendema_Bot 在吗"])
async def test_spoken_to_without_an_sms(app: App, group: Group, wang: User, text: str) -> None:
    reply = await wang.ask(text, group)
    assert "回复要查的那条消息" in reply.text


async def test_check_as_reply_to_small_talk_gets_no_level(app: App, group: Group, wang: User, li: User) -> None:
    said = await li.send("嗯", group)
    reply = await wang.ask("/check", group, reply_to=said)
    assert "回复要查的那条消息" in reply.text


@pytest.mark.parametrize(
    "text",
    [
        SCAM,
        CLEAR,
        "你好",
        "帮助",
        "我被骗了",
        "/start",
        "/forget",
        "/hotline 中信",
        "@another_bot 帮我看看",
        "我刚给骗子转了五万",
        "/check@another_bot x",
    ],
)
async def test_nothing_else_is_answered(app: App, server: Sandbox, group: Group, wang: User, text: str) -> None:
    server.privacy = False
    await group.readd_bot()
    await wang.send(text, group)
    await nothing_is_said(group)


async def test_reply_to_the_bot_is_not_answered(app: App, group: Group, wang: User) -> None:
    reply = await wang.ask(f"/check {SCAM}", group)
    await wang.send("谢谢，这个真有用，我转给大家看看", group, reply_to=reply)
    await nothing_is_said(group)


async def test_member_and_admin_votes(app: App, group: Group, wang: User, li: User, admin: User) -> None:
    reply = await wang.ask(f"/check {CLEAR}", group)
    first = await wang.press(reply, "确认是诈骗")
    assert "更多人确认" in first.text
    await group.wait_for(shows("我也确认是诈骗"))
    second = await admin.press(reply, "我也确认是诈骗")
    assert "这条算诈骗" in second.text
    assert reply.button("不是诈骗")


async def test_many_presses_ask_once_who_runs_the_group(
    app: App, server: Sandbox, group: Group, wang: User, li: User, admin: User
) -> None:
    reply = await wang.ask(f"/check {SCAM}", group)
    for person in (wang, li, admin):
        await person.press(reply, "不是诈骗")
    assert len(server.calls_of("getChatAdministrators")) == 1
    await group.promote_bot()
    await wang.press(await li.ask(f"/check {SCAM}", group), "不是诈骗")
    assert len(server.calls_of("getChatAdministrators")) == 2, "whenever the bot's own place changes"


async def test_victim_in_a_group_goes_to_the_private_chat(app: App, group: Group, wang: User) -> None:
    reply = await wang.ask(f"/check {SCAM}", group)
    answer = await wang.press(reply, "我已经被骗")
    assert answer.url is not None
    assert re.fullmatch(r"https://t\.me/zhendema_bot\?start=rescue_[\w-]{22}", answer.url)
    await nothing_is_said(group)


async def test_group_edit_is_let_be(app: App, group: Group, wang: User) -> None:
    sent = await wang.send(f"/check {CLEAR}", group)
    await group.next()
    await wang.edit(sent, f"/check {SCAM}")
    await nothing_is_said(group)


# --- /report ------------------------------------------------------------------------------------------------------


async def test_report_for_an_admin(app: App, group: Group, wang: User, li: User, admin: User) -> None:
    reply = await wang.ask(f"/check {SCAM}", group)
    await wang.press(reply, "确认是诈骗")
    await wang.ask(f"/check {CLEAR}", group)
    report = await admin.ask("/report 本周", group)
    assert "本群防骗周报" in report.text
    assert "· 确认诈骗：1 种\n" in report.text
    assert "· 查短信：2 次\n" in report.text
    assert "· 中信银行：95558\n" in report.text
    assert "zx-pay[.]top" in report.text
    assert "138****" in report.text
    assert report.links == []


async def test_quiet_report(app: App, group: Group, admin: User) -> None:
    assert "没有确认的诈骗" in (await admin.ask("/report", group)).text


async def test_report_refused_to_members(app: App, group: Group, wang: User) -> None:
    reply = await wang.ask("/report", group)
    assert "只给群管理员" in reply.text


async def test_report_for_an_anonymous_admin(app: App, group: Group, admin: User) -> None:
    await group.promote(admin, anonymous=True)
    assert "本群防骗周报" in (await admin.ask("/report", group, as_anonymous_admin=True)).text


async def test_report_refused_to_a_channel(app: App, server: Sandbox, group: Group, wang: User, admin: User) -> None:
    linked = server.channel("频道", linked_to=group)
    assert "只给群管理员" in (await admin.ask("/report@zhendema_bot", group, as_channel=linked)).text


async def test_post_of_the_linked_channel_is_not_answered(app: App, server: Sandbox, group: Group) -> None:
    server.privacy = False
    await group.readd_bot()
    linked = server.channel("频道", linked_to=group)
    await linked.post("/report")
    await nothing_is_said(group)


async def test_demoted_admin_is_refused(app: App, group: Group, admin: User) -> None:
    await group.demote(admin)
    assert "只给群管理员" in (await admin.ask("/report", group)).text


async def test_report_when_telegram_does_not_say_who_is_admin(
    app: App, server: Sandbox, group: Group, admin: User
) -> None:
    server.fail("getChatMember", status=500, times=None)
    assert "没能确认" in (await admin.ask("/report", group, timeout=10)).text


async def test_groups_are_kept_apart(app: App, server: Sandbox, group: Group, wang: User, admin: User) -> None:
    other = server.group("别的群", members=[wang], admins=[admin])
    await wang.ask(f"/check {SCAM}", other)
    assert "没人查过短信" in (await admin.ask("/report 本周", group)).text
