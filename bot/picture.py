"""Draws a sheet, a form to show across a counter, as a PNG. Pure: the same rows make the same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image, ImageDraw

from bot.typeface import BASELINE, INK, PAPER, PITCH, Face, drawable, font

if TYPE_CHECKING:
    from collections.abc import Sequence

# Telegram refuses photos whose sides add up to over 10,000 or differ by a factor over 20: these three keep within.
NARROWEST, WIDEST, TALLEST = 480, 2000, 8000
# A phone shows 1080 pixels at a third of the size, so that 46 here is 15 there: read from an arm's length.
TITLE, SECTION, VALUE, LABEL, NOTE = 64, 44, 46, 40, 36
# Darker greys than usual for labels and notes: many who read this are old, the screen is dimmed.
LABEL_INK, NOTE_INK, BAND, BLANK, HAIR = 92, 104, 236, 130, 222
# Labels stand in a column, so that a clerk finds the values down one edge; 0.3 holds seven characters.
LABEL_SHARE, GUTTER = 0.3, 28
MARGIN, PADDING, SECTION_GAP, NOTE_GAP = 60, 18, 44, 28
BLANK_HEIGHT = 90  # handwriting needs more room than type: 90 of 1080 are 17 mm when printed on A4


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
        brush.text(at, text, face.grey, font(face.size), anchor="ls", stroke_width=face.stroke)
    picture.save(out := BytesIO(), "PNG")
    return out.getvalue()


_TITLE, _SECTION = Face(TITLE, INK, 1), Face(SECTION, INK, 1)
_VALUE, _LABEL, _NOTE = Face(VALUE, INK), Face(LABEL, LABEL_INK), Face(NOTE, NOTE_INK)


class _Sheet:
    """Where everything goes; ``y`` is the end of what has been added."""

    def __init__(self, width: int) -> None:
        self.left, self.right, self.y = MARGIN, width - MARGIN, MARGIN
        self.lines: list[tuple[tuple[int, int], str, Face]] = []
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

    def _put(self, text: str, face: Face, left: int, right: int, top: int, pace: int = 0) -> int:
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
