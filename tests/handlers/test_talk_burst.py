"""Messages in a row: joined where they belong together, answered once each and in order."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from talk_driving import COMPANION, QUIET
from talk_material import CLEAR, PARCEL, SCAM, data_of

from handlers.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]


FIRST = "【建设银行】您的积分即将清零，请点 jf-ccb.top/a 兑换现金"
SECOND = "【顺丰】您的快件丢失，理赔请加微信 kf8899 登记银行卡"


async def settled() -> None:
    await asyncio.sleep(COMPANION * 1.5 + 0.1)


async def test_ten_forwards_are_answered_once_each_in_order(app: App, wang: User) -> None:
    texts = [f"{PARCEL} 编号{chr(0x4E00 + at)}{chr(0x4E00 + at)}" for at in range(10)]
    sent = [await wang.send(text, forward_name="骗子") for text in texts]
    replies = await wang.wait_for(10)
    await settled()
    assert len(wang.from_bot) == 10
    assert [reply.reply_to for reply in replies] == [message.id for message in sent]


async def test_lead_in_is_dropped(app: App, wang: User) -> None:
    await wang.send("帮我看看")
    await asyncio.sleep(COMPANION * 0.7)
    sms = await wang.send(SCAM)
    reply = await wang.next()
    await settled()
    assert reply.reply_to == sms.id
    assert len(wang.from_bot) == 1


async def test_number_before_is_the_sender(app: App, wang: User) -> None:
    await wang.send("+85251234567")
    await asyncio.sleep(QUIET * 1.5)
    await wang.send("【建设银行】您的账户余额变动，详询95533。")
    reply = await wang.next()
    await settled()
    assert len(wang.from_bot) == 1
    assert ":+85251234567" in data_of(reply, "更多依据")


async def test_number_after_is_the_sender(app: App, wang: User) -> None:
    await wang.send("【建设银行】您的账户余额变动，详询95533。")
    await wang.send("13912345678")
    reply = await wang.next()
    await settled()
    assert len(wang.from_bot) == 1
    assert ":13912345678" in data_of(reply, "更多依据")


async def test_number_after_the_answer_corrects_it(app: App, wang: User, server: Sandbox) -> None:
    await wang.send("【建设银行】您的账户余额变动，详询95533。")
    reply = await wang.next()
    await wang.send("13912345678")
    await settled()
    assert len(wang.from_bot) == 1
    assert ":13912345678" in data_of(reply, "更多依据")
    assert server.calls_of("editMessageText")


async def test_the_text_is_forgotten_when_no_number_can_come(app: App, wang: User) -> None:
    await wang.ask(SCAM)
    remembered = Desk.of(app).memory.answered
    await asyncio.sleep(COMPANION * 3 + 0.3)
    assert remembered.get((wang.id, wang.id)) is None


async def test_number_long_after_is_a_number(app: App, wang: User) -> None:
    await wang.ask("【建设银行】您的账户余额变动，详询95533。")
    await asyncio.sleep(COMPANION + 0.1)
    reply = await wang.ask("13912345678")
    assert "号码都能伪造" in reply.text


async def test_cry_for_help_is_answered_at_once_and_first(app: App, wang: User) -> None:
    await wang.send(SCAM)
    await wang.send("我刚给骗子转了五万")
    replies = await wang.wait_for(2)
    assert "110" in replies[0].text.splitlines()[0]
    assert replies[1].text.startswith("🔴")


async def test_people_never_mix(app: App, server: Sandbox) -> None:
    people = [server.user(f"甲{at}") for at in range(6)]
    for person in people:
        await person.send("帮我看看")
    for at, person in enumerate(people):
        await person.send(FIRST if at % 2 else SECOND)
    for at, person in enumerate(people):
        reply = await person.next()
        assert ("积分" in reply.text) == bool(at % 2)
    await settled()
    assert all(len(person.from_bot) == 1 for person in people)


async def test_one_person_in_two_chats_never_mixes(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("家人群", members=[wang])
    await wang.send("帮我看看")
    await wang.send(f"/check {FIRST}", group)
    await wang.send(CLEAR)
    assert (await wang.next()).text.startswith("⚪")
    assert (await group.next()).text.startswith(("🔴", "🟠"))


async def test_edit_before_the_answer_is_taken(app: App, wang: User) -> None:
    sent = await wang.send(CLEAR)
    await wang.edit(sent, SCAM)
    assert (await wang.next()).text.startswith("🔴")
    await settled()
    assert len(wang.from_bot) == 1


async def test_what_waits_is_answered_at_shutdown(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    from talk_driving import running

    async with running(server, tmp_path, knowledge, burst_seconds=5.0):
        await wang.send(SCAM)
        await server.idle()
        assert not wang.from_bot
    assert wang.last.text.startswith("🔴")
