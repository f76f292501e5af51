"""What copies of a scam that several people got have in common.

Reported texts are redacted, and redaction can overlook a name. So only that is shown which at least three copies from
different people say, word for word and in one order: what stands in fewer copies cannot be in it. A Han character is
one word here, and so is whatever may name somebody or lead somewhere: a number, an address, a mask. All else is a gap.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from bot.neutralise import neutralise

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

COPIES = 3
"""Copies that must say a thing."""
MOST_COPIES, MOST_WORDS = 10, 600
"""Copies looked at, the first that are given, and words of each: an SMS of ten parts has no more."""
RUN = 4
"""Words in a row that copies must share: fewer are the same by chance, such as one surname of three people."""
SUBSTANCE = 12
"""Han characters below which a wording says too little."""
LONGEST = 200
"""Characters of a wording; an SMS of three parts has no more."""
GAP = "…"

_HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff"
_APART = "，。；！？、：“”‘’（）【】《》,;!?…"
_WORD = re.compile(rf"[{_HAN}]|\[[^\[\]\s]{{1,6}}\]|(?:[^\s\[\]{_HAN}{_APART}]|\[[.:]\])+…?|\S")
_NUMBER = re.compile(r"\d(?:[^\w…*]*\d){4,}")
"""Whatever redaction left of numbers without a mask: an institution's own, but who shows it says it can be called."""
_EDGE = "，。；！？、：,;!? "

Place = tuple[int, ...]
"""Where a thing begins in each of some texts, in words."""


def common_wording(texts: Sequence[str]) -> str | None:
    """The wording that all of these texts share, or else the three that are most alike, with gaps; None without one.

    Args:
        texts: Redacted copies of one scam, each from somebody else.

    Returns:
        One line of at most some 200 characters, with nothing to tap and no number.
    """
    copies = [_WORD.findall(text)[:MOST_WORDS] for text in texts[:MOST_COPIES]]
    if len(copies) < COPIES:
        return None
    places = [_places(copy) for copy in copies]
    # What all say names nobody even more surely than what three say.
    for chosen in (range(len(copies)), _most_alike(places)):
        runs = common_runs([copies[at] for at in chosen], [places[at] for at in chosen])
        if sum(_is_han(word) is not None for run in runs for word in run) >= SUBSTANCE:
            return _shown(runs)
    return None


def common_runs(
    texts: Sequence[Sequence[str]], places: Sequence[Mapping[tuple[str, ...], int]] | None = None
) -> list[list[str]]:
    """Runs of words that stand in all of the texts in this order, none over another; not always the most there are."""
    places = places or [_places(text) for text in texts]
    shared = set.intersection(*(set(found) for found in places))
    chain = sorted(tuple(found[run] for found in places) for run in shared)
    for at in range(1, len(texts)):
        chain = _rising(chain, at)
    return [list(texts[0][place[0] : place[0] + length]) for place, length in _joined(chain)]


_is_han = re.compile(f"[{_HAN}]").fullmatch


def _places(text: Sequence[str]) -> dict[tuple[str, ...], int]:
    """Where each run of a few words stands that stands there once."""
    found: dict[tuple[str, ...], int] = {}
    twice = set()
    for at, run in enumerate(zip(*(text[start:] for start in range(RUN)), strict=False)):
        if found.setdefault(run, at) != at:
            twice.add(run)
    return {run: at for run, at in found.items() if run not in twice}


def _most_alike(places: Sequence[Mapping[tuple[str, ...], int]]) -> tuple[int, ...]:
    """The three that share most; of equals the first."""
    sets = [set(found) for found in places]

    def shared(some: tuple[int, ...]) -> int:
        return len(set.intersection(*(sets[at] for at in some)))

    return max(combinations(range(len(sets)), COPIES), key=shared)


def _rising(chain: Iterable[Place], at: int) -> list[Place]:
    """As many of the places as can be kept so that they also follow one another in the text ``at``."""
    ends: list[int] = []
    last: list[int] = []
    taken: list[tuple[Place, int]] = []
    for number, place in enumerate(chain):
        length = bisect_left(ends, place[at])
        before = last[length - 1] if length else -1
        taken.append((place, before))
        ends[length : length + 1] = [place[at]]
        last[length : length + 1] = [number]
    found: list[Place] = []
    number = last[-1] if last else -1
    while number >= 0:
        place, number = taken[number]
        found.append(place)
    return found[::-1]


def _joined(chain: Iterable[Place]) -> list[tuple[Place, int]]:
    """Runs with their lengths, those that go on in all texts alike as one, and none that begins within another."""
    found: list[tuple[Place, int]] = []
    for place in chain:
        start, length = found[-1] if found else ((-RUN,) * len(place), 0)
        steps = {here - there for here, there in zip(place, start, strict=True)}
        if found and len(steps) == 1 and (step := steps.pop()) <= length:
            found[-1] = start, max(length, step + RUN)
        elif all(here >= there + length for here, there in zip(place, start, strict=True)):
            found.append((place, RUN))
    return found


def _shown(runs: Iterable[Sequence[str]]) -> str:
    """The runs as one line with gaps between them, made inert."""
    pieces = (_NUMBER.sub(GAP, _spelt(run)).strip(_EDGE) for run in runs)
    line = GAP.join(piece for piece in pieces if piece)
    if len(line) > LONGEST:
        line = line[:LONGEST].rstrip(GAP) + GAP
    return neutralise(line)


def _spelt(run: Sequence[str]) -> str:
    """Words of a run in a row; where both could be read as one, with a space between them."""
    spaced = (f" {word}" if before.isascii() and word.isascii() else word for before, word in pairwise(run))
    return "".join((run[0], *spaced))
