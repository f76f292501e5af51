"""How often one person may ask: a sliding minute, so that no burst at the turn of a minute counts double."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from bot.service.types import Limited

if TYPE_CHECKING:
    from datetime import datetime

_WINDOW = timedelta(minutes=1)
_SWEEP_AT = 4096
"""People remembered before those who have been quiet are dropped, …"""
_SWEEP_EVERY = timedelta(seconds=5)
"""… and how often that is tried."""


@dataclass(slots=True)
class _Recent:
    taken: deque[datetime] = field(default_factory=deque)
    told: datetime | None = None
    """When the person was last told that it is too much."""


class Limiter:
    """Counts in memory: a restart forgives, and nothing about people is written down."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._recent: dict[str, _Recent] = {}
        self._latest: datetime | None = None
        self._swept: datetime | None = None

    def take(self, person: str, now: datetime) -> Limited | None:
        """Let one request through and count it, or say when the next one may come."""
        if self._latest is not None and now < self._latest - _WINDOW:
            self._recent.clear()  # the clock was set back: what was counted lies in the future
        self._latest = now
        if len(self._recent) > _SWEEP_AT and (self._swept is None or abs(now - self._swept) > _SWEEP_EVERY):
            # Not at every call: with more people than that within a minute it would find nothing each time.
            self._swept = now
            self._sweep(now)
        recent = self._recent.setdefault(person, _Recent())
        while recent.taken and recent.taken[0] <= now - _WINDOW:
            recent.taken.popleft()
        if len(recent.taken) < self._per_minute:
            recent.taken.append(now)
            return None
        wait = recent.taken[0] + _WINDOW - now
        first = recent.told is None or recent.told <= now - _WINDOW
        if first:
            recent.told = now
        return Limited(retry_after=max(1, ceil(wait.total_seconds())), first=first)

    def _sweep(self, now: datetime) -> None:
        for person in [p for p, r in self._recent.items() if not r.taken or r.taken[-1] <= now - _WINDOW]:
            del self._recent[person]
