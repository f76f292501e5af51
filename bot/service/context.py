"""What every use case works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from bot.model import Sightings, Verdict
from bot.opened import Opened
from bot.service.core import Core

if TYPE_CHECKING:
    from bot.secret import Secret
    from bot.service.reading import Reader, Reading
    from bot.service.types import Chat, Person
    from bot.store.engine import Store
    from bot.store.schema import Kind

Judge = Callable[[Opened, Sightings], Verdict]
Clock = Callable[[], datetime]

LEAST_PEOPLE, LEAST_CHATS = 3, 2
"""One person has several accounts, and one chat one opinion: an operator may ask for more than that, not for less."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers that decide who may do how much, and what counts as confirmed.

    Attributes:
        checks_per_minute: Of one person.
        reports_per_day: Of one person, in any 24 hours.
        people: Distinct people whose reports confirm a scam for everybody …
        chats: … in so many distinct chats. Fewer than :data:`LEAST_PEOPLE` in :data:`LEAST_CHATS` never do: the judge
            (``data/judgement/thresholds.toml``) knows the same bounds.
        trend_people: Distinct people who must have reported a kind of scam before /trends tells of it …
        trend_chats: … in so many distinct chats.
    """

    checks_per_minute: int = 20
    reports_per_day: int = 20
    people: int = LEAST_PEOPLE
    chats: int = LEAST_CHATS
    trend_people: int = 5
    trend_chats: int = 2


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
    core: Core = field(default_factory=Core)

    def person(self, who: Person) -> str:
        """The person's hash."""
        return self.secret.person(who.key)

    def place(self, where: Chat) -> str:
        """The chat's hash."""
        return self.secret.text("chat", str(where.id))

    def claim(self, kind: Kind, person: str, fingerprint: str, place: str, turn: int) -> str:
        """The hash that a person's report or correction of a text in a chat has alone.

        Args:
            kind: Which of the two.
            person: Who says it, as everywhere here a hash.
            fingerprint: Of what.
            place: Where.
            turn: How often they said the opposite there before.
        """
        return self.secret.text("claim", "\0".join((kind, person, fingerprint, place, str(turn))))

    def fingerprint(self, reading: Reading) -> str:
        """The hash that all copies of a text share."""
        return self.secret.text("fingerprint", reading.canonical)

    def bands(self, reading: Reading) -> tuple[int, ...]:
        """Hashes of which near copies of a text share some."""
        return tuple(self.secret.number("band", band) for band in reading.bands)
