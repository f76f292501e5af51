"""How long people wait for an answer, in memory of a fixed size: counts in buckets, nobody in them."""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from math import ceil, log

_SHORTEST, _RATIO, _BUCKETS = 0.001, 1.05, 284
"""Buckets from a millisecond to some 17 minutes, each 5 % longer than the one before."""
_MINUTE = 60.0
_MINUTES = 61
"""One more than an hour has, since an hour begins and ends within a minute."""


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Seconds that half of all, 95 % and 99 % did not exceed, each at most 5 % too high; ``count`` is of how many."""

    count: int
    p50: float
    p95: float
    p99: float


class Latencies:
    """Takes durations up. Not for use by several threads."""

    def __init__(self) -> None:
        self._all = _empty()
        self._recent = [_empty() for _ in range(_MINUTES)]
        self._minutes: list[int | None] = [None] * _MINUTES

    def record(self, seconds: float, at: float) -> None:
        """Take one up.

        Args:
            seconds: How long it took.
            at: When, in seconds since 1970 by the clock that the service goes by.
        """
        bucket = _bucket(seconds)
        self._all[bucket] += 1
        minute = int(at // _MINUTE)
        slot = minute % _MINUTES
        if self._minutes[slot] != minute:
            self._minutes[slot], self._recent[slot] = minute, _empty()
        self._recent[slot][bucket] += 1

    def quantiles(self, since: float | None) -> Quantiles | None:
        """What was taken up since then; None where that was nothing.

        Args:
            since: Seconds since 1970, to the minute, at most an hour ago; None counts from the start of the process.
        """
        if since is None:
            return _quantiles(self._all)
        first = int(since // _MINUTE)
        slots = [
            counts
            for minute, counts in zip(self._minutes, self._recent, strict=True)
            if minute is not None and minute >= first
        ]
        return _quantiles(array("Q", map(sum, zip(*slots, strict=True)))) if slots else None


def _empty() -> array[int]:
    return array("Q", bytes(8 * _BUCKETS))


def _bucket(seconds: float) -> int:
    if seconds <= _SHORTEST:
        return 0
    return min(_BUCKETS - 1, ceil(log(seconds / _SHORTEST, _RATIO)))


def _quantiles(counts: array[int]) -> Quantiles | None:
    count = sum(counts)
    return Quantiles(count, *(_at(counts, share * count) for share in (0.5, 0.95, 0.99))) if count else None


def _at(counts: array[int], rank: float) -> float:
    below = 0
    for bucket, more in enumerate(counts):
        below += more
        if below >= rank:
            return float(_SHORTEST * _RATIO**bucket)
    raise AssertionError("a rank is no more than there are")
