"""Which of many texts are near copies of one another, by the bands that they share (:mod:`bot.likeness`).

Pure, and made for thousands of texts at a time. Near copies mostly share many bands, so each text is first compared
with the founders of the groups so far. What that overlooks has bands that more than one group holds; only such bands
are then looked at closely.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from bot.likeness import AT_LEAST

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

T = TypeVar("T", bound="Hashable")
B = TypeVar("B", bound="Hashable")


def grouped(texts: Mapping[T, frozenset[B]]) -> list[list[T]]:
    """Texts with their bands, in groups: two that share enough bands are together, and so are all that a chain joins.

    Returns:
        The groups in the order of their first text, and the texts of each in the given order.
    """
    names, bands = [*texts], [*texts.values()]
    leaders = [*range(len(names))]
    _join_founders(bands, leaders)
    _join_overlooked(bands, leaders)
    found: dict[int, list[T]] = defaultdict(list)
    for at, name in enumerate(names):
        found[_leader(leaders, at)].append(name)
    return [*found.values()]


def _join_founders(bands: Sequence[frozenset[B]], leaders: list[int]) -> None:
    """Join each text with an earlier one that is near and stands for its bands; where there is none it does itself."""
    founders: dict[B, int] = {}
    for at, own in enumerate(bands):
        for band in own:
            founder = founders.get(band)
            if founder is not None and len(own & bands[founder]) >= AT_LEAST:
                leaders[at] = _leader(leaders, founder)
                break
        else:
            founders.update(dict.fromkeys(own, at))


def _join_overlooked(bands: Sequence[frozenset[B]], leaders: list[int]) -> None:
    """Join what shares enough of the bands that more than one group holds: all that is still to be joined does."""
    held: dict[int, set[B]] = defaultdict(set)
    for at, own in enumerate(bands):
        held[_leader(leaders, at)].update(own)
    split = _repeated(chain.from_iterable(held.values()))
    firsts: dict[frozenset[B], int] = {}
    for at, own in enumerate(bands):
        shared = own & split
        if len(shared) >= AT_LEAST:
            _join(leaders, at, firsts.setdefault(shared, at))
    # A number for each set of bands, and a bit for each number: all that hold two of a set's bands in a few steps.
    holders: dict[B, int] = {}
    groups: list[tuple[int, int]] = []
    for number, (shared, at) in enumerate(firsts.items()):
        new = 1 << number
        once = near = 0
        for band in shared:
            others = holders.get(band, 0)
            near |= once & others
            once |= others
            holders[band] = others | new
        apart = []
        for group, member in groups:
            if group & near:
                new |= group
                _join(leaders, at, member)
            else:
                apart.append((group, member))
        groups = [*apart, (new, at)]


def _repeated(bands: Iterable[B]) -> set[B]:
    seen: set[B] = set()
    return {band for band in bands if band in seen or seen.add(band)}  # type: ignore[func-returns-value]


def _leader(leaders: list[int], at: int) -> int:
    """The text that stands for the group, never one after ``at``."""
    while leaders[at] != at:
        leaders[at] = at = leaders[leaders[at]]
    return at


def _join(leaders: list[int], one: int, other: int) -> None:
    one, other = _leader(leaders, one), _leader(leaders, other)
    leaders[max(one, other)] = min(one, other)
