"""Makes ``data/lexicon/sounds.tsv``: which characters may stand for which in the words of ``sounds.toml``, by sound.

Run: ``pip install pypinyin`` (MIT; not needed by the bot), then ``python tools/build_sounds.py``.

A row is a word, its syllables, and for each of its characters those of the same sound that may replace it. A
replacement is left out where the resulting run is honest text: where it is, or is in, a word of jieba's dictionary,
or where chance puts it across the border of two words more than ``MOST`` times in as many words as the dictionary
was counted on (60 million). The chance is the product of how often words end so and begin so. Words of three
characters and more are stricter: 验证吗 holds a word that SMS use far more often than the dictionary knows.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any

import jieba

from bot.glyphs import TABLE
from bot.lexicon import FOLDER, load, words

if TYPE_CHECKING:
    from collections.abc import Iterator

OUT = FOLDER / "sounds.tsv"
MOST, MOST_LONG = 2, 0.05
LONGEST = 4
_SHORT = 2
_HAN = range(0x4E00, 0x9FA6)
_NEAR = ((r"^([zcs])h", r"\1"), (r"^n(?=[aeiouv])", "l"), (r"([ie])ng$", r"\1n"))


def main() -> int:
    """Writes the table."""
    pypinyin: Any = import_module("pypinyin")
    readings: dict[int, str] = import_module("pypinyin.pinyin_dict").pinyin_dict
    table = load("sounds")
    listed, never = words(table, "words", of="sounds"), set(words(table, "never", of="sounds"))
    by_sound: dict[str, list[str]] = {}
    for code in _HAN:
        char = chr(code)
        if TABLE[char] == char and code in readings:
            by_sound.setdefault(near(plain(readings[code].split(",")[0])), []).append(char)
    honest = Honest()
    lines = []
    count = 0
    for word in listed:
        syllables = [plain(one) for one in pypinyin.lazy_pinyin(word)]
        columns = []
        for at, syllable in enumerate(syllables):
            written = ((char, word[:at] + char + word[at + 1 :]) for char in by_sound[near(syllable)])
            columns.append("".join(c for c, run in written if run != word and run not in never and not honest(run)))
        count += sum(map(len, columns))
        lines.append("\t".join((word, " ".join(syllables), *columns)))
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUT}: {len(listed)} words, {count} spellings, {OUT.stat().st_size} bytes")
    return 0


def plain(reading: str) -> str:
    """A syllable without its tone; ü as v."""
    parts = unicodedata.normalize("NFD", reading).replace("u\u0308", "v")
    return "".join(part for part in parts if part.isascii())


def near(syllable: str) -> str:
    """The syllable as people hear it who do not tell zh from z, n from l, ing from in."""
    for pattern, new in _NEAR:
        syllable = re.sub(pattern, new, syllable)
    return syllable


class Honest:
    """Says whether a run of characters is to be expected in honest text, by jieba's dictionary."""

    def __init__(self) -> None:
        self.begins: Counter[str] = Counter()
        self.ends: Counter[str] = Counter()
        self.inside: Counter[str] = Counter()
        self.words: Counter[str] = Counter()
        for word, often in _dictionary():
            self.words[word] += often
            for size in range(1, min(LONGEST, len(word)) + 1):
                self.begins[word[:size]] += often
                self.ends[word[-size:]] += often
            for size in range(2, min(LONGEST, len(word)) + 1):
                for at in range(len(word) - size + 1):
                    self.inside[word[at : at + size]] += often
        self.total = sum(self.words.values())

    def __call__(self, run: str) -> bool:
        """True where ``run`` is a word, is in one, or turns up between words."""
        return run in self.inside or self.expected(run) > (MOST_LONG if len(run) > _SHORT else MOST)

    def expected(self, run: str) -> float:
        """How often chance puts ``run`` together from words, in as many words as were counted."""
        return sum(self.ends[run[:cut]] * self._rest(run[cut:]) / self.total for cut in range(1, len(run)))

    def _rest(self, run: str) -> float:
        whole: float = self.begins[run]
        return whole + sum(self.words[run[:cut]] * self._rest(run[cut:]) / self.total for cut in range(1, len(run)))


def _dictionary() -> Iterator[tuple[str, int]]:
    with jieba.get_module_res("dict.txt") as file:
        for line in file:
            word, often, *_ = line.decode().split(" ")
            yield "".join(map(TABLE.__getitem__, word)), int(often)


if __name__ == "__main__":
    sys.exit(main())
