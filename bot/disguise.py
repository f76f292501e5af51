"""Undoes disguises in text whose characters are already folded: filler, split characters, written variants.

Each ``find_*`` returns the edits that it proposes; none changes anything. ``bot.fold`` applies them and asks
again until nothing is left, so an edit may uncover the next one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import ahocorasick

from bot.datafile import read_toml
from bot.glyphs import TABLE
from bot.lexicon import FOLDER, load, section, words
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable

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
_ROW, _LOOSE_ROW, _LONG_ROW = 2, 3, 5
"""Gaps in a row that make a disguise; more are needed of signs that honest lists and names use, and of blanks."""
_APART = 3
"""Characters between two gaps of one row at most, where words and not characters are set apart."""
_SIGNS = r".*_\-/\\\^~`'|+·★☆●○◆◇■□▲△▼▽※→←↑↓♂♀@#$%&=<>•◎¤⊙✦✧❀✿♠♣♦♪⭐❤♢◢◣◤◥„¨"
_GAP = re.compile(rf"(?<=[{H}])(?: {{1,2}}|\n|[{_SIGNS} ]{{1,3}})(?=[{H}])")
_BRACKETED = re.compile(rf"[\[【〖《<「『(]([{H}])[\]】〗》>」』)]")


@cache
def _listed_words() -> frozenset[str]:
    table = load("variants")
    known = {*words(table, "words", of="variants"), *words(load("sounds"), "words", of="sounds")}
    for canonical, written in section(table, "variants", of="variants").items():
        known.add(canonical)
        known.update(written if isinstance(written, list) else ())
    return _breakable(known)


@cache
def rule_words() -> frozenset[str]:
    """What the concepts and rules look for: broken over two lines it would be missed."""
    tables = [table for path in sorted((FOLDER / "concepts").glob("*.toml")) for table in read_toml(path).values()]
    known = {word for table in tables if isinstance(table, dict) for word in table.get("words", ())}
    for path in sorted((DATA / "rules").glob("*.toml")):
        known.update(word for listed in read_toml(path).get("words", {}).values() for word in listed)
    return frozenset(map(_fold, known))


@cache
def _breakable_words() -> frozenset[str]:
    return _listed_words() | _breakable(rule_words())


def _breakable(known: Iterable[str]) -> frozenset[str]:
    return frozenset(
        word
        for word in map(_fold, known)
        if 1 < len(word) <= _LONGEST and all(char >= "\u3400" for char in word) and word[0] != "加"
    )


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
    split, broken = _inside_words(text, gaps, singles)
    edits = _gap_edits(text, gaps, split, broken)
    boxed = len([start for start, _ in singles if text[start] not in "[("]) > 1
    for start, end in singles:
        if start in split or (boxed and text[start] not in "[("):
            edits.append(Edit(start, end, text[start + 1], "filler"))
    return _apart(sorted(edits))


def _apart(edits: list[Edit]) -> list[Edit]:
    """Without those that begin inside an earlier one: in 报<中】 the sign is a gap and a bracket."""
    kept: list[Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept


def _gap_edits(text: str, gaps: list[tuple[int, int]], split: set[int], broken: set[int]) -> list[Edit]:
    inside = split | broken
    chained = _chains(text, gaps) if len(gaps) >= _ROW else ()
    spaced = _spaced(text, gaps, inside) if len(gaps) >= _LOOSE_ROW else {}
    edits: list[Edit] = []
    left: list[tuple[int, int]] = []
    for number, (start, end) in enumerate(gaps):
        gap = text[start:end]
        if gap == "\n":
            if start in inside:
                edits.append(Edit(start, end, "", ""))
        elif number in chained or start in split or gap in _ODD or (start in broken and _STRONG.issuperset(gap)):
            edits.append(Edit(start, end, "", "filler"))
        elif number in spaced:
            edits.append(Edit(start, end, "", spaced[number]))
        elif gap.isspace():
            edits.append(Edit(start, end, "", ""))
        else:
            left.append((start, end))
    if left:
        strong = {text[edit.start] for edit in edits if edit.kind} & _STRONG
        rows = {text[gaps[number][0]]: kind for number, kind in spaced.items()}
        signs = {**dict.fromkeys(strong, "filler"), **rows}
        edits += [Edit(start, end, "", signs[text[start]]) for start, end in left if text[start] in signs]
    return edits


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
    if any(gap == "\n" or (gap[0] in _NAMING and len(row) < _LONG_ROW) or gap.startswith("..") for gap in gaps_of):
        return
    loose = all(gap.isspace() for gap in gaps_of) or any(gap[0] in _LISTING for gap in gaps_of)
    if len(row) >= (_LOOSE_ROW if loose else _ROW):
        found.update(row)


def _spaced(text: str, gaps: list[tuple[int, int]], inside: set[int]) -> dict[int, str]:
    """Numbers of the gaps of one sign in a row, a few characters between each two, of which one breaks a word.

    It is a trick where the sign lists nothing, or where two words are broken. Rows of one character each are left
    to ``_chains``, names (甲·乙丙·丁) to nobody.
    """
    found: dict[int, str] = {}
    row: list[int] = []
    for number, (start, end) in enumerate(gaps):
        if text[start:end].isspace() or text[start] in _NAMING:
            continue
        if row:
            before = gaps[row[-1]]
            between = text[before[1] : start]
            same = text[start:end].strip() == text[slice(*before)].strip()
            if not same or len(between) > _APART or not _HAN_RUN.fullmatch(between):
                found.update(_broken_row(text, gaps, row, inside))
                row = []
        row.append(number)
    found.update(_broken_row(text, gaps, row, inside))
    return found


def _broken_row(text: str, gaps: list[tuple[int, int]], row: list[int], inside: set[int]) -> dict[int, str]:
    broken = sum(gaps[number][0] in inside for number in row)
    if len(row) < _LOOSE_ROW or not broken:
        return {}
    return dict.fromkeys(row, "filler" if broken > 1 or text[gaps[row[0]][0]] in _STRONG else "")


_HAN_RUN = re.compile(rf"[{H}]+")


def _inside_words(text: str, gaps: list[tuple[int, int]], singles: list[tuple[int, int]]) -> tuple[set[int], set[int]]:
    """Starts of the gaps and brackets inside a word that scams break up, and inside any word of the rules."""
    pieces: list[str] = []
    seams: list[tuple[int, int, bool]] = []
    at = length = 0
    for start, end in sorted([*gaps, *singles]):
        if start < at:
            continue
        boxed = end - start == _BOXED and text[start + 1] >= "\u3400"
        pieces += (text[at:start], text[start + 1] if boxed else "")
        length += start - at
        seams.append((start, length, boxed))
        length += boxed
        at = end
    pieces.append(text[at:])
    whole = "".join(pieces)
    listed, known = _listed_words(), _breakable_words()
    found: tuple[set[int], set[int]] = set(), set()
    for start, place, boxed in seams:
        words_here = [
            whole[first:last]
            for first in range(max(0, place - _LONGEST + 1), place + boxed)
            for last in range(max(place, first + 1) + 1, min(len(whole), first + _LONGEST) + 1)
        ]
        if not known.isdisjoint(words_here):
            found[listed.isdisjoint(words_here)].add(start)
    return found


_BOXED, _LONGEST = 3, 5
"""Characters of one in brackets; of a word that is looked for across a gap."""


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
