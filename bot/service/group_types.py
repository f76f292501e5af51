"""What the use cases of groups take and return: frozen, free of any messenger's types, and nobody is named."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.period import DEFAULT_ZONE

if TYPE_CHECKING:
    from datetime import date, datetime

    from bot.period import Period

DEFAULT_LANGUAGE = "zh-Hans"


class Confirmers(StrEnum):
    """Whose reports confirm a scam in a group."""

    ALL = "all"
    """A report by anybody on a text judged ``scam``, or one by an admin."""
    ADMINS = "admins"
    """Only one by an admin."""


class Presence(StrEnum):
    """The bot in a group."""

    PRESENT = "present"
    SILENCED = "silenced"
    """It may read but not write."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """What a group's admins chose. ``time_zone`` is an IANA name, ``language`` a folder of ``data/texts``.

    Attributes:
        auto_check: Whether scams are pointed out unasked.
        weekly: Whether the summary is sent each Monday.
        confirmers: Whose reports confirm a scam here.
        presence: Not chosen: what is known of the bot in the group.
    """

    time_zone: str = DEFAULT_ZONE
    language: str = DEFAULT_LANGUAGE
    auto_check: bool = False
    weekly: bool = False
    confirmers: Confirmers = Confirmers.ALL
    presence: Presence = Presence.PRESENT


@dataclass(frozen=True, slots=True)
class Count:
    """A key (institution id) and how often it occurred."""

    key: str
    count: int


@dataclass(frozen=True, slots=True)
class Change:
    """A key (category id), how often it occurred in the period, and how often in the one before."""

    key: str
    count: int
    before: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of one period.

    Attributes:
        checks: Checks made in the group.
        scams: Distinct confirmed scams: near copies of one text count once.
        repeats: Further reports of the same ones.
        reporters: Distinct people among those whose reports are counted.
        corrections: Presses on 不是诈骗 that stand.
    """

    checks: int = 0
    scams: int = 0
    repeats: int = 0
    reporters: int = 0
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """One day or one week, by its first day in the group's time zone."""

    first: date
    checks: int
    scams: int


@dataclass(frozen=True, slots=True)
class Example:
    """The scam that was reported most often.

    Attributes:
        reports: How often, near copies together, by ``people`` distinct people.
        wording: The redacted wording that at least three near copies from different people share; None where
            there is no such wording, and our own example of the category is to be shown.
    """

    reports: int
    people: int
    category: str | None
    institution: str | None
    wording: str | None = None


@dataclass(frozen=True, slots=True)
class GroupReport:
    """A group's record of a period.

    Attributes:
        totals: Of the period; ``before`` of the one before it (:func:`bot.period.before`).
        categories: Of the distinct confirmed scams, most frequent first; those that were there only before come
            last, with a count of 0.
        institutions: Impersonated ones, most frequent first.
        domains: Registrable domains seen in the group's confirmed scams for the first time in this period.
        numbers: Call-back numbers likewise, masked (``138****1234``).
        days: The days of the period.
        weeks: The eight weeks up to the end of the period, oldest first.
        example: The scam that was reported most often; None in a quiet period.
    """

    period: Period
    totals: Totals
    before: Totals
    categories: tuple[Change, ...] = ()
    institutions: tuple[Count, ...] = ()
    domains: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    days: tuple[Bar, ...] = ()
    weeks: tuple[Bar, ...] = ()
    example: Example | None = None


class Band(StrEnum):
    """How many people reported a thing in /trends, so that nobody can be counted out of it."""

    FEW = "few"
    """5 to 9."""
    TENS = "tens"
    """10 to 49."""
    MANY = "many"
    """50 to 199."""
    HUNDREDS = "hundreds"
    """200 and more."""


@dataclass(frozen=True, slots=True)
class Trend:
    """A kind of scam of the week. ``institution`` is the one impersonated most, where it alone passes the limits."""

    category: str
    band: Band
    institution: str | None = None


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One event of a group, as an admin may see it: who it was is not said.

    Attributes:
        text: Of a report: its redacted text.
        domains: Of a report: registrable domains; ``numbers`` its call-back numbers, masked.
        standing: False where the word was taken back, undone, muted or forgotten.
    """

    at: datetime
    kind: str
    level: str | None
    category: str | None
    institution: str | None
    by_admin: bool
    standing: bool
    text: str | None = None
    domains: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
