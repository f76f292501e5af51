"""What the use cases take and return: frozen, and free of any messenger's types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.model import Verdict


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. ``key`` is the platform and the raw id (``telegram:42``); it is hashed before it is stored.

    For an anonymous group admin the key names the group (``telegram-anonymous:-1001``).
    """

    key: str


@dataclass(frozen=True, slots=True)
class Chat:
    """Where it was asked. ``id`` is the platform's chat id; only a group's is ever stored."""

    id: int
    group: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A check that was done and recorded. ``check_id`` is at most 22 characters of ``[A-Za-z0-9_-]``."""

    check_id: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Limited:
    """The person asked too often. ``retry_after`` is in seconds; ``first`` is True once per burst."""

    retry_after: int
    first: bool


class Outcome(StrEnum):
    """How a press on 确认是诈骗 or 不是诈骗 ended."""

    RECORDED = "recorded"
    ALREADY = "already"
    """The same person said the same of the same text before."""
    OTHER_TEXT = "other_text"
    """The text at hand is not the one that was checked (edited since, or another message)."""
    UNKNOWN = "unknown"
    """No such check: forgotten, expired or made up."""
    QUOTA = "quota"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a press did. ``confirmed`` says whether the text now counts as a confirmed scam here."""

    outcome: Outcome
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What /forget removed or unlinked, as counts of rows.

    ``rescue`` is True where a case, a draft or a job was theirs, ``consent`` where they had agreed to shared trends;
    ``groups`` counts where they were remembered as an admin.
    """

    checks: int
    reports: int
    corrections: int
    rescue: bool = False
    groups: int = 0
    consent: bool = False

    @property
    def anything(self) -> bool:
        """Whether there was anything of theirs."""
        return self != Forgotten(0, 0, 0)
