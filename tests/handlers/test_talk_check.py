"""A message in, a verdict out; and what is no SMS gets no level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from talk_material import AMBIGUOUS, CLEAR, CODE, PARCEL, SCAM

if TYPE_CHECKING:
    from handlers.desk import App
    from sandbox.server import Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]


BUTTONS = ["确认是诈骗", "不是诈骗", "我已经被骗", "更多依据", "号码不对"]
LEVELS = ("🔴", "🟠", "🟡", "⚪")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def has_level(message: Message) -> bool:
    return message.text.startswith(LEVELS)


async def test_text_in_verdict_out(app: App, wang: User) -> None:
    reply = await wang.ask(SCAM)
    assert reply.text.splitlines()[0].startswith("🔴 这很可能是诈骗")
    assert "95558" in reply.parts("code")
    assert "110" in reply.parts("code")
    assert "不要拨短信里的号码" in reply.text
    assert reply.reply_to == wang.messages[0].id
    assert [b.text for b in reply.buttons if b.data] == BUTTONS
    assert {b.copy_text for b in reply.buttons if b.copy_text} >= {"95558", "110"}
    assert all(len(b.data.encode()) <= 64 for b in reply.buttons if b.data)
    assert len(reply.text.splitlines()) <= 12


@pytest.mark.parametrize("text", [SCAM, AMBIGUOUS, CLEAR, CODE, PARCEL])
async def test_nothing_of_the_sms_is_clickable(app: App, wang: User, text: str) -> None:
    reply = await wang.ask(text)
    assert reply.links == []
    more = await press_more(wang, reply)
    assert more.links == []


async def press_more(person: User, reply: Message) -> Message:
    await person.press(reply, "更多依据")
    return await person.wait_for("像诈骗的程度")


async def test_ambiguous_name_lists_candidates(app: App, wang: User) -> None:
    reply = await wang.ask(AMBIGUOUS)
    assert "名字不清楚" in reply.text
    assert "· 中信银行 95558" in reply.text


async def test_clear_names_what_it_judged(app: App, wang: User) -> None:
    reply = await wang.ask(CLEAR)
    assert reply.text.startswith("⚪")
    assert "不等于安全" in reply.text
    assert "「周末一起去公园走走吧" in reply.text
    assert "别人转发给您的" in reply.text


async def test_code_is_never_echoed(app: App, wang: User, server: Sandbox) -> None:
    reply = await wang.ask(CODE)
    assert "验证码不要转给任何人，包括我" in reply.text
    await press_more(wang, reply)
    assert not any("583920" in str(call.params) for call in server.calls)


async def test_forward_is_judged_even_when_it_reads_like_a_greeting(app: App, wang: User) -> None:
    assert has_level(await wang.ask("在吗，我换号了", forward_name="妈妈"))


async def test_caption_is_judged(app: App, wang: User) -> None:
    await wang.send_photo(PNG, caption=SCAM)
    assert (await wang.next()).text.startswith("🔴")


async def test_photo_without_caption_says_how_to_copy(app: App, wang: User) -> None:
    for _ in range(3):
        await wang.send_photo(PNG)
    assert "复制" in (await wang.next()).text
    await bot_is_idle(app, wang)
    assert len(wang.from_bot) == 1


async def bot_is_idle(app: App, person: User) -> None:
    import asyncio

    await asyncio.sleep(0.3)


async def test_document_without_caption(app: App, wang: User) -> None:
    await wang.send_document(b"x", "a.pdf")
    assert not has_level(await wang.next())


async def test_hidden_link_is_judged(app: App, wang: User) -> None:
    text = "尊敬的客户，您的网银今日失效，请点击这里升级"
    plain = await wang.ask(text)
    hidden = await wang.ask(
        text,
        entities=[{"type": "text_link", "offset": 16, "length": 4, "url": "http://icbc-up.top/login"}],
    )
    assert plain.text != hidden.text
    assert "🔴" in hidden.text or "🟠" in hidden.text
    assert hidden.links == []
    assert (await press_more(wang, hidden)).links == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("你好", "整条发给我"),
        ("怎么用？", "整条发给我"),
        ("帮我看看这个", "整条发给我"),
        ("10690012345678", "来电和短信的号码都能伪造"),
        ("中信", "字太少"),
        ("😂😂", "字太少"),
        ("查短信", "长按短信"),
        ("帮助", "怎么用"),
        ("隐私", "不存原文"),
        ("官方电话", "哪一类"),
        ("我被骗了", "110"),
        ("我刚给骗子转了五万", "110"),
        ("/nonsense", "没有这个命令"),
        ("/check", "长按短信"),
    ],
)
async def test_what_is_no_sms_gets_no_level(app: App, wang: User, text: str, answer: str) -> None:
    reply = await wang.ask(text)
    assert answer in reply.text
    assert not has_level(reply)


async def test_check_command_in_private(app: App, wang: User) -> None:
    assert has_level(await wang.ask(f"/check {SCAM}"))


async def test_check_command_as_reply_in_private(app: App, wang: User) -> None:
    first = await wang.send("早")
    await wang.next()
    sms = await wang.send(PARCEL)
    await wang.next()
    reply = await wang.ask("/check", reply_to=sms)
    assert has_level(reply)
    assert reply.reply_to == sms.id != first.id


async def test_too_many_checks_get_one_polite_answer(app: App, wang: User) -> None:
    for at in range(24):
        await wang.send(f"{PARCEL}（{at}）", forward_name="骗子")
    await wang.wait_for(21, timeout=10)
    await bot_is_idle(app, wang)
    limited = [m for m in wang.from_bot if "发得有点急" in m.text]
    assert len(limited) == 1
    assert len(wang.from_bot) == 21


async def test_typing_is_shown(app: App, wang: User, server: Sandbox) -> None:
    await wang.ask(SCAM)
    assert server.calls_of("sendChatAction")


async def test_original_deleted_before_the_answer(app: App, wang: User) -> None:
    sent = await wang.send(SCAM)
    await wang.delete(sent)
    assert has_level(await wang.next())
