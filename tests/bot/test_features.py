"""Every feature that a rule may name can be reached by an SMS, and none is noted that is not listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.features import FEATURES, KINDS, Places, to_folded, weigh_warning
from bot.fold import fold
from bot.judge import analyse
from bot.model import Sms, Span
from bot.rules.match import NOWHERE, Place

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

PAGE = "qwzx-7.top/a"
FROM_BANK = "【工商银行】您好，您的账户有变动"
SAMPLES: dict[str, Sms] = {
    "#link": Sms("请看 example.org/a"),
    "#link.official": Sms("【招商银行】请登录 cmbchina.com 查看账单"),
    "#link.known": Sms("详情见 www.icbc.com.cn 公告"),
    "#link.local": Sms("詳情請見 www.lvye-cake.com.tw 公告，歡迎來店選購"),
    "#link.unknown": Sms(f"点 {PAGE} 领取"),
    "#link.mismatch": Sms(f"【工商银行】您的网银已过期，请登录 {PAGE} 更新"),
    "#link.lookalike": Sms("您的网银已过期，请登录 www.1cbc-vip.com 更新"),
    "#link.masked": Sms("请点 ***.cn/x 领取"),
    "#link.short": Sms("请点 t.cn/A6xyz 领取"),
    "#link.shared": Sms("请填表 https://docs.qq.com/form/page/abc"),
    "#link.ip": Sms("请点 http://103.21.5.9/app 下载"),
    "#link.odd": Sms(f"请点 {PAGE}"),
    "#link.hidden": Sms("请点这里", links=(f"https://{PAGE}",)),
    "#mobile": Sms("请联系13800138000"),
    "#mvno": Sms("请联系17012345678"),
    "#landline": Sms("请联系020-87654321"),
    "#n400": Sms("请致电4001234567"),
    "#number": Sms("请致电95588"),
    "#number.official": Sms("【工商银行】如有疑问请致电95588"),
    "#number.known": Sms("请致电95588"),
    "#number.unknown": Sms("请联系13800138000"),
    "#number.mismatch": Sms("【工商银行】您的卡异常，请致电4001234567"),
    "#number.masked": Sms("请联系138****8000"),
    "#number.foreign": Sms("请致电 +855 12 345 678"),
    "#number.premium": Sms("请拨打12590123456听取留言"),
    "#chat": Sms("加微信 abc8899"),
    "#chat.handle": Sms("加微信 abc8899"),
    "#chat.wechat": Sms("加微信 abc8899"),
    "#chat.qq": Sms("加QQ 12345678"),
    "#chat.line": Sms("加LINE id: abc889"),
    "#chat.other": Sms("加telegram @abc8899"),
    "#contact": Sms("加微信 abc8899"),
    "#card_number": Sms("请汇款至卡号 6222021234567890123 户名张三"),
    "#amount": Sms("欠款500元"),
    "#code": Sms("验证码 583920，请勿告知"),
    "#card_tail": Sms("您尾号1234的卡"),
    "#date": Sms("12月3日到期"),
    "#share_code": Sms("今日关注【600123】明日看涨"),
    "#signature": Sms("【绿野蛋糕店】您好"),
    "#claim": Sms("【招商银行】您好"),
    "#claim.other": Sms("【宜宾市商业银行】您好"),
    "#claim.signed": Sms("【招商银行】您好"),
    "#claim.ambiguous": Sms("【中信金融】您的贷款已逾期"),
    "#named": Sms("凭招商银行卡消费立减"),
    "#sender.mobile": Sms(FROM_BANK, "13800138000"),
    "#sender.foreign": Sms(FROM_BANK, "+85512345678"),
    "#sender.email": Sms(FROM_BANK, "service@icloud.com"),
    "#sender.n400": Sms(FROM_BANK, "400-123-4567"),
    "#sender.lookalike": Sms(FROM_BANK, "l0086"),
    "#sender.official": Sms(FROM_BANK, "95588"),
    "#sender.port": Sms(FROM_BANK, "10690001234"),
    "#tricks": Sms("您的微★信账★户已冻★结"),
    "#tricks.many": Sms("安.全.账.户 加薇♥信"),
    "#traditional": Sms("您的包裹無法配送，請更新資料"),
    "#bare": Sms(f"{PAGE} 看看"),
    "#cut": Sms("请点击: 办理"),
    "#claim.bank": Sms("【招商银行】您好"),
    "#claim.carrier": Sms("【中国移动】您好"),
    "#claim.courier": Sms("【顺丰速运】您的快件"),
    "#claim.ecommerce": Sms("【京东】您的订单"),
    "#claim.government": Sms("【国家税务总局】您好"),
    "#claim.insurance": Sms("【中国平安保险】您好"),
    "#claim.lender": Sms("【招联消费金融】您好"),
    "#claim.payment": Sms("【支付宝】您好"),
    "#claim.securities": Sms("【中信证券】您好"),
    "#claim.social": Sms("【抖音】您好"),
    "#claim.toll": Sms("【ETC】您好"),
    "#claim.travel": Sms("【携程旅行】您好"),
    "#claim.utility": Sms("【国家电网】您好"),
}
ORDINARY = Sms("明天下午两点老地方见，记得把雨伞带上，路上慢点走啊")


def features(sms: Sms, knowledge: Knowledge) -> Places:
    places = analyse(sms, knowledge).places
    return Places({term: found for term, found in places.items() if term.startswith("#")})


@pytest.mark.parametrize("name", FEATURES)
def test_every_feature_is_reached(name: str, knowledge: Knowledge) -> None:
    assert name in SAMPLES, "write an SMS of your own that has it"
    assert name in features(SAMPLES[name], knowledge)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_feature_is_noted_that_is_not_listed(name: str, knowledge: Knowledge) -> None:
    assert set(features(SAMPLES[name], knowledge)) <= FEATURES.keys()


def test_ordinary_words_have_none(knowledge: Knowledge) -> None:
    assert not features(ORDINARY, knowledge)


@pytest.mark.parametrize("name", SAMPLES)
def test_places_are_words_of_the_folded_text(name: str, knowledge: Knowledge) -> None:
    analysis = analyse(SAMPLES[name], knowledge)
    for places in analysis.places.values():
        for place in places:
            assert place == NOWHERE or 0 <= place.start < place.end <= len(analysis.folded.text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("#link.mismatch", PAGE),
        ("#mobile", "13800138000"),
        ("#chat.wechat", "加微信 abc8899"),
        ("#tricks", "微信"),
        ("#amount", "500元"),
        ("#code", "583920"),
        ("#card_tail", "1234"),
        ("#signature", "【绿野蛋糕店】"),
        ("#claim", "招商银行"),
        ("#cut", "点击: "),
    ],
)
def test_a_thing_in_the_text_has_its_place(name: str, shown: str, knowledge: Knowledge) -> None:
    analysis = analyse(SAMPLES[name], knowledge)
    place = analysis.places[name][0]
    assert analysis.folded.text[place.start : place.end].strip() == shown.strip()


@pytest.mark.parametrize("name", ["#sender.mobile", "#traditional", "#link.hidden", "#bare"])
def test_a_property_of_the_message_has_none(name: str, knowledge: Knowledge) -> None:
    assert analyse(SAMPLES[name], knowledge).places[name] == [NOWHERE]


def test_places_count_in_the_folded_text_even_where_it_begins_with_a_blank(knowledge: Knowledge) -> None:
    analysis = analyse(Sms("\u200b 请点击: 办理"), knowledge)
    place = analysis.places["#cut"][0]
    assert analysis.folded.text.startswith(" ")
    assert analysis.folded.text[place.start : place.end].startswith("点击")


def test_every_kind_of_institution_leads_to_a_feature() -> None:
    assert {f"#claim.{kind}" for kind in KINDS.values()} <= FEATURES.keys()


def test_a_warning_with_a_strangers_contact_is_none() -> None:
    for contact in ("#link.unknown", "#link.masked", "#mobile", "#mvno", "#chat.handle"):
        places = Places({"@warned": [Place(0, 2)], contact: [Place(4, 6)]})
        weigh_warning(places)
        assert "@warned" not in places
    places = Places({"@warned": [Place(0, 2)], "#number.known": [Place(4, 6)]})
    weigh_warning(places)
    assert "@warned" in places


def test_telling_of_scammers_three_times_over_is_a_warning() -> None:
    told = {"@warning": [Place(0, 2), Place(1, 3), Place(5, 7)], "@reported": [Place(9, 11)]}
    warned = Places({term: list(places) for term, places in told.items()})
    weigh_warning(warned)
    assert "@warned" in warned
    twice = Places({"@warning": [Place(0, 2), Place(1, 3), Place(5, 7)]})
    weigh_warning(twice)
    assert "@warned" not in twice


def test_a_false_warning_is_dropped_on_the_way(knowledge: Knowledge) -> None:
    warning = "警方提醒：凡是要您转账到安全账户的都是诈骗，请勿相信。"
    assert "@warned" in analyse(Sms(warning), knowledge).places
    assert "@warned" not in analyse(Sms(f"{warning}核查请点 {PAGE}"), knowledge).places


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("请联系１３８００１３８０００办理", "13800138000"),
        ("請點擊 qwzx-7.top/a 領取", "qwzx-7.top/a"),
        ("安.全.账.户 请转入", "安全账户"),
    ],
)
def test_to_folded_is_the_way_back_of_span(text: str, words: str) -> None:
    folded = fold(text)
    start = folded.text.index(words)
    assert to_folded(folded.span(start, start + len(words)), folded) == (start, start + len(words))
    assert to_folded(None, folded) == NOWHERE
    assert to_folded(Span(0, len(text)), folded) == (0, len(folded.text))
