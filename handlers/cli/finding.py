"""What ``zhendema doctor`` says about one thing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARN = "warn"
    """The bot runs, but somebody should look at it."""
    FAIL = "FAIL"
    """The bot does not run, or not rightly."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what was found, and the mend where something is amiss."""

    level: Level
    what: str
    said: str

    def __str__(self) -> str:
        """The line."""
        return f"{self.level:<4}  {self.what}: {self.said}"


def ok(what: str, said: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, what, said)


def warn(what: str, said: str) -> Finding:
    """Somebody should look at it."""
    return Finding(Level.WARN, what, said)


def fail(what: str, said: str) -> Finding:
    """The bot does not run, or not rightly."""
    return Finding(Level.FAIL, what, said)
