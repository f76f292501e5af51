"""Near copies share bands; another link, another kind of contact or another text shares none."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.entities import extract
from bot.fingerprint import Pieces, take_apart
from bot.fold import fold
from bot.likeness import AT_LEAST, BANDS, SHORTEST, bands

OFFICIAL = {"95558", "4008895558"}
CARD = (
    "【中信银行】尊敬的张三先生，您的信用卡欠款5832.17元已逾期12天，请于11月5日18:00前登录 "
    "http://pay.evil-site.top/a1?u=7 处理，否则将移交司法机关并上报征信，详询13800138000"
)
PARCEL = "您好，您的快递在运输途中破损，我司将按三倍赔付，请添加客服微信 kf88123 办理理赔，工作时间早九点到晚六点"
TOLL = "【ETC】您的车辆认证信息已于今日失效，为避免影响通行，请尽快登录 etc-renzheng.top 重新认证，逾期将停用"


def of(text: str, links: tuple[str, ...] = ()) -> tuple[str, ...]:
    folded = fold(text)
    return bands(take_apart(folded, extract(folded, links), OFFICIAL.__contains__))


def shared(one: str, other: str) -> int:
    return len({*of(one)} & {*of(other)})


@pytest.mark.parametrize("text", [CARD, PARCEL, TOLL])
def test_a_text_is_near_itself(text: str) -> None:
    assert len(set(of(text))) == BANDS
    assert of(text) == of(text)


@pytest.mark.parametrize(
    "copy",
    [
        CARD.replace("5832.17", "12,000").replace("12天", "3天").replace("11月5日18:00", "12月31日9:30"),
        CARD.replace("/a1?u=7", "/zz/yy.html?q=1").replace("pay.evil", "www2.evil"),
        CARD.replace("13800138000", "17011112222"),
    ],
)
def test_sums_dates_paths_and_numbers_make_no_difference(copy: str) -> None:
    assert of(copy) == of(CARD)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (CARD, "张三先生", "欧阳小明女士"),
        (CARD, "尊敬的张三先生，", ""),
        (CARD, "欠款5832.17元", "欠款"),
        (CARD, "处理", "办理还款"),
        (CARD, "否则将", "否则我行将依法"),
        (CARD, "并上报征信", ""),
        (CARD, "尊敬的", "尊敬的客户"),
        (CARD, "详询", "咨询电话"),
        (CARD, "信用卡", "信\u200b用.卡"),
        (CARD, "详询", "詳詢"),
        (PARCEL, "三倍", "双倍"),
        (PARCEL, "您好，", "亲，您好，我是快递客服，"),
        (PARCEL, "，工作时间早九点到晚六点", ""),
        (PARCEL, "快递", "包裹"),
        (PARCEL, "kf88123", "wx_lipei9"),
        (PARCEL, "办理理赔", "办理退款理赔手续"),
        (TOLL, "今日", "昨日"),
        (TOLL, "尽快", "立即"),
        (TOLL, "为避免影响通行，", ""),
        (TOLL, "重新认证", "更新认证"),
        (TOLL, "您的车辆", "尊敬的车主，您的车辆"),
        (TOLL, "，逾期将停用", "，逾期将停用ETC功能"),
    ],
)
def test_small_changes_leave_a_near_copy(text: str, old: str, new: str) -> None:
    assert old in text
    assert shared(text.replace(old, new), text) >= AT_LEAST


def test_several_small_changes_at_once_leave_a_near_copy() -> None:
    other = (
        CARD.replace("张三先生", "李四女士").replace("处理", "办理").replace("否则将", "否则").replace("5832.17", "900")
    )
    assert shared(other, CARD) >= AT_LEAST


@pytest.mark.parametrize(
    "other",
    [
        CARD.replace("evil-site.top", "other-site.top"),
        CARD.replace("evil-site.top", "evil-site.cn"),
        CARD.replace("pay.evil-site.top", "card.citicbank.com"),
        CARD.replace("pay.evil-site.top", "***.cn"),
        CARD.replace("http://pay.evil-site.top/a1?u=7", "app"),
        CARD.replace("13800138000", "4001234567"),
        CARD.replace("13800138000", "95558"),
        CARD.replace("13800138000", "4008895558"),
        CARD.replace("13800138000", "+85251234567"),
        CARD.replace("，详询13800138000", ""),
        CARD.replace("，详询13800138000", "，请加微信abc12345"),
        CARD + " 或访问 second-site.top",
    ],
)
def test_another_domain_or_kind_of_contact_shares_nothing(other: str) -> None:
    assert shared(other, CARD) == 0


def test_the_genuine_twin_shares_nothing_with_its_forgery() -> None:
    genuine = "【中信银行】您的信用卡已出账单，请登录 card.citicbank.com 或致电95558查询，本行不会索要验证码"
    assert shared(genuine, genuine.replace("card.citicbank.com", "citic-card.top")) == 0
    assert shared(genuine, genuine.replace("95558", "13800138000")) == 0


def test_institutions_own_numbers_are_told_apart() -> None:
    assert shared(CARD.replace("13800138000", "95558"), CARD.replace("13800138000", "95588")) == 0


def test_hidden_links_are_contacts_too() -> None:
    assert of(PARCEL, ("https://evil.top/a",)) == of(PARCEL, ("https://evil.top/b",))
    assert not {*of(PARCEL, ("https://evil.top/a",))} & {*of(PARCEL)}
    assert not {*of(PARCEL, ("https://evil.top/a",))} & {*of(PARCEL, ("https://bad.top/a",))}


def test_another_text_with_the_same_contacts_is_no_near_copy() -> None:
    assert (
        shared(CARD, "【中信银行】恭喜您获得积分礼品，请登录 evil-site.top 填写收货地址领取，客服13800138000")
        < AT_LEAST
    )
    assert (
        shared("妈，我手机摔坏了，这是我的新号码13800138000，先别打原来的", "低价出售二手车，手续齐全，电话13900002222")
        == 0
    )


@pytest.mark.parametrize(
    "text", ["", "？", "点击 evil.top", "加微信abc12345领取红包", "1 2 3 4 5 6 7 8 9 10 11 12 13 14"]
)
def test_a_text_of_a_few_words_has_none(text: str) -> None:
    assert of(text) == ()


def test_english_words_count_as_words() -> None:
    text = (
        "Dear customer your parcel could not be delivered because the address is incomplete, please update it "
        "within 12 hours at post-redelivery.top to avoid return"
    )
    assert shared(text, text.replace("parcel", "package")) >= AT_LEAST
    assert shared(text, text.replace("post-redelivery.top", "usps.com")) == 0


# ── properties ───────────────────────────────────────────────────────────────────────────────────────────

WORDS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=SHORTEST + 1, max_size=90)


def pieces(words: str, *marks: str, hidden: tuple[str, ...] = ()) -> Pieces:
    return Pieces((words, *("" for _ in marks)), marks, hidden)


@given(st.text(max_size=120))
def test_it_is_a_pure_function_of_any_text(text: str) -> None:
    found = of(text)
    assert found == of(text)
    assert len(found) in {0, BANDS}


@given(WORDS, st.sampled_from(["link:a.top", "number:mobile", "chat:qq"]), st.sampled_from(["link:b.top", "code"]))
def test_any_other_set_of_contacts_shares_nothing(words: str, one: str, other: str) -> None:
    mine = {*bands(pieces(words, one))}
    assert not mine & {*bands(pieces(words))}
    assert not mine & {*bands(pieces(words, "link:b.top"))}
    assert not mine & {*bands(pieces(words, one, "link:b.top"))}
    assert mine == {*bands(pieces(words, one, "code"))}
    assert bands(pieces(words, one, other)) == bands(pieces(words, other, one))
    assert bands(pieces(words, one, one)) == bands(pieces(words, one))
    assert bands(pieces(words, hidden=(one,))) == bands(pieces(words, one))


@settings(max_examples=200)
@given(st.lists(st.integers(0x4E00, 0x9FA5), min_size=60, max_size=90, unique=True), st.data())
def test_one_clause_put_in_anywhere_is_found(codes: list[int], data: st.DataObject) -> None:
    words = "".join(map(chr, codes))
    at = data.draw(st.integers(0, len(words)))
    near = f"{words[:at]}请您尽快{words[at:]}"
    assert len({*bands(pieces(words, "link:a.top"))} & {*bands(pieces(near, "link:a.top"))}) >= AT_LEAST


@given(st.lists(st.integers(0x4E00, 0x9FA5), min_size=60, max_size=120, unique=True))
def test_texts_without_a_pair_in_common_are_not_near(codes: list[int]) -> None:
    half = len(codes) // 2
    one, other = ("".join(map(chr, part)) for part in (codes[:half], codes[half:]))
    assert len({*bands(pieces(one, "number:mobile"))} & {*bands(pieces(other, "number:mobile"))}) < AT_LEAST


@pytest.mark.parametrize(
    ("common", "least", "most"), [(0.2, 0.0, 0.03), (0.5, 0.5, 0.66), (0.7, 0.93, 1.0), (0.8, 0.98, 1.0)]
)
def test_how_much_must_be_in_common(common: float, least: float, most: float) -> None:
    """The table in the module's docstring, on random texts of which the first words are the same."""
    random = Random(1)
    found = 0
    for _ in range(400):
        codes = random.sample(range(0x4E00, 0x9FA5), 100)
        # Two texts of n pairs with s in common overlap by s / (2n - s).
        same = round(2 * 50 * common / (1 + common))
        one, other = codes[:50], codes[:same] + codes[50 : 100 - same]
        mine, theirs = (bands(pieces("".join(map(chr, words)), "number:mobile")) for words in (one, other))
        found += len({*mine} & {*theirs}) >= AT_LEAST
    assert least <= found / 400 <= most


def test_a_long_text_costs_no_more_than_its_first_part() -> None:
    words = "".join(map(chr, range(0x4E00, 0x4E00 + 4000)))
    assert bands(pieces(words)) == bands(pieces(words[:700]))
