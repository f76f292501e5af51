"""Every wrapper that forwarding apps and people put around an SMS, each around bodies of one and more lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.unwrap import unwrap

ONE = "【江南银行】您尾号6621的卡于11月3日支出35.00元，可用1,204.18元。"
LINES = "【江南银行】您的账户存在异常。\n请于今日内登录 https://jn-bank.top/v?a=1 处理，\n逾期将冻结。"
GAPS = "您好，您有一件包裹待取。\n\n取件码：8-2-3012\n时间：9:00至21:00\n地址：东门驿站"
BODIES = pytest.mark.parametrize("body", [ONE, LINES, GAPS], ids=["one", "lines", "gaps"])

WRAPPERS = {
    "smsforwarder3": "10690012345678\n{}\nSIM1_江南移动_13800001111\nSubId：1\n2026-01-15 10:21:33",
    "smsforwarder3-device": "10690012345678\n{}\nSIM2_备用\nSubId：2\n2026-01-15 10:21:33\nPixel 9",
    "smsforwarder3-mobile": "+8613900002222\n{}\nSIM1_\nSubId：0\n2026-01-15 10:21:33\n",
    "smsforwarder2": "95588\n{}\nSIM1_中国联通_13800001111\n2026-01-15 10:21:33\nMi 14",
    "smsforwarder2-bare": "95588\n{}\n2026-01-15 10:21:33",
    "telegram-sms": "[SIM1Receive SMS]\nFrom: 10690012345678\nContent: {}",
    "telegram-sms-space": "[Receive SMS]\nFrom: +8613900002222\nContent: {}",
    "telegram-sms-cn": "[卡2接收短信]\n来自：10690012345678\n内容：{}",
    "dbus": "短信转发\n发信电话:10690012345678\n时间:2026-01-15 10:21:33\n转发设备:随身WiFi\n短信内容:{}",
    "dbus-code": "验证码：482913\n短信转发\n发信电话：10690012345678\n"
    "时间：2026-01-15 10:21:33\n转发设备：棒子\n短信内容：{}",
    "air780e": "{}\n\n发件号码: 10690012345678\n发件时间: 2026/01/15 10:21:33\n#SMS",
    "air780e-tail": "{}\n\n发件号码: 10690012345678\n发件时间: 2026/01/15 10:21:33\n#SMS\n"
    "本机号码: 13800001111\n开机时长: 3 天\n运营商: 中国电信\n信号: -83dBm",
    "labelled": "来源号码：10690012345678\n短信内容：{}\n"
    "卡槽信息：SIM1_13800001111\n接收时间：2026-01-15 10:21:33\n设备名称：vivo",
    "labelled-half": "发送者: 10690012345678\n接收时间: 2026-01-15 10:21:33\n短信内容: {}",
    "labelled-body-first": "短信内容：{}\n来源号码：10690012345678\n当前时间：2026-01-15 10:21:33\n卡槽主键：1",
    "labelled-traditional": "發件人：10690012345678\n內容：{}",
    "pasted-first": "发件人：10690012345678\n{}",
    "pasted-last": "{}\n发件号码：10690012345678",
    "pasted-number": "10690012345678\n{}",
    "pasted-mobile": "138 0000 2222\n{}",
    "lead-and-number": "帮我看看这条短信是真的吗？\n10690012345678\n{}",
}


@BODIES
@pytest.mark.parametrize("wrapper", WRAPPERS.values(), ids=WRAPPERS)
def test_body_is_taken_out(wrapper: str, body: str) -> None:
    given_text = wrapper.format(body)
    found = unwrap(given_text)
    assert found.text == body
    assert given_text[found.body.start : found.body.end] == body
    assert found.sender


@BODIES
@pytest.mark.parametrize("wrapper", WRAPPERS.values(), ids=WRAPPERS)
def test_the_owners_own_data_is_gone(wrapper: str, body: str) -> None:
    found = unwrap(wrapper.format(body))
    for own in ("13800001111", "SIM", "SubId", "dBm", "随身WiFi", "Pixel"):
        assert own not in found.text
        assert own not in (found.sender or "")


@BODIES
@pytest.mark.parametrize("wrapper", [name for name in WRAPPERS if not name.startswith(("pasted", "lead"))])
def test_format_is_named(wrapper: str, body: str) -> None:
    name = unwrap(WRAPPERS[wrapper].format(body)).format
    assert wrapper.startswith(name), name


@pytest.mark.parametrize(
    ("wrapper", "sender"),
    [
        ("smsforwarder3", "10690012345678"),
        ("smsforwarder3-mobile", "+8613900002222"),
        ("smsforwarder2", "95588"),
        ("telegram-sms", "10690012345678"),
        ("dbus", "10690012345678"),
        ("air780e", "10690012345678"),
        ("pasted-mobile", "138 0000 2222"),
    ],
)
def test_sender(wrapper: str, sender: str) -> None:
    assert unwrap(WRAPPERS[wrapper].format(ONE)).sender == sender


@pytest.mark.parametrize("wrapper", ["smsforwarder3", "smsforwarder2", "dbus", "labelled"])
def test_received(wrapper: str) -> None:
    assert unwrap(WRAPPERS[wrapper].format(ONE)).received == "2026-01-15 10:21:33"


def test_notification_has_its_package_for_a_sender() -> None:
    found = unwrap("com.jiangnan.bank\n您的贷款申请已通过，请尽快提现\n江南银行\nUID：10233\n2026-01-15 10:21:33")
    assert (found.sender, found.text) == ("com.jiangnan.bank", "您的贷款申请已通过，请尽快提现")


def test_telegram_sms_notification() -> None:
    found = unwrap("[Receive Notification]\nApp: 江南银行\nTitle: 还款提醒\nDescription: 您本期应还 300.00 元")
    assert (found.sender, found.text) == ("江南银行", "您本期应还 300.00 元")


def test_picture_message_subject_is_left_out() -> None:
    assert unwrap("[SIM1Receive MMS]\nFrom: 13900002222\nSubject: 相册\nContent: 看看这些照片").text == "看看这些照片"


@pytest.mark.parametrize(
    "lead",
    [
        "帮我看看这条短信是真的吗：",
        "这是真的吗？",
        "请帮我鉴定一下：\n",
        "大家帮忙看看这是不是诈骗\n",
        "收到这条短信，是骗子吗？ ",
        "幫我看看這則簡訊是真的嗎：",
        "【转发】",
        "转发：",
        "Fwd: ",
        "[轉發]",
    ],
)
@BODIES
def test_own_words_before_the_sms_are_left_out(lead: str, body: str) -> None:
    assert unwrap(lead + body).text == body


@pytest.mark.parametrize(
    ("text", "sender", "body"),
    [
        ("发件人：10690012345678 " + ONE, "10690012345678", ONE),
        ("发件人:10690012345678，内容：" + ONE, "10690012345678", ONE),
        ("来自 95588：" + ONE, "95588", ONE),
        ("95588" + ONE, "95588", ONE),
        ("106900123456：" + ONE, "106900123456", ONE),
        ("短信内容：" + ONE, None, ONE),
    ],
)
def test_one_line(text: str, sender: str | None, body: str) -> None:
    found = unwrap(text)
    assert (found.sender, found.text) == (sender, body)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("查看 http://a.cn/?x=1&amp;y=2 详情", "查看 http://a.cn/?x=1&y=2 详情"),
        ("A&lt;B&gt; &quot;甲&quot; &#39;乙&#39;", "A<B> \"甲\" '乙'"),
        (r"余额1\.5元\-已扣，详见a\.cn/b\_c\!", "余额1.5元-已扣，详见a.cn/b_c!"),
        (r"甲\*乙\[丙\]\(丁\)", "甲*乙[丙](丁)"),
    ],
)
@pytest.mark.parametrize("wrapper", ["smsforwarder3", "telegram-sms", "dbus"])
def test_escapes_are_undone_and_mapped(wrapper: str, written: str, plain: str) -> None:
    text = WRAPPERS[wrapper].format(written)
    found = unwrap(text)
    assert found.text == plain
    assert found.offsets is not None
    assert len(found.offsets) == len(plain) + 1
    for char, at in zip(plain, found.offsets, strict=False):
        assert text[at] in {char, "&", "\\"}
    assert found.offsets[-1] == found.body.end


def test_markdown_escaped_wrapper() -> None:
    found = unwrap("10690012345678\n还款35\\.00元\nSIM1\\_主卡\nSubId：1\n2026\\-01\\-15 10:21:33")
    assert (found.text, found.format) == ("还款35.00元", "smsforwarder3")


@pytest.mark.parametrize(
    "text",
    [
        ONE,
        LINES,
        GAPS,
        "2026-01-15您的快递已到东门驿站",
        "482913是您的验证码，10分钟内有效",
        "13800002222您好，您的话费余额不足10元",
        "支出时间：1月15日10:21\n支出类别：餐饮\n支出金额：35.00元\n卡号尾数：6621",
        "联系电话\n13800002222",
        "本周五放映：\n甲\n乙\n丙\n2026-01-15",
        "加我微信：\nabc12345",
        "退款到账通知\n金额：35元\n时间：2026-01-15 10:21:33",
        "您好：请问是李先生吗",
        "验证码：482913，请勿告知他人",
        "预约成功\n时间：2026-01-15\n来源：官网",
        "App：江南生活\n您有新的账单，请查看",
        "老师好！\n明天请假\n谢谢",
        "亲，咨询请拨打\n400-800-8000",
        "",
        "   ",
    ],
)
def test_plain_sms_is_left_alone(text: str) -> None:
    found = unwrap(text)
    assert found.text == text.strip()
    assert found.sender is None
    assert text[found.body.start : found.body.end] == found.text


def test_a_number_to_call_on_the_last_line_stays_in_the_sms() -> None:
    text = "办理信用卡提额，详情请致电\n13800002222"
    assert unwrap(text).text == text


LINE = st.text(alphabet="发件人：: 号码内容短信10690-:/时间\\&amp;【】。SubIdSIM_#", max_size=24)


@given(st.lists(LINE, max_size=8).map("\n".join))
def test_never_raises_and_stays_inside(text: str) -> None:
    found = unwrap(text)
    assert 0 <= found.body.start <= found.body.end <= len(text)
    if found.offsets is None:
        assert found.text == text[found.body.start : found.body.end]
    else:
        assert list(found.offsets) == sorted(found.offsets)
        assert len(found.offsets) == len(found.text) + 1


@given(st.text(max_size=200))
def test_never_raises_on_any_text(text: str) -> None:
    unwrap(text)
