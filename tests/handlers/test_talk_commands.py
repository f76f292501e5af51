"""/start, /help, /privacy, /forget, /rescue, /hotline and the keyboard that stands for them."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest
from talk_material import SCAM

from bot.service.types import Person
from handlers import commands
from handlers.desk import Desk

if TYPE_CHECKING:
    from handlers.desk import App
    from sandbox.server import Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]


async def test_start(app: App, wang: User) -> None:
    await wang.start()
    reply = await wang.next()
    assert "我不会主动找您，不收钱，不要验证码" in reply.text
    assert reply.reply_buttons == ["查短信", "我被骗了", "官方电话", "帮助", "隐私", "删除我的记录"]
    assert reply.parts("code") == ["110"]


@pytest.mark.parametrize("payload", ["x", "'; DROP TABLE event;--", "<b>", "a" * 64, "rescue2"])
async def test_unknown_deep_link_is_just_a_start(app: App, wang: User, payload: str) -> None:
    await wang.start(payload)
    assert "我不会主动找您" in (await wang.next()).text


async def test_rescue_by_deep_link(app: App, wang: User) -> None:
    await wang.start("rescue")
    assert "110" in (await wang.next()).text.splitlines()[0]


@pytest.mark.parametrize("text", ["/rescue", "我被骗了"])
async def test_rescue(app: App, wang: User, text: str) -> None:
    reply = await wang.ask(text)
    lines = reply.text.splitlines()
    assert "110" in lines[0]
    assert reply.parts("code")[0] == "110"
    assert next(b.copy_text for b in reply.buttons) == "110"
    assert reply.links == []


async def test_privacy_is_five_sentences(app: App, wang: User) -> None:
    reply = await wang.ask("/privacy")
    assert len(reply.text.splitlines()) == 5


@pytest.mark.parametrize("text", ["/help", "帮助"])
async def test_help(app: App, wang: User, text: str) -> None:
    reply = await wang.ask(text)
    assert "怎么用" in reply.text
    assert reply.reply_buttons


async def test_forget(app: App, wang: User) -> None:
    for _ in range(2):
        reply = await wang.ask(SCAM)
    await wang.press(reply, "确认是诈骗")
    question = await wang.ask("/forget")
    await wang.press(question, "确定，全部删掉")
    done = await wang.wait_for("删好了")
    assert done.id == question.id
    assert "查询 2 条，举报 1 条，更正 0 条" in done.text
    assert not done.buttons
    again = await wang.ask("删除我的记录")
    await wang.press(again, "确定，全部删掉")
    await wang.wait_for("没有您的记录")


@pytest.mark.parametrize("what", ["admin", "consent"])
async def test_forget_takes_what_is_no_check_too(app: App, server: Sandbox, wang: User, what: str) -> None:
    groups, me = Desk.of(app).service.groups, Person(f"telegram:{wang.id}")
    if what == "admin":
        await groups.seen_admin(me, server.group("家人群", admins=[wang]).id)
    else:
        await groups.set_consent(me, agreed=True)
    for said in ("您管哪些群、同意过什么，也忘了", "没有您的记录"):
        question = await wang.ask("/forget")
        await wang.press(question, "确定，全部删掉")
        await wang.wait_for(said)
    assert await groups.of_admin(me) == ()
    assert not await groups.consents(me)


async def test_forget_can_be_called_off(app: App, wang: User) -> None:
    await wang.ask(SCAM)
    question = await wang.ask("/forget")
    await wang.press(question, "不删了")
    await wang.wait_for("什么都没删")
    again = await wang.ask("/forget")
    await wang.press(again, "确定，全部删掉")
    await wang.wait_for("查询 1 条")


async def test_press_after_forget(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    question = await wang.ask("/forget")
    await wang.press(question, "确定，全部删掉")
    await wang.wait_for("删好了")
    answer = await wang.press(reply, "确认是诈骗")
    assert answer.text


async def test_hotline_by_name(app: App, wang: User) -> None:
    reply = await wang.ask("/hotline 中信")
    assert "95558" in reply.parts("code")
    assert "资料整理于 2026-11，未逐一拨打，请在官方 App 再核对" in reply.text
    assert any(b.copy_text == "95558" for b in reply.buttons)
    assert reply.links == []


async def test_hotline_of_no_real_institution(app: App, wang: User) -> None:
    reply = await wang.ask("/hotline 中信金融")
    assert "不是一家机构的准确名字" in reply.text
    assert "中信银行" in reply.text


async def test_hotline_unknown(app: App, wang: User) -> None:
    reply = await wang.ask("/hotline 大骗子公司 http://evil.top/x")
    assert "没找到" in reply.text
    assert reply.links == []


async def test_hotline_never_prints_what_is_not_to_be_called(app: App, wang: User) -> None:
    for query in ("12381", "中国移动", "10086999", "12110"):
        reply = await wang.ask(f"/hotline {query}")
        assert not {"12381", "10086999", "12110"} & set(reply.parts("code"))


@pytest.mark.parametrize("text", ["/hotline", "官方电话"])
async def test_hotline_by_kind(app: App, wang: User, text: str) -> None:
    offer = await wang.ask(text)
    await wang.press(offer, "银行")
    reply = await wang.wait_for("银行的官方电话")
    assert "95588" in reply.parts("code")


async def test_hotline_every_kind(app: App, wang: User) -> None:
    offer = await wang.ask("/hotline")
    for at, button in enumerate(offer.buttons, start=2):
        await wang.press(offer, data=button.data)
        replies = await wang.wait_for(at)
        assert replies[-1].parts("code"), button


async def test_forwarded_command_is_no_command(app: App, wang: User) -> None:
    reply = await wang.ask("/forget", forward_name="骗子")
    assert "删掉您的全部记录" not in reply.text


async def test_menu_is_registered(app: App, server: Sandbox) -> None:
    menus = {
        json.loads(scope)["type"]: [entry["command"] for entry in entries]
        for (scope, _), entries in server.state.commands.items()
    }
    assert set(menus) == {"all_private_chats", "all_group_chats", "all_chat_administrators"}
    assert menus["all_group_chats"] == ["check"], "what most members are refused is not offered to them"
    assert {"report", "subscribe", "unsubscribe", "export", "settings"} < set(menus["all_chat_administrators"])
    assert {"check", "rescue", "hotline", "trends", "settings", "privacy", "forget"} < set(menus["all_private_chats"])


def answers(asked: Message, message: Message) -> bool:
    return message.reply_to == asked.id


async def test_every_command_of_a_menu_is_answered(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("家人群", admins=[wang])
    for command in commands.PRIVATE:
        assert "没有这个命令" not in (await wang.ask(f"/{command}")).text, command
    for command in commands.ADMINS:
        asked = await wang.send(f"/{command}", group)
        await group.wait_for(partial(answers, asked))
