"""Folds a text to one plain writing, and keeps the way back to every original character.

Simplified, lower case, half width; disguises undone and noted. Rules and entities see folded text only;
evidence points at the original through :meth:`Folded.span`. ``fold`` of folded text changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.disguise import find_filler, find_variants, find_wraps
from bot.glyphs import LOOKALIKES, TABLE, mostly_traditional
from bot.model import Span
from bot.sounds import find_sounds
from bot.spelling import find_contacts, find_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.disguise import Edit

_PASSES = 12


@dataclass(frozen=True, slots=True)
class Trick:
    """A disguise found in the text.

    Attributes:
        kind: filler, zero_width, lookalike, symbol_letter, homophone or split.
        span: Where, in the original.
        shown: The original characters.
    """

    kind: str
    span: Span
    shown: str


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and the way back.

    Attributes:
        text: The folded text.
        offsets: For each folded character where it began in the original; one more for the end.
        ends: For each folded character where it ended in the original.
        traditional: True where the original is mostly Traditional.
        tricks: Disguises, in the order of the text.
    """

    text: str
    offsets: Sequence[int]
    ends: Sequence[int]
    traditional: bool = False
    tricks: tuple[Trick, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The original place of ``text[start:end]``."""
        if start >= end:
            return Span(self.offsets[start], self.offsets[start])
        return Span(self.offsets[start], self.ends[end - 1])


class _Line:
    """Text under work. ``starts`` and ``ends`` count in the text as ``fold`` got it."""

    __slots__ = ("ends", "length", "starts", "text")

    def __init__(self, text: str, starts: Sequence[int], ends: Sequence[int], length: int) -> None:
        self.text, self.starts, self.ends, self.length = text, starts, ends, length

    def apply(self, edits: list[Edit]) -> None:
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for start, end, new, _ in edits:
            pieces += (self.text[at:start], new)
            last = min(end, start + len(new))
            longer = start + len(new) - last
            starts += self.starts[at:last]
            ends += self.ends[at:last]
            if longer:
                starts += [self.starts[end - 1]] * longer
                ends += [self.ends[end - 1]] * longer
            elif new:
                ends[-1] = self.ends[end - 1]
            at = end
        pieces.append(self.text[at:])
        starts += self.starts[at:]
        ends += self.ends[at:]
        self.text, self.starts, self.ends = "".join(pieces), starts, ends


def fold(text: str, base: Sequence[int] | int = 0) -> Folded:
    """Folds ``text``.

    Args:
        text: Any text.
        base: Where ``text`` stands in what was given: the offset of its first character, or that of every
            character (and of the end) where the text was unescaped on the way.
    """
    line, tricks = _characters(text)
    traditional = mostly_traditional(text) if line.text != text else False
    variants = partial(find_variants, traditional=traditional)
    finders: tuple[Callable[[str], list[Edit]], ...] = (
        find_wraps,
        find_filler,
        variants,
        find_sounds,
        find_contacts,
        find_digits,
    )
    idle = [""] * len(finders)
    for _ in range(_PASSES):
        before = line.text
        for number, find in enumerate(finders):
            if idle[number] is line.text:
                continue
            edits = find(line.text)
            if edits:
                tricks += [(edit.kind, line.starts[edit.start], line.ends[edit.end - 1]) for edit in edits if edit.kind]
                line.apply(edits)
            else:
                idle[number] = line.text
        if line.text is before:
            break
    return _finish(text, line, tricks, base, traditional=traditional)


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """A dictionary word as it stands in folded text."""
    return fold(word).text


def _characters(text: str) -> tuple[_Line, list[tuple[str, int, int]]]:
    """Folds character by character; notes zero-width signs and look-alikes inside words."""
    length = len(text)
    parts = [TABLE[char] for char in text]
    folded = "".join(parts)
    if len(folded) == length and "" not in parts:
        line = _Line(folded, range(length), range(1, length + 1), length)
    else:
        starts = [index for index, part in enumerate(parts) for _ in part]
        line = _Line(folded, starts, [index + 1 for index in starts], length)
    tricks: list[tuple[str, int, int]] = []
    if "" in parts:
        for index, part in enumerate(parts[1:-1], 1):
            if not part and text[index] not in _HARMLESS and text[index - 1].isalnum() and text[index + 1].isalnum():
                tricks.append(("zero_width", index, index + 1))
    if "\u20e3" in text:
        tricks += [("lookalike", *match.span()) for match in _KEYCAPS.finditer(text)]
    if not LOOKALIKES.isdisjoint(text):
        tricks += [
            ("lookalike", index, index + 1)
            for index, char in enumerate(text)
            if char in LOOKALIKES and _beside_letter(text, index)
        ]
    return line, tricks


_KEYCAPS = re.compile("(?:[0-9]\ufe0f?\u20e3 ?){5,}")
_HARMLESS = frozenset("\ufe0f\ufe0e\u20e3\r\t")


def _beside_letter(text: str, index: int) -> bool:
    """True where a neighbour is a Latin letter, a digit or another look-alike."""
    return any(
        (near.isascii() and near.isalnum()) or near in LOOKALIKES
        for near in text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    )


def _finish(
    text: str,
    line: _Line,
    found: list[tuple[str, int, int]],
    base: Sequence[int] | int,
    *,
    traditional: bool,
) -> Folded:
    if isinstance(base, int):
        places: Sequence[int] = range(base, base + line.length + 1)
    else:
        places = base if len(base) > line.length else (*base, (base[-1] + 1 if base else 0))
    if isinstance(line.starts, range) and isinstance(base, int):
        starts: Sequence[int] = places
        ends: Sequence[int] = places[1:]
    else:
        starts = [*map(places.__getitem__, line.starts), places[line.length]]
        ends = [*map(places.__getitem__, line.ends)]
    tricks = tuple(
        Trick(kind, Span(places[start], places[end]), text[start:end])
        for kind, start, end in sorted(found, key=itemgetter(1))
    )
    return Folded(line.text, starts, ends, traditional, tricks)
