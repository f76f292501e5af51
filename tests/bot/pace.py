"""How fast this machine is: budgets in milliseconds were set on one machine and are stretched on slower ones."""

from __future__ import annotations

import time
from functools import cache

REFERENCE = 0.0104
"""Seconds of processor time that :func:`_work` takes where the budgets were set."""
ROUNDS = 15


@cache
def slack() -> float:
    """1 on a machine as fast as the reference or faster, 2 on one half as fast."""
    return max(1.0, min(_timed() for _ in range(ROUNDS)) / REFERENCE)


def _timed() -> float:
    started = time.process_time()
    _work()
    return time.process_time() - started


def _work() -> int:
    """Dictionaries, slices and comparisons, as judging does."""
    table = {str(number): number for number in range(5_000)}
    text = "0123456789" * 100
    return sum(table.get(text[at : at + 4].lstrip("0"), 0) for at in range(990) for _ in range(60))
