"""Nothing in an SMS may stay tappable: checked with the sandbox's linker, which is stricter than any client."""

from __future__ import annotations

import html
import re
import string
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.neutralise import JOINER, neutralise
from sandbox.server import autolink, markup

TAPPABLE = [
    # links
    "http://example.com",
    "https://example.com/a/b?c=d#e",
    "HTTPS://EXAMPLE.COM/",
    "hTTps://user:pw@example.com:8443/x",
    "www.example.cn",
    "example.com",
    "请点example.cn/x1办理",
    "请登录 t.me/joinchat_abc",
    "example.com，逾期作废",
    "（example.top）",
    "见:example.vip/abc。",
    "a.b.c.d.example.xyz",
    "xn--fiqs8s.xn--fiqs8s",
    "中文域名.中国",
    "点击工行.网址",
    "bücher.de",
    "пример.рф",
    "1.2.3.4",
    "http://1.2.3.4:8080/x",
    "192.168.0.1/login",
    "ftp://example.com/f",
    "tg://resolve?domain=scam",
    "ton://transfer/abc",
    "example．com",
    "http://example。com/x",
    "example。cn",
    "exa\u200bmple.com",
    "exam\u00adple.com/abc",
    "\u202emoc.elpmaxe",
    "http://ex.cn/一二三",
    "dwz.cn/Ab3x",
    "a-b.com",
    "a_b.example.com",
    "http:\\\\example.com",
    "💩.la",
    "example.com.",
    ".com/x",
    "~.com",
    "“example.com”",
    "example.com/(a)/b",
    # mail
    "someone@example.com",
    "some.one+tag@mail.example.com.cn",
    # names, tags, commands
    "@scammer_bot",
    "加我 @abcde 领取",
    "#兼职",
    "#loan2026",
    "$USD",
    "$BTC",
    "/start",
    "发送 /forget 领奖",
    "/check@zhendema_bot",
    # numbers
    "13800138000",
    "138 0013 8000",
    "138-0013-8000",
    "+86 138 0013 8000",
    "+8613800138000",
    "0086-13800138000",
    "(010) 6655-4433",
    "010-66554433",
    "400-820-8820",
    "4008208820",
    "106900001234567",
    "请拨打075588886666转8",
    "6222021234567890123",
    "6222 0212 3456 7890",
    "6222-0212-3456-7890-123",
    "１３８００１３８０００",
    "电话:+852 5123 4567。",
    "+1 (415) 555-2671",
    "QQ123456789",
    "微信13912345678",
    "95588",
    "1\u200b3800138000",
]


def linked(text: str) -> list[str]:
    return [str(found) for found in autolink.entities(text, [])]


def long_runs(text: str) -> list[str]:
    return re.findall(r"\d(?:[ \-()+]*\d){4,}", text)


@pytest.mark.parametrize("text", TAPPABLE)
def test_nothing_is_tappable(text: str) -> None:
    safe = neutralise(text)
    assert not linked(safe)
    assert not long_runs(safe)


@pytest.mark.parametrize("text", TAPPABLE)
@pytest.mark.parametrize("frame", ["【银行】{}，请速办", "{}", "「{}」：", "您{}您", "a{}", "{}.", "{}\n{}", "&{}<{}>"])
def test_in_any_surroundings(text: str, frame: str) -> None:
    safe = neutralise(frame.replace("{}", text))
    assert not linked(safe)
    plain, entities = markup.parse_html(html.escape(safe, quote=False))
    assert plain.strip() == safe.strip()
    assert not entities


def test_enough_cases() -> None:
    assert len(TAPPABLE) >= 60


@pytest.mark.parametrize(
    "text",
    [
        "您的卡尾号1234消费1,234.56元",
        "人民币500.00元",
        "2026.11.24到期",
        "您好，您的快递已到。请及时领取！",
        "还款日：11月24日，金额3200元",
        "第1.5版",
    ],
)
def test_ordinary_words_stay_as_they_are(text: str) -> None:
    assert neutralise(text).replace(JOINER, "") == text


def test_it_stays_readable() -> None:
    assert neutralise("http://abc.com/x").replace(JOINER, "") == "hxxp://abc[.]com/x"
    assert neutralise("打13800138000").replace(JOINER, "") == "打13800138000"


ALPHABET = st.one_of(
    st.sampled_from([*string.ascii_letters, *string.digits, *"@#$/.:-_+()。．｡，【】 \n", *"的网中国一"]),
    st.sampled_from(["http://", "www.", ".com", ".cn", "t.me/", "tg://", "@abcdef", "138 0013 8000", "\u202e", JOINER]),
    st.characters(),
)


@given(st.lists(ALPHABET, max_size=40).map("".join))
@settings(max_examples=1000, deadline=None)
def test_no_text_gets_through(text: str) -> None:
    safe = neutralise(text)
    assert not linked(safe)
    assert not long_runs(safe)
    assert neutralise(safe) == safe
    assert not any(
        unicodedata.bidirectional(c) in {"RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI"} for c in safe
    )


@given(st.text(alphabet=string.ascii_letters + string.digits + "@#$/.:-+ ", max_size=60))
@settings(max_examples=1000, deadline=None)
def test_no_ascii_gets_through(text: str) -> None:
    assert not linked(neutralise(text))


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_safe_in_html(text: str) -> None:
    safe = neutralise(text)
    assert "<" not in html.escape(safe)
