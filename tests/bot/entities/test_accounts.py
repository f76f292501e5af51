"""Chat accounts given as a contact; networks that are merely named are none."""

from __future__ import annotations

import pytest

from bot.entities import extract
from bot.fold import fold


def accounts(text: str) -> list[tuple[str, str]]:
    return [(account.network, account.handle) for account in extract(fold(text)).accounts]


@pytest.mark.parametrize(
    ("text", "network", "handle"),
    [
        ("加微信abc12345", "wechat", "abc12345"),
        ("添加微信：abc_12345领取", "wechat", "abc_12345"),
        ("微信号：abc12345", "wechat", "abc12345"),
        ("微信同号13800002222", "wechat", "13800002222"),
        ("加薇❤abc12345", "wechat", "abc12345"),
        ("vx:abc12345", "wechat", "abc12345"),
        ("➕V：abc12345", "wechat", "abc12345"),
        ("联系客服微信 jn-kefu01 办理", "wechat", "jn-kefu01"),
        ("加微信领取", "wechat", ""),
        ("请加我微信", "wechat", ""),
        ("加客服的微信办理", "wechat", ""),
        ("微信号：", "wechat", ""),
        ("添加老师微信进群", "wechat", ""),
        ("小李微信：****，有事说", "wechat", ""),
        ("小李微信:xxxxxx.有事说", "wechat", ""),
        ("微信ab****", "wechat", ""),
        ("我的微信：", "wechat", ""),
        ("QQ：12345678", "qq", "12345678"),
        ("QQ:12345678.", "qq", "12345678"),
        ("加Q:xxxxxxx问价", "qq", ""),
        ("加Q12345678", "qq", "12345678"),
        ("Q_12345678", "qq", "12345678"),
        ("QQ群：770011223", "qq", "770011223"),
        ("进扣扣群12345678", "qq", "12345678"),
        ("加QQ领取", "qq", ""),
        ("详情请添QQ咨询", "qq", ""),
        ("加我賴：", "line", ""),
        ("請加賴 ", "line", ""),
        ("可以賴我領取", "line", ""),
        ("加我賴領取唷", "line", ""),
        ("加賴ID：abc888", "line", "abc888"),
        ("LINE：abc888", "line", "abc888"),
        ("LINE ID: @jn888", "line", "jn888"),
        ("有意請加LINE： ", "line", ""),
        ("添加LINE：jn.888", "line", "jn.888"),
        ("咨詢 ID: ", "line", ""),
        ("TG：@jn_kefu", "telegram", "jn_kefu"),
        ("Telegram: jnkefu8", "telegram", "jnkefu8"),
        ("飞机@jnkefu8", "telegram", "jnkefu8"),
        ("电报群：@jnkefu8", "telegram", "jnkefu8"),
        ("加纸飞机详谈", "telegram", ""),
        ("https://t.me/jnkefu8", "telegram", "jnkefu8"),
        ("t.me/+AbCdEf", "telegram", "abcdef"),
        ("https://lin.ee/AbCdE", "line", "abcde"),
        ("https://wa.me/85251234567", "whatsapp", "85251234567"),
        ("WhatsApp: +852 5123 4567", "whatsapp", "+852 5123 4567"),
        ("加WhatsApp详谈", "whatsapp", ""),
        ("下载蝙蝠：jn12345", "other", "jn12345"),
        ("联系 @jnkefu8 领取", "other", "jnkefu8"),
    ],
)
def test_account(text: str, network: str, handle: str) -> None:
    assert accounts(text) == [(network, handle)]


@pytest.mark.parametrize(
    "text",
    [
        "您正在登录微信，验证码482913",
        "关注微信公众号“江南银行”",
        "关注微信：江南银行",
        "关注江南银行微信公众号查询",
        "打开微信小程序办理",
        "参加微信抢红包活动",
        "用户更信赖：江南银行",
        "通过微信支付付款10元",
        "使用微信支付¥10.00",
        "微信支付验证码482913",
        "企业微信已通过审核",
        "微信电影票",
        "可加“江南银行”官方微信查询",
        "绑定微信银行",
        "QQ邮箱登录提醒",
        "QQ音乐会员到期",
        "LINE認證碼482913",
        "使用LINE Pay付款",
        "LINE官方帳號通知",
        "online客服",
        "这事别赖我",
        "耍赖",
        "依赖我们",
        "搭乘飞机前往",
        "今晚钉钉打卡",
        "邮箱jn@jn-bank.com",
        "本人ID已实名",
        "微信零钱提现到账10元",
        "微信转账10元",
        "使用微信扫码取件",
        "加LINE投資風險高，請勿受騙",
        "切勿加LINE群組投資",
        "诈骗分子会要求加微信",
    ],
)
def test_no_account(text: str) -> None:
    assert accounts(text) == []


def test_span() -> None:
    text = "领取请加薇❤：ABC12345，过期不候"
    (account,) = extract(fold(text)).accounts
    assert text[account.span.start : account.span.end] == "加薇❤：ABC12345"


def test_an_account_number_is_no_telephone_number() -> None:
    assert extract(fold("咨询QQ群：82622000")).numbers == ()


def test_a_mobile_as_account_can_be_called_too() -> None:
    found = extract(fold("加微信13800002222"))
    assert [number.digits for number in found.numbers] == ["13800002222"]
    assert [account.handle for account in found.accounts] == ["13800002222"]
