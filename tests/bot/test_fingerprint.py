from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entities import extract
from bot.fingerprint import canonical, take_apart
from bot.fold import fold

OFFICIAL = {"95558", "4008895558", "13900000000"}
SCAM = (
    "【中信银行】您的信用卡欠款5832.17元已逾期12天，请于今日18:00前登录 "
    "http://pay.evil-site.top/a1?u=7 处理，详询13800138000"
)


def shape(text: str, links: tuple[str, ...] = ()) -> str:
    folded = fold(text)
    return canonical(take_apart(folded, extract(folded, links), OFFICIAL.__contains__))


@pytest.mark.parametrize(
    "copy",
    [
        SCAM.replace("5832.17", "12,000"),
        SCAM.replace("12天", "3天"),
        SCAM.replace("/a1?u=7", "/zz/yy.html?q=1"),
        SCAM.replace("pay.evil", "www2.evil"),
        SCAM.replace("http://", "https://"),
        SCAM.replace("13800138000", "13911112222"),
        SCAM.replace("13800138000", "138 0013 8000"),
        SCAM.replace("13800138000", "17011112222"),
        SCAM.replace("，", ", ").replace("【", "[").replace("】", "]"),
        SCAM.replace("。", "").replace(" ", ""),
        SCAM.replace("信用卡", "信\u200b用.卡"),
        SCAM.replace("您的信用卡欠款", "您的信用卡欠款 "),
        SCAM.replace("详询", "詳詢"),
        SCAM + "！！！",
        "\n" + SCAM + "\n",
    ],
)
def test_copies_of_a_scam_share_it(copy: str) -> None:
    assert shape(copy) == shape(SCAM)


@pytest.mark.parametrize(
    "other",
    [
        SCAM.replace("evil-site.top", "other-site.top"),
        SCAM.replace("evil-site.top", "evil-site.cn"),
        SCAM.replace("详询13800138000", "加微信abc12345"),
        SCAM.replace("13800138000", "4001234567"),
        SCAM.replace("13800138000", "95558"),
        SCAM.replace("13800138000", "4008895558"),
        SCAM.replace("13800138000", "13900000000"),
        SCAM.replace("13800138000", "+85251234567"),
        SCAM.replace("http://pay.evil-site.top/a1?u=7", ""),
        SCAM.replace("信用卡", "储蓄卡"),
        SCAM.replace("详询13800138000", ""),
        "",
    ],
)
def test_another_link_contact_or_wording_does_not(other: str) -> None:
    assert shape(other) != shape(SCAM)


def test_an_institutions_own_numbers_are_told_apart() -> None:
    assert shape("账户异常，请致电95558") != shape("账户异常，请致电95588")
    assert shape("账户异常，请致电4001234567") == shape("账户异常，请致电4007654321")


def test_hidden_links_count_by_their_domain() -> None:
    visible = "点此办理退款手续"
    assert shape(visible, ("https://evil.top/a",)) == shape(visible, ("https://evil.top/b",))
    assert shape(visible, ("https://evil.top/a",)) != shape(visible, ("https://bad.top/a",))
    assert shape(visible, ("https://evil.top/a",)) != shape(visible)


def test_codes_of_letters_are_no_difference() -> None:
    assert shape("您的验证码是A7K9X2，请勿泄露") == shape("您的验证码是B3M1Q8，请勿泄露")


@given(st.text(max_size=80))
def test_it_is_a_pure_function_of_any_text(text: str) -> None:
    first = shape(text)
    assert first == shape(text)
    assert not any(char.isspace() for char in first)


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_plain_numbers_never_matter(one: int, other: int) -> None:
    assert shape(f"欠款{one}元整") == shape(f"欠款{other}元整")
