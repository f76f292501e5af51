"""Looks up institutions for a person: ``/hotline 中信``, ``/hotline 95558``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.fold import fold_word
from bot.glyphs import mostly_traditional
from bot.institutions.matcher import MAINLAND
from bot.institutions.types import SearchResult

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bot.institutions.matcher import Matcher, Word
    from bot.institutions.types import Institution, Other

_NUMBER = re.compile(r"\+?[\d\s()-]{3,24}")
_SHORTEST_LATIN = 4
"""Latin queries shorter than this match whole words only: mi, ly and red start many."""
_SHORTEST = 2


class Search:
    """The words in a form for looking up; immutable once made."""

    def __init__(
        self,
        words: Sequence[Word],
        rows: Mapping[str, Institution],
        matcher: Matcher,
        owners_of_number: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._words = {word.text: word for word in words if word.style}
        self._rows = rows
        self._matcher = matcher
        self._owners_of_number = owners_of_number
        self._order = {institution: place for place, institution in enumerate(rows)}

    def search(self, query: str, limit: int) -> SearchResult:
        """See :meth:`bot.institutions.directory.Directory.search`."""
        asked = fold_word(query.strip())
        owners = self._owners_of_number(asked) if _NUMBER.fullmatch(asked) else ()
        traditional = mostly_traditional(query)
        exact, near = self._lookup(asked)
        ids = [*owners, *self._ids(exact, traditional=traditional), *self._ids(near, traditional=traditional)]
        # Whoever asks for Hong Kong's bank in Traditional characters sees Hong Kong's first.
        rows = [self._rows[i] for i in dict.fromkeys(ids)]
        rows.sort(key=lambda row: (not row.candidates, traditional and row.region == MAINLAND and row.id not in owners))
        others = tuple(dict.fromkeys(word.other for word in (*exact, *near) if word.other is not None))
        return SearchResult(
            query=query,
            institutions=tuple(rows[:limit]),
            others=_trimmed(others, exact),
            by_number=bool(owners),
            more=max(0, len(rows) - limit),
        )

    def _lookup(self, asked: str) -> tuple[list[Word], list[Word]]:
        word = self._words.get(asked)
        exact = [word] if word else []
        if len(asked) < (_SHORTEST_LATIN if asked.isascii() else _SHORTEST):
            return exact, []
        starting = [w for text, w in self._words.items() if text != asked and text.startswith(asked)]
        holding = [w for text, w in self._words.items() if asked in text and not text.startswith(asked)]
        near = [*starting, *holding]
        if not exact and not near:
            # A whole question: 招商银行信用卡的电话是多少.
            exact = list(self._matcher.words_in(asked))
        return exact, near

    def _ids(self, words: Sequence[Word], *, traditional: bool) -> list[str]:
        found: list[str] = []
        for word in words:
            ids = word.ids
            if traditional and word.traditional:
                ids = (*word.traditional, *(i for i in ids if i not in word.traditional))
            found += ids
        return found


def _trimmed(others: tuple[Other, ...], exact: Sequence[Word]) -> tuple[Other, ...]:
    """Others of exactly that name, else a few of a similar one."""
    same = tuple(dict.fromkeys(word.other for word in exact if word.other is not None))
    return same or others[:3]
