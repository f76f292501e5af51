"""Sheets as pictures: nothing is cut off, nothing is lost, no box stands for a character; read back from the PNG."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image, ImageChops

from bot import picture, typeface
from bot.picture import MARGIN, Field, Note, Row, Section, Title, draw

COLUMN = MARGIN + int((1080 - 2 * MARGIN) * picture.LABEL_SHARE)
URL = "https://icbc-gx8.top/login?session=" + "9f86d081884c7d65" * 20
TRADITIONAL = "請於臺灣銀行辦理匯款憂鬱龜囍"
SHEETS: dict[str, list[Row]] = {
    "title": [Title("报案材料")],
    "long title": [Title("报案材料" * 30)],
    "long section": [Section("转账" * 60)],
    "long note": [Note("空白处可手写，" * 60)],
    "long label": [Field("很长的标签" * 8, "值"), Field("很长的标签" * 8)],
    "forty fields": [Field(f"第{n}项", "深圳市前海鑫汇通达供应链管理服务有限公司") for n in range(40)],
    "no space": [Field("账号", "6" * 2000)],
    "no space in a label": [Field("W" * 200, "值")],
    "address": [Field("网址", URL)],
    "punctuation only": [Field("标点", "，。！（“" * 80)],
    "far-reaching ink": [Title("JfjJ" * 20), Field("JẨ", "J⁄fJjf▓Ẫ" * 30), Section("Jf" * 70), Note("j\nJ\nỬ" * 9)],
    "rare": [Field("姓名", "\U00020bb7䶮囍龘靐齉爩"), Field("繁體", TRADITIONAL), Field("表情", "👍🏽❤️🇨🇳👨‍👩‍👧" * 9)],
    "bidi": [Field("\u202e标签", "\u202eabc\u2066שלום\u2069مرحبا\u200f" * 9)],
    "line breaks": [Field("时间", "\n21:07\r\n\n21:15\u2028\x85end\n")],
    "blank": [Field("姓名"), Field("经过", blanks=6)],
}


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert image.format == "PNG"
    image.load()
    return image


def ink(image: Image.Image) -> tuple[int, int, int, int]:
    """The box around all that is not paper."""
    box = ImageChops.invert(image).getbbox()
    assert box
    return box


def rules(image: Image.Image) -> int:
    """How many ruled lines there are to write on."""
    column = image.crop((COLUMN + picture.GUTTER, 0, image.width - MARGIN, image.height))
    rows = [column.crop((0, y, column.width, y + 1)).getextrema() == (picture.BLANK,) * 2 for y in range(column.height)]
    return sum(here and not above for above, here in zip([False, *rows], rows, strict=False))


def height(*rows: Row) -> int:
    return opened(draw(rows)).height


# ── the picture ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("width", [picture.NARROWEST, 1080, picture.WIDEST])
@pytest.mark.parametrize("name", SHEETS)
def test_no_ink_leaves_the_margins(name: str, width: int) -> None:
    if width < 1080 and name in {"forty fields", "no space", "no space in a label", "far-reaching ink"}:
        pytest.skip("too tall when narrow, and refused")
    image = opened(draw(SHEETS[name], width))
    assert (image.width, image.mode) == (width, "L")
    left, top, right, bottom = ink(image)
    assert left >= MARGIN
    assert top >= MARGIN
    assert right <= width - MARGIN
    assert bottom <= image.height - MARGIN


@pytest.mark.parametrize("name", ["far-reaching ink", "long label", "no space in a label", "rare", "address"])
def test_label_and_value_keep_to_their_columns(name: str) -> None:
    fields = [row for row in SHEETS[name] if isinstance(row, Field)]
    image = opened(draw(fields))
    gutter = image.crop((COLUMN, 0, COLUMN + picture.GUTTER, image.height))
    assert gutter.getextrema()[0] == (picture.HAIR if fields[0].value else typeface.PAPER)


def test_an_empty_sheet_is_a_small_white_picture() -> None:
    image = opened(draw([]))
    assert image.size == (1080, 2 * MARGIN)
    assert image.getextrema() == (typeface.PAPER, typeface.PAPER)


def test_telegram_takes_every_size() -> None:
    for width in (picture.NARROWEST, picture.WIDEST):
        for tall in (opened(draw([], width)).height, picture.TALLEST):
            assert width + tall <= 10_000
            assert max(width, tall) <= 20 * min(width, tall)


def test_the_text_is_dark_on_white() -> None:
    image = opened(draw([Title("报案材料"), Field("姓名", "王小明"), Note("小字")]))
    assert image.getpixel((0, 0)) == typeface.PAPER
    assert image.getextrema()[0] == typeface.INK


def test_more_to_say_makes_it_taller() -> None:
    assert height(Field("网址", URL)) > height(Field("网址", URL[:200])) > height(Field("网址", URL[:20]))
    assert height(Field("甲", "乙")) < height(Field("甲" * 20, "乙"))
    assert height(Field("时间", "甲\n乙")) > height(Field("时间", "甲乙"))
    assert height(*[Field("甲", "乙")] * 3) - height(*[Field("甲", "乙")] * 2) == height(Field("甲", "乙")) - height()


@pytest.mark.parametrize("row", [Title, Section, Note, lambda text: Field("值", text), lambda text: Field(text, "值")])
def test_the_last_character_of_many_is_drawn(row: type[Title]) -> None:
    assert draw([row("汉字" * 40 + "一")]) != draw([row("汉字" * 40 + "〇")])


@pytest.mark.parametrize("blanks", [1, 2, 5])
def test_a_field_without_a_value_has_ruled_lines(blanks: int) -> None:
    assert rules(opened(draw([Field("经过", blanks=blanks)]))) == blanks


def test_a_value_that_shows_nothing_is_none() -> None:
    assert draw([Field("姓名", " \u200b\n\u202e\u3164")]) == draw([Field("姓名")])
    assert rules(opened(draw([Field("姓名", "王")]))) == 0


def test_blank_lines_are_wide_enough_to_write_on() -> None:
    assert height(Field("经过", blanks=3)) - height(Field("经过", blanks=2)) >= 80


def test_the_same_rows_make_the_same_bytes() -> None:
    rows = [row for name in ("title", "rare", "blank", "long note") for row in SHEETS[name]]
    first = draw(rows)
    typeface.font.cache_clear()
    typeface._printable.cache_clear()
    assert draw(tuple(rows)) == first


@pytest.mark.parametrize("rows", [[Field("甲", "汉" * 4000)], [Field("甲", blanks=100)], [Note("小字")] * 200])
def test_what_telegram_would_refuse_is_refused(rows: list[Row]) -> None:
    with pytest.raises(ValueError, match="taller than 8000"):
        draw(rows)


@pytest.mark.parametrize("width", [0, picture.NARROWEST - 1, picture.WIDEST + 1])
def test_a_width_beyond_reason_is_refused(width: int) -> None:
    with pytest.raises(ValueError, match="480 to 2000"):
        draw([], width)
