"""Signatures, sums, one-time codes, card tails, card numbers, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities import extract
from bot.entities.facts import luhn
from bot.fold import fold

if TYPE_CHECKING:
    from bot.model import Entities


def found(text: str) -> Entities:
    return extract(fold(text))


@pytest.mark.parametrize(
    ("text", "signatures"),
    [
        ("【江南银行】您好", ["江南银行"]),
        ("您好【江南银行】", ["江南银行"]),
        ("您好。【江南银行】。", ["江南银行"]),
        ("您好[江南银行]", ["江南银行"]),
        ("[江南银行]您好", ["江南银行"]),
        ("［江南银行］您好", ["江南银行"]),
        ("〖江南银行〗您好", ["江南银行"]),
        ("【江南銀行】您好", ["江南银行"]),
        ("【 江南银行 】您好", ["江南银行"]),
        ("【江南银行】【信用卡中心】您好", ["江南银行", "信用卡中心"]),
        ("【江南银行】您好【回TD退订】", ["江南银行", "回td退订"]),
        ("您好[回TD退订][江南银行]", ["回td退订", "江南银行"]),
        ("您好【江南银行】 ", ["江南银行"]),
        ("【JN Bank】您好", ["jn bank"]),
        ("(江南電信通知)本期帳單", ["江南电信通知"]),
        ("【江.南.银.行】您好", ["江南银行"]),
        ("您好【江南银行】退订回T", ["江南银行"]),
        ("您好【江南银行】如需退订，回8", ["江南银行"]),
        ("亲爱的朋友您好！【江南银行】您的卡", ["江南银行"]),
        ("您的【江南银行】卡已到", []),
        ("您好", []),
        ("【】您好", []),
        ("【1】您好", []),
        ("【12345】您好", []),
        ("[http://jn.cc/a]您好", []),
        ("(2/3)各位业主", []),
        ("【这一段文字实在太长了不可能是任何一家公司的短信签名】您好", []),
    ],
)
def test_signature(text: str, signatures: list[str]) -> None:
    assert [signature.text for signature in found(text).signatures] == signatures


def test_signature_span() -> None:
    text = " 【江南銀行】您好"
    (signature,) = found(text).signatures
    assert text[signature.span.start : signature.span.end] == "【江南銀行】"


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("支出35.00元", ["35.00元"]),
        ("余额1,204.18元。", ["1,204.18元"]),
        ("￥35", ["¥35"]),
        ("¥12,345.67元", ["¥12,345.67元"]),
        ("额度5万元", ["5万元"]),
        ("最高30万", ["30万"]),
        ("人民币718.20元", ["人民币718.20元"]),
        ("RMB184.90", ["rmb184.90"]),
        ("HK$500", ["hk$500"]),
        ("NT$1,200", ["nt$1,200"]),
        ("3000多元", ["3000多元"]),
        ("日赚300块", ["300块"]),
        ("五万元", ["五万元"]),
        ("三千块钱", ["三千块钱"]),
        ("20 萬新台幣", ["20 万新台币"]),
        ("1.2亿元", ["1.2亿元"]),
        ("USDT 100", []),
        ("100USDT", ["100usdt"]),
        ("共20万平方米", []),
        ("1月1日元旦", []),
        ("第三元素", []),
        ("3月5日", []),
    ],
)
def test_amounts(text: str, amounts: list[str]) -> None:
    assert [amount.text for amount in found(text).amounts] == amounts


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("验证码：482913，请勿告知", ["482913"]),
        ("您的验证码为482913", ["482913"]),
        ("验证码是 4829", ["4829"]),
        ("校验码482913", ["482913"]),
        ("482913（江南支付验证码，勿外传）", ["482913"]),
        ("482913是您的验证码", ["482913"]),
        ("動態密碼 48291345", ["48291345"]),
        ("認證碼：482913", ["482913"]),
        ("OTP is 482913", ["482913"]),
        ("Your verification code is 482913.", ["482913"]),
        ("一次性密碼 482913", ["482913"]),
        ("【江南】您的注册码(482913)", ["482913"]),
        ("请提供验证码", []),
        ("验证码发送至13800002222", []),
        ("验证码有误，请于2026年重试", []),
        ("凭取件码482913取件", []),
        ("482913", []),
    ],
)
def test_codes(text: str, codes: list[str]) -> None:
    assert [code.text for code in found(text).codes] == codes


@pytest.mark.parametrize(
    ("text", "tails"),
    [
        ("您尾号6621的卡", ["6621"]),
        ("尾号为6621", ["6621"]),
        ("您尾號6621信用卡", ["6621"]),
        ("(尾号：6621)", ["6621"]),
        ("末四碼6621", ["6621"]),
        ("卡號末4碼*6621", ["6621"]),
        ("您账户6621于03月08日", ["6621"]),
        ("您名下借记卡6621，于12月", ["6621"]),
        ("信用卡6621于11月5日消费", ["6621"]),
        ("退回支付卡(江南银行6621)", ["6621"]),
        ("卡号6222****6621", ["6621"]),
        ("card ending 6621", ["6621"]),
        ("账户有6621元", []),
        ("信用卡2026年", []),
    ],
)
def test_card_tails(text: str, tails: list[str]) -> None:
    assert [tail.text for tail in found(text).card_tails] == tails


@pytest.mark.parametrize(
    ("text", "cards"),
    [
        ("卡号6222021234567890128", ["6222021234567890128"]),
        ("6222 0212 3456 7890 129", []),
        ("4111 1111 1111 1111", ["4111111111111111"]),
        ("4111-1111-1111-1111", ["4111111111111111"]),
        ("4111111111111112", []),
        ("帐号：6217000000001234", ["6217000000001234"]),
        ("户名：李四，账号 95588012345678", ["95588012345678"]),
        ("卡 号 6217 0000 0000 1234", ["6217000000001234"]),
        ("订单31750000118", []),
        ("流水号:202511180000001234", []),
        ("单号4111111111111111", []),
    ],
)
def test_card_numbers(text: str, cards: list[str]) -> None:
    assert [card.text for card in found(text).card_numbers] == cards


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2026年1月15日", ["2026年1月15日"]),
        ("2026-01-15 10:21:33", ["2026-01-15", "10:21:33"]),
        ("2026/1/15", ["2026/1/15"]),
        ("1月15日10时21分", ["1月15日", "10时21分"]),
        ("11月5日", ["11月5日"]),
        ("15日前", ["15日"]),
        ("01-15到期", ["01-15"]),
        ("11/18自动还款", ["11/18"]),
        ("102/05/21", ["102/05/21"]),
        ("25年06月03日", ["25年06月03日"]),
        ("18点前", ["18点"]),
        ("5-15工作日", []),
        ("(2/3)各位业主", []),
        ("3.14", []),
        ("5-12万", []),
        ("100/200元", []),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert [date.text for date in found(text).dates] == dates


@pytest.mark.parametrize(
    ("digits", "good"),
    [("4111111111111111", True), ("4111111111111112", False), ("6222021234567890129", False), ("0", True)],
)
def test_luhn(digits: str, *, good: bool) -> None:
    assert luhn(digits) is good


PIECES = st.sampled_from(
    [
        *"0123456789*x.-/ :：,，()（）【】[]+@#¥元万年月日点。微信qqvlineテ",
        "http://",
        "www.",
        ".com",
        "138",
        "106",
        "400",
        "95588",
        "验证码",
        "尾号",
        "账号",
        "加微信",
        "电话",
        "賴",
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_spans_stay_inside_and_in_order(text: str) -> None:
    everything = found(text)
    for name in ("links", "numbers", "accounts", "signatures", "amounts", "codes", "card_tails", "card_numbers"):
        spans = [item.span for item in getattr(everything, name)]
        assert all(0 <= span.start < span.end <= len(text) for span in spans), name
        assert spans == sorted(spans), name


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    found(text)
