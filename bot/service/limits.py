"""How often one person may ask: a sliding minute, so that no burst at the turn of a minute counts double."""

from __future__ import annotations

from math import ceil, inf
from typing import TYPE_CHECKING

from bot.service.types import Limited

if TYPE_CHECKING:
    from datetime import datetime

_WINDOW = 60.0
_SWEEP_AT = 4096
"""People remembered before those who have been quiet are dropped, …"""
_SWEEP_EVERY = 5.0
"""… and after how many seconds that is tried again."""


class Limiter:
    """Counts in memory: a restart forgives, and nothing about people is written down."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        # Of each person a short list of numbers and nothing else: thousands may have asked within the minute.
        self._taken: dict[str, list[float]] = {}
        self._told: dict[str, float] = {}
        """When a person was last told that it is too much."""
        self._latest = self._swept = -inf

    def take(self, person: str, now: datetime) -> Limited | None:
        """Let one request through and count it, or say when the next one may come."""
        at = now.timestamp()
        if at < self._latest - _WINDOW:
            # The clock was set back: what was counted lies in the future.
            self._taken.clear()
            self._told.clear()
        self._latest = at
        if len(self._taken) > _SWEEP_AT and abs(at - self._swept) > _SWEEP_EVERY:
            # Not at every call: with more people than that within a minute it would find nothing each time.
            self._swept = at
            self._sweep(at - _WINDOW)
        taken = self._taken.get(person, [])
        while taken and taken[0] <= at - _WINDOW:
            taken.pop(0)
        if len(taken) < self._per_minute:
            self._taken[person] = [*taken, at]  # not append(), which makes room for three more
            return None
        first = self._told.get(person, -inf) <= at - _WINDOW
        if first:
            self._told[person] = at
        return Limited(retry_after=max(1, ceil(round(taken[0] + _WINDOW - at, 3))), first=first)

    def _sweep(self, until: float) -> None:
        for person in [person for person, taken in self._taken.items() if taken[-1] <= until]:
            del self._taken[person]
            self._told.pop(person, None)
