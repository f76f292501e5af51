"""Who may call, and how often."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

from bot.serving import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.serving import ApiKey

_SCHEME = "bearer "


class Keys:
    """The keys in force."""

    def __init__(self, keys: Iterable[ApiKey]) -> None:
        self._keys = tuple(keys)

    def name_of(self, authorization: str) -> str | None:
        """Whose key an ``Authorization`` header holds; None where it is nobody's.

        It takes as long whichever key fits, and how far a wrong one is right cannot be told from the time.
        """
        if not authorization.lower().startswith(_SCHEME):
            return None
        digest = digest_of(authorization[len(_SCHEME) :].strip())
        found = None
        for key in self._keys:
            if hmac.compare_digest(key.digest, digest):
                found = key.name
        return found


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many texts one key may have judged: ``burst`` at once, and ``per_second`` more as time goes on."""

    per_second: float = 10.0
    burst: int = 200


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class Limiter:
    """A token bucket for each key."""

    def __init__(self, allowance: Allowance, clock: Callable[[], float]) -> None:
        """Make one; ``clock`` gives seconds that only ever go up."""
        self._allowance = allowance
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def take(self, name: str, count: int) -> int | None:
        """Take ``count`` texts, at most a burst; else how many seconds to wait, from 1 up, and nothing is taken."""
        now, most = self._clock(), self._allowance.burst
        bucket = self._buckets.setdefault(name, _Bucket(most, now))
        bucket.left = min(most, bucket.left + (now - bucket.at) * self._allowance.per_second)
        bucket.at = now
        if bucket.left < count:
            return max(1, ceil((count - bucket.left) / self._allowance.per_second))
        bucket.left -= count
        return None
