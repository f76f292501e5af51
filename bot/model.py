"""The frozen types that pass between the parts: what is judged, what was found, what was concluded.

Offsets are counted in characters (code points) of the text as it was given, ends exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class Level(StrEnum):
    """The four verdicts. None of them means "safe"."""

    CLEAR = "clear"
    VERIFY = "verify"
    SUSPICIOUS = "suspicious"
    SCAM = "scam"

    @property
    def rank(self) -> int:
        """0 for ``clear`` up to 3 for ``scam``."""
        return list(Level).index(self)

    @property
    def flagged(self) -> bool:
        """True for the two levels that tell the reader not to do what the SMS says."""
        return self in (Level.SUSPICIOUS, Level.SCAM)


class Span(NamedTuple):
    """Part of the text as it was given: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sms:
    """What is judged.

    Attributes:
        text: As the person gave it, a forwarder app's wrapper and all.
        sender: The number or name that the phone showed, if known.
        links: Addresses that the text hides (Telegram's ``text_link`` entities, buttons).
    """

    text: str
    sender: str | None = None
    links: tuple[str, ...] = ()


class LinkKind(StrEnum):
    """What a link's host is."""

    DOMAIN = "domain"
    SHORTENER = "shortener"
    SHARED_HOST = "shared_host"
    """A host where anybody publishes: netdisks, forms, page builders."""
    IP = "ip"
    MASKED = "masked"
    """The host is partly starred out, as in ``***.cn``."""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address in the SMS.

    Attributes:
        span: Where it stands; None for a hidden link that is not in the text.
        url: As written, folded (half-width, real dots).
        host: Lower case, as far as known.
        domain: The registrable domain by the public suffix list; None for an IP or a masked host.
    """

    span: Span | None
    url: str
    host: str
    domain: str | None
    kind: LinkKind
    punycode: bool = False
    hidden: bool = False


class NumberKind(StrEnum):
    """What a phone number's prefix says (China's numbering plan, shared facts in docs/facts)."""

    MOBILE = "mobile"
    MVNO = "mvno"
    """170, 171, 162, 165, 167: resold mobile numbers."""
    LANDLINE = "landline"
    SERVICE_95 = "service_95"
    SERVICE_400 = "service_400"
    PORT_106 = "port_106"
    PUBLIC = "public"
    """110, 12345, 10086 …: short public numbers."""
    LOCAL_96 = "local_96"
    PREMIUM = "premium"
    """Premium voice lines such as 125xxxxx, 118xx and 168xx: a call costs money."""
    FOREIGN = "foreign"
    MASKED = "masked"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A phone number in the SMS. ``digits`` has no separators; a foreign one keeps its ``+``."""

    span: Span
    digits: str
    kind: NumberKind


@dataclass(frozen=True, slots=True)
class ChatAccount:
    """A chat account that the SMS gives. ``network`` is wechat, qq, telegram, line, whatsapp or other.

    ``handle`` is empty where the network is named as a contact but the account was removed or masked.
    """

    span: Span
    network: str
    handle: str


@dataclass(frozen=True, slots=True)
class Signature:
    """The sender's name in brackets, as in 【中信银行】. ``text`` is folded."""

    span: Span
    text: str


class Fact(NamedTuple):
    """A short thing found in the text: an amount, a one-time code, a card tail, a date."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Entities:
    """All that was found in one SMS besides words, each tuple in the order of the text."""

    links: tuple[Link, ...] = ()
    numbers: tuple[PhoneNumber, ...] = ()
    accounts: tuple[ChatAccount, ...] = ()
    signatures: tuple[Signature, ...] = ()
    amounts: tuple[Fact, ...] = ()
    codes: tuple[Fact, ...] = ()
    card_tails: tuple[Fact, ...] = ()
    card_numbers: tuple[Fact, ...] = ()
    dates: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for the verdict.

    Attributes:
        rule: ``file/sign`` of a rule, or ``check/name`` of a structural check.
        why: One plain Chinese sentence for the reader.
        points: Weight; negative for a sign of a genuine notice.
        span: The words in question; None where the reason has no place in the text.
        hard: Enough for the level ``scam`` by itself.
        category: The scam category that this points to, if any.
    """

    rule: str
    why: str
    points: float
    span: Span | None = None
    hard: bool = False
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Hotline:
    """A number to call. ``purpose`` says what for; ``institution`` is the row's id."""

    name: str
    number: str
    purpose: str = ""
    institution: str | None = None


@dataclass(frozen=True, slots=True)
class CollectionCheck:
    """The collection check's findings: ids of loan details (amount, contract, days …) and of faults.

    ``present`` and ``missing`` name loan details, ``faults`` what a lawful collector does not write.
    """

    present: tuple[str, ...]
    missing: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Indicators:
    """What a scam asks people to use: registrable domains and call-back numbers, institutions' own left out."""

    domains: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sightings:
    """What the record knows of this text and its near copies; looked up by the service before judging.

    ``people`` and ``chats`` count who confirmed them as a scam and stands by it; ``owner`` is True when an owner did.
    """

    people: int = 0
    chats: int = 0
    owner: bool = False


NO_SIGHTINGS = Sightings()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The conclusion about one SMS.

    Attributes:
        level: See :class:`Level`.
        score: 0 to 1, how likely a scam.
        category: The scam category (``data/categories.toml``) or None.
        evidence: Heaviest first.
        institution: Id of the institution that the SMS claims to be, or None.
        hotlines: Numbers to call, the institution's first, then the general lines.
        ambiguous: True where ``hotlines`` begins with labelled candidates for an ambiguous name.
        collection: Set where the SMS is about collecting a debt.
        one_time_code: True where the SMS carries a one-time code.
        body: The SMS itself within the given text.
        sender: The original sender as given or unwrapped.
        indicators: See :class:`Indicators`.
        guarded: True where nothing flags it, it may well be genuine and it leads to no stranger, so that no number of
            people who report it makes it a scam.
    """

    level: Level
    score: float
    category: str | None
    evidence: tuple[Evidence, ...]
    institution: str | None
    hotlines: tuple[Hotline, ...]
    body: Span
    ambiguous: bool = False
    collection: CollectionCheck | None = None
    one_time_code: bool = False
    sender: str | None = None
    indicators: Indicators = field(default_factory=Indicators)
    guarded: bool = False
