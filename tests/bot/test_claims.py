"""Who speaks: the signature before a name in passing, the longer before the shorter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.claims import Claims, find_claims
from bot.fold import fold

if TYPE_CHECKING:
    from bot.knowledge import Knowledge


def claims(text: str, knowledge: Knowledge) -> Claims:
    folded = fold(text)
    boundaries = knowledge.cutter.boundaries(folded.text)
    return find_claims(folded.text, boundaries, knowledge.directory, traditional=folded.traditional)


@pytest.mark.parametrize(
    ("text", "ids", "signed"),
    [
        ("【中信银行】您的账单已出", ("citic_bank",), True),
        ("您的账单已出【中信银行】", ("citic_bank",), True),
        ("工行提醒您账户有变动", ("icbc",), False),
        ("我是淘宝客服，您的订单丢失", ("taobao",), False),
        ("中国移动：您的话费余额不足", ("cmcc",), False),
        ("您的花呗账户需要升级", ("huabei_jiebei",), False),
    ],
)
def test_a_sender_names_itself(text: str, ids: tuple[str, ...], signed: bool, knowledge: Knowledge) -> None:
    found = claims(text, knowledge)
    assert found.ids == ids
    assert found.speaks
    assert found.signed is signed


def test_a_name_in_passing_does_not_speak(knowledge: Knowledge) -> None:
    found = claims("凭招商银行卡到店消费立减十元", knowledge)
    assert found.ids == ("cmb",)
    assert not found.speaks
    assert not found.signed


def test_the_signature_speaks_for_the_others(knowledge: Knowledge) -> None:
    found = claims("您的招商银行卡已绑定成功【支付宝】", knowledge)
    assert found.ids == ("alipay",)
    assert [mention.institutions for mention in found.others] == [("cmb",)]
    assert [mention.start for mention in found.all] == [found.claimant.start if found.claimant else -1, 2]


def test_among_equals_the_longer_name_says_more(knowledge: Knowledge) -> None:
    found = claims("中信银行信用卡中心提醒您账单已出", knowledge)
    assert found.ids == ("citic_card",)


def test_a_name_that_nobody_licensed_bears_is_a_claim_of_the_ambiguous_row(knowledge: Knowledge) -> None:
    assert claims("【中信金融】您的贷款已逾期", knowledge).ids == ("citic_finance_ambiguous",)


def test_a_body_without_a_row_speaks_but_has_no_ids(knowledge: Knowledge) -> None:
    found = claims("【宜宾市商业银行】您的账单已出", knowledge)
    assert found.speaks
    assert found.ids == ()
    assert found.claimant is not None
    assert found.claimant.other


@pytest.mark.parametrize("text", ["", "明天去公园走走吧", "加微信聊聊", "银行门口见"])
def test_nobody_is_named(text: str, knowledge: Knowledge) -> None:
    found = claims(text, knowledge)
    assert found == Claims(None, ())
    assert (found.ids, found.all, found.speaks, found.signed) == ((), (), False, False)
