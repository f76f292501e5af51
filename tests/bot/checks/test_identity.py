"""The claimed institution against the links, numbers and sender that the SMS carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.checks.identity import official_labels, skeleton
from bot.judge import analyse
from bot.model import Sms

if TYPE_CHECKING:
    from bot.checks.identity import Identity
    from bot.knowledge import Knowledge

ICBC = "【工商银行】您的网银需要更新，请登录 {} 办理"


def identity(text: str, knowledge: Knowledge, sender: str | None = None) -> Identity:
    return analyse(Sms(text, sender), knowledge).identity


def link(text: str, knowledge: Knowledge) -> set[str]:
    (standing,) = identity(text, knowledge).links.values()
    return {name.removeprefix("#link.") for name in standing}


def number(text: str, knowledge: Knowledge) -> set[str]:
    (standing,) = identity(text, knowledge).numbers.values()
    return {name.removeprefix("#number.") for name in standing}


def sender(number: str, knowledge: Knowledge, text: str = "【工商银行】您好") -> set[str]:
    return {name.removeprefix("#sender.") for name in identity(text, knowledge, number).sender}


# ── links ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("host", ["icbc.com.cn", "www.icbc.com.cn", "m.icbc.com.cn/a?b=1"])
def test_its_own_domain_and_what_stands_below(host: str, knowledge: Knowledge) -> None:
    assert link(ICBC.format(host), knowledge) == {"known", "official"}


def test_somebody_elses_domain_is_known_but_not_official(knowledge: Knowledge) -> None:
    assert link(ICBC.format("www.cmbchina.com"), knowledge) == {"known"}


def test_a_strange_domain_is_a_mismatch(knowledge: Knowledge) -> None:
    assert link(ICBC.format("qwzx-7.top"), knowledge) == {"unknown", "mismatch"}


@pytest.mark.parametrize(
    "host",
    [
        "1cbc.com",
        "lcbc.com.cn",
        "icbc.xyz",
        "icbc-vip.com",
        "evil-icbc.top",
        "95588vip.com",
        "95588-vip.cn",
        "icbc.com.cn.evil.top",
        "www.icbc.evil.top",
        "ta0bao.com",
        "taobao1.com",
        "1oo86.cn",
        "wap-10086.top",
    ],
)
def test_a_look_alike_is_told(host: str, knowledge: Knowledge) -> None:
    assert link(ICBC.format(host), knowledge) == {"unknown", "mismatch", "lookalike"}


def test_a_look_alike_needs_no_claim(knowledge: Knowledge) -> None:
    assert link("请登录 www.1cbc-vip.com 更新", knowledge) == {"unknown", "lookalike"}


@pytest.mark.parametrize("host", ["qwzx-7.top", "fake-gov.cn", "pay.top", "bank-login.top", "gov.cn.evil.top"])
def test_common_words_and_short_labels_are_no_look_alike(host: str, knowledge: Knowledge) -> None:
    assert link(ICBC.format(host), knowledge) == {"unknown", "mismatch"}


@pytest.mark.parametrize(
    "host", ["www.gov.cn", "tax.hainan.gov.cn", "www.gov.hk", "service.gov.tw", "jw.someuni.edu.cn"]
)
def test_suffixes_of_authorities_and_schools_are_known(host: str, knowledge: Knowledge) -> None:
    assert link(f"通知详情请见 {host} 公告", knowledge) == {"known"}


def test_a_shortener_is_no_mismatch(knowledge: Knowledge) -> None:
    assert link(ICBC.format("t.cn/A6xyz"), knowledge) == {"unknown"}


def test_a_name_in_passing_is_no_mismatch(knowledge: Knowledge) -> None:
    assert link("凭招商银行卡到店消费立减，详情 lvye-cake.com", knowledge) == {"unknown"}


def test_an_institution_without_a_row_is_no_mismatch(knowledge: Knowledge) -> None:
    assert link("【宜宾市商业银行】请登录 qwzx-7.top 办理", knowledge) == {"unknown"}


def test_the_bank_named_in_passing_may_be_linked(knowledge: Knowledge) -> None:
    assert link("凭招商银行卡到店消费立减，详情 cmbchina.com", knowledge) == {"known", "official"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("请填表 docs.qq.com/form/page/abc", {"unknown"}),
        ("【工商银行】请填表 docs.qq.com/form/page/abc", {"unknown", "mismatch"}),
        ("【腾讯】请填表 docs.qq.com/form/page/abc", {"unknown"}),
    ],
)
def test_a_form_belongs_to_whoever_wrote_it(text: str, expected: set[str], knowledge: Knowledge) -> None:
    assert link(text, knowledge) == expected


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────


def test_its_own_hotline(knowledge: Knowledge) -> None:
    assert number("【工商银行】请致电95588", knowledge) == {"known", "official"}


def test_another_institutions_hotline(knowledge: Knowledge) -> None:
    assert number("【工商银行】请致电95555", knowledge) == {"known"}


@pytest.mark.parametrize("written", ["13800138000", "4001234567", "020-87654321", "+855 12 345 678"])
def test_a_strange_number_is_a_mismatch(written: str, knowledge: Knowledge) -> None:
    assert number(f"【工商银行】请致电{written}", knowledge) == {"unknown", "mismatch"}


def test_a_strange_number_without_a_claim(knowledge: Knowledge) -> None:
    assert number("请致电13800138000", knowledge) == {"unknown"}


def test_the_ambiguous_rows_candidates_count_as_named(knowledge: Knowledge) -> None:
    found = identity("【中信金融】您的贷款已逾期，请致电95558", knowledge)
    assert found.ambiguous
    (standing,) = found.numbers.values()
    assert "#number.official" in standing


def test_one_institution_is_not_ambiguous(knowledge: Knowledge) -> None:
    assert not identity("【中信银行】您好", knowledge).ambiguous
    assert not identity("您好", knowledge).ambiguous


# ── the sender ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("13800138000", {"mobile"}),
        ("+86 138 0013 8000", {"mobile"}),
        ("0086-13800138000", {"mobile"}),
        ("（138）00138000", {"mobile"}),
        ("+85261234567", {"foreign"}),
        ("0085512345678", {"foreign"}),
        ("service@icloud.com", {"email"}),
        ("400-123-4567", {"n400"}),
        ("800 123 4567", {"n400"}),
        ("l0086", {"lookalike"}),
        ("1OO86", {"lookalike"}),
        ("95588", {"official"}),
        ("+8695588", {"official"}),
        ("９５５８８", {"official"}),
        ("95555", set()),
        ("1069000012", {"port"}),
        ("+861069000012", {"port"}),
        ("10086", set()),
        ("工商银行", set()),
        ("", set()),
        ("   ", set()),
    ],
)
def test_kinds_of_sender(written: str, expected: set[str], knowledge: Knowledge) -> None:
    assert sender(written, knowledge) == expected


def test_no_sender_says_nothing(knowledge: Knowledge) -> None:
    assert identity("【工商银行】您好", knowledge).sender == ()


def test_a_bank_of_hong_kong_writes_from_hong_kong(knowledge: Knowledge) -> None:
    assert sender("+85221234567", knowledge, "【中銀香港】您的賬單已出") == set()
    assert sender("+66812345678", knowledge, "【中銀香港】您的賬單已出") == {"foreign"}


# ── skeletons ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("one", "other"), [("1cbc", "icbc"), ("ta0bao", "taobao"), ("IcBc", "lcbc"), ("j-d", "jd")])
def test_look_alike_labels_have_one_skeleton(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


def test_short_labels_are_imitated_by_accident(knowledge: Knowledge) -> None:
    found = official_labels(knowledge.directory)
    assert "icbc" in found.labels
    assert skeleton("icbc") in found.skeletons
    assert all(len(label) >= 4 for label in found.labels)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("icbc.cn", {"local"}),
        ("lvye-cake.com.tw", {"local"}),
        ("icbc-vip.com.tw", {"unknown", "mismatch", "lookalike"}),
        ("icbc.top", {"unknown", "mismatch", "lookalike"}),
    ],
)
def test_domains_that_are_given_with_care_or_to_brands(host: str, expected: set[str], knowledge: Knowledge) -> None:
    assert link(ICBC.format(host), knowledge) == expected


def test_no_official_domain_is_called_a_look_alike(knowledge: Knowledge) -> None:
    for row in knowledge.directory:
        for domain in row.domains:
            standings = identity(f"请看 https://{domain}/", knowledge).links.values()
            assert all("#link.lookalike" not in standing for standing in standings), domain


@pytest.mark.parametrize(
    ("host", "imitates"),
    [
        ("cmbchinna.top", True),  # one letter too many
        ("cmbchna.top", True),  # one missing
        ("cmbchian.vip", True),  # two swapped
        ("cmbchima.cc", True),  # one other
        ("bankcomn.top", True),
        ("chinatele.top", False),
        ("mychinashop.top", False),
        ("flowerhouse.top", False),
    ],
)
def test_a_slip_of_the_finger_in_an_official_domain(host: str, imitates: bool, knowledge: Knowledge) -> None:
    found = analyse(Sms(f"请登录 http://{host}/a 办理"), knowledge)
    (standing,) = found.identity.links.values()
    assert ("#link.lookalike" in standing) is imitates
