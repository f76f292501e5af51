"""Cuts folded text with a private jieba tokenizer and says where words begin and end.

The tokenizer never reads or writes jieba's cache file: the default one lies in the shared temp directory and is
loaded unchecked. HMM is off: it guesses names, is slower, and makes a verdict depend on neighbours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import jieba

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from bot.model import Span

PLACEHOLDER = "\ue000"
"""Stands in for every character of a link or number while cutting, so that offsets stay true."""


class Reading(NamedTuple):
    """Text cut into words.

    Attributes:
        tokens: In order; joined they are the text with links and numbers masked.
        boundaries: Offsets at which a word may begin or end, 0 and the length included.
    """

    tokens: list[str]
    boundaries: frozenset[int]


class Cutter:
    """A private tokenizer that knows the given words besides jieba's own dictionary."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._jieba: Any = jieba.Tokenizer()
        # What Tokenizer.initialize() does, without its cache file and its log lines.
        self._jieba.FREQ, self._jieba.total = self._jieba.gen_pfdict(self._jieba.get_dict_file())
        self._jieba.initialized = True
        self._inner: dict[str, tuple[int, ...]] = {}
        for word in sorted({w for w in words if len(w) > 1}):
            self._register(word)

    def _register(self, word: str) -> None:
        pieces: list[str] = self._jieba.lcut(word, HMM=False)
        if len(pieces) > 1:
            self._inner[word] = _starts(pieces)
            # Just likely enough to win against its own pieces, so that it does not steal from its neighbours.
            self._jieba.add_word(word, max(self._jieba.suggest_freq(word), 1))

    def cut(self, text: str) -> list[str]:
        """The tokens of ``text``; joined they are ``text``."""
        tokens: list[str] = self._jieba.lcut(text, HMM=False)
        return tokens

    def read(self, text: str, masked: Iterable[Span] = ()) -> Reading:
        """Cuts ``text`` once for all who need its words.

        Args:
            text: Folded text.
            masked: Spans of ``text`` (links, numbers) whose inside is no place for words.
        """
        spans = list(masked)
        tokens = self.cut(mask(text, spans) if spans else text)
        found = {0, len(text)}
        known, add = self._inner.get, found.add
        at = 0
        for token in tokens:
            size = len(token)
            if size > 1:
                inner = known(token)
                if inner is None and size >= _LONG:
                    inner = self._split_long(token)
                if inner:
                    for offset in inner:
                        add(at + offset)
            at += size
            add(at)
        for start, end in spans:
            found.difference_update(range(start + 1, end))
        return Reading(tokens, frozenset(found))

    def boundaries(self, text: str, masked: Iterable[Span] = ()) -> frozenset[int]:
        """The boundaries of :meth:`read` alone."""
        return self.read(text, masked).boundaries

    def _split_long(self, token: str) -> tuple[int, ...]:
        """Inner boundaries of a long dictionary word made of two shorter ones (人民法院 → 人民|法院)."""
        if not _is_han(token):
            return ()
        cached = self._inner.get(token)
        if cached is None:
            freq = self._jieba.FREQ
            cached = tuple(
                cut for cut in range(2, len(token) - 1) if freq.get(token[:cut], 0) and freq.get(token[cut:], 0)
            )
            if len(self._inner) < _CACHE_LIMIT:
                self._inner[token] = cached
        return cached


_LONG = 4
_CACHE_LIMIT = 200_000


def mask(text: str, spans: Collection[Span]) -> str:
    """``text`` with every character of the spans replaced by :data:`PLACEHOLDER`."""
    parts: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        first = max(start, at)
        parts.append(text[at:first])
        parts.append(PLACEHOLDER * (end - first))
        at = end
    parts.append(text[at:])
    return "".join(parts)


def _starts(pieces: Sequence[str]) -> tuple[int, ...]:
    offsets: list[int] = []
    at = 0
    for piece in pieces[:-1]:
        at += len(piece)
        offsets.append(at)
    return tuple(offsets)


def _is_han(token: str) -> bool:
    return "\u4e00" <= token[0] <= "\u9fff"
