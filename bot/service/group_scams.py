"""How many scams a group's reports tell of: near copies of one text count once.

What is near is looked for among the texts of one stretch of time alone. So the number of a week does not change with
what the weeks around it held, and a scam that comes back in another week counts in each of the two.
"""

from __future__ import annotations

import asyncio
from array import array
from collections import defaultdict
from hashlib import blake2b
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.copies import grouped
from bot.store import group_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.group_words import Said

REMEMBERED = 20_000
"""Numbers that are remembered, of some 150 bytes each."""
WORTH = 64
"""Texts from which on a number is remembered; fewer are looked at again as fast."""
_NUMBER = attrgetter("id")
_NO_BANDS = frozenset[str]()


class Scams:
    """Finds what tells of one scam. One for each process.

    The bands of a report never change. So how many scams a given set of reports tells of never changes either, and is
    remembered by that set: the weeks before last are the same each time a big group's report is made, and when
    anything about them changed (a correction, a /forget), the set is another one.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}

    async def among(self, connection: AsyncConnection, asked: Sequence[Sequence[Said]]) -> list[list[list[Said]]]:
        """The reports of each stretch of time, those of one scam together, oldest first."""
        texts = [_texts(reports) for reports in asked]
        bands = await group_words.bands_of(connection, {*chain.from_iterable(map(dict.values, texts))})
        # Python's work on a big group, done beside the event loop, which has others' messages to answer.
        found = await asyncio.to_thread(lambda: [grouped(_with_bands(one, bands)) for one in texts])
        for one, groups in zip(texts, found, strict=True):
            self._remember(one, len(groups))
        return [_by_scam(reports, groups) for reports, groups in zip(asked, found, strict=True)]

    async def count(self, connection: AsyncConnection, asked: Sequence[Sequence[Said]]) -> list[int]:
        """Only how many scams there are in each stretch of time."""
        texts = [_texts(reports) for reports in asked]
        known = [self._known.get(_key(one)) for one in texts]
        unknown = [reports for reports, number in zip(asked, known, strict=True) if number is None]
        counted = iter([len(scams) for scams in await self.among(connection, unknown)] if unknown else ())
        return [next(counted) if number is None else number for number in known]

    def _remember(self, texts: Mapping[str, int], number: int) -> None:
        if len(texts) >= WORTH:
            self._known[_key(texts)] = number
            if len(self._known) > REMEMBERED:
                del self._known[next(iter(self._known))]


def _texts(reports: Sequence[Said]) -> dict[str, int]:
    """The last report of each text, by fingerprint; copies of one fingerprint have the same bands."""
    return {said.fingerprint: said.id for said in reports}


def _key(texts: Mapping[str, int]) -> bytes:
    return blake2b(array("q", sorted(texts.values())).tobytes(), digest_size=16).digest()


def _with_bands(texts: Mapping[str, int], bands: Mapping[int, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {fingerprint: bands.get(number, _NO_BANDS) for fingerprint, number in texts.items()}


def _by_scam(reports: Sequence[Said], groups: Sequence[Sequence[str]]) -> list[list[Said]]:
    of_text: dict[str, list[Said]] = defaultdict(list)
    for said in reports:
        of_text[said.fingerprint].append(said)
    return [sorted(chain.from_iterable(map(of_text.__getitem__, group)), key=_NUMBER) for group in groups]
