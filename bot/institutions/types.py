"""The frozen types of the directory of institutions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Use(StrEnum):
    """What a number is for. Only ``call`` numbers are ever printed as a number to ring."""

    CALL = "call"
    SMS = "sms"
    """Takes messages only, such as 10086999 and 12110."""
    INBOUND = "inbound"
    """Sends messages only, such as 12381."""


class Scope(StrEnum):
    """Where an alias names its institution."""

    ANYWHERE = "anywhere"
    """Wherever it stands: long names that mean nothing else."""
    CLAIM = "claim"
    """Only where a sender names itself; :class:`Place` says how."""
    SEARCH = "search"
    """Only when a person looks it up with /hotline."""


class Place(StrEnum):
    """How a name stands in a text, strongest first."""

    SIGNATURE = "signature"
    """In brackets: 【中信银行】."""
    SELF = "self"
    """A sender naming itself: 我是淘宝客服, 工行提醒您, 尊敬的移动用户."""
    START = "start"
    """At the beginning, followed by a stop: 中国移动:…"""
    END = "end"
    """The last words of a text, as old senders sign without brackets."""
    YOURS = "yours"
    """您的花呗账户."""
    TEXT = "text"
    """Merely mentioned."""


@dataclass(frozen=True, slots=True)
class Line:
    """A number of an institution."""

    number: str
    purpose: str
    use: Use = Use.CALL


@dataclass(frozen=True, slots=True)
class Institution:
    """One row of the directory.

    Attributes:
        id: Stable key.
        name: As shown.
        kind: Key of a :class:`Kind`.
        region: ``CN``, ``HK``, ``TW``, ``MO``, ``SG`` or ``MY``.
        confidence: ``A`` well sourced, ``B`` one source or sources that differ, ``C`` no source and no number.
        lines: All numbers; use :attr:`callable_lines` for what may be printed.
        senders: Numbers that it sends SMS from.
        domains: Its domains, which may be shown.
        unproven_domains: Domains that probably are its own: they raise no mismatch, but are never shown.
        caution: A plain Chinese sentence for the reader, or empty.
        candidates: For a name that no licensed institution bears: the ids that may be meant.
        card_center: Id of the row for its credit cards, or None.
    """

    id: str
    name: str
    kind: str
    region: str
    confidence: str
    lines: tuple[Line, ...] = ()
    senders: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    unproven_domains: tuple[str, ...] = ()
    caution: str = ""
    candidates: tuple[str, ...] = ()
    card_center: str | None = None

    @property
    def callable_lines(self) -> tuple[Line, ...]:
        """The numbers that a person may be told to call."""
        if self.confidence == "C":
            return ()
        return tuple(line for line in self.lines if line.use is Use.CALL)


@dataclass(frozen=True, slots=True)
class Other:
    """An institution without a row here: known by name so that no namesake's number is printed for it."""

    name: str
    region: str
    kind: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A name found in a text: ``text[start:end]``.

    Attributes:
        start: First character, in the text given to :meth:`Directory.mentions`.
        end: One past the last.
        alias: The folded word that matched.
        scope: See :class:`Scope`; a ``claim`` mention is only ever reported where a sender names itself.
        institutions: Ids, likeliest first; several for an ambiguous name, none for one without a number here.
        kind: Kind of the first institution or of the known other.
        region: Likewise.
        place: How it stands in the text.
        other: Name of the known other that it means, or empty.
    """

    start: int
    end: int
    alias: str
    scope: Scope
    institutions: tuple[str, ...]
    kind: str
    region: str
    place: Place = Place.TEXT
    other: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of institution with its Chinese label and the ids of its main lines."""

    id: str
    label: str
    main: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchResult:
    """What /hotline found.

    Attributes:
        query: As asked.
        institutions: Best first; a row with ``candidates`` stands before them.
        others: Known institutions of that name for which there is no number here.
        by_number: True where the query was a number and the institutions list it.
        more: How many further institutions were left out.
    """

    query: str
    institutions: tuple[Institution, ...]
    others: tuple[Other, ...] = ()
    by_number: bool = False
    more: int = 0
