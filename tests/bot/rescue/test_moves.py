"""Buttons and what they do: few taps to the plan, no dead button, twice is once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rescue_world import GUIDE, NOW, TEXTS, book, case

from bot.rescue.case import Case, Page, known_only, next_page
from bot.rescue.moves import LONGEST, Move, Verb, apply, decode
from bot.rescue.reply import compose_page, follow_up
from handlers.callback import Callback, Press
from handlers.callback import decode as decode_callback

if TYPE_CHECKING:
    from bot.reply.model import Reply

START = Case("t0ken_")
LOOKS = {Verb.SHEET, Verb.SOURCES, Verb.PERSUADE}


def page(of: Case) -> Reply:
    return compose_page(of, book(), TEXTS, NOW)


def press(of: Case, label: str) -> Case:
    found = [choice for row in page(of).choices for choice in row if choice.label == label]
    assert len(found) == 1, f"{label}: {[choice.label for row in page(of).choices for choice in row]}"
    move = decode(found[0].data)
    assert move is not None
    after = apply(of, move, GUIDE, book().bank_ids, NOW)
    assert after is not None
    return after


@pytest.mark.parametrize("situation", GUIDE.situations)
def test_at_most_four_taps_to_the_plan(situation: str) -> None:
    of, taps = press(START, TEXTS(f"situation-{situation}")), 1
    of, taps = press(of, "⏰ 1 小时内"), taps + 1
    if of.page is Page.MEANS:
        of, taps = press(of, "工商银行"), taps + 1
    assert of.page is Page.PLAN
    assert taps <= 3


def test_two_situations_take_four_taps() -> None:
    of = START
    for taps, label in enumerate(("转了钱、付了款", "给了验证码或密码", "⏰ 1 到 6 小时", "招商银行"), start=1):
        of = press(of, label)
        assert (of.page is Page.PLAN) is (taps == 4)
    assert of.situations == ("money", "code")
    assert of.means == ("cmb",)


def test_abroad_two_taps() -> None:
    assert press(press(START, "我不在中国大陆"), "新加坡").page is Page.PLAN


def test_who_does_not_know_the_bank_gets_the_plan_all_the_same() -> None:
    of = press(press(START, "给了验证码或密码"), "⏰ 1 天以上")
    of = press(of, "不清楚，先看步骤")
    assert of.page is Page.PLAN
    assert press(of, "改情况").page is Page.SITUATIONS


def test_a_situation_is_taken_back() -> None:
    of = press(press(START, "只点了链接"), "被裸聊勒索")
    assert press(of, "✅ 只点了链接").situations == ("blackmail",)


def test_changing_what_happened_asks_only_for_what_is_missing() -> None:
    of = press(press(START, "被裸聊勒索"), "⏰ 1 小时内")
    of = press(press(of, "改情况"), "转了钱、付了款")
    of = press(of, "‹ 返回")
    assert of.page is Page.MEANS
    assert press(of, "微信支付").page is Page.PLAN


def test_a_second_means_is_added() -> None:
    of = press(case("money", means=("icbc",)), "换银行、加付款方式")
    assert press(of, "支付宝").means == ("icbc", "alipay")
    assert press(of, "✅ 工商银行").means == ()


def test_another_bank_gives_way_to_the_one_that_is_named() -> None:
    of = press(case("money", page=Page.BANKS), "别的银行")
    assert of.means == ("bank",)
    after = apply(of, Move("token", Verb.MEANS, "hsbank"), GUIDE, book().bank_ids, NOW)
    assert after is not None
    assert after.means == ("hsbank",)


def test_restart_asks_first_and_keeps_where_one_is() -> None:
    of = case("money", means=("icbc",), region="mainland", done=("police-money",), reminders=True, helper=True)
    of = press(of, "🔄 重新开始")
    assert press(of, "不了，回去").done == ("police-money",)
    after = press(of, "确定，重新开始")
    assert after == Case("token", region="mainland", page=Page.SITUATIONS)


def test_likely_situations_come_first() -> None:
    for category, likely in GUIDE.likely.items():
        labels = [choice.label for row in page(case(category=category, page=Page.SITUATIONS)).choices for choice in row]
        assert labels[: len(likely)] == [TEXTS(f"situation-{situation}") for situation in likely]


def test_the_claimed_bank_is_offered_first_but_not_chosen() -> None:
    of = case("money", page=Page.MEANS, institution="hsbank")
    assert page(of).choices[0][0].label == "徽商银行"
    assert of.means == ()


WALKS = st.lists(st.integers(0, 60), max_size=12)


@settings(deadline=None)
@given(WALKS)
def test_no_button_is_dead_and_twice_is_once(walk: list[int]) -> None:
    of = START
    for step in walk:
        reply = page(of)
        choices = [choice for row in reply.choices for choice in row]
        assert len({choice.data for choice in choices}) == len(choices)
        for choice in choices:
            assert len(choice.data) <= LONGEST
            callback = Callback(Press.RESCUE, choice.data)
            assert decode_callback(callback.encode()) == callback
            assert len(callback.encode().encode()) <= 64
        choice = choices[step % len(choices)]
        move = decode(choice.data)
        assert move is not None
        after = apply(of, move, GUIDE, book().bank_ids, NOW)
        if move.verb is Verb.WHEN and not of.situations:
            assert after is None
            continue
        assert after is not None
        assert apply(after, move, GUIDE, book().bank_ids, NOW) == after
        assert move.verb in LOOKS or after != of or choice.label.startswith(("‹", "改情况")), choice
        of = after


@pytest.mark.parametrize(
    "data",
    ["", "x", "/", "//", "t0ken_/", "t0ken_/a", "t0ken_/a/nothing", "t0ken_/m/nobank", "t0ken_/t/nostep",
     "t0ken_/g/mars", "t0ken_/p/nowhere", "t0ken_/h/2", "t0ken_/f/", "t0ken_/zz/1", "t0ken_/w/hour", "a" * 40],
)  # fmt: skip
def test_what_we_never_sent_means_nothing(data: str) -> None:
    move = decode(data)
    assert move is None or apply(START, move, GUIDE, book().bank_ids, NOW) is None


def test_labels_are_short_enough_for_a_phone() -> None:
    widths: dict[str, int] = {}
    for of in (START, case("money", page=Page.MEANS), case("money", page=Page.BANKS), case("money", region=None)):
        for row in page(of).choices:
            for choice in row:
                widths[choice.label] = len(choice.label) * len(row)
    assert {label: width for label, width in widths.items() if width > 24} == {}


@pytest.mark.parametrize("name", ["day", "days"])
def test_a_follow_up_says_nothing_of_what_it_is_about(name: str) -> None:
    reply = follow_up(case("money"), name, TEXTS)
    said = "".join(run.text for line in reply.lines for run in line)
    said += "".join(choice.label for row in reply.choices for choice in row)
    assert not re.search("骗|诈|钱|银行|警|报案|被", said)


def test_answers_that_are_no_more_are_dropped() -> None:
    of = Case("t", situations=("money", "gone"), means=("icbc", "nobank"), when="never", at=1, region="mars")
    kept = known_only(of, GUIDE, book().bank_ids)
    assert (kept.situations, kept.means, kept.when, kept.region) == (("money",), ("icbc",), None, None)
    assert next_page(kept, GUIDE) is Page.SITUATIONS
