"""The sheet for the police and the follow-ups, in the chat."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from talk_driving import TICK, running
from talk_material import SCAM

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]


async def plan_of(wang: User) -> Message:
    reply = await wang.ask("我刚给骗子转了五万")
    await wang.press(reply, "招商银行")
    return await wang.wait_for("照着念")


async def first_question(wang: User) -> Message:
    plan = await plan_of(wang)
    await wang.press(plan, "📄 报案材料")
    return await wang.wait_for("一共转了多少钱")


ANSWERS = (
    "5万元，两笔", "今天15:02", "招商银行 6225880112345678", "6222 0202 0001 1112 222", "张某", "某某银行城南支行",
    "17012345678", "微信 lc_88991", "http://tz-hb.top/h5?u=9", "某投APP",
)  # fmt: skip


async def test_the_whole_sheet(app: App, wang: User) -> None:
    question = await first_question(wang)
    assert "姓名、身份证号不要发给我" in question.text
    for number, text in enumerate(ANSWERS[:-1], start=1):
        question = await wang.ask(text)
        assert question.text.startswith(f"({number + 1}/{len(ANSWERS)})")
    file = await wang.ask(ANSWERS[-1])
    assert file.document is not None
    assert file.document.data.startswith(b"\x89PNG")
    assert file.document.name == "报案材料.png"
    done = await wang.next()
    [block] = done.parts("pre")
    assert "对方收款账号：6222 0202 0001 1112 222" in block
    assert "尾号5678" in block
    assert "6225880112345678" not in block
    assert "http://tz-hb.top/h5?u=9" in block
    assert done.links == []
    assert "60 分钟" in done.text
    await wang.press(done, "举报短信")
    report = await wang.wait_for("10086999")
    assert "17012345678*（短信内容）" in report.parts("pre")
    assert "依据：" in report.text
    await wang.press(report, "‹ 回到步骤")
    await wang.wait_for(lambda m: m.id > report.id and "👉 1. " in m.text)
    assert "17012345678*（短信内容）" in report.parts("pre"), "what is to be copied stays"


async def test_quick_answers_keep_their_order(app: App, wang: User) -> None:
    await first_question(wang)
    for text in ("五万元", "今天下午三点", "跳过也行"):
        await wang.send(text)
    await wang.wait_for("(4/10)")
    await wang.press(wang.last, "到此为止，出材料")
    done = await wang.wait_for("报案材料好了")
    assert "损失金额：五万元" in done.text
    assert "时间：今天下午三点" in done.text


async def test_more_money_gone_is_no_answer(app: App, wang: User) -> None:
    await first_question(wang)
    reply = await wang.ask("我刚才又给骗子转了两万")
    assert "👉 1. 打 110" in reply.text
    assert "(2/10)" in (await wang.ask("七万")).text


async def test_abroad_the_mainland_sheet_is_closed(app: App, wang: User) -> None:
    question = await first_question(wang)
    plan = await wang.ask("/rescue")
    await wang.press(plan, "台湾")
    await wang.wait_for(lambda m: m.id == plan.id and "👉 1. 打 165" in m.text)
    assert "旧了" in (await wang.press(question, "到此为止，出材料")).text
    assert "字太少" in (await wang.ask("五万")).text


async def test_an_edited_answer_is_not_taken_in_silence(app: App, wang: User) -> None:
    await first_question(wang)
    sent = await wang.send("五万元")
    await wang.wait_for("(2/10)")
    await wang.edit(sent, "六万元")
    assert "改过的我没记下" in (await wang.wait_for("改过的")).text


async def test_skipping_ending_and_changing(app: App, wang: User) -> None:
    question = await first_question(wang)
    await wang.press(question, "跳过")
    second = await wang.wait_for("哪天、几点几分")
    assert "旧了" in (await wang.press(question, "跳过")).text
    await wang.ask("昨天")
    await wang.press(wang.last, "到此为止，出材料")
    done = await wang.wait_for("报案材料好了")
    assert "损失金额：________" in done.text
    assert "时间：昨天" in done.text
    await wang.press(done, "改一改")
    await wang.wait_for(lambda m: m.id > done.id and "一共转了多少钱" in m.text)
    again = await wang.ask("3000元")
    assert "现在填的是：昨天" in again.text
    assert again.button("不改，下一项")
    assert second.id < again.id


async def test_an_id_number_is_sent_back(app: App, wang: User) -> None:
    await first_question(wang)
    reply = await wang.ask("110101199003071234")
    assert "这像身份证号，不用给我" in reply.text
    assert "一共转了多少钱" in (await wang.next()).text


async def test_leaving(app: App, wang: User) -> None:
    question = await first_question(wang)
    await wang.press(question, "不填了")
    await wang.wait_for("填过的已经删掉")
    assert "字太少" in (await wang.ask("五万")).text


async def test_an_sms_in_between_is_judged(app: App, wang: User) -> None:
    await first_question(wang)
    assert (await wang.ask(SCAM)).text.startswith("🔴")
    assert "(2/10)" in (await wang.ask("五万")).text
    assert (await wang.ask("周末一起去公园走走吧，我把相机带上", forward_name="路人")).text.startswith("⚪")


async def test_commands_and_keys_in_between_stay_what_they_are(app: App, wang: User) -> None:
    await first_question(wang)
    assert "怎么用" in (await wang.ask("/help")).text
    assert "要哪一类的官方电话" in (await wang.ask("官方电话")).text
    assert "(2/10)" in (await wang.ask("五万")).text


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def test_a_draft_is_gone_after_an_hour(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    clock = Clock()
    async with running(server, tmp_path, knowledge, clock):
        question = await first_question(wang)
        await wang.ask("五万元")
        clock.ahead = timedelta(minutes=61)
        assert "一共转了多少钱" not in (await wang.ask("今天下午")).text
        await wang.press(question, "到此为止，出材料")
        await wang.wait_for("过了 60 分钟")


async def test_follow_ups_over_a_restart(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    clock = Clock()
    async with running(server, tmp_path, knowledge, clock):
        plan = await plan_of(wang)
        said = await wang.press(plan, "⏰ 明天问问我")
        assert "明天和三天后" in said.text
        await wang.wait_for("我会问您一句")
        clock.ahead = timedelta(hours=23)
        await asyncio.sleep(4 * TICK)
        assert wang.last.id == plan.id
    clock.ahead = timedelta(hours=25)
    async with running(server, tmp_path, knowledge, clock):
        asked = await wang.wait_for("昨天的事，还有要办的吗？")
        assert "骗" not in asked.text
        await asyncio.sleep(4 * TICK)
        assert wang.last.id == asked.id, "once"
        await wang.press(asked, "看看还有什么")
        await wang.wait_for(lambda m: m.id == asked.id and "👉 1. " in m.text)
        clock.ahead = timedelta(hours=73)
        last = await wang.wait_for("前几天的事，还有要办的吗？")
        await wang.press(last, "别再问我")
        await wang.wait_for("不再问您")
        clock.ahead = timedelta(days=9)
        await asyncio.sleep(4 * TICK)
        assert wang.last.id == last.id


async def test_whoever_blocked_the_bot_is_left_in_peace(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    clock = Clock()
    async with running(server, tmp_path, knowledge, clock):
        plan = await plan_of(wang)
        await wang.press(plan, "⏰ 明天问问我")
        await wang.wait_for("我会问您一句")
        await wang.block_bot()
        clock.ahead = timedelta(hours=25)
        await asyncio.sleep(6 * TICK)
        clock.ahead = timedelta(days=4)
        await asyncio.sleep(6 * TICK)
        await wang.unblock_bot()
        await asyncio.sleep(4 * TICK)
        tries = [call for call in server.calls_of("sendMessage") if call.status == 403]
        assert len(tries) == 1
        assert "还有要办的吗" not in wang.last.text


@pytest.mark.parametrize("status", [500, 429])
async def test_a_follow_up_is_sent_again_after_trouble(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, status: int
) -> None:
    clock = Clock()
    async with running(server, tmp_path, knowledge, clock):
        plan = await plan_of(wang)
        await wang.press(plan, "⏰ 明天问问我")
        server.fail("sendMessage", status=status, times=1)
        clock.ahead = timedelta(hours=25)
        await asyncio.sleep(4 * TICK)
        clock.ahead = timedelta(hours=26)
        await wang.wait_for("昨天的事")


async def test_forget_takes_case_and_follow_ups_along(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    clock = Clock()
    async with running(server, tmp_path, knowledge, clock):
        plan = await plan_of(wang)
        await wang.press(plan, "⏰ 明天问问我")
        question = await wang.ask("/forget")
        await wang.press(question, "确定，全部删掉")
        await wang.wait_for("删好了")
        assert "旧了" in (await wang.press(plan, "1 报警")).text
        clock.ahead = timedelta(days=4)
        await asyncio.sleep(6 * TICK)
        assert "还有要办的吗" not in wang.last.text
