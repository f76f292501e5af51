"""What a message is: phrasings of our own, as people type them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from pace import slack

from bot.rescue.told import listen, read
from bot.triage import Kind, sender_in, triage

if TYPE_CHECKING:
    from collections.abc import Callable

BUTTONS = {"查短信", "我被骗了", "官方电话", "帮助"}

PHRASINGS: dict[Kind, list[str]] = {
    Kind.GREETING: [
        "你好",
        "您好！",
        "hi",
        "Hello~",
        "在吗？",
        "有人吗",
        "早上好",
        "晚上好啊",
        "谢谢",
        "谢谢您了",
        "好的，谢谢",
        "嗯嗯",
        "知道了",
        "收到",
        "再见",
        "测试",
        "謝謝",
        "您好，在吗",
        "ok",
        "Thank you",
    ],
    Kind.LEAD_IN: [
        "帮我看看",
        "帮我看看这个",
        "帮我看看这条短信",
        "麻烦帮我看一下这条信息是真的吗",
        "请帮忙看看",
        "这是真的吗？",
        "这条短信是真的吗",
        "是不是骗子",
        "这个是诈骗吗？",
        "刚收到的短信",
        "刚收到一条短信，帮我看看真假",
        "我妈收到的",
        "看看这个",
        "帮我查一下",
        "这个可信吗",
        "是真是假",
        "下面这条",
        "幫我看看這條短信",
        "帮我判断一下是不是诈骗短信",
        "您帮我看一下，谢谢",
    ],
    Kind.NUMBER: [
        "95558",
        "10690012345678",
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "+852 5123 4567",
        "(010)66554433",
        "发件人：106980095588",
        "号码是 13800138000",
        "13800138000 发来的",
        "来自 +639171234567",
        "110",
        "someone@example.com",
        "１３８００１３８０００",
    ],
    Kind.QUESTION: [
        "怎么用？",
        "怎么用",
        "你是谁",
        "你能做什么？",
        "你会存我的短信吗",
        "收费吗",
        "95558是谁的电话",
        "中信银行的官方电话是多少",
        "请问这个机器人是官方的吗",
        "我该怎么办？",
        "怎么办",
        "什么是安全账户",
        "为什么不能点链接",
        "可以发图片吗",
        "how does this work?",
        "有没有人工客服",
        "请问怎么举报",
    ],
    Kind.VICTIM: [
        "我刚给骗子转了五万",
        "我被骗了三千块钱怎么办",
        "我被骗了，怎么办",
        "被骗了",
        "刚刚被骗了5000",
        "我妈被骗了",
        "我上当了",
        "我已经把钱转过去了",
        "我转了两万给他们",
        "验证码告诉他了怎么办",
        "我把验证码给他了",
        "把银行卡密码告诉对方了",
        "我点了那个链接",
        "不小心点了链接怎么办",
        "我下载了他们的APP",
        "我跟他共享屏幕了",
        "给对方汇了一万块",
        "钱要不回来了",
        "卡被盗刷了",
        "交了保证金不给放款",
        "身份证号发给他了",
        "我被裸聊勒索了",
        "我给这个号13800138000转了三千",
        "订单20240611887766是骗子的，我付了款",
        "我被骗了[大哭]",
        "钱没转，只给了验证码",
        "您好，我被骗了三千怎么办",
        "老师您好，麻烦您帮帮我，我妈被骗了两万",
    ],
    Kind.DANGER: [
        "我不想活了",
        "我不想活了[流泪]",
        "我被骗了五万，不想活了",
        "我妈要喝农药",
        "138001380001 这个人骗光了我的钱，我想死",
        "我才十五岁，有人拿裸照威胁我",
    ],
    Kind.TOO_SHORT: ["中信", "公司", "？？", "😂", "", "   ", "贷款", "a", "。。。", "12"],
    Kind.BUTTON: ["查短信", "我被骗了", " 帮助 "],
    Kind.SMS: [
        "【中信银行】您的信用卡已逾期",
        "您的快递丢失，请联系客服退款",
        "您尾号1234的卡消费500元",
        "恭喜您中奖了，请点 a.cn/b",
        "妈，我手机丢了，这是我的新号码，方便吗",
        "我是你王叔，换号了，在吗？明天来我办公室一趟",
        "您的验证码是 123456",
        "尊敬的用户，您的医保卡已停用，请尽快办理",
        "兼职日结，点赞就有钱，加微信 abc8899",
        "我被骗了钱，你先转给我5000，我明天还你",
        "爸，我被人骗了，帮我转3000到这个卡 6222021234567890",
        "本人被骗已报警，现收集受害者信息，请加QQ群123456789",
        "明天下午三点开会，请带好材料",
        "http://a.example/x",
        "www.abc.com",
        "您好，请问是张先生吗？我是某银行贷款专员",
        "帮我看看这条：【工商银行】您的账户异常，请登录 icbc-x.top",
        "ETC已停用，请点击链接重新认证",
        "我行提醒您，请勿将验证码告诉他人",
        "今晚八点老地方见，不见不散",
        "【某平台】我不想活了，点开看看她的遗书",
        "我不想活了，看我的视频 abc.example/x",
    ],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PHRASINGS.items() for text in texts])
def test_phrasing(kind: Kind, text: str) -> None:
    assert triage(text, buttons=BUTTONS) is kind


def test_enough_phrasings() -> None:
    assert sum(map(len, PHRASINGS.values())) >= 80


@pytest.mark.parametrize("text", ["在吗", "妈，我换号了", "这是真的吗", "我被骗了，救我", "收到请回复", "我不想活了"])
def test_a_forward_is_somebody_elses_and_gets_judged(text: str) -> None:
    assert triage(text, forwarded=True) is (Kind.SMS if len(text) > 2 else Kind.GREETING)


@pytest.mark.parametrize("text", ["95558", "13800138000"])
def test_a_forwarded_number_is_still_a_number(text: str) -> None:
    assert triage(text, forwarded=True) is Kind.NUMBER


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("138 0013-8000", "13800138000"),
        ("+852 5123 4567", "+85251234567"),
        ("发件人：1069 8009 5588", "106980095588"),
        ("95558", "95558"),
        ("１３８００１３８０００", "13800138000"),
        ("someone@example.com", "someone@example.com"),
        ("你好", None),
        ("12", None),
        ("1" * 21, None),
        ("95558是谁", None),
    ],
)
def test_sender(text: str, sender: str | None) -> None:
    assert sender_in(text) == sender


def test_only_halves_wait() -> None:
    assert {kind for kind in Kind if not kind.waits} == {Kind.SMS, Kind.VICTIM, Kind.DANGER, Kind.BUTTON}


HOSTILE = [
    "我",
    "转",
    "没给",
    "让我把",
    "一",
    "1",
    "一万转",
    "钱",
    "验证码",
    "如果",
    "我 ",
    "死",
    "不想",
    "裸聊我",
    "贷款说",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("length", [500, 2000, 4096])
def test_hostile_texts_take_no_longer_than_they_are(piece: str, length: int) -> None:
    text = (piece * length)[:length]

    def took(work: Callable[[str], object]) -> float:
        start = time.process_time()
        work(text)
        return time.process_time() - start

    triage(text)
    for work in (listen, read):
        assert min(took(work) for _ in range(5)) < 0.03 * slack()
