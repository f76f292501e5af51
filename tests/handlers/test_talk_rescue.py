"""/rescue as a person lives it: the first number, the plan, the ticks, a restart, groups, danger, a broken database."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from talk_driving import break_table, running
from talk_material import SCAM, data_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]

DEPOSIT = "【极速贷】您的贷款因流水不足未能放款，请先交保证金2000元解冻，交后立即到账，加微信 dk88991"


def says(message: Message, words: str) -> Callable[[Message], bool]:
    """For ``wait_for``: this very message now says so."""
    return lambda found: found.id == message.id and words in found.text


async def tap(person: User, message: Message, label: str, then: str) -> Message:
    """Press a button and wait for what the message says then."""
    await person.press(message, label)
    return await person.wait_for(says(message, then))


def first_number(message: Message) -> str:
    return message.parts("code")[0]


@pytest.mark.parametrize("text", ["/rescue", "我被骗了"])
async def test_the_most_urgent_stands_before_any_question(app: App, wang: User, text: str) -> None:
    reply = await wang.ask(text)
    first, *rest = reply.text.splitlines()
    assert "钱已经转走：现在就打 110" in first
    assert first_number(reply) == "110"
    assert next(b.copy_text for b in reply.buttons) == "110"
    assert "出了什么事" in "".join(rest)
    assert reply.links == []


async def test_money_gone_means_110_without_a_tap(app: App, wang: User) -> None:
    reply = await wang.ask("我刚给骗子转了五万")
    assert first_number(reply) == "110"
    plan = await tap(wang, reply, "工商银行", "照着念")
    assert "👉 1. 打 110 报警" in plan.text
    assert "中国工商银行 95588" in plan.text


async def test_a_code_given_means_the_banks_number_in_two_taps(app: App, wang: User) -> None:
    reply = await wang.ask("验证码告诉他了怎么办")
    assert "先打您的银行挂失" in reply.text.splitlines()[0]
    asked = await tap(wang, reply, "⏰ 1 小时内", "给出去的是哪家的")
    plan = await tap(wang, asked, "招商银行", "照着念")
    assert first_number(plan) == "95555"


async def test_several_situations_and_a_bank_by_name(app: App, wang: User) -> None:
    reply = await wang.ask("/rescue")
    await wang.press(reply, "装了App、共享屏幕")
    await wang.wait_for(lambda m: m.button("✅ 装了App、共享屏幕") is not None)
    await wang.press(reply, "转了钱、付了款")
    await wang.wait_for(lambda m: m.button("✅ 转了钱、付了款") is not None)
    await tap(wang, reply, "⏰ 1 到 6 小时", "钱从哪里出去的")
    plan = await wang.ask("徽商银行")
    lines = plan.text.splitlines()
    assert "先用另一部手机拍下这一页" in lines[0]
    assert "👉 1. 断开骗子" in lines[2]
    assert "徽商银行 4008896588" in plan.text
    assert first_number(plan) == "110"


async def test_two_messages_are_one_story(app: App, wang: User) -> None:
    await wang.ask("我被骗了，验证码给他了")
    reply = await wang.ask("还转了两千")
    assert reply.button("✅ 转了钱、付了款")
    assert reply.button("✅ 给了验证码或密码")


async def test_when_without_what_is_asked_kindly(app: App, wang: User) -> None:
    reply = await wang.ask("/rescue")
    assert "先点出了什么事" in (await wang.press(reply, "⏰ 1 天以上")).text


async def plan_of(wang: User) -> Message:
    reply = await wang.ask("我刚给骗子转了五万")
    return await tap(wang, reply, "招商银行", "照着念")


async def test_ticks_live_through_a_restart(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    async with running(server, tmp_path, knowledge):
        plan = await plan_of(wang)
        await tap(wang, plan, "1 报警", "✅ 1. 报警")
    async with running(server, tmp_path, knowledge):
        await tap(wang, plan, "2 打银行", "👉 3. ")
        again = await wang.ask("/rescue")
        assert "✅ 1. 报警" in again.text
        assert "✅ 2. 打银行" in again.text
        await tap(wang, again, "✅ 报警", "👉 1. ")


async def test_restart_asks_and_makes_old_pages_old(app: App, wang: User) -> None:
    plan = await plan_of(wang)
    old = data_of(plan, "1 报警")
    await tap(wang, plan, "🔄 重新开始", "确定吗")
    await tap(wang, plan, "确定，重新开始", "出了什么事")
    assert "这一页旧了" in (await wang.press(plan, data=old)).text
    assert "出了什么事" in plan.text


@pytest.mark.parametrize("data", ["q:", "q:x", "q:token/t/cut", "q:token/zz/1", "q:token/d/open", "q:token/l/open"])
async def test_made_up_presses_are_answered_politely(app: App, wang: User, data: str) -> None:
    reply = await wang.ask("/rescue")
    assert "旧了" in (await wang.press(reply, data=data)).text


async def test_one_persons_page_moves_no_other(app: App, server: Sandbox, wang: User) -> None:
    plan = await plan_of(wang)
    li = server.user("小李")
    theirs = await li.ask("/rescue")
    assert "旧了" in (await li.press(theirs, data=data_of(plan, "1 报警"))).text
    assert "✅" not in plan.text


async def test_the_region_is_asked_once(app: App, wang: User) -> None:
    plan = await plan_of(wang)
    assert "台湾 165" in plan.text
    assert "您在中国大陆吗" in plan.text
    await wang.press(plan, "中国大陆")
    await wang.wait_for(lambda m: m.button("📍 中国大陆（改）") is not None)
    assert "165" not in plan.text
    again = await wang.ask("/rescue")
    assert "您在中国大陆吗" not in again.text


async def test_in_taiwan_only_what_is_sourced(app: App, wang: User) -> None:
    reply = await wang.ask("/rescue")
    await tap(wang, reply, "我不在中国大陆", "您现在在哪里")
    plan = await tap(wang, reply, "台湾", "👉 1. 打 165")
    assert plan.parts("code") == ["165"]
    assert not re.search("110|派出所|公安", plan.text)
    assert plan.button("📄 报案材料") is None


async def test_sources_and_how_to_persuade(app: App, wang: User) -> None:
    plan = await plan_of(wang)
    await wang.press(plan, "📚 依据")
    card = await wang.wait_for("每一步的依据")
    assert "银发〔2016〕86号" in card.text
    assert "2016-12-01" in card.text
    assert card.links == []
    await tap(wang, plan, "我在帮家人", "帮家人打")
    await wang.press(plan, "怎么劝家人")
    assert "先别说“你被骗了”" in (await wang.wait_for("怎么劝家人")).text


async def test_words_of_a_relative_open_the_plan_for_a_relative(app: App, wang: User) -> None:
    reply = await wang.ask("我妈刚才给骗子转了两万")
    plan = await tap(wang, reply, "农业银行", "照着念")
    assert "帮家人打 110 报警" in plan.text
    assert "我家人被诈骗了" in plan.text


# ── from a verdict, and groups ──────────────────────────────────────────────────────────────────────────


async def test_the_category_comes_along_from_a_verdict(app: App, wang: User) -> None:
    verdict = await wang.ask(DEPOSIT)
    assert verdict.text.startswith("🔴")
    await wang.press(verdict, "我已经被骗")
    reply = await wang.wait_for("出了什么事")
    answers = [b.text for b in reply.buttons if not b.copy_text]
    assert answers[0] == "交了贷款“保证金”"


async def test_the_claimed_bank_comes_along_from_a_verdict(app: App, wang: User) -> None:
    verdict = await wang.ask(SCAM.replace("中信银行", "徽商银行"))
    await wang.press(verdict, "我已经被骗")
    reply = await wang.wait_for("出了什么事")
    await wang.press(reply, "给了验证码或密码")
    await wang.wait_for(lambda m: m.button("✅ 给了验证码或密码") is not None)
    asked = await tap(wang, reply, "⏰ 1 小时内", "给出去的是哪家的")
    assert next(b.text for b in asked.buttons if not b.copy_text) == "徽商银行"


async def test_a_group_is_shown_the_way_to_the_private_chat(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("邻里", members=[wang])
    reply = await wang.ask("/rescue", group)
    assert "我们私下说" in reply.text
    [button] = reply.buttons
    assert button.url == f"https://t.me/{server.state.bot.username}?start=rescue"
    assert "骗" not in reply.text
    assert reply.parts("code") == ["110"]


async def test_a_group_never_hears_what_happened(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("邻里", members=[wang])
    for text in ("我刚给骗子转了五万", "我不想活了"):
        reply = await wang.ask(f"@{server.state.bot.username} {text}", group)
        assert "我们私下说" in reply.text
        assert not re.search("五万|转|活", reply.text)


async def test_from_a_groups_verdict_to_the_private_chat(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("邻里", members=[wang])
    verdict = await wang.ask(f"/check {DEPOSIT}", group)
    url = (await wang.press(verdict, "我已经被骗")).url
    assert url is not None
    payload = url.split("start=")[1]
    assert payload.startswith("rescue_")
    await wang.start(payload)
    reply = await wang.next()
    assert next(b.text for b in reply.buttons if not b.copy_text) == "交了贷款“保证金”"
    assert group.from_bot == [verdict]


# ── danger ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "first", "numbers"),
    [
        ("钱全没了，我不想活了", "您的命比钱要紧", ["120", "110"]),
        ("我妈被骗光了，说要跳楼", "先陪着人", ["120", "110"]),
        ("我15岁，被人用裸照威胁要钱", "这不是你的错", ["110", "120", "110"]),
        ("我女儿上初中，被人拿裸照敲诈", "先告诉孩子", ["110", "120"]),
    ],
)
async def test_danger_is_answered_by_human_words_first(
    app: App, wang: User, text: str, first: str, numbers: list[str]
) -> None:
    reply = await wang.ask(text)
    assert first in reply.text.splitlines()[0]
    assert reply.parts("code") == numbers
    assert all(button.copy_text for button in reply.buttons), "no menu before that"
    after = await wang.next()
    assert "出了什么事" not in after.text, "nothing is asked"
    assert "👉 1. " in after.text or after.button("看看怎么办")


async def test_who_has_somebody_beside_them_goes_on(app: App, wang: User) -> None:
    await wang.ask("我不想活了")
    later = await wang.next()
    assert [button.text for button in later.buttons] == ["看看怎么办"]
    await tap(wang, later, "看看怎么办", "出了什么事")


async def test_a_later_call_does_not_set_the_clock_forward(app: App, wang: User) -> None:
    first = (await plan_of(wang)).text
    again = await wang.ask("刚才骗子又打电话来，我又被骗了")
    assert re.findall("月.日.*前打银行", again.text) == re.findall("月.日.*前打银行", first)


async def test_a_bank_nobody_knows_is_answered(app: App, wang: User) -> None:
    reply = await wang.ask("验证码告诉他了怎么办")
    await tap(wang, reply, "⏰ 1 小时内", "给出去的是哪家的")
    for text in ("信用社", "💳"):
        assert "没找到这家银行" in (await wang.ask(text)).text
    assert "招商银行 95555" in (await wang.ask("招行")).text


async def test_a_plan_that_calls_no_bank_takes_no_name(app: App, wang: User) -> None:
    reply = await wang.ask("/rescue")
    await wang.press(reply, "被裸聊勒索")
    await wang.wait_for(lambda m: m.button("✅ 被裸聊勒索") is not None)
    await tap(wang, reply, "⏰ 1 小时内", "👉 1. ")
    assert "字太少" in (await wang.ask("招商银行")).text


async def test_danger_in_the_middle_of_the_sheet(app: App, wang: User) -> None:
    plan = await plan_of(wang)
    await wang.press(plan, "📄 报案材料")
    await wang.wait_for("一共转了多少钱")
    assert "您的命比钱要紧" in (await wang.ask("算了我不想活了")).text


async def test_danger_abroad_names_the_local_lines(app: App, wang: User) -> None:
    reply = await wang.ask("/rescue")
    await tap(wang, reply, "我不在中国大陆", "您现在在哪里")
    await tap(wang, reply, "马来西亚", "👉 1. 打 997")
    reply = await wang.ask("我不想活了")
    assert "当地的急救、报警电话" in reply.text
    assert not reply.parts("code")


async def test_a_forwarded_text_is_judged_whatever_it_says(app: App, wang: User) -> None:
    reply = await wang.ask("我不想活了，钱都转给骗子了，你们谁借我三千", forward_name="路人")
    assert "您的命比钱要紧" not in reply.text


# ── when things break ───────────────────────────────────────────────────────────────────────────────────


async def test_a_broken_database_still_says_110(app: App, wang: User, tmp_path: Path) -> None:
    await wang.start()
    await wang.next()
    await break_table(tmp_path, "rescue_case")
    for text in ("我刚给骗子转了五万", "/rescue"):
        reply = await wang.ask(text)
        assert first_number(reply) == "110"
        assert "下一个骗子" in reply.text
    assert (await wang.ask(SCAM)).text.startswith("🔴")
    reply = await wang.ask("我不想活了")
    assert "您的命比钱要紧" in reply.text
