"""What every use case works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from bot.model import Sightings, Sms, Verdict

if TYPE_CHECKING:
    from bot.secret import Secret
    from bot.service.reading import Reader, Reading
    from bot.service.types import Chat, Person
    from bot.store.engine import Store

Judge = Callable[[Sms, Sightings], Verdict]
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers that decide who may do how much, and what counts as confirmed.

    Attributes:
        checks_per_minute: Of one person.
        reports_per_day: Of one person, in any 24 hours.
        people: Distinct people whose reports confirm a scam for everybody …
        chats: … in so many distinct chats.
    """

    checks_per_minute: int = 20
    reports_per_day: int = 20
    people: int = 3
    chats: int = 2


@dataclass(frozen=True, slots=True)
class Context:
    """The parts that a use case is given. ``owners`` are hashes."""

    store: Store
    secret: Secret
    reader: Reader
    judge: Judge
    clock: Clock
    owners: frozenset[str]
    policy: Policy

    def person(self, who: Person) -> str:
        """The person's hash."""
        return self.secret.person(who.key)

    def place(self, where: Chat) -> str:
        """The chat's hash."""
        return self.secret.text("chat", str(where.id))

    def fingerprint(self, reading: Reading) -> str:
        """The hash that all copies of a text share."""
        return self.secret.text("fingerprint", reading.canonical)

    def bands(self, reading: Reading) -> tuple[int, ...]:
        """Hashes of which near copies of a text share some."""
        return tuple(self.secret.number("band", band) for band in reading.bands)
