"""Telephone numbers by the numbering plan, and the many digits that are none."""

from __future__ import annotations

import pytest

from bot.entities import extract
from bot.entities.numbers import classify
from bot.fold import fold
from bot.model import NumberKind


def numbers(text: str) -> list[tuple[str, str]]:
    return [(number.digits, number.kind.value) for number in extract(fold(text)).numbers]


@pytest.mark.parametrize(
    ("text", "digits", "kind"),
    [
        ("致电13800002222", "13800002222", "mobile"),
        ("13800002222李经理", "13800002222", "mobile"),
        ("电138 0000 2222", "13800002222", "mobile"),
        ("电138-0000-2222", "13800002222", "mobile"),
        ("电138.0000.2222", "13800002222", "mobile"),
        ("电138—0000—2222", "13800002222", "mobile"),
        ("电①③⑧00002222", "13800002222", "mobile"),
        ("洽询：15 56 0000 960", "15560000960", "mobile"),
        ("TEL:15500002222", "15500002222", "mobile"),
        ("咨询+86 138 0000 2222", "13800002222", "mobile"),
        ("咨询8613800002222", "13800002222", "mobile"),
        ("一三八零零零零二二二二", "13800002222", "mobile"),
        ("詳洽0912-345-678", "0912345678", "mobile"),
        ("17012345678", "17012345678", "mvno"),
        ("联系16212345678", "16212345678", "mvno"),
        ("电话025-88880000", "02588880000", "landline"),
        ("电话02588880000", "02588880000", "landline"),
        ("（025）88880000", "02588880000", "landline"),
        ("座机0752-8880168", "07528880168", "landline"),
        ("010 5888 0000转801", "01058880000801", "landline"),
        ("询81749000限本店", "81749000", "landline"),
        ("服务电话：82633000", "82633000", "landline"),
        ("電話(02)2345-6789", "0223456789", "landline"),
        ("致電0800-080-123", "0800080123", "service_400"),
        ("400-800-8000", "4008008000", "service_400"),
        ("4008008000", "4008008000", "service_400"),
        ("客服4008-008-000", "4008008000", "service_400"),
        ("800-820-8000", "8008208000", "service_400"),
        ("详询95588", "95588", "service_95"),
        ("客服热线955788", "955788", "service_95"),
        ("拨打95110001", "95110001", "service_95"),
        ("请回复至106900001234", "106900001234", "port_106"),
        ("详询10086", "10086", "public"),
        ("拨打110", "110", "public"),
        ("110报警", "110", "public"),
        ("请拨打96110", "96110", "public"),
        ("举报12321", "12321", "public"),
        ("12345热线", "12345", "public"),
        ("登录12123", "12123", "public"),
        ("客服电话：0311-966100", "966100", "local_96"),
        ("致电021-95511", "95511", "service_95"),
        ("详询96588", "96588", "local_96"),
        ("想听留言就拨12590111222按9键", "12590111222", "premium"),
        ("免费点歌拨1188666", "1188666", "premium"),
        ("拨打16812345", "16812345", "premium"),
        ("联系+852 5123 4567", "+85251234567", "foreign"),
        ("联系+85251234567", "+85251234567", "foreign"),
        ("电话0085251234567", "+85251234567", "foreign"),
        ("+1 (202) 555-0100", "+12025550100", "foreign"),
        ("致电138****2222", "138****2222", "masked"),
        ("致电138xxxx2222", "138xxxx2222", "masked"),
        ("致电138XXXXXXXX", "138xxxxxxxx", "masked"),
        ("手机:xxxxxxxxxxx", "xxxxxxxxxxx", "masked"),
        ("电话025-xxxxxxxx", "025xxxxxxxx", "masked"),
        ("热线400-xxx-xxxx", "400xxxxxxx", "masked"),
        ("查詢請電 2345 6789", "23456789", "landline"),
        ("請致電 9123 4567 聯絡", "91234567", "mobile"),
    ],
)
def test_number(text: str, digits: str, kind: str) -> None:
    assert numbers(text) == [(digits, kind)]


@pytest.mark.parametrize(
    "text",
    [
        "验证码：482913",
        "482913（登录验证码）",
        "余额12345.67元",
        "消费人民币95588元",
        "订单号138000022221",
        "订单E90011800077",
        "快件771100002233",
        "单号YT13800002222",
        "航班CZ6128",
        "车次G12306",
        "代码600428",
        "2026年12月31日",
        "2026-12-31 10:21:33",
        "尾号1234",
        "卡号6222021234567890128",
        "账号：95588012345678",
        "http://t.cn/13800002222",
        "www.10086.cn",
        "回复10086退订".replace("10086", "0000"),
        "满1000减100",
        "共110人",
        "面积110平",
        "流量128.50MB",
        "凭取件码8-2-3012",
        "楼栋12-3-1201室",
        "QQ：12345678",
        "微信：a13800002222b",
        "基金(513600)今日发行",
        "股票300223",
        "尊敬的会员12345678，您好",
        "票号880-3310000022",
        "身份证110101199001011234",
        "第12345期",
        "12306张",
        "满95588积分",
    ],
)
def test_no_number(text: str) -> None:
    assert numbers(text) == []


def test_several_in_order_and_their_spans() -> None:
    text = "拨打95588或１００８６或021-88886666，400-820-8888，或13800002222"
    found = extract(fold(text)).numbers
    assert [text[number.span.start : number.span.end] for number in found] == [
        "95588",
        "１００８６",
        "021-88886666",
        "400-820-8888",
        "13800002222",
    ]


def test_two_mobiles_behind_each_other() -> None:
    assert numbers("询：13800002222；13900003333") == [("13800002222", "mobile"), ("13900003333", "mobile")]
    assert numbers("询13800002222/13900003333") == [("13800002222", "mobile"), ("13900003333", "mobile")]
    assert numbers("询13800002222 13900003333") == [("13800002222", "mobile"), ("13900003333", "mobile")]


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("13800002222", NumberKind.MOBILE),
        ("+8613800002222", NumberKind.MOBILE),
        ("+86 138-0000-2222", NumberKind.MOBILE),
        ("17012345678", NumberKind.MVNO),
        ("95588", NumberKind.SERVICE_95),
        ("955880012", NumberKind.SERVICE_95),
        ("1069123412341234", NumberKind.PORT_106),
        ("10086", NumberKind.PUBLIC),
        ("121231100", NumberKind.PUBLIC),
        ("12381", NumberKind.PUBLIC),
        ("96110", NumberKind.PUBLIC),
        ("96588", NumberKind.LOCAL_96),
        ("4008008000", NumberKind.SERVICE_400),
        ("0085251234567", NumberKind.FOREIGN),
        ("+12025550100", NumberKind.FOREIGN),
        ("02588880000", NumberKind.LANDLINE),
        ("0912345678", NumberKind.MOBILE),
        ("138****2222", NumberKind.MASKED),
        ("123", NumberKind.OTHER),
        ("", NumberKind.OTHER),
    ],
)
def test_classify(number: str, kind: NumberKind) -> None:
    assert classify(number) is kind


@pytest.mark.parametrize(
    "text",
    [
        "联系电话：13××××××××陈先生",
        "请立即拨打：021-××××8890",
        "人工客服0755-XXXX8012",
        "WhatsApp 9xxx XXXX確認",
        "洽 09**-xxx-xxx",
        "恢复拨 028-6155****",
        "客服400****7721",
        "致电00852-5***1123",
    ],
)
def test_numbers_that_were_starred_out_are_masked_numbers(text: str) -> None:
    (number,) = extract(fold(text)).numbers
    assert number.kind is NumberKind.MASKED


def test_the_readers_own_starred_number_is_no_contact() -> None:
    assert not extract(fold("您的门号0912***678电信费逾期未缴")).numbers
