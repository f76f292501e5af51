"""What a client makes clickable by itself."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.server import Sandbox, autolink

NOTHING: list[tuple[str, str]] = []

pytest_plugins = ["sandbox_fixtures"]

CASES = [
    # --- web addresses
    ("请登录icbc.com.cn办理", [("url", "icbc.com.cn")]),
    ("请登录 icbc.com.cn 办理", [("url", "icbc.com.cn")]),
    ("登录icbc.com.cn,核实", [("url", "icbc.com.cn")]),
    ("登录icbc.com.cn。", [("url", "icbc.com.cn")]),
    ("(icbc.com.cn)", [("url", "icbc.com.cn")]),
    ("(icbc.com.cn)", [("url", "icbc.com.cn")]),
    ("【icbc.com.cn】", [("url", "icbc.com.cn")]),
    ("“icbc.com.cn”", [("url", "icbc.com.cn")]),
    ("https://icbc.com.cn/x?a=1#b 完", [("url", "https://icbc.com.cn/x?a=1#b")]),
    ("点http://t.cn/A6xyz", [("url", "http://t.cn/A6xyz")]),
    ("请访问https://icbc.com.cn。", [("url", "https://icbc.com.cn")]),
    ("http://任意.example/路径", [("url", "http://任意.example/路径")]),
    ("HTTPS://ICBC.COM.CN", [("url", "HTTPS://ICBC.COM.CN")]),
    ("ftp://a.cn/x", [("url", "ftp://a.cn/x")]),
    ("tg://resolve?domain=abc", [("url", "tg://resolve?domain=abc")]),
    ("t.me/joinchat", [("url", "t.me/joinchat")]),
    ("www.icbc-vip.top", [("url", "www.icbc-vip.top")]),
    ("x.xyz和y.vip与z.shop", [("url", "x.xyz"), ("url", "y.vip"), ("url", "z.shop")]),
    ("abc.com:8080/x", [("url", "abc.com:8080/x")]),
    ("a.cn/b).", [("url", "a.cn/b")]),
    ("a.cn/b(c)", [("url", "a.cn/b(c)")]),
    ("a.cn/b?", [("url", "a.cn/b")]),
    ("192.168.1.10", [("url", "192.168.1.10")]),
    ("http://8.8.8.8/x", [("url", "http://8.8.8.8/x")]),
    ("访问1.2.3.4处理", [("url", "1.2.3.4")]),
    ("工商银行.中国", [("url", "工商银行.中国")]),
    ("登录 工商银行.网址 办理", [("url", "工商银行.网址")]),
    ("工商银行.公司,请", [("url", "工商银行.公司")]),
    ("xn--fiq228c.xn--fiqs8s", [("url", "xn--fiq228c.xn--fiqs8s")]),
    ("münchen.de", [("url", "münchen.de")]),
    ("README.md", [("url", "README.md")]),
    # --- … and what is none
    ("icbc[.]com[.]cn", NOTHING),
    ("icbc．com．cn", NOTHING),
    ("icbc。com。cn", NOTHING),
    ("icbc.\u200bcom.\u200bcn", NOTHING),
    ("icbc․com․cn", NOTHING),
    ("icbc(点)com(点)cn", NOTHING),
    ("欠款3.5万元", NOTHING),
    ("3.14", NOTHING),
    ("1.2.3", NOTHING),
    ("300.1.1.1", NOTHING),
    ("v1.2", NOTHING),
    ("余额不足.请充值", NOTHING),
    ("hxxp://icbc.com.cn", NOTHING),
    ("file.unknowntld", NOTHING),
    ("a..cn", NOTHING),
    ("http://localhost/x", NOTHING),
    ("2026.11.24", NOTHING),
    # --- e-mail
    ("写信a.b+c@icbc.com.cn吧", [("email", "a.b+c@icbc.com.cn")]),
    ("x@y.z", NOTHING),
    # --- @, #, $, /
    ("联系 @kefu_01 咨询", [("mention", "@kefu_01")]),
    ("(@kefu_01)", [("mention", "@kefu_01")]),
    ("微信@kefu_01", NOTHING),
    ("@abc", NOTHING),
    ("@gif", [("mention", "@gif")]),
    ("@ kefu_01", NOTHING),
    ("#贷款 #loan2", [("hashtag", "#贷款"), ("hashtag", "#loan2")]),
    ("看#贷款", NOTHING),
    ("#123", NOTHING),
    ("#甲#乙", NOTHING),
    ("# 贷款", NOTHING),
    ("买$BTC", NOTHING),
    ("买 $BTC 涨", [("cashtag", "$BTC")]),
    ("$btc $100", NOTHING),
    ("/check 和 /check@zhendema_bot", [("bot_command", "/check"), ("bot_command", "/check@zhendema_bot")]),
    ("和/或", NOTHING),
    ("1/2 a/b", NOTHING),
    ("请用/check", NOTHING),
    ("(/rescue)", [("bot_command", "/rescue")]),
    # --- numbers
    ("请致电13800138000联系", [("phone_number", "13800138000")]),
    ("致电138 0013 8000。", [("phone_number", "138 0013 8000")]),
    ("138-0013-8000", [("phone_number", "138-0013-8000")]),
    ("+86 13800138000", [("phone_number", "+86 13800138000")]),
    ("电+8613800138000", [("phone_number", "+8613800138000")]),
    ("0085212345678", [("phone_number", "0085212345678")]),
    ("拨400-820-8888", [("phone_number", "400-820-8888")]),
    ("4008208888", [("phone_number", "4008208888")]),
    ("(010)66666666 或 021-55555555", [("phone_number", "(010)66666666"), ("phone_number", "021-55555555")]),
    ("106980095588", [("phone_number", "106980095588")]),
    ("卡号6222021234567890123", [("bank_card", "6222021234567890123")]),
    ("6222 0212 3456 7890", [("bank_card", "6222 0212 3456 7890")]),
    ("95588 110 96110 12381", NOTHING),
    ("138****8000", NOTHING),
    ("尾号1234,金额50000元,验证码123456", NOTHING),
    ("138\u200b0013\u200b8000", NOTHING),
    ("2026-11-24 05:33", NOTHING),
    ("１３８００１３８０００", NOTHING),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_what_is_clickable(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(kind, text[start:end]) for kind, start, end in autolink.find(text)] == expected


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 60


def test_offsets_are_counted_in_utf16() -> None:
    assert autolink.entities("😀 a.cn") == [{"type": "url", "offset": 3, "length": 4}]


def test_list_of_top_level_domains_is_whole() -> None:
    assert {"cn", "top", "xyz", "vip", "shop", "中国", "网址", "公司"} <= autolink.top_level_domains()
    assert len(autolink.top_level_domains()) > 1400


async def test_code_and_links_hide_what_is_in_them(sandbox: Sandbox) -> None:
    person = sandbox.user("小王")
    message = await person.send(
        "95588 a.cn 13800138000 点这里",
        entities=[
            {"type": "code", "offset": 6, "length": 4},
            {"type": "text_link", "offset": 23, "length": 3, "url": "http://b.cn/"},
        ],
    )
    assert [tuple(link) for link in message.links] == [
        ("phone_number", "13800138000", None),
        ("text_link", "点这里", "http://b.cn/"),
    ]


@given(st.text(alphabet="a.cn/:@#$+-_0138 中国。,()[]😀\u200b\n", max_size=60))
def test_whatever_is_found_lies_in_the_text_without_overlaps(text: str) -> None:
    end = 0
    for _, start, stop in autolink.find(text):
        assert end <= start < stop <= len(text)
        end = stop


@pytest.mark.parametrize(
    "text", ["中" * 4096, "a" * 4096, "a." * 2048, "1" * 4096, "138 " * 1024, "a@" * 2048, "中.国" * 1365]
)
def test_no_text_takes_long(text: str) -> None:
    begun = time.perf_counter()
    autolink.find(text)
    assert time.perf_counter() - begun < 0.5
