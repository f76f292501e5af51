"""Concepts: named sets of words (``data/lexicon/concepts/*.toml``) and where they stand in a text.

A word counts only where both its ends are word boundaries of the cut text: 印刷单位 does not contain 刷单.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import ahocorasick
import msgspec

from bot.datafile import read_toml
from bot.errors import DataError
from bot.fold import fold_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from pathlib import Path


class Concept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of a concept file.

    Attributes:
        about: What the words have in common, for the next reader.
        words: Written naturally; folded at load.
        negatable: True where a negation before it (请勿点击) turns it into its opposite.
    """

    about: str
    words: tuple[str, ...]
    negatable: bool = False


class Hit(NamedTuple):
    """A word of a term at ``folded[start:end]``."""

    term: str
    start: int
    end: int
    negated: bool


@dataclass(frozen=True)
class WordIndex:
    """All words of all concepts and rules in one automaton, so that cost does not grow with their number."""

    automaton: Any
    negatable: frozenset[str]

    def scan(self, text: str, boundaries: Collection[int]) -> list[Hit]:
        """All hits in the order of their ends; negated ones are marked.

        Args:
            text: Folded text.
            boundaries: Where words may begin and end.
        """
        raw: list[tuple[int, int, tuple[str, ...]]] = []
        negations: list[tuple[int, bool]] = []
        for last, (length, terms) in self.automaton.iter(text):
            end = last + 1
            start = end - length
            if start in boundaries and end in boundaries:
                raw.append((start, end, terms))
                if _NEGATION in terms or _AVOIDANCE in terms:
                    negations.append((end, _NEGATION in terms))
        if not negations:
            return [Hit(term, start, end, negated=False) for start, end, terms in raw for term in terms]
        hits: list[Hit] = []
        for start, end, terms in raw:
            negated = _negated(text, start, negations)
            hits += [Hit(term, start, end, negated and term in self.negatable) for term in terms]
        return hits


_NEGATION = "@negation"
_AVOIDANCE = "@avoidance"
_REACH = 24
"""Characters that a negation reaches at most."""
_BREAKS = frozenset("。!;；\n?")


def _negated(text: str, start: int, negations: list[tuple[int, bool]]) -> bool:
    # Only those within reach are looked at, the nearest first: a text of nothing but negations takes no longer.
    first = bisect_left(negations, (start - _REACH, False))
    last = bisect_right(negations, (start, True))
    return any(not _breaks(text[end:start], strong=strong) for end, strong in reversed(negations[first:last]))


def _breaks(between: str, *, strong: bool) -> bool:
    """Whether a negation is over before the word: behind a sentence, or behind a comma.

    A list goes on over a comma (请勿点击,转账); "为避免冻结,请提供密码" is the opposite of a negation.
    """
    if not _BREAKS.isdisjoint(between):
        return True
    return "," in between and not (strong and between.endswith(","))


def index_words(concepts: Mapping[str, Concept], rule_words: Mapping[str, Iterable[str]]) -> WordIndex:
    """One index over the concepts (terms ``@name``) and the rules' own words (terms as given)."""
    terms: dict[str, list[str]] = {}
    for name, concept in concepts.items():
        for word in concept.words:
            terms.setdefault(fold_word(word), []).append(f"@{name}")
    for term, words in rule_words.items():
        for word in words:
            terms.setdefault(fold_word(word), []).append(term)
    automaton = ahocorasick.Automaton()
    for word, names in terms.items():
        if word:
            automaton.add_word(word, (len(word), tuple(dict.fromkeys(names))))
    automaton.make_automaton()
    return WordIndex(automaton, frozenset(f"@{name}" for name, concept in concepts.items() if concept.negatable))


def load_concepts(folder: Path) -> dict[str, Concept]:
    """Reads every ``*.toml`` of ``folder``; a concept stands in one file only.

    Raises:
        DataError: A file is no TOML, a key is unknown or missing, or a name stands twice.
    """
    concepts: dict[str, Concept] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, value in read_toml(path).items():
            if name in concepts:
                raise DataError(f"{path.name}: [{name}] stands in another file too; keep one")
            try:
                concepts[name] = msgspec.convert(value, Concept)
            except msgspec.ValidationError as error:
                raise DataError(f"{path.name}: [{name}]: {error}") from None
    return concepts


def words_of(concepts: Mapping[str, Concept]) -> Iterator[str]:
    """Every word, folded, for the tokenizer."""
    for concept in concepts.values():
        for word in concept.words:
            yield fold_word(word)
