"""The type that pictures are set in: which characters there are, how far ink reaches, where lines break."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from math import ceil, floor
from typing import TYPE_CHECKING

from PIL import ImageFont

from bot.errors import DataError
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

FONT, COVERAGE = DATA / "fonts" / "wqy-microhei.ttf", DATA / "fonts" / "coverage.txt"

INK, PAPER = 20, 255  # greys
# Line height and baseline in ems: Vietnamese capitals reach 1.05 up, shading blocks 0.27 down; Han needs air besides.
PITCH, BASELINE = 1.42, 1.08
MISSING = "〓"  # the geta mark, with which printers have always said that they lack a character

_OPENING = re.escape("([{（［｛〈《「『【〔〖“‘$￥¥")
_CLOSING = re.escape(")]},.;:!?%）］｝〉》」』】〕〗”’，。、；：！？…—·％ﾞﾟ")
_UNIT = re.compile(rf" +|[{_OPENING}]*(?:[!-~\u00a1-\u1fff]+|.)[{_CLOSING}]*")
"""What stays on one line: a Latin word or address, or one other character, with the punctuation that clings to it."""
_UNDRAWN = {"Cc": "", "Cf": "", "Mn": "", "Me": "", "Zs": " "}
# Line ends; blanks that Unicode counts as letters and signs; what the font lacks but has the like of.
_REPLACED = dict.fromkeys("\n\r\v\f\x85\u2028\u2029", "\n") | dict.fromkeys("\u115f\u1160\u3164\uffa0\u2800\ufffc", "")
_REPLACED |= {"\t": " ", "\u3000": "\u3000", "☐": "□", "☑": "■", "☒": "■", "∼": "~"}


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
def font(size: int) -> ImageFont.FreeTypeFont:
    """The font at ``size`` pixels an em.

    Raises:
        DataError: Its file is missing or damaged.
    """
    try:
        # The basic layout: the other one depends on libraries that a system may lack, and marks are dropped anyway.
        return ImageFont.truetype(str(FONT), size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise DataError(f"data/fonts/{FONT.name}: {error}; it belongs to the package, install it again") from None


@lru_cache(maxsize=1024)
def _bounds(size: int, stroke: int, text: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = font(size).getbbox(text, anchor="ls", stroke_width=stroke)
    return floor(left), floor(top), ceil(right), ceil(bottom)


@lru_cache(maxsize=1024)
def _blank(size: int, stroke: int, char: str) -> int:
    ink, (left, _) = font(size).getmask2(char, anchor="ls", stroke_width=stroke)
    box = ink.getbbox()
    return max(0, _bounds(size, stroke, char)[2] - floor(left) - box[2]) if box else 0


@dataclass(frozen=True, slots=True)
class Face:
    """A size of type in a grey."""

    size: int
    grey: int
    stroke: int = 0  # thickens it, since the font has no bold

    def extent(self, text: str) -> tuple[int, int]:
        """How far the ink of ``text`` reaches left of its start (as with J), and how wide it is in all."""
        left, _, right, _ = self.bounds(text)
        return (before := max(0, -left)), before + right

    def bounds(self, text: str) -> tuple[int, int, int, int]:
        """What a line takes from where its baseline starts: left, top, right and bottom, with the last advance."""
        return _bounds(self.size, self.stroke, text)

    def blank(self, char: str) -> int:
        """How much of a character's width on its right is blank, as with closing brackets."""
        return _blank(self.size, self.stroke, char)

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
