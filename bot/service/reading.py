"""Reads an SMS as far as the record needs: its fingerprint and bands, and the redacted text of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.fingerprint import canonical, take_apart
from bot.likeness import bands
from bot.opened import Opened, open_sms
from bot.redact import redact

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.model import Sms


class Directory(Protocol):
    """What is asked of the institutions' table."""

    def owners_of_number(self, digits: str, /) -> Collection[str]:
        """Ids of the institutions that a number belongs to."""


class Facts(Protocol):
    """What is asked of ``bot.knowledge.Knowledge``."""

    @property
    def directory(self) -> Directory:
        """The institutions."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An SMS as the record sees it. ``canonical`` is what all copies of it share, ``bands`` what near copies share."""

    opened: Opened
    canonical: str
    bands: tuple[str, ...]


class Reader:
    """Reads with the institutions' own numbers in mind."""

    def __init__(self, facts: Facts) -> None:
        self._directory = facts.directory

    def official(self, digits: str) -> bool:
        """Whether a number is some institution's own."""
        return bool(self._directory.owners_of_number(digits))

    def read(self, sms: Sms) -> Reading:
        """The SMS without its wrapper, and what is in it."""
        opened = open_sms(sms)
        pieces = take_apart(opened.folded, opened.entities, self.official)
        return Reading(opened, canonical(pieces), bands(pieces))

    def redacted(self, reading: Reading) -> str:
        """The text as a report may keep it."""
        sms, unwrapped, _, entities = reading.opened
        return redact(sms.text, entities, body=unwrapped.body, official=self.official)
