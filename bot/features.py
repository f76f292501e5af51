"""Features: what rules can ask of a message besides its words, named ``#…``.

A feature has places (in the folded text) where it is a thing in the text, and none where it is a property of the
whole message.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from bot.model import LinkKind, NumberKind
from bot.rules.match import NOWHERE, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.checks.identity import Identity
    from bot.fold import Folded
    from bot.model import Entities, Span

FEATURES: dict[str, str] = {
    "#link": "a link of any kind",
    "#link.official": "a link of the institution that the SMS claims to be",
    "#link.known": "a link of some institution of the table",
    "#link.unknown": "a link that no institution of the table owns",
    "#link.local": "a link under .com.tw, .com.hk and the like, which are given out against company papers",
    "#link.mismatch": "the claimed institution is known with its domains and the link is not one of them",
    "#link.lookalike": "a link that imitates an official domain or number",
    "#link.masked": "a link whose host is partly starred out",
    "#link.short": "a shortener, which hides where it leads",
    "#link.shared": "a host where anybody publishes",
    "#link.ip": "a bare IP address",
    "#link.odd": "a top-level domain that scams like (data/lexicon/hosts.toml)",
    "#link.hidden": "a link under other words",
    "#mobile": "a mobile number to call",
    "#mvno": "a resold mobile number (170, 171, 162, 165, 167)",
    "#landline": "a landline number",
    "#n400": "a 400 or 800 number that is nobody's in the table",
    "#number": "any phone number",
    "#number.official": "a number of the claimed institution",
    "#number.known": "a number of some institution of the table",
    "#number.unknown": "a number that is in no table and no public short number",
    "#number.mismatch": "the claimed institution is known with its numbers and this one is not among them",
    "#number.masked": "a number partly starred out",
    "#number.foreign": "a foreign number",
    "#number.premium": "a number whose call costs extra",
    "#chat": "a chat account, or a chat network named as the contact",
    "#chat.handle": "a chat account that can be added: its name or number is there",
    "#chat.wechat": "a WeChat account",
    "#chat.qq": "a QQ account or group",
    "#chat.line": "a LINE account",
    "#chat.other": "another chat account",
    "#contact": "an unknown link, a number that is in no table, or a chat account",
    "#card_number": "a full bank card or account number",
    "#amount": "a sum of money",
    "#code": "a one-time code",
    "#card_tail": "the last digits of a card or contract",
    "#date": "a date or time",
    "#share_code": "the code of a share: six digits as the mainland's exchanges give them",
    "#signature": "a signature in brackets",
    "#claim": "claims to be an institution of the table",
    "#claim.other": "claims to be a named institution without a row",
    "#claim.signed": "the claim stands in the signature",
    "#claim.ambiguous": "claims a name that several or no licensed institutions bear",
    "#named": "names an institution, as sender or in passing",
    "#sender.mobile": "sent from a mobile number",
    "#sender.foreign": "sent from abroad",
    "#sender.email": "sent from an e-mail address (iMessage)",
    "#sender.n400": "sent from a 400 number, which cannot send",
    "#sender.lookalike": "sent from a look-alike of a service number (l0086)",
    "#sender.official": "sent from a number of the claimed institution (proves nothing)",
    "#sender.port": "sent from a 106 port (proves nothing)",
    "#tricks": "written to get past filters",
    "#tricks.many": "written to get past filters, several times",
    "#traditional": "in Traditional characters",
    "#bare": "hardly any words besides a link or contact",
    "#cut": "breaks off where a link or number was taken out",
} | {
    f"#claim.{kind}": f"claims to be: {kind}"
    for kind in (
        "bank",
        "carrier",
        "courier",
        "ecommerce",
        "government",
        "insurance",
        "lender",
        "payment",
        "securities",
        "social",
        "toll",
        "travel",
        "utility",
    )
}
"""Every feature with its meaning; rules may name no other."""

KINDS = {
    "bank": "bank",
    "card_center": "bank",
    "carrier": "carrier",
    "courier": "courier",
    "ecommerce": "ecommerce",
    "government": "government",
    "insurance": "insurance",
    "consumer_finance": "lender",
    "loan_platform": "lender",
    "payment": "payment",
    "securities": "securities",
    "social_platform": "social",
    "toll/ETC": "toll",
    "toll": "toll",
    "travel": "travel",
    "utility": "utility",
}
"""Institution kind → the part after ``#claim.``."""

_LINK_KINDS = {
    LinkKind.MASKED: "#link.masked",
    LinkKind.SHORTENER: "#link.short",
    LinkKind.SHARED_HOST: "#link.shared",
    LinkKind.IP: "#link.ip",
}
_NUMBER_KINDS = {
    NumberKind.MOBILE: "#mobile",
    NumberKind.MVNO: "#mvno",
    NumberKind.LANDLINE: "#landline",
    NumberKind.FOREIGN: "#number.foreign",
    NumberKind.PREMIUM: "#number.premium",
    NumberKind.MASKED: "#number.masked",
}
_CHATS = {"wechat": "#chat.wechat", "qq": "#chat.qq", "line": "#chat.line"}
_BARE = 14
_CUT = re.compile(
    r"(?<=.)(?:点击|点此|点这里|点下方|登录|登入|访问|网址|链接|连结|下载地址|戳|line|赖|微信|qq|tg|网站|加微|官网)"
    r" ?: ?(?=$|[^a-z0-9@+#(\[【<「《\"'.*/ ])|:\s*(?:[【\[][^】\]]{2,24}[】\]])?$"
    r"|(?:点击|访问|登录|网址|赖|line|微信|链接|入口)$"
    r"|(?:点击|请点|戳) +(?=[\u4e00-\u9fff])"
    r"|(?:登录|访问|打开|进入|前往|浏览器搜?|网址|链接|于|至|到) {2,}(?=[\u4e00-\u9fff])"
)
"""Where a link or account was taken out: "点击: 办理", or a colon at the very end."""
_SHARE_CODE = re.compile(
    r"(?:(?<=[\u4e00-\u9fff])|(?<=[(\[【《「<]))(?:60|68|00|30)\d{4}(?=[\u4e00-\u9fff)\]】》」>,;。 ]|$)"
)
"""Beside a Han character or a bracket, so that it is no part of a longer number."""
_NOT = re.compile("[不勿无]")


class Places(dict[str, list[Place]]):
    """Term → places, filled while looking."""

    def put(self, term: str, place: Place = NOWHERE) -> None:
        """Notes that ``term`` occurs at ``place``."""
        self.setdefault(term, []).append(place)


def to_folded(span: Span | None, folded: Folded) -> Place:
    """``span`` of the original as a place in the folded text."""
    if span is None:
        return NOWHERE
    offsets = folded.offsets
    return Place(bisect_left(offsets, span.start), bisect_left(offsets, span.end))


def collect(folded: Folded, entities: Entities, identity: Identity, odd_tlds: frozenset[str]) -> Places:
    """All features of one message."""
    places = Places()
    _links(places, folded, entities, identity, odd_tlds)
    _numbers(places, folded, entities, identity)
    _accounts(places, folded, entities)
    _facts(places, folded, entities)
    _claims(places, identity)
    for name in identity.sender:
        places.put(name)
    _writing(places, folded)
    return places


def _accounts(places: Places, folded: Folded, entities: Entities) -> None:
    for account in entities.accounts:
        place = to_folded(account.span, folded)
        places.put("#chat", place)
        places.put("#contact", place)
        places.put(_CHATS.get(account.network, "#chat.other"), place)
        if account.handle:
            places.put("#chat.handle", place)


def _writing(places: Places, folded: Folded) -> None:
    """How it is written: disguised, in Traditional characters, cut, hardly any words."""
    for trick in folded.tricks:
        places.put("#tricks", _around(to_folded(trick.span, folded), len(folded.text)))
    if len(folded.tricks) > 1:
        places.put("#tricks.many", places["#tricks"][0])
    if folded.traditional:
        places.put("#traditional")
    text = folded.text.rstrip()
    for cut in _CUT.finditer(text):
        if not _NOT.search(text, max(0, cut.start() - 6), cut.start()):
            places.put("#cut", Place(*cut.span()))
    for code in _SHARE_CODE.finditer(text):
        places.put("#share_code", Place(*code.span()))
    if len(text.strip()) - _covered(places, ("#link", "#number")) <= _BARE:
        places.put("#bare")


def _around(place: Place, length: int) -> Place:
    """``place``, or its neighbours where folding left nothing of it: the sign in 账*户 is shown with both words."""
    if place.start < place.end:
        return place
    return Place(max(place.start - 1, 0), min(place.end + 1, length))


def weigh_warning(places: Places) -> None:
    """Settles whether the SMS warns of scams: ``@warned`` stays, comes or goes.

    Telling of scammers in the third person, twice over, is a warning even where no set phrase stands; a "warning" that
    gives a stranger's link or number is none, since scams say 谨防诈骗 too.
    """
    stranger = any(term in places for term in _STRANGER) or ("#number.unknown" in places and "@call" in places)
    if stranger:
        places.pop("@warned", None)
    elif "@warned" not in places and "@warning" in places and "#number.unknown" not in places:
        told = {p for term in ("@warning", "@reported") for p in places.get(term, ())}
        if _apart(told) >= (_TOLD_BY_POLICE if "#claim.government" in places else _TOLD):
            places["@warned"] = list(places["@warning"])


_STRANGER = ("#link.unknown", "#link.masked", "#mobile", "#mvno", "#chat.handle")
_TOLD, _TOLD_BY_POLICE = 3, 2
"""So many words of warning, side by side or apart, make a warning."""


def _apart(places: Iterable[Place]) -> int:
    """How many of the places do not overlap."""
    count = 0
    end = -1
    for place in sorted(places):
        if place.start >= end:
            count += 1
            end = place.end
    return count


def _links(places: Places, folded: Folded, entities: Entities, identity: Identity, odd_tlds: frozenset[str]) -> None:
    for link in entities.links:
        place = to_folded(link.span, folded)
        places.put("#link", place)
        if link.kind in _LINK_KINDS:
            places.put(_LINK_KINDS[link.kind], place)
        if link.hidden:
            places.put("#link.hidden", place)
        standing = identity.links[link]
        for name in standing:
            places.put(name, place)
        if "#link.unknown" in standing:
            places.put("#contact", place)
            if link.host.rpartition(".")[2] in odd_tlds or link.punycode:
                places.put("#link.odd", place)


def _numbers(places: Places, folded: Folded, entities: Entities, identity: Identity) -> None:
    for number in entities.numbers:
        place = to_folded(number.span, folded)
        places.put("#number", place)
        standing = identity.numbers[number]
        for name in standing:
            places.put(name, place)
        if "#number.known" in standing:
            continue
        if number.kind in _NUMBER_KINDS:
            places.put(_NUMBER_KINDS[number.kind], place)
        if number.kind is NumberKind.SERVICE_400:
            places.put("#n400", place)
        if "#number.unknown" in standing:
            places.put("#contact", place)


def _facts(places: Places, folded: Folded, entities: Entities) -> None:
    for term, facts in (
        ("#card_number", entities.card_numbers),
        ("#amount", entities.amounts),
        ("#code", entities.codes),
        ("#card_tail", entities.card_tails),
        ("#date", entities.dates),
    ):
        for fact in facts:
            places.put(term, to_folded(fact.span, folded))
    for signature in entities.signatures:
        places.put("#signature", to_folded(signature.span, folded))


def _claims(places: Places, identity: Identity) -> None:
    claims = identity.claims
    for named in claims.all:
        places.put("#named", Place(named.start, named.end))
    mention = claims.claimant
    if mention is None or not claims.speaks:
        return
    place = Place(mention.start, mention.end)
    places.put("#claim" if mention.institutions else "#claim.other", place)
    kind = KINDS.get(mention.kind)
    if kind:
        places.put(f"#claim.{kind}", place)
    if claims.signed:
        places.put("#claim.signed", place)
    if identity.ambiguous:
        places.put("#claim.ambiguous", place)


def _covered(places: Places, terms: Iterable[str]) -> int:
    return sum(p.end - p.start for term in terms for p in places.get(term, ()) if p.start >= 0)
