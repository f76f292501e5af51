"""The type: nothing is lost at a line's end, no box stands for a character, and broken files say so."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import picture, typeface
from bot.errors import DataError
from bot.picture import Field, Title, draw
from bot.typeface import MISSING, drawable, font

if TYPE_CHECKING:
    from pathlib import Path

TRADITIONAL = "請於臺灣銀行辦理匯款憂鬱龜囍"
HAN = "".join(map(chr, range(0x4E00, 0x9FA6)))


def mask(char: str, size: int = 32) -> bytes:
    return bytes(font(size).getmask(char))


# ── lines ────────────────────────────────────────────────────────────────────────────────────────────────


def wrapped(text: str, room: int = 640) -> list[str]:
    return list(picture._VALUE.wrap(drawable(text), room))


@given(st.text(st.sampled_from("汉字。，“（）Jf ab1/\n👍\u3000Ẩ￥…"), max_size=120), st.integers(108, 900))
@example("\u3000…）", 108)
@settings(max_examples=200, deadline=None)
def test_wrapping_loses_nothing_and_fits(text: str, room: int) -> None:
    lines = wrapped(text, room)
    assert "".join("".join(lines).split()) == "".join(drawable(text).split())
    assert max(picture._VALUE.extent(line)[1] for line in lines) <= room


def test_a_line_is_filled_before_the_next_begins() -> None:
    first, *_ = wrapped("汉" * 100)
    assert picture._VALUE.extent(first + "汉")[1] > 640


def test_a_word_that_fits_on_a_line_stays_whole() -> None:
    lines = wrapped("请登录这个网站更新您的身份信息 icbc-gx8.top/login 逾期冻结")
    assert [line for line in lines if "icbc-gx8.top/login" in line]
    assert len(lines) > 1


def test_no_line_begins_with_closing_or_ends_with_opening_punctuation() -> None:
    text = "他说：“您好！”（请转账），《通知》……完。"
    for room in range(200, 700, 23):
        lines = wrapped(text * 4, room)
        assert [line for line in lines if line[0] in "，。！”）》…：" or line[-1] in "“（《"] == []


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_one(end: str) -> None:
    assert wrapped(f"甲{end}{end}乙") == ["甲", "", "乙"]


# ── characters ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("王小明 A-1", "王小明 A-1"),
        (TRADITIONAL, TRADITIONAL),
        ("①⑳□■✓￥¥“”……——【】", "①⑳□■✓￥¥“”……——【】"),
        ("王\U00020bb7", "王" + MISSING),
        ("客服👍", "客服" + MISSING),
        ("שלום", MISSING * 4),
        ("\ud800\ue000", MISSING * 2),
        ("a\u202eb\u2066c\u200d\ufeffd\x07e\x00", "abcde"),
        ("❤\ufe0f1\ufe0f\u20e3", MISSING + "1"),
        ("\u3164\u2800\ufffc", ""),
        ("cafe\u0301", "café"),
        ("a\u0335\u0300\u0316", "à"),
        ("a\tb\u00a0c\u2003d\u3000e", "a b c d\u3000e"),
        ("25℃ Ⅴ 𝐀𝟙 ⼯", "25°C V A1 工"),
        ("nǐ hǎo", "ni hao"),
        ("☐☑", "□■"),
    ],
)
def test_what_the_font_lacks_is_made_printable(text: str, shown: str) -> None:
    assert drawable(text) == shown


def test_all_that_is_written_in_chinese_is_covered() -> None:
    full_width = "".join(map(chr, range(0xFF01, 0xFF5F)))
    circled = "".join(map(chr, range(0x2460, 0x2474)))
    ascii_too = "".join(map(chr, range(0x20, 0x7F)))
    for text in (HAN, full_width, circled, ascii_too, "、。〈〉《》「」『』【】〓〔〕—…‘’“”·×÷±°√→□■○●★✓￥¥€"):
        assert drawable(text) == text


def test_every_covered_character_has_ink_and_a_glyph_of_its_own() -> None:
    box = mask("\ue000")
    assert any(box)
    wrong = [
        f"{code:X}"
        for code in typeface._covered()
        if (shape := mask(chr(code))) == box or any(shape) == (unicodedata.category(chr(code)) == "Zs")
    ]
    assert wrong == []


@given(st.text(st.characters(), max_size=40))
@settings(max_examples=200, deadline=None)
def test_nothing_is_drawn_as_a_box_and_once_is_enough(text: str) -> None:
    shown = drawable(text)
    box = mask("\ue000")
    assert [char for char in shown if char != "\n" and mask(char) == box] == []
    assert drawable(shown) == shown


def test_what_the_font_lacks_is_painted_as_the_geta_mark() -> None:
    assert draw([Title("👍"), Field("👍", "👍")]) == draw([Title(MISSING), Field(MISSING, MISSING)])


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_missing_font_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(typeface, "FONT", tmp_path / "gone.ttf")
    with pytest.raises(DataError, match=r"data/fonts/gone\.ttf"):
        font.__wrapped__(20)


@pytest.mark.parametrize("text", [None, "# head\n4E00-xyz\n", "# head\né\n"])
def test_a_bad_coverage_file_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str | None) -> None:
    path = tmp_path / "coverage.txt"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(typeface, "COVERAGE", path)
    with pytest.raises(DataError, match=r"data/fonts/coverage\.txt"):
        typeface._covered.__wrapped__()


def test_the_licence_comes_with_the_font() -> None:
    folder = typeface.FONT.parent
    assert typeface.FONT.stat().st_size < 4_500_000
    text = (folder / "LICENSE.txt").read_text(encoding="utf-8")
    assert "WenQuanYi" in text
    assert "Apache License" in text
