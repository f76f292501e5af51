"""Finds names in a text in one pass, whatever their number: an Aho-Corasick automaton, longest match first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ahocorasick

from bot.institutions.cues import Cues, find_brackets
from bot.institutions.types import Mention, Other, Place, Scope

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from bot.institutions.types import Institution

MAINLAND = "CN"
_INSIDE_ADDRESS = "@/_=-"
"""Beside a Latin name these mean a link or an e-mail address."""


@dataclass(frozen=True, slots=True)
class Word:
    """A folded word of the automaton.

    Attributes:
        text: The folded word.
        style: ``anywhere``, ``claim``, ``sign``, ``office`` or ``search``; empty for a stop word.
        ids: Whom it may mean.
        simplified: Whom it means in Simplified text.
        traditional: Whom it means in Traditional text; None = worked out from ``ids``.
        printed: False where a mention must yield no institution.
        other: The known other that it means.
    """

    text: str
    style: str
    ids: tuple[str, ...] = ()
    simplified: tuple[str, ...] | None = None
    traditional: tuple[str, ...] | None = None
    printed: bool = True
    other: Other | None = None

    @property
    def scope(self) -> Scope:
        """The scope as told to the outside."""
        if self.style in ("anywhere", "search"):
            return Scope(self.style)
        return Scope.CLAIM


class Matcher:
    """Knows all words; immutable once made."""

    def __init__(
        self, words: Iterable[Word], cues: Cues, rows: Mapping[str, Institution], abroad: frozenset[str]
    ) -> None:
        self._cues = cues
        self._rows = rows
        self._abroad = abroad
        self._texts: Any = ahocorasick.Automaton()
        self._all: Any = ahocorasick.Automaton()
        for word in words:
            latin_start, latin_end = _latin(word.text[0]), _latin(word.text[-1])
            entry = (word, len(word.text), latin_start, latin_end)
            self._all.add_word(word.text, entry)
            if word.style != "search":
                self._texts.add_word(word.text, entry)
        self._texts.make_automaton()
        self._all.make_automaton()

    def mentions(
        self, text: str, boundaries: Collection[int] | None, *, traditional: bool, region: str | None
    ) -> tuple[Mention, ...]:
        """See :meth:`bot.institutions.directory.Directory.mentions`."""
        hits = _longest(self._texts, text, boundaries)
        if not hits:
            return ()
        brackets = find_brackets(text)
        found = []
        for start, word in hits:
            end = start + len(word.text)
            if not word.style or self._cues.other_body(text, end, short=word.style != "anywhere"):
                continue
            place = self._cues.place(text, start, end, brackets, style=word.style)
            if place is Place.TEXT and word.style != "anywhere":
                continue
            found.append(self._mention(word, start, place, traditional=traditional, region=region))
        return tuple(found)

    def words_in(self, query: str) -> tuple[Word, ...]:
        """The words that a query holds, whatever their scope, longest first from the left."""
        return tuple(word for _, word in _longest(self._all, query, None) if word.style)

    def _mention(self, word: Word, start: int, place: Place, *, traditional: bool, region: str | None) -> Mention:
        ids = self.meant(word, traditional=traditional, region=region) if word.printed else ()
        if word.other is not None:
            kind, home = word.other.kind, word.other.region
        else:
            row = self._rows[(ids or word.ids)[0]]
            kind = row.kind
            # A mainland name in another place's text is a namesake of unknown home.
            home = row.region if ids or not word.printed else (region or "")
        return Mention(
            start=start,
            end=start + len(word.text),
            alias=word.text,
            scope=word.scope,
            institutions=ids,
            kind=kind,
            region=home,
            place=place,
            other=word.other.name if word.other else "",
        )

    def meant(self, word: Word, *, traditional: bool, region: str | None) -> tuple[str, ...]:
        """Whom ``word`` means in a text of that script and region.

        Folding loses the script, so that 電信 and 電信's Taiwanese namesakes look like 10000's. Outside the mainland
        only long names that nobody else bears there keep their mainland row.
        """
        home = region or ("" if traditional else MAINLAND)
        if home == MAINLAND:
            return word.ids if word.simplified is None else word.simplified
        if not region and word.traditional is not None:
            return word.traditional
        ids = word.ids if word.traditional is None else word.traditional
        return tuple(i for i in ids if self._fits(i, word, region))

    def _fits(self, institution: str, word: Word, region: str | None) -> bool:
        row_region = self._rows[institution].region
        if row_region == MAINLAND:
            return word.style == "anywhere" and len(word.ids) == 1 and institution not in self._abroad
        return not region or row_region == region


def _longest(automaton: Any, text: str, boundaries: Collection[int] | None) -> list[tuple[int, Word]]:  # noqa: ANN401 - a C type
    """Matches that do not overlap, leftmost first, longest first among those."""
    hits: list[tuple[int, int, Word]] = []
    for last, (word, length, latin_start, latin_end) in automaton.iter(text):
        end = last + 1
        start = end - length
        if boundaries is not None and word.style and (start not in boundaries or end not in boundaries):
            continue
        if latin_start and start and _glued(text, start - 1, -1):
            continue
        if latin_end and end < len(text) and _glued(text, end, 1):
            continue
        hits.append((start, -length, word))
    if len(hits) < 2:  # noqa: PLR2004 - nothing to choose between
        return [(start, word) for start, _, word in hits]
    hits.sort(key=_order)
    chosen: list[tuple[int, Word]] = []
    free = 0
    for start, minus, word in hits:
        if start >= free:
            chosen.append((start, word))
            free = start - minus
    return chosen


def _order(hit: tuple[int, int, Word]) -> tuple[int, int]:
    return hit[0], hit[1]


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _glued(text: str, at: int, step: int) -> bool:
    """True where the neighbour at ``at`` makes a Latin name part of a longer one, of a link or an address."""
    char = text[at]
    if _latin(char) or char in _INSIDE_ADDRESS:
        return True
    beyond = at + step
    return char == "." and 0 <= beyond < len(text) and _latin(text[beyond])
