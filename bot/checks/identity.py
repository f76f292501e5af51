"""The identity check: the institution that an SMS claims to be against the links, numbers and sender it carries.

A match never proves authenticity (fake base stations, rented ports: docs/facts/numbering.md §0 to §4); a mismatch
is strong evidence. An institution that is not in the table gives no mismatch.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bot.model import LinkKind, NumberKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.claims import Claims
    from bot.institutions import Directory
    from bot.model import Entities, Link, PhoneNumber

_SKELETON = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "-": "", "_": ""})
_SHORTEST = 4
"""Official labels shorter than this (ch, ly, mi) are imitated by accident."""
_SHORTEST_AFFIX = 5
_SHORTEST_TYPO = 7
"""Shorter labels differ from official ones by one character by accident."""
_RESTRICTED = (
    ".gov.cn",
    ".gov.tw",
    ".gov.hk",
    ".gov.mo",
    ".gov.sg",
    ".edu.cn",
    ".edu.tw",
    ".edu.hk",
    ".mil.cn",
    ".政务",
)
"""Suffixes under which only authorities and schools can register (CNNIC, TWNIC and HKIRC rules)."""
_DOCUMENTED = (".com.tw", ".net.tw", ".org.tw", ".com.hk", ".org.hk", ".net.hk")
"""Suffixes that are given out against company papers only; scams hardly use them, but they are no proof."""
_COUNTRY = {"HK": "852", "TW": "886", "MO": "853", "SG": "65", "MY": "60"}
_BRAND_ENDINGS = ("com", "cn", "com.cn", "net")
_MOBILE = re.compile(r"^(?:86)?1[3-9]\d{9}$")
_FOREIGN = re.compile(r"^(?:\+(?!86)|00(?!86))\d{6,}$")
_SERVICE_LIKE = re.compile(r"^[0-9oOlIi]{5,}$")
_TRUSTED_KINDS = frozenset({NumberKind.PUBLIC, NumberKind.SERVICE_95, NumberKind.PORT_106, NumberKind.LOCAL_96})


class OfficialLabels(NamedTuple):
    """First labels of all official domains (``icbc`` of icbc.com.cn), as they are and as :func:`skeleton` sees them."""

    labels: frozenset[str]
    skeletons: frozenset[str]
    nearly: frozenset[str]
    """Skeletons of at least ``_SHORTEST_TYPO`` characters with one left out, see :func:`_without_one`."""


@dataclass(frozen=True)
class Identity:
    """Who speaks and how what it carries fits.

    Attributes:
        claims: See :class:`bot.claims.Claims`.
        ambiguous: The claimed name is borne by several institutions or by no licensed one.
        links: Link → feature names.
        numbers: Number → feature names.
        sender: Feature names of the sender.
    """

    claims: Claims
    ambiguous: bool
    links: Mapping[Link, tuple[str, ...]]
    numbers: Mapping[PhoneNumber, tuple[str, ...]]
    sender: tuple[str, ...]


def check_identity(
    claims: Claims,
    entities: Entities,
    sender: str | None,
    directory: Directory,
    official: OfficialLabels,
) -> Identity:
    """Compares the claim with everything that the SMS carries.

    Args:
        claims: Who speaks.
        entities: What the SMS carries.
        sender: The number or name that the phone showed, if known.
        directory: The institutions.
        official: All official domain labels, from :func:`official_labels`.
    """
    ids = set(claims.ids)
    ambiguous = bool(claims.claimant) and (len(ids) > 1 or any(directory.get(i).candidates for i in ids))
    # A name in passing (凭招商银行卡消费立减) does not claim to be the sender, so nothing can mismatch it.
    speaking = ids if claims.speaks else set()
    named = {i for mention in claims.all for i in mention.institutions}
    for i in tuple(named):
        named.update(directory.get(i).candidates)
    return Identity(
        claims=claims,
        ambiguous=ambiguous,
        links={link: _link(link, speaking, named, directory, official) for link in entities.links},
        numbers={n: _number(n, speaking, named, directory) for n in entities.numbers},
        sender=_sender(sender, ids, claims.claimant.region if claims.claimant else "", directory),
    )


def _link(
    link: Link, ids: set[str], named: set[str], directory: Directory, official: OfficialLabels
) -> tuple[str, ...]:
    if link.host.endswith(_RESTRICTED):
        return ("#link.known",)
    owners = set(directory.owners_of_host(link.host)) if link.host else set()
    # A form on docs.qq.com belongs to whoever wrote it, not to Tencent.
    if owners and link.kind is not LinkKind.SHARED_HOST:
        names = ["#link.known"]
        if owners & named:
            names.append("#link.official")
        return tuple(names)
    lookalike = link.kind is LinkKind.DOMAIN and _imitates(link, official)
    if link.host.endswith(_DOCUMENTED) and not lookalike:
        return ("#link.local",)
    if _sibling(link, official.labels):
        return ("#link.local",)
    names = ["#link.unknown"]
    # Shorteners hide their owner, so they are judged as such and not as a mismatch.
    has_domains = any(directory.get(i).domains for i in ids)
    if has_domains and link.kind is not LinkKind.SHORTENER and not owners & named:
        names.append("#link.mismatch")
    if lookalike:
        names.append("#link.lookalike")
    return tuple(names)


def _sibling(link: Link, labels: frozenset[str]) -> bool:
    """Whether the domain is an official label under another ending that brands register themselves (ctrip.cn)."""
    label, _, ending = (link.domain or "").partition(".")
    return ending in _BRAND_ENDINGS and label in labels


def _imitates(link: Link, official: OfficialLabels) -> bool:
    """Whether a label of the host is an official one: spelled with digits, mistyped, words added or as a subdomain."""
    skeletons = official.skeletons
    for label in link.host.split(".")[:-1]:
        whole = skeleton(label)
        if whole in skeletons:
            return True
        for part in label.split("-"):
            if (mimic := skeleton(part)) in skeletons or not official.nearly.isdisjoint(_without_one(mimic)):
                return True
        for size in range(_SHORTEST_AFFIX, len(whole)):
            if whole[:size] in skeletons or whole[-size:] in skeletons:
                return True
    return False


def official_labels(directory: Directory) -> OfficialLabels:
    """The official domain labels that are long enough to be imitated on purpose."""
    labels = frozenset(
        label
        for institution in directory
        for domain in institution.domains
        if len(label := domain.split(".", 1)[0]) >= _SHORTEST
    )
    skeletons = frozenset(map(skeleton, labels))
    nearly = frozenset(short for whole in skeletons for short in _without_one(whole))
    return OfficialLabels(labels, skeletons, nearly)


def _without_one(label: str) -> set[str]:
    """A long label itself and with each character left out; two that share one differ by one slip of the finger.

    The first character stays: it is what a reader looks at, and without it chance would match too much.
    """
    if len(label) < _SHORTEST_TYPO or label.isdigit():
        return set()
    return {label, *(label[:at] + label[at + 1 :] for at in range(1, len(label)))}


def skeleton(label: str) -> str:
    """``label`` with look-alike letters and digits made one: ``1cbc`` and ``icbc`` have the same."""
    return label.lower().translate(_SKELETON)


def _number(number: PhoneNumber, ids: set[str], named: set[str], directory: Directory) -> tuple[str, ...]:
    owners = set(directory.owners_of_number(number.digits))
    if owners:
        names = ["#number.known"]
        if owners & named:
            names.append("#number.official")
        return tuple(names)
    if number.kind in _TRUSTED_KINDS:
        return ()
    names = ["#number.unknown"]
    if any(directory.get(i).callable_lines for i in ids):
        names.append("#number.mismatch")
    return tuple(names)


def _sender(sender: str | None, ids: set[str], home: str, directory: Directory) -> tuple[str, ...]:
    """Feature names of the sender; none where it is not known. ``home`` is the claimed institution's region."""
    if not sender:
        return ()
    compact = re.sub(r"[\s\-()]", "", unicodedata.normalize("NFKC", sender))
    if "@" in compact:
        return ("#sender.email",)
    if _FOREIGN.match(compact):
        # A bank of Hong Kong writes from Hong Kong.
        return () if compact.lstrip("+0").startswith(_COUNTRY.get(home, "-")) else ("#sender.foreign",)
    compact = re.sub(r"^(?:\+|00)86", "", compact)
    if _MOBILE.match(compact):
        return ("#sender.mobile",)
    if re.match(r"^[48]00\d{7}$", compact):
        return ("#sender.n400",)
    names: list[str] = []
    if _SERVICE_LIKE.match(compact) and not compact.isdigit():
        names.append("#sender.lookalike")
    if ids & set(directory.owners_of_number(compact)) or ids & set(directory.official_sender(compact)):
        names.append("#sender.official")
    if compact.startswith("106"):
        names.append("#sender.port")
    return tuple(names)
