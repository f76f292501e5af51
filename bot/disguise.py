"""Undoes disguises in text whose characters are already folded: filler, split characters, written variants.

Each ``find_*`` returns the edits that it proposes; none changes anything. ``bot.fold`` applies them and asks
again until nothing is left, so an edit may uncover the next one.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import ahocorasick

from bot.datafile import read_toml
from bot.glyphs import TABLE
from bot.lexicon import FOLDER, load, section, words
from bot.paths import DATA

H = "\u3400-\u9fff"


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``new``. ``kind`` is the trick that it undoes, "" where it is none."""

    start: int
    end: int
    new: str
    kind: str


# ── filler between Han characters ────────────────────────────────────────────────────────────────────────

_LISTING = "/-|>"
_NAMING = "+·"
_ODD = {"\\", "^"}
_STRONG = frozenset("*_^\\`'#$%=@„¨•◎¤⊙♂♀✿❀♠♣♦♪⭐❤♢")
"""Signs that neither list nor decorate: one of them in any word of the rules is a disguise."""
_ROW, _LOOSE_ROW = 2, 3
"""Gaps in a row that make a disguise; more are needed of signs that honest lists use, and of blanks."""
_APART = 3
"""Characters between two gaps of one row at most, where words and not characters are set apart."""
_SIGNS = r".*_\-/\\\^~`'|+·★☆●○◆◇■□▲△▼▽※→←↑↓♂♀@#$%&=<>•◎¤⊙✦✧❀✿♠♣♦♪⭐❤♢◢◣◤◥„¨"
_GAP = re.compile(rf"(?<=[{H}])(?: {{1,2}}|\n|[{_SIGNS} ]{{1,3}})(?=[{H}])")
_BRACKETED = re.compile(rf"[\[【〖《<「『(]([{H}])[\]】〗》>」』)]")


class _Word(NamedTuple):
    length: int
    listed: bool
    """True where scams are known to break it up; else it is any word that the rules look for."""


@cache
def _vocabulary() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    known = dict.fromkeys(rule_words(), False) | dict.fromkeys(_listed_words(), True)
    for word, listed in known.items():
        if len(word) > 1 and all(char >= "\u3400" for char in word) and word[0] != "加":
            automaton.add_word(word, _Word(len(word), listed))
    automaton.make_automaton()
    return automaton


@cache
def _listed_words() -> frozenset[str]:
    table = load("variants")
    known = {*words(table, "words", of="variants"), *words(load("sounds"), "words", of="sounds")}
    for canonical, written in section(table, "variants", of="variants").items():
        known.add(canonical)
        known.update(written if isinstance(written, list) else ())
    return frozenset(map(_fold, known))


@cache
def rule_words() -> frozenset[str]:
    """What the concepts and rules look for: broken over two lines it would be missed."""
    tables = [table for path in sorted((FOLDER / "concepts").glob("*.toml")) for table in read_toml(path).values()]
    known = {word for table in tables if isinstance(table, dict) for word in table.get("words", ())}
    for path in sorted((DATA / "rules").glob("*.toml")):
        known.update(word for listed in read_toml(path).get("words", {}).values() for word in listed)
    return frozenset(map(_fold, known))


def _fold(word: str) -> str:
    return "".join(map(TABLE.__getitem__, word))


def find_filler(text: str) -> list[Edit]:
    """Signs and blanks put between Han characters to break up words.

    A blank or two go silently, for no Han word has any. A sign goes where it stands in a row of single
    characters (安.全.账.户) or inside a word that scams use (贷*款); so does a line break inside such a word.
    """
    gaps = [match.span() for match in _GAP.finditer(text)]
    singles = [match.span() for match in _BRACKETED.finditer(text)]
    if not gaps and not singles:
        return []
    chained, spaced = _chains(text, gaps), _spaced(text, gaps)
    split, broken = _inside_words(text, gaps, singles)
    edits: list[Edit] = []
    left: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(gaps):
        gap = text[start:end]
        if gap == "\n":
            if start in split or start in broken:
                edits.append(Edit(start, end, "", ""))
        elif number in chained or start in split or gap in _ODD or (start in broken and _STRONG.issuperset(gap)):
            edits.append(Edit(start, end, "", "filler"))
        elif number in spaced:
            edits.append(Edit(start, end, "", "filler" if _STRONG.issuperset(gap) else ""))
        elif gap.isspace():
            edits.append(Edit(start, end, "", ""))
        elif _STRONG.issuperset(gap):
            left.append((start, end))
    if left and (signs := {text[edit.start] for edit in edits if edit.kind}):
        edits += [Edit(start, end, "", "filler") for start, end in left if text[start] in signs]
    boxed = len([start for start, _ in singles if text[start] not in "[("]) > 1
    for start, end in singles:
        if start in split or (boxed and text[start] not in "[("):
            edits.append(Edit(start, end, text[start + 1], "filler"))
    return sorted(edits)


def _chains(text: str, gaps: list[tuple[int, int]]) -> set[int]:
    """Numbers of the gaps that stand in a row with one character between each two."""
    found: set[int] = set()
    row: list[int] = []
    for number, (start, _) in enumerate(gaps):
        if row and gaps[row[-1]][1] + 1 != start:
            _close(text, gaps, row, found)
            row = []
        row.append(number)
    _close(text, gaps, row, found)
    return found


def _close(text: str, gaps: list[tuple[int, int]], row: list[int], found: set[int]) -> None:
    gaps_of = [text[slice(*gaps[number])] for number in row]
    if any(gap == "\n" or gap[0] in _NAMING or gap.startswith("..") for gap in gaps_of):
        return
    loose = all(gap.isspace() for gap in gaps_of) or any(gap[0] in _LISTING for gap in gaps_of)
    if len(row) >= (_LOOSE_ROW if loose else _ROW):
        found.update(row)


def _spaced(text: str, gaps: list[tuple[int, int]]) -> set[int]:
    """Numbers of the gaps of one sign that stand in a row with a few Han characters between each two."""
    found: set[int] = set()
    row: list[int] = []
    for number, (start, end) in enumerate(gaps):
        if row:
            before = gaps[row[-1]]
            between = text[before[1] : start]
            same = text[start:end].strip() == text[slice(*before)].strip()
            if not same or len(between) > _APART or not _HAN_RUN.fullmatch(between):
                _close_spaced(text, gaps, row, found)
                row = []
        if not text[start:end].isspace():
            row.append(number)
    _close_spaced(text, gaps, row, found)
    return found


def _close_spaced(text: str, gaps: list[tuple[int, int]], row: list[int], found: set[int]) -> None:
    """Rows of one character each are left to ``_chains``, lists and names (甲·乙丙·丁) to the rules."""
    if len(row) < _LOOSE_ROW or text[gaps[row[0]][0]] in _NAMING:
        return
    if any(gaps[after][0] - gaps[before][1] > 1 for before, after in pairwise(row)):
        found.update(row)


_HAN_RUN = re.compile(rf"[{H}]+")


def _inside_words(text: str, gaps: list[tuple[int, int]], singles: list[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """Starts of the gaps and brackets inside a word that scams break up, and inside any word of the rules."""
    pieces: list[str] = []
    places: list[int] = []
    cut = dict(gaps)
    boxed = dict(singles)
    index = 0
    while index < len(text):
        if index in cut:
            index = cut[index]
        elif index in boxed:
            pieces.append(text[index + 1])
            places.append(index + 1)
            index = boxed[index]
        else:
            pieces.append(text[index])
            places.append(index)
            index += 1
    listed: set[int] = set()
    known: set[int] = set()
    for last, word in _vocabulary().iter("".join(pieces)):
        first = places[last - word.length + 1]
        if places[last] - first >= word.length:
            found = listed if word.listed else known
            found.update(place for place in range(first - 1, places[last] + 1) if place in cut or place in boxed)
    return listed, known


_SHORTEST_WRAP, _FEWEST_LINES = 6, 3


def find_wraps(text: str) -> list[Edit]:
    """Line breaks of text that was cut into lines of one length, words and numbers included."""
    if text.count("\n") < _FEWEST_LINES - 1:
        return []
    *full, last = text.split("\n")
    width = len(full[0])
    if width < _SHORTEST_WRAP or not 0 < len(last) <= width or any(len(line) != width for line in full):
        return []
    return [Edit(at, at + 1, "", "") for at in range(width, len(text), width + 1)]


# ── written variants and split characters ────────────────────────────────────────────────────────────────


class _Known(NamedTuple):
    length: int
    new: str
    kind: str
    regional: bool


@cache
def _variants() -> ahocorasick.Automaton:
    table, regional = load("variants"), load("regional")
    known: dict[str, _Known] = {}

    def add(written: str, canonical: str, kind: str, *, only_traditional: bool = False) -> None:
        key = _fold(written)
        if key != canonical:
            known.setdefault(key, _Known(len(key), _fold(canonical), kind, only_traditional))

    for canonical, spellings in section(table, "variants", of="variants").items():
        for written in words({canonical: spellings}, canonical, of="variants"):
            han = all("\u3400" <= char <= "\u9fff" for char in written)
            add(written, canonical, "homophone" if han else "symbol_letter")
    for parts, whole in section(table, "splits", of="variants").items():
        add(parts, str(whole), "split")
    for part in ("always", "traditional"):
        for written, whole in section(regional, part, of="regional").items():
            add(written, str(whole), "", only_traditional=part == "traditional")
    automaton = ahocorasick.Automaton()
    for key, value in known.items():
        automaton.add_word(key, value)
    automaton.make_automaton()
    return automaton


def find_variants(text: str, *, traditional: bool) -> list[Edit]:
    """Words written otherwise: homophones, split characters, regional words."""
    edits = []
    for last, known in _variants().iter_long(text):
        start, end = last - known.length + 1, last + 1
        if known.regional and not traditional:
            continue
        if text[start].isascii() and text[start].isalpha() and start and _latin(text[start - 1]):
            continue
        if text[last].isascii() and text[last].isalpha() and _latin(text[end : end + 1]):
            continue
        edits.append(Edit(start, end, known.new, known.kind))
    return edits


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
