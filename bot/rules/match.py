"""Matches compiled signs on what was found in one SMS.

What occurs is a set of bits, one a term; most signs are dismissed by one ``&``. Cost grows with the length of the
text and hardly with the number of rules.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from bot.errors import DataError
from bot.rules.schema import RuleFile, Sign, alternatives, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class Place(NamedTuple):
    """Where a term occurs in the folded text; (-1, -1) for a feature without a place."""

    start: int
    end: int


NOWHERE = Place(-1, -1)


@dataclass(frozen=True, slots=True)
class Found:
    """All terms of one SMS with their places."""

    places: Mapping[str, Sequence[Place]]

    def __contains__(self, term: str) -> bool:
        return term in self.places


@dataclass(frozen=True, slots=True)
class CompiledSign:
    """A sign with its terms as bit masks."""

    id: str
    group: str
    sign: Sign
    category: str | None
    needs: tuple[int, ...]
    bans: int
    entries: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A sign that fired; ``place`` is what the reader is shown."""

    sign: CompiledSign
    place: Place


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A sign that all but fired: an entry is ``missing``, a ``banned`` term kept it out, or its words stand apart."""

    sign: CompiledSign
    missing: str = ""
    banned: tuple[str, ...] = ()


class RuleSet:
    """All signs of all files, ready to match."""

    def __init__(
        self,
        files: Mapping[str, RuleFile],
        known_terms: Iterable[str],
        groups: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        """Compiles ``files`` (name without ending → file).

        Args:
            files: The rule files.
            known_terms: Every concept and feature.
            groups: ``$name`` → the terms that it stands for.

        Raises:
            DataError: A sign or group names a concept, feature or group that does not exist.
        """
        known = set(known_terms)
        self._groups = {f"${name}": tuple(terms) for name, terms in (groups or {}).items()}
        for name, terms in self._groups.items():
            for term in terms:
                if term not in known:
                    raise DataError(f"groups.toml: {name[1:]}: {term!r} does not exist; see docs/rules.md for the list")
        known |= self._groups.keys()
        self._bits: dict[str, int] = {}
        self.signs: list[CompiledSign] = []
        for name, file in files.items():
            known_here = known | {f"{name}:{key}" for key in file.words}
            for sign in file.sign:
                for term in terms_of(sign):
                    if _full(name, term) not in known_here:
                        raise DataError(
                            f"{name}.toml: sign {sign.id!r}: {term!r} does not exist; see docs/rules.md for the list"
                        )
                self.signs.append(self._compile(name, file, sign))
        self._by_trigger: dict[int, list[CompiledSign]] = defaultdict(list)
        for compiled in self.signs:
            # Filed under the terms of its most telling entry: a sign is looked at only when one of them occurs.
            mask = compiled.needs[min(range(len(compiled.entries)), key=lambda i: _breadth(compiled.entries[i]))]
            while mask:
                low = mask & -mask
                self._by_trigger[low].append(compiled)
                mask ^= low

    def _compile(self, name: str, file: RuleFile, sign: Sign) -> CompiledSign:
        entries = tuple(self._expand(name, entry) for entry in sign.all)
        banned = [term for entry in sign.none for term in self._expand(name, entry)]
        return CompiledSign(
            id=f"{name}/{sign.id}",
            group=name,
            sign=sign,
            category=sign.category or file.category,
            needs=tuple(self._mask(entry) for entry in entries),
            bans=self._mask(banned),
            entries=entries,
        )

    def _expand(self, name: str, entry: str) -> tuple[str, ...]:
        terms: list[str] = []
        for term in alternatives(entry):
            terms.extend(self._groups.get(term, (_full(name, term),)))
        return tuple(terms)

    def _mask(self, terms: Iterable[str]) -> int:
        mask = 0
        for term in terms:
            mask |= self._bits.setdefault(term, 1 << len(self._bits))
        return mask

    def near_misses(self, places: Mapping[str, Sequence[Place]]) -> list[NearMiss]:
        """The signs that lack one entry, or were kept out by a term or by distance; for explaining only."""
        present = 0
        for term in places:
            present |= self._bits.get(term, 0)
        misses: list[NearMiss] = []
        for compiled in self.signs:
            lacking = [i for i, need in enumerate(compiled.needs) if not need & present]
            banned = tuple(t for t in places if self._bits.get(t, 0) & compiled.bans)
            if len(lacking) == 1 and len(compiled.needs) > 1 and not banned:
                misses.append(NearMiss(compiled, missing=compiled.sign.all[lacking[0]]))
            elif not lacking and banned:
                misses.append(NearMiss(compiled, banned=banned))
            elif not lacking and _place(compiled, Found(places)) is None:
                misses.append(NearMiss(compiled))
        return misses

    def match(self, found: Found) -> list[Match]:
        """The signs that fire, in the order of the files."""
        present = 0
        bits = self._bits
        for term in found.places:
            present |= bits.get(term, 0)
        candidates: dict[int, CompiledSign] = {}
        mask = present
        while mask:
            low = mask & -mask
            for compiled in self._by_trigger.get(low, ()):
                candidates[id(compiled)] = compiled
            mask ^= low
        matches: list[Match] = []
        for compiled in candidates.values():
            if compiled.bans & present:
                continue
            for need in compiled.needs:
                if not need & present:
                    break
            else:
                place = _place(compiled, found)
                if place is not None:
                    matches.append(Match(compiled, place))
        return matches


def _breadth(entry: Sequence[str]) -> tuple[int, int]:
    """How often an entry is likely to occur: a file's own words seldom, concepts and features of all SMS often."""
    return sum(term[0] in "@#" for term in entry), len(entry)


def _full(name: str, term: str) -> str:
    return term if term[:1] in "@#$" else f"{name}:{term}"


def _place(compiled: CompiledSign, found: Found) -> Place | None:
    """What to show the reader, or None where the entries do not stand near each other."""
    sign = compiled.sign
    options = [[p for term in entry for p in found.places.get(term, ())] for entry in compiled.entries]
    if sign.near is not None:
        hull = _tightest(options, sign.near, ordered=sign.ordered)
        if hull is None:
            return None
        if sign.quote == -1:
            return hull
        inside = [p for p in options[sign.quote] if hull.start <= p.start and p.end <= hull.end]
        return inside[0] if inside else hull
    if sign.quote == -1:
        placed = [min(o) for o in (_placed(o) for o in options) if o]
        if not placed:
            return NOWHERE
        return Place(min(p.start for p in placed), max(p.end for p in placed))
    quoted = _placed(options[sign.quote])
    return quoted[0] if quoted else NOWHERE


def _placed(places: Iterable[Place]) -> list[Place]:
    return [p for p in places if p.start >= 0]


def _tightest(options: list[list[Place]], reach: int, *, ordered: bool = False) -> Place | None:
    """The shortest stretch of at most ``reach`` characters that holds one place of every placed entry."""
    placed = [(i, p) for i, places in enumerate(options) for p in places if p.start >= 0]
    wanted = sorted({i for i, _ in placed})
    if not wanted:
        return NOWHERE
    placed.sort(key=lambda item: item[1])
    best: Place | None = None
    if ordered:
        for at, (entry, first) in enumerate(placed):
            end = _reach_in_order(islice(placed, at, None), wanted, first.start + reach) if entry == wanted[0] else None
            if end is not None and (best is None or end - first.start < best.end - best.start):
                best = Place(first.start, end)
        return best
    # From the right: for each entry the nearest end of a place that begins here or later.
    ends: dict[int, int] = {}
    for entry, first in reversed(placed):
        ends[entry] = min(first.end, ends.get(entry, first.end))
        length = max(ends.values()) - first.start
        if len(ends) == len(wanted) and length <= (reach if best is None else best.end - best.start):
            best = Place(first.start, first.start + length)
    return best


def _reach_in_order(placed: Iterable[tuple[int, Place]], wanted: list[int], limit: int) -> int | None:
    """Where the stretch ends that holds every wanted entry in their order, or None if that is beyond ``limit``."""
    ends: list[int] = []
    for entry, place in placed:
        if place.start > limit or len(ends) == len(wanted):
            break
        if entry == wanted[len(ends)] and place.end <= limit:
            ends.append(place.end)
    return max(ends) if len(ends) == len(wanted) else None
