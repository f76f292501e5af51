"""The sheet for the police: which blanks, what an answer becomes, and what nobody is asked."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from rescue_world import GUIDE, NOW, TEXTS, book, case

from bot.picture import Field
from bot.reply.model import MAX_UNITS, Block, units
from bot.reply.plain import render
from bot.rescue import sheet_page
from bot.rescue.sheet import Draft, Refused, answered, blanks_of, ended, sheet_guide, skipped, started

if TYPE_CHECKING:
    from bot.rescue.case import Case
    from bot.rescue.sheet import Blank

MONEY = case("money", means=("icbc",))


def answer(draft: Draft, text: str, of: Case = MONEY) -> Draft | Refused:
    return answered(draft, text, of, book(), TEXTS, NOW)


def blank_of(name: str) -> Blank:
    return next(blank for blank in sheet_guide().blank if blank.id == name)


def at(blank: str, **answers: str) -> Draft:
    return Draft(answers, blank)


def filled(of: Case, text: str = "甲", *, full: bool = False) -> Draft:
    """Every blank answered, with as many characters as it takes where ``full``."""
    draft = started(of, None, book(), TEXTS, NOW)
    most = {blank.id: blank.most for blank in sheet_guide().blank}
    while draft.asking is not None:
        after = answer(draft, text * most[draft.asking] if full else text, of)
        assert isinstance(after, Draft)
        draft = after
    return draft


def test_the_blanks_follow_what_happened() -> None:
    assert [blank.id for blank in blanks_of(MONEY, book(), NOW)] == [blank.id for blank in sheet_guide().blank]
    link = [blank.id for blank in blanks_of(case("link"), book(), NOW)]
    assert link == ["time", "number", "chats", "links", "apps"]


def test_the_bank_is_known_already() -> None:
    assert started(MONEY, None, book(), TEXTS, NOW).answers == {"bank": "中国工商银行"}


def test_one_answer_after_the_other() -> None:
    draft = started(MONEY, None, book(), TEXTS, NOW)
    after = answer(draft, " 5 万\n两笔 ")
    assert after == Draft({"bank": "中国工商银行", "amount": "5 万 两笔"}, "time")
    assert skipped(after, MONEY, book(), NOW).asking == "bank"
    assert ended(after).asking is None
    assert set(filled(MONEY).answers) == {blank.id for blank in sheet_guide().blank}


def test_what_was_answered_before_is_offered_again() -> None:
    again = started(MONEY, Draft({"amount": "5 万"}), book(), TEXTS, NOW)
    reply = sheet_page.question(again, MONEY, book(), TEXTS, NOW)
    assert "现在填的是：5 万" in render(reply)
    assert skipped(again, MONEY, book(), NOW).answers["amount"] == "5 万"


@pytest.mark.parametrize(
    "text",
    [
        "11010119900307123X", "我的身份证 110101199003071234", "１１０１０１１９９００３０７１２３４",
        "110101 19900307 1234", "110101-19900307-123x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("blank", ["amount", "bank", "holder"])
def test_an_id_number_is_not_taken(blank: str, text: str) -> None:
    assert answer(at(blank), text) == Refused("sheet-no-id", blank_of(blank).most)


@pytest.mark.parametrize("text", ["6222020200011112222", "622202020001111222", "13800138000", "¥50,000.00"])
def test_an_account_of_the_scammer_is_kept_whole(text: str) -> None:
    after = answer(at("account"), text)
    assert isinstance(after, Draft)
    assert after.answers["account"] == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("工行 6222 0202 0001 1112 222", "工行 尾号2222"),
        ("工商银行6222020200011112222", "工商银行尾号2222"),
        ("工行 尾号 2222", "工行 尾号 2222"),
        ("６２２２０２０２０００１１１１２２２２", "尾号2222"),
    ],
)
def test_of_the_own_card_only_the_tail_is_kept(text: str, kept: str) -> None:
    after = answer(at("bank"), text)
    assert isinstance(after, Draft)
    assert after.answers["bank"] == kept


def test_a_long_answer_is_sent_back() -> None:
    for blank in sheet_guide().blank:
        assert answer(at(blank.id), "x" * (blank.most + 1)) == Refused("sheet-too-long", blank.most)
        assert isinstance(answer(at(blank.id), "x" * blank.most), Draft)


def test_a_case_that_changed_meanwhile_ends_the_sheet_gently() -> None:
    assert skipped(at("amount"), case("link"), book(), NOW).asking is None
    assert sheet_page.question(at("amount"), case("link"), book(), TEXTS, NOW).lines


def test_name_and_id_are_never_asked_but_have_their_lines() -> None:
    asked = "".join(TEXTS(f"sheet-ask-{blank.id}", who="self") for blank in sheet_guide().blank)
    assert "您的姓名" not in asked
    assert "身份证" not in asked
    text = sheet_page.sheet_text(filled(MONEY), MONEY, book(), TEXTS, NOW)
    for label in ("姓名", "身份证号", "电话"):
        assert f"{label}：________" in text


def test_the_text_is_one_block_to_copy_and_fits() -> None:
    worst = case(*GUIDE.situations, means=("icbc",))
    draft = filled(worst, "网", full=True)
    reply = sheet_page.finished(draft, worst, book(), TEXTS, NOW)
    assert units(reply.lines) <= MAX_UNITS
    blocks = [run.text for line in reply.lines for run in line if isinstance(run, Block)]
    assert len(blocks) == 1
    assert blocks[0].count("网") >= sum(blank.most for blank in sheet_guide().blank)
    assert "60 分钟" in render(reply)
    assert "长按消息，点“删除”" in render(reply)


def test_the_picture_shows_what_the_text_says() -> None:
    rows = sheet_page.sheet_rows(filled(MONEY, "乙"), MONEY, book(), TEXTS, NOW)
    values = {row.label: row.value for row in rows if isinstance(row, Field)}
    text = sheet_page.sheet_text(filled(MONEY, "乙"), MONEY, book(), TEXTS, NOW)
    for label, value in values.items():
        if label != TEXTS("sheet-story"):
            assert f"{label}：{value or TEXTS('sheet-empty')}" in text


def test_the_picture_grows_with_what_was_told() -> None:
    def height(draft: Draft) -> int:
        data = sheet_page.sheet_picture(draft, MONEY, book(), TEXTS, NOW)
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.format == "PNG"
            assert picture.width == 1080
            return picture.height

    assert height(Draft({})) < height(filled(MONEY, "长", full=True)) < 8000


def test_where_to_report_the_sms() -> None:
    reply = sheet_page.reports(sheet_page.SMS_REPORTS, Draft({"number": "17012345678"}), MONEY, book(), TEXTS)
    text = render(reply)
    assert "发短信到 10086999（只收短信，不能打）" in text
    assert "发短信到 10010（这个办法请再核对）" in text
    assert "LJDXJB#17012345678#（短信内容）" in text
    assert text.count("17012345678*（短信内容）") == 3
    assert "12321" in text


def test_a_complaint_about_a_collector() -> None:
    of = case("debt")
    assert "投诉催收" in [c.label for row in sheet_page.finished(Draft(), of, book(), TEXTS, NOW).choices for c in row]
    text = render(sheet_page.reports((sheet_page.COMPLAINT,), None, of, book(), TEXTS))
    assert "12378" in text
    assert "（催收的号码）" in text
    assert "委托" in text
