"""What a process counts and times, for whoever watches over it: numbers in memory, and nobody in them.

The core counts here and knows no form of exposition; ``handlers/metrics.py`` shows it all to Prometheus.
"""

from __future__ import annotations

from bisect import bisect_left
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from bot.model import Level

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST = 40
"""Values that one label may take; whatever comes on top is counted as :data:`OTHER`."""
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Meter:
    """One thing that is counted, or timed.

    Attributes:
        name: In snake case, without prefix and unit.
        help: One line for the operator.
        label: By what its values are told apart; empty where there is but one. Never by anything about a person.
        values: Of the label, as far as they are known beforehand: they are 0 until they occur.
        bounds: Upper ends of its buckets in seconds, ascending; empty for what is only counted.
    """

    name: str
    help: str
    label: str = ""
    values: tuple[str, ...] = ("",)
    bounds: tuple[float, ...] = ()


_FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_SLOW = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

UPDATES = Meter("updates", "Updates stored, by kind", "type", ())
ANSWER = Meter("answer", "From storing an update to the end of its handling", bounds=_SLOW)
DEAD = Meter("dead_letters", "Updates given up")
CHECKS = Meter("checks", "Checks recorded, by verdict", "level", tuple(Level))
JOBS = Meter("jobs", "Timed jobs done, by kind", "job", ())
JOB_FAILURES = Meter("job_failures", "Timed jobs that failed, each try, by kind", "job", ())
CALLS = Meter("messenger_calls", "Calls that the messenger carried out, by method", "method", ())
CALL_ERRORS = Meter("messenger_errors", "Calls that failed, each try by its kind of error", "error", ())
DATABASE = Meter("database", "Transactions, with the wait for their turn", "kind", ("read", "write"), bounds=_FAST)
DATABASE_ERRORS = Meter("database_errors", "Transactions that failed", "kind", ("read", "write"))
API = Meter("api_requests", "Requests to the HTTP API, by status", "status", ())
API_TEXTS = Meter("api_texts", "Texts judged for the HTTP API, by verdict", "level", tuple(Level))

ALL = (UPDATES, ANSWER, DEAD, CHECKS, JOBS, JOB_FAILURES, CALLS, CALL_ERRORS, DATABASE, DATABASE_ERRORS, API, API_TEXTS)


class Times:
    """Durations by bucket."""

    __slots__ = ("bounds", "counts", "total")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        """How many fell into each bucket; the last is for all that took longer."""
        self.total = 0.0
        """Seconds, all together."""

    def take(self, seconds: float) -> None:
        """Count one."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total += seconds


class Meters:
    """All numbers of one process. Not for use by several threads."""

    def __init__(self) -> None:
        self._counts = {meter: dict.fromkeys(meter.values, 0) for meter in ALL if not meter.bounds}
        self._times = {meter: {value: Times(meter.bounds) for value in meter.values} for meter in ALL if meter.bounds}

    def count(self, meter: Meter, value: str = "", by: int = 1) -> None:
        """Count ``by`` more of something."""
        counts = self._counts[meter]
        if value not in counts and len(counts) >= MOST:
            value = OTHER
        counts[value] = counts.get(value, 0) + by

    def took(self, meter: Meter, seconds: float, value: str = "") -> None:
        """Take up how long something took; ``value`` is one that the meter knows beforehand."""
        self._times[meter][value].take(seconds)

    @contextmanager
    def timing(self, meter: Meter, value: str = "") -> Iterator[None]:
        """Take up how long the block takes, whatever its end."""
        began = perf_counter()
        try:
            yield
        finally:
            self.took(meter, perf_counter() - began, value)

    def counts(self) -> Mapping[Meter, Mapping[str, int]]:
        """Everything counted since the start of the process, by the values of the label."""
        return self._counts

    def times(self) -> Mapping[Meter, Mapping[str, Times]]:
        """Everything timed since the start of the process, by the values of the label."""
        return self._times
