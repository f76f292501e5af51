"""Undoes homophones: a word of the closed list written with a character that sounds like the right one.

``data/lexicon/sounds.tsv`` holds them, made by ``tools/build_sounds.py`` from ``sounds.toml``: a spelling that honest
text may contain is not in it. What is left to see to here is that the run lies within no other word.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bot.disguise import Edit, rule_words
from bot.errors import DataError
from bot.lexicon import FOLDER, load, words

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST, _LONGEST = 2, 4
"""Characters of a listed word."""
_REACH = 3
"""A word that reaches into a run from outside has so many characters outside at most."""


class _Table(NamedTuple):
    pair: re.Pattern[str]
    """A character that stands for another beside one that is right: quick, and seldom true."""
    pairs: frozenset[str]
    runs: dict[str, str]
    """A spelling, and the word that it stands for."""
    listed: frozenset[str]
    """Scam words, which a run must not cut through."""
    known: frozenset[str]
    """Words of the rules, which the wrong character must not belong to."""


def rows() -> Iterator[tuple[str, list[str], list[str]]]:
    """Word, its syllables, and for each of its characters those that may stand for it."""
    path = FOLDER / "sounds.tsv"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"{path}: {error}; it belongs to the package, install it again") from error
    for number, line in enumerate(lines, 1):
        word, syllables, *columns = line.split("\t")
        if not len(word) == len(columns) == len(syllables.split()):
            raise DataError(f"{path}: line {number}: columns do not fit the word; run tools/build_sounds.py")
        yield word, syllables.split(), columns


@cache
def _table() -> _Table:
    runs: dict[str, str] = {}
    pairs: set[str] = set()
    false: set[str] = set()
    for word, _, columns in rows():
        for at, characters in enumerate(columns):
            false.update(characters)
            for char in characters:
                run = word[:at] + char + word[at + 1 :]
                runs.setdefault(run, word)
                pairs.add(run[max(0, at - 1) : max(0, at - 1) + 2])
    true = {char for pair in pairs for char in pair}.intersection("".join(set(runs.values())))
    one, other = "".join(sorted(false)), "".join(sorted(true))
    pattern = re.compile(f"(?=([{one}][{other}]|[{other}][{one}]))")
    listed = {*words(load("variants"), "words", of="variants"), *runs.values()}
    return _Table(pattern, frozenset(pairs), runs, frozenset(listed), rule_words())


def find_sounds(text: str) -> list[Edit]:
    """Words of the closed list with one character written by its sound."""
    table = _table()
    if table.pairs.isdisjoint(table.pair.findall(text)):
        return []
    edits: list[Edit] = []
    seen: dict[tuple[str, int, str], bool] = {}
    after = 0
    for match in table.pair.finditer(text):
        if match[1] not in table.pairs:
            continue
        at = match.start()
        for start, end in _around(at, max(after, at - _LONGEST + _SHORTEST), len(text)):
            word = table.runs.get(text[start:end])
            if word is None:
                continue
            before = max(0, start - _REACH)
            # A text of one word over and over asks the same a thousand times.
            key = text[before : end + _REACH], start - before, word
            if key not in seen:
                seen[key] = _across(text, start, end, word)
            if not seen[key]:
                edits.append(Edit(start, end, word, "homophone"))
                after = end
                break
    return edits


def _around(at: int, first: int, length: int) -> Iterator[tuple[int, int]]:
    """The runs, longest first, that hold the two characters from ``at`` on."""
    for size in range(_LONGEST, _SHORTEST - 1, -1):
        for start in range(max(first, at + _SHORTEST - size), at + 1):
            if start + size <= length:
                yield start, start + size


def _across(text: str, start: int, end: int, word: str) -> bool:
    """True where a known word begins before ``start`` or ends after ``end`` and shares a character with the run."""
    table = _table()
    wrong = next(at for at, char in enumerate(word, start) if text[at] != char)
    for first in range(max(0, start - _REACH), end):
        for last in range(max(first + _SHORTEST, start + 1), min(len(text), end + _REACH) + 1):
            if start <= first and last <= end:
                continue
            other = text[first:last]
            if other in table.listed or (first <= wrong < last and other in table.known):
                return True
    return False
