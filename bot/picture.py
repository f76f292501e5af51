"""Draws a sheet, a form to show across a counter, as a PNG. Pure: the same rows make the same bytes."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from io import BytesIO
from math import ceil, floor
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image, ImageDraw, ImageFont

from bot.errors import DataError
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FONT, COVERAGE = DATA / "fonts" / "wqy-microhei.ttf", DATA / "fonts" / "coverage.txt"

# Telegram refuses photos whose sides add up to over 10,000 or differ by a factor over 20: these three keep within.
NARROWEST, WIDEST, TALLEST = 480, 2000, 8000
# A phone shows 1080 pixels at a third of the size, so that 46 here is 15 there: read from an arm's length.
TITLE, SECTION, VALUE, LABEL, NOTE = 64, 44, 46, 40, 36
# Grey of text and lines. Darker than usual for labels and notes: many who read this are old, the screen is dimmed.
INK, LABEL_INK, NOTE_INK, BAND, BLANK, HAIR, PAPER = 20, 92, 104, 236, 130, 222, 255
# Line height and baseline in ems: Vietnamese capitals reach 1.05 up, shading blocks 0.27 down; Han needs air besides.
PITCH, BASELINE = 1.42, 1.08
# Labels stand in a column, so that a clerk finds the values down one edge; 0.3 holds seven characters.
LABEL_SHARE, GUTTER = 0.3, 28
MARGIN, PADDING, SECTION_GAP, NOTE_GAP = 60, 18, 44, 28
BLANK_HEIGHT = 90  # handwriting needs more room than type: 90 of 1080 are 17 mm when printed on A4
MISSING = "〓"  # the geta mark, with which printers have always said that they lack a character

_OPENING = re.escape("([{（［｛〈《「『【〔〖“‘$￥¥")
_CLOSING = re.escape(")]},.;:!?%）］｝〉》」』】〕〗”’，。、；：！？…—·％ﾞﾟ")
_UNIT = re.compile(rf" +|[{_OPENING}]*(?:[!-~\u00a1-\u1fff]+|.)[{_CLOSING}]*")
"""What stays on one line: a Latin word or address, or one other character, with the punctuation that clings to it."""
_UNDRAWN = {"Cc": "", "Cf": "", "Mn": "", "Me": "", "Zs": " "}
# Line ends; blanks that Unicode counts as letters and signs; what the font lacks but has the like of.
_REPLACED = dict.fromkeys("\n\r\v\f\x85\u2028\u2029", "\n") | dict.fromkeys("\u115f\u1160\u3164\uffa0\u2800\ufffc", "")
_REPLACED |= {"\t": " ", "\u3000": "\u3000", "☐": "□", "☑": "■", "☒": "■", "∼": "~"}


@dataclass(frozen=True, slots=True)
class Title:
    """What the sheet is."""

    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading between groups of fields."""

    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """A label with its value; without one, ``blanks`` ruled lines to write on."""

    label: str
    value: str = ""
    blanks: int = 1


@dataclass(frozen=True, slots=True)
class Note:
    """A remark in small print."""

    text: str


Row: TypeAlias = Title | Section | Field | Note


def draw(rows: Sequence[Row], width: int = 1080) -> bytes:
    """The sheet as a PNG in greys, as high as its rows need.

    Raises:
        ValueError: ``width`` or the height that the rows need is beyond what Telegram takes as a photo.
        DataError: The font is missing or damaged.
    """
    if not NARROWEST <= width <= WIDEST:
        raise ValueError(f"a sheet is {NARROWEST} to {WIDEST} pixels wide, not {width}")
    sheet = _Sheet(width)
    for row in rows:
        sheet.add(row)
        if sheet.y + MARGIN > TALLEST:
            raise ValueError(f"the sheet would be taller than {TALLEST} pixels; put fewer or shorter rows on it")
    picture = Image.new("L", (width, sheet.y + MARGIN), PAPER)
    brush = ImageDraw.Draw(picture)
    for box, grey in sheet.boxes:
        brush.rectangle(box, fill=grey)
    for at, text, face in sheet.lines:
        brush.text(at, text, face.grey, _font(face.size), anchor="ls", stroke_width=face.stroke)
    picture.save(out := BytesIO(), "PNG")
    return out.getvalue()


def drawable(text: str) -> str:
    """``text`` as the font can show it: no invisible characters, ``MISSING`` for what it lacks, line breaks kept."""
    return "".join(map(_printable, unicodedata.normalize("NFC", text.replace("\r\n", "\n"))))


@lru_cache(maxsize=4096)
def _printable(char: str) -> str:
    if char in _REPLACED:
        return _REPLACED[char]
    if (category := unicodedata.category(char)) in _UNDRAWN:
        return _UNDRAWN[category]
    if ord(char) in _covered():
        return char
    # The degree Celsius, Roman numbers, ornamental letters: the plain form is what somebody would copy by hand.
    plain = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    return plain if plain.strip() and _covered().issuperset(map(ord, plain)) else MISSING


@cache
def _covered() -> frozenset[int]:
    """The code points that the font draws. Pillow cannot be asked: it draws a box for what a font lacks."""
    try:
        _, *lines = COVERAGE.read_text(encoding="ascii").splitlines()  # the first says what it is
        ends = [line.partition("-") for line in lines]
        return frozenset(code for a, _, b in ends for code in range(int(a, 16), int(b or a, 16) + 1))
    except (OSError, ValueError) as error:
        raise DataError(f"data/fonts/{COVERAGE.name}: {error}; make it anew with tools/build_font.py") from None


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    try:
        # The basic layout: the other one depends on libraries that a system may lack, and marks are dropped anyway.
        return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise DataError(f"data/fonts/{FONT.name}: {error}; it belongs to the package, install it again") from None


@dataclass(frozen=True, slots=True)
class _Face:
    size: int
    grey: int
    stroke: int = 0  # thickens it, since the font has no bold

    def extent(self, text: str) -> tuple[int, int]:
        """How far the ink of ``text`` reaches left of its start (as with J), and how wide it is in all."""
        left, _, right, _ = _font(self.size).getbbox(text, anchor="ls", stroke_width=self.stroke)
        return (before := max(0, -floor(left))), before + ceil(right)

    def wrap(self, text: str, room: int) -> Iterator[str]:
        """The lines of ``text``: broken between units, inside one only where it is longer than a line."""
        for paragraph in text.split("\n"):
            line = ""
            for unit in _UNIT.findall(paragraph.rstrip()):
                for part in (unit,) if unit.isspace() or self.extent(unit)[1] <= room else unit:
                    if line and self.extent(line + part)[1] > room:
                        yield line.rstrip()
                        line = part.lstrip()
                    else:
                        line += part
            yield line


_TITLE, _SECTION = _Face(TITLE, INK, 1), _Face(SECTION, INK, 1)
_VALUE, _LABEL, _NOTE = _Face(VALUE, INK), _Face(LABEL, LABEL_INK), _Face(NOTE, NOTE_INK)


class _Sheet:
    """Where everything goes; ``y`` is the end of what has been added."""

    def __init__(self, width: int) -> None:
        self.left, self.right, self.y = MARGIN, width - MARGIN, MARGIN
        self.lines: list[tuple[tuple[int, int], str, _Face]] = []
        self.boxes: list[tuple[tuple[int, int, int, int], int]] = []

    def add(self, row: Row) -> None:
        match row:
            case Title():
                below = self._put(row.text, _TITLE, self.left, self.right, self.y) + PADDING
                self.y = self._box(self.left, below, below + 5, INK) + NOTE_GAP // 2
            case Section():
                top = self.y + SECTION_GAP
                below = self._put(row.text, _SECTION, self.left + GUTTER, self.right - GUTTER, top + 10) + 10
                self.y = self._box(self.left, top, below, BAND)
                self.boxes.append(((self.left, top, self.left + 9, below - 1), INK))
            case Note():
                self.y = self._put(row.text, _NOTE, self.left, self.right, self.y + NOTE_GAP)
            case Field():
                self._field(row)

    def _field(self, row: Field) -> None:
        column = self.left + int((self.right - self.left) * LABEL_SHARE)
        value = drawable(row.value).strip()
        # Both columns step by the value's line height, so that label and value share their first baseline.
        below = self._put(row.label, _LABEL, self.left, column, self.y + PADDING, VALUE)
        if value:
            below = max(below, self._put(value, _VALUE, column + GUTTER, self.right, self.y + PADDING))
            self.y = self._box(self.left, below + PADDING, below + PADDING + 2, HAIR)
        else:
            for _ in range(max(1, row.blanks)):
                self.y = self._box(column + GUTTER, self.y + BLANK_HEIGHT - 2, self.y + BLANK_HEIGHT, BLANK)
            self.y = max(below, self.y)

    def _put(self, text: str, face: _Face, left: int, right: int, top: int, pace: int = 0) -> int:
        """Set lines from ``top`` down, stepping as type of size ``pace`` would; the end of the last."""
        size = pace or face.size
        for line in face.wrap(drawable(text).strip("\n"), right - left):
            if top > TALLEST:  # draw refuses it; a book is not set to its end first
                break
            self.lines.append(((left + face.extent(line)[0], top + round(size * BASELINE)), line, face))
            top += round(size * PITCH)
        return top

    def _box(self, left: int, top: int, bottom: int, grey: int) -> int:
        self.boxes.append(((left, top, self.right - 1, bottom - 1), grey))
        return bottom
