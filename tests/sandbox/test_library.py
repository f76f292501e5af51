"""The real python-telegram-bot against the sandbox."""

import asyncio

import pytest
from sandbox_driving import AnyApplication, make_application, polling
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken
from telegram.ext import ApplicationBuilder
from test_sending import PNG

from sandbox.server import Sandbox

pytest_plugins = ["sandbox_fixtures"]


async def test_conversation(sandbox: Sandbox, bot: AnyApplication) -> None:
    person = sandbox.user("小王")
    hello = await person.ask("/start")
    assert hello.reply_buttons == ["查短信", "帮助"]
    reply = await person.ask("一条短信")
    assert reply.text == "收到 4"
    assert reply.parts("bold") == ["收到"]
    assert [button.text for button in reply.buttons] == ["确认", "复制", "打开"]
    answer = await person.press(reply, "确认")
    assert (answer.text, answer.show_alert) == ("记下了", True)
    assert (await person.wait_for("已确认")).text == "已确认:一条短信"
    assert (await person.press(await person.ask("又一条"), "复制")).copied == "95558"
    assert (await person.press(person.last, "打开")).url == "https://example.com/"


async def test_group(sandbox: Sandbox, bot: AnyApplication) -> None:
    person = sandbox.user("小李")
    group = sandbox.group("群", members=[person])
    await person.send("闲聊", group)
    assert (await person.ask("/check@zhendema_bot", group)).chat is group.chat
    await sandbox.idle()
    assert len(group.from_bot) == 1
    assert bot.bot_data["moves"] == ["member"]


async def test_files(sandbox: Sandbox, bot: AnyApplication) -> None:
    person = sandbox.user("小王")
    await person.send_photo(PNG, caption="截图")
    reply = await person.next()
    assert reply.text == f"{len(PNG)} 字节"
    assert reply.document is not None
    assert reply.document.data == PNG
    person.skip()
    await person.send_document(b"%PDF", "单.pdf", mime_type="application/pdf")
    assert (await person.next()).text == "4 字节"


async def test_errors_are_those_of_the_library(sandbox: Sandbox, bot: AnyApplication) -> None:
    person = sandbox.user("小王")
    with pytest.raises(Forbidden, match="can't initiate conversation"):
        await bot.bot.send_message(person.id, "a")
    with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
        await bot.bot.send_message(1, "a")
    await person.start()
    with pytest.raises(BadRequest, match="parse entities"):
        await bot.bot.send_message(person.id, "<x>", parse_mode="HTML")
    await person.block_bot()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.bot.send_message(person.id, "a")


async def test_wrong_token(sandbox: Sandbox) -> None:
    application = ApplicationBuilder().token("1:wrong").base_url(sandbox.base_url + "/bot").build()
    with pytest.raises(InvalidToken):
        await application.initialize()
    # What was never initialised is not shut down by the library either.
    for request in application.bot._request:
        await request.shutdown()


async def test_second_bot_meets_a_conflict(sandbox: Sandbox, bot: AnyApplication) -> None:
    seen = asyncio.Event()
    other = make_application(sandbox)
    async with other:
        await sandbox.ready()
        await asyncio.sleep(0.05)
        poll = asyncio.create_task(other.bot.get_updates(timeout=5))
        try:
            await poll
        except Conflict:
            seen.set()
    assert seen.is_set()


async def test_many_people_at_once(sandbox: Sandbox, bot: AnyApplication) -> None:
    people = [sandbox.user(f"用户{number}") for number in range(40)]
    replies = await asyncio.gather(*(person.ask("x" * (index + 1), timeout=10) for index, person in enumerate(people)))
    assert [reply.text for reply in replies] == [f"收到 {index + 1}" for index in range(40)]
    answers = await asyncio.gather(*(p.press(r, "确认", timeout=10) for p, r in zip(people, replies, strict=True)))
    assert all(answer.text == "记下了" for answer in answers)
    await sandbox.idle()
    assert {person.last.text for person in people} == {f"已确认:{'x' * (index + 1)}" for index in range(40)}


async def test_nothing_is_lost_between_two_runs(sandbox: Sandbox) -> None:
    person = sandbox.user("小王")
    async with polling(make_application(sandbox)):
        await person.ask("甲")
    person.skip()
    await person.send("乙乙")
    async with polling(make_application(sandbox)):
        assert (await person.next()).text == "收到 2"
