"""The directory of institutions: who is named in a text, and which numbers may be printed for them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.errors import DataError
from bot.institutions.build import read_parts
from bot.institutions.cues import Cues
from bot.institutions.matcher import Matcher
from bot.institutions.search import Search
from bot.model import Hotline
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from bot.institutions.build import Parts
    from bot.institutions.types import Institution, Kind, Line, Mention, SearchResult

_SEPARATORS = re.compile(r"[\s()\-./]")
_CARD = "信用卡"
_NEVER_SENDS = re.compile(r"[48]00\d{7}")
"""400 and 800 numbers can only be called, so as a sender they prove nothing."""


class Directory:
    """All institutions. Immutable; load once and share."""

    __slots__ = ("_hosts", "_matcher", "_numbers", "_rows", "_said", "_search", "_senders", "_words", "kinds")

    def __init__(self, parts: Parts) -> None:
        self._rows = dict(parts.rows)
        self._said: dict[tuple[tuple[str, ...], bool], tuple[Hotline, ...]] = {}
        self.kinds: tuple[Kind, ...] = parts.kinds
        self._words = tuple(word.text for word in parts.words if word.style != "search")
        self._matcher = Matcher(parts.words, Cues(parts.stop), self._rows, parts.abroad)
        self._hosts = _index((d, row.id) for row in self for d in (*row.domains, *row.unproven_domains))
        self._numbers = _index(
            (form, row.id)
            for row in self
            for number in (*(line.number for line in row.lines), *row.senders)
            for form in (number, number.removeprefix("+"))
        )
        self._senders = _index(
            (number, row.id)
            for row in self
            for number in (*row.senders, *(line.number for line in row.lines))
            if not _NEVER_SENDS.fullmatch(number)
        )
        self._search = Search(parts.words, self._rows, self._matcher, self.owners_of_number)

    @classmethod
    def load(cls, folder: Path = DATA / "institutions", overlay: Path | None = None) -> Directory:
        """Reads the data files, and a local overlay file where one is given.

        Raises:
            DataError: A file is malformed or the files disagree; names file, place and mend.
        """
        return cls(read_parts(folder, overlay))

    def __iter__(self) -> Iterator[Institution]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, institution: object) -> bool:
        return institution in self._rows

    def get(self, institution: str) -> Institution:
        """The row with that id.

        Raises:
            DataError: There is none.
        """
        try:
            return self._rows[institution]
        except KeyError:
            raise DataError(f"data/institutions: id {institution}: no such row; mend the id") from None

    def words(self) -> tuple[str, ...]:
        """Folded words for a tokenizer, so that names come out in one piece; stop words too."""
        return self._words

    def mentions(
        self,
        text: str,
        boundaries: Collection[int] | None = None,
        *,
        traditional: bool = False,
        region: str | None = None,
    ) -> tuple[Mention, ...]:
        """The institutions named in ``text``, in its order, never overlapping.

        Short and everyday words are reported only where a sender names itself (:class:`Place`), so every mention
        that comes back counts. One without ``institutions`` is a body that has no number here: print none for it.

        Args:
            text: Folded text.
            boundaries: Offsets at which words begin or end; a name must begin and end at one.
            traditional: True where the original was in Traditional characters, which folding hides.
            region: ``CN``, ``HK``, ``TW`` … where known; settles whom a shared name means.
        """
        return self._matcher.mentions(text, boundaries, traditional=traditional, region=region)

    def hotlines(self, institution_ids: Sequence[str], *, credit_card: bool = False) -> tuple[Hotline, ...]:
        """Numbers to call: all of one institution, or one of each candidate for an ambiguous name.

        Args:
            institution_ids: As in :attr:`Mention.institutions`.
            credit_card: True where the text is about a credit card: the card centre's numbers then.
        """
        key = (tuple(institution_ids), credit_card)
        said = self._said.get(key)
        if said is None:
            said = self._said[key] = self._hotlines(key[0], credit_card=credit_card)
        return said

    def _hotlines(self, institution_ids: Sequence[str], *, credit_card: bool) -> tuple[Hotline, ...]:
        rows = [self.get(i) for i in dict.fromkeys(institution_ids)]
        if credit_card:
            cards = [self.get(row.card_center) for row in rows if row.card_center]
            rows = cards or rows
        ambiguous = len(rows) > 1 or any(row.candidates for row in rows)
        rows = list(
            {r.id: r for row in rows for r in (map(self.get, row.candidates) if row.candidates else (row,))}.values()
        )
        found: dict[str, Hotline] = {}
        for row in rows:
            lines = _card_first(row.callable_lines) if credit_card else row.callable_lines
            for line in lines[:1] if ambiguous else lines:
                found.setdefault(line.number, Hotline(row.name, line.number, line.purpose, row.id))
        return tuple(found.values())

    def owners_of_host(self, host: str) -> tuple[str, ...]:
        """Ids of the rows with a domain that ``host`` equals or stands below, unproven domains included."""
        labels = host.lower().rstrip(".").split(".")
        found: list[str] = []
        for first in range(len(labels)):
            found += self._hosts.get(".".join(labels[first:]), ())
        return tuple(dict.fromkeys(found))

    def owners_of_number(self, digits: str) -> tuple[str, ...]:
        """Ids of the rows that list exactly this number, as a hotline or a sender."""
        return self._numbers.get(_plain(digits), ())

    def official_sender(self, sender: str) -> tuple[str, ...]:
        """Ids of the rows that send SMS from this number. Never proof: a display can be forged."""
        return self._senders.get(_plain(sender), ())

    def search(self, query: str, limit: int = 10) -> SearchResult:
        """Looks up a name, part of one, or a number; ambiguous rows first."""
        return self._search.search(query, limit)

    def by_kind(self, kind: str) -> tuple[Institution, ...]:
        """The main institutions of a kind, for buttons.

        Raises:
            DataError: There is no such kind.
        """
        for entry in self.kinds:
            if entry.id == kind:
                return tuple(row for row in map(self.get, entry.main) if row.callable_lines)
        raise DataError(f"data/institutions/kinds.toml: kind {kind}: no such kind; add it")


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    table: dict[str, dict[str, None]] = {}
    for key, institution in pairs:
        table.setdefault(key, {})[institution] = None
    return {key: tuple(ids) for key, ids in table.items()}


def _plain(number: str) -> str:
    """Without separators and without the mainland's own country code."""
    compact = _SEPARATORS.sub("", number)
    for prefix in ("+86", "0086"):
        compact = compact.removeprefix(prefix)
    return compact


def _card_first(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: _CARD not in line.purpose))
