"""Links in all the ways that SMS write them, and what only looks like one."""

from __future__ import annotations

import pytest

from bot.entities import extract
from bot.fold import fold
from bot.model import LinkKind


def links(text: str) -> list[tuple[str, str | None, str]]:
    found = extract(fold(text)).links
    return [(link.host, link.domain, link.kind.value) for link in found]


@pytest.mark.parametrize(
    ("text", "host", "domain"),
    [
        ("详见https://www.jiangnan-bank.com/v?a=1&b=2。", "www.jiangnan-bank.com", "jiangnan-bank.com"),
        ("登录www.jiangnan-bank.com查看", "www.jiangnan-bank.com", "jiangnan-bank.com"),
        ("登录m.jn-etc.top办理", "m.jn-etc.top", "jn-etc.top"),
        ("上vip.jiangnan.com.cn回TD退订", "vip.jiangnan.com.cn", "jiangnan.com.cn"),
        ("进入abc888.vip注册", "abc888.vip", "abc888.vip"),
        ("登陸：506123.com", "506123.com", "506123.com"),
        ("ＷＷＷ．ＪＮ－ＢＡＮＫ．ＣＯＭ", "www.jn-bank.com", "jn-bank.com"),
        ("打开 http: // jn-bank.cc /x", "jn-bank.cc", "jn-bank.cc"),
        ("点击www. jn-bank .cc 处理", "www.jn-bank.cc", "jn-bank.cc"),
        ("hxxp://jn-bank.cc/x", "jn-bank.cc", "jn-bank.cc"),
        ("打开jnbank点com登录", "jnbank.com", "jnbank.com"),
        ("打开jnbank。com登录", "jnbank.com", "jnbank.com"),
        ("打开jnbank . com登录", "jnbank.com", "jnbank.com"),
        ("打开jnbank·top登录", "jnbank.top", "jnbank.top"),
        ("打开jnbank 点 top 登录", "jnbank.top", "jnbank.top"),
        ("网址jnbank点com点cn", "jnbank.com.cn", "jnbank.com.cn"),
        ("http://xn--fiq228c.com/a", "xn--fiq228c.com", "xn--fiq228c.com"),
        ("https://foo.bar.gov.cn/x", "foo.bar.gov.cn", "bar.gov.cn"),
        ("https://a.b.co.uk", "a.b.co.uk", "b.co.uk"),
        ("https://x.com.tw/a", "x.com.tw", "x.com.tw"),
        ("<a>https://jn.cn</a>", "jn.cn", "jn.cn"),
        ("（jn-bank.com）", "jn-bank.com", "jn-bank.com"),
        ("jn-bank.com/a.html?x=%20，如需退订", "jn-bank.com", "jn-bank.com"),
        ("上jn-bank.comTD退订", "jn-bank.com", "jn-bank.com"),
        ("请点 jn6 .icu 充值", "jn6.icu", "jn6.icu"),
        ("查看:jn8 .me/a3", "jn8.me", "jn8.me"),
        ("jn-bank.com:8080/a", "jn-bank.com", "jn-bank.com"),
        ("ісbс-jn.com", "icbc-jn.com", "icbc-jn.com"),
        ("jn\u200b-bank.com", "jn-bank.com", "jn-bank.com"),
        ("1.jn-bank.xyz", "1.jn-bank.xyz", "jn-bank.xyz"),
        ("go.jn.app/x", "go.jn.app", "jn.app"),
        ("jn.zip/x", "jn.zip", "jn.zip"),
    ],
)
def test_domain(text: str, host: str, domain: str) -> None:
    assert links(text) == [(host, domain, "domain")]


@pytest.mark.parametrize(
    ("text", "host", "kind"),
    [
        ("http://t.cn/A6abcd", "t.cn", "shortener"),
        ("点dwz.cn/abc12", "dwz.cn", "shortener"),
        ("suo.im/5abcD", "suo.im", "shortener"),
        ("https://reurl.cc/Abc12", "reurl.cc", "shortener"),
        ("lihi.cc/abcde", "lihi.cc", "shortener"),
        ("bit.ly/3abc", "bit.ly", "shortener"),
        ("https://pan.baidu.com/s/1abc", "pan.baidu.com", "shared_host"),
        ("https://abc.github.io/x", "abc.github.io", "shared_host"),
        ("https://abc-1.pages.dev", "abc-1.pages.dev", "shared_host"),
        ("forms.gle/abc", "forms.gle", "shared_host"),
        ("http://47.91.10.20:8080/app", "47.91.10.20", "ip"),
        ("请打开47.91.10.20/a", "47.91.10.20", "ip"),
        ("登录***.cn处理", "***.cn", "masked"),
        ("http://xx*.top/a", "xx*.top", "masked"),
        ("网址www.xxx.com", "www.xxx.com", "masked"),
        ("http://***/abc", "***", "masked"),
        ("jn-****.com/a", "jn-****.com", "masked"),
        ("看看这是谁 m. *** .top", "m.***.top", "masked"),
    ],
)
def test_other_kinds(text: str, host: str, kind: str) -> None:
    assert [(found[0], found[2]) for found in links(text)] == [(host, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "约3.14元",
        "升级到v2.0",
        "版本1.2.3.4已发布",
        "附件readme.txt和报表.xls",
        "运行setup.py",
        "第一.二条",
        "Mr.Li您好",
        "No.1品牌",
        "8.23-26日",
        "9.8元起",
        "邮箱wang.li@jn-bank.com",
        "邮箱info@jn.cn收",
        "见面聊.cn",
        "3点com见",
        "好的。OK。",
        "今日.明日",
        "10:30-11:30",
        "A/B两版",
        "and/or",
        "12.31前",
        "Tel.025-88880000",
        "他说ok.我走了",
        "G20.",
        "...",
        "e.g. 这个",
        "tell. me",
        "price .95",
    ],
)
def test_no_link(text: str) -> None:
    assert links(text) == []


def test_span_and_url() -> None:
    text = "请登录 ＨＴＴＰ：／／ＪＮ．ｃｃ／Ａ１ ，谢谢"
    (link,) = extract(fold(text)).links
    assert link.span is not None
    assert text[link.span.start : link.span.end] == "ＨＴＴＰ：／／ＪＮ．ｃｃ／Ａ１"
    assert link.url == "http://jn.cc/a1"


def test_trailing_punctuation_is_not_the_links() -> None:
    text = "见http://jn.cc/a.，退订回T"
    (link,) = extract(fold(text)).links
    assert link.span is not None
    assert text[link.span.start : link.span.end] == "http://jn.cc/a"


def test_punycode_is_marked() -> None:
    assert extract(fold("http://xn--fiq228c.com")).links[0].punycode


def test_two_links_in_order() -> None:
    assert [host for host, _, _ in links("a1.top/x 或 http://b2.top")] == ["a1.top", "b2.top"]


@pytest.mark.parametrize(
    ("url", "host", "kind"),
    [
        ("https://JN-bank.top/a", "jn-bank.top", LinkKind.DOMAIN),
        ("https://user@jn-bank.top/a", "jn-bank.top", LinkKind.DOMAIN),
        ("http://47.91.10.20/", "47.91.10.20", LinkKind.IP),
        ("t.cn/abc", "t.cn", LinkKind.SHORTENER),
    ],
)
def test_hidden(url: str, host: str, kind: LinkKind) -> None:
    (link,) = extract(fold("点击这里"), [url]).links
    assert (link.host, link.kind, link.span, link.hidden) == (host, kind, None, True)


def test_hidden_address_without_host_is_skipped() -> None:
    assert extract(fold("点击这里"), ["https://"]).links == ()


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("请点击 http://×××.xyz 申领", "http://***.xyz"),
        ("请于今日至 http:// 補繳", "http://"),
        ("请查收 https://", "https://"),
        ("照片出来了 网址略", "网址略"),
        ("回复[链接]办理", "[链接]"),
        ("点击（链接已隐藏）领取", "(链接已隐藏)"),
        ("你自己看 t.***/zp", "t.***/zp"),
    ],
)
def test_links_that_were_starred_or_taken_out_are_masked_links(text: str, url: str) -> None:
    (link,) = extract(fold(text)).links
    assert (link.url, link.kind) == (url, LinkKind.MASKED)


@pytest.mark.parametrize(
    "text", ["购买2×8寸蛋糕", "王○○先生您好", "余额5000元,密码******", "金额xx元", "网址见官网公告"]
)
def test_other_masks_are_no_links(text: str) -> None:
    assert not extract(fold(text)).links
