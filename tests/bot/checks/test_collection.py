"""The collection check: which loan details are there, and what a lawful collector does not write."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.checks.collection import DETAILS, FAULTS, check_collection
from bot.concepts import load_concepts
from bot.features import FEATURES
from bot.judge import judge
from bot.model import CollectionCheck, Level, Sms
from bot.paths import DATA

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

REMINDER = (
    "【招联消费金融】您合同尾号3307的借款已逾期5天，应还本金1,200.00元、利息36.50元，"
    "请登录招联App还款。如已还请忽略，客服热线95786。"
)


def check(text: str, knowledge: Knowledge) -> CollectionCheck | None:
    return judge(Sms(text), knowledge).collection


@pytest.mark.parametrize(
    "text", ["明天去公园走走吧", "【招商银行】您尾号1234的卡支出35.00元。", "您的快件已到丰巢，取件码 338201"]
)
def test_other_sms_are_not_checked(text: str, knowledge: Knowledge) -> None:
    assert check(text, knowledge) is None


def test_a_lawful_reminder_has_all_details_and_no_fault(knowledge: Knowledge) -> None:
    found = check(REMINDER, knowledge)
    assert found == CollectionCheck(tuple(DETAILS), (), ())


def test_a_lawful_reminder_is_verify(knowledge: Knowledge) -> None:
    assert judge(Sms(REMINDER), knowledge).level is Level.VERIFY


def test_what_is_missing_is_told(knowledge: Knowledge) -> None:
    found = check("您的欠款须今日结清，否则后果自负", knowledge)
    assert found is not None
    assert "creditor" in found.missing
    assert "amount" in found.missing
    assert set(found.present) | set(found.missing) == set(DETAILS)


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("private_account", "您的借款已逾期，请还款至卡号 6222021234567890123 户名张三"),
        ("personal_contact", "您的借款已逾期，请联系专员13800138000"),
        ("personal_contact", "您的借款已逾期，加微信 abc8899 协商"),
        ("foreign_link", "【招联消费金融】您的借款已逾期，请点 qwzx-7.top/a 还款"),
        ("secrets", "您的借款已逾期，请提供验证码核实"),
        ("threat", "您的借款已逾期，再不处理将通知家人和您的单位"),
        ("posing", "法院通知：您的借款已逾期，已被起诉"),
        ("third_person", "请转告您的朋友，他的借款已逾期"),
    ],
)
def test_each_fault_is_found(fault: str, text: str, knowledge: Knowledge) -> None:
    found = check(text, knowledge)
    assert found is not None
    assert fault in found.faults


def test_every_fault_has_a_test() -> None:
    (mark,) = test_each_fault_is_found.pytestmark  # type: ignore[attr-defined]
    assert {fault for fault, _ in mark.args[1]} == FAULTS.keys()


def test_every_term_exists() -> None:
    known = {*FEATURES, *(f"@{name}" for name in load_concepts(DATA / "lexicon" / "concepts"))}
    named = {term for terms in (*DETAILS.values(), *FAULTS.values()) for term in terms}
    assert named <= known


def test_without_terms_about_debts_there_is_no_check() -> None:
    assert check_collection({"#amount": 1, "#mobile": 1}) is None
    assert check_collection({"@overdue": 1}) is None  # a mere reminder of a due date
    found = check_collection({"@late": 1})
    assert found is not None
    assert (found.present, found.faults) == ((), ())
