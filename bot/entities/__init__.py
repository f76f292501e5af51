"""Finds what an SMS carries besides words: links, numbers, accounts, the signature, sums, codes, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.entities.accounts import AccountHit, find_accounts, from_host
from bot.entities.facts import find_amounts, find_card_tails, find_cards, find_codes, find_dates
from bot.entities.links import LinkHit, find_links, hidden
from bot.entities.numbers import find_numbers
from bot.entities.scan import Hit, blank
from bot.entities.signature import find_signatures
from bot.model import ChatAccount, Entities, Fact, Link, PhoneNumber, Signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.fold import Folded
    from bot.model import Span


_MASKS = dict.fromkeys(map(ord, "×✕✖╳❌●■□▇█◯○"), "*")
"""Signs with which people star out a number or a host before they pass an SMS on."""


def extract(folded: Folded, hidden_links: Sequence[str] = ()) -> Entities:
    """All entities of one SMS, with spans in the text as given.

    Each finder sees the text without what the ones before it took, so that no number is found in a link.

    Args:
        folded: The folded body.
        hidden_links: Addresses that the text hides (``text_link`` entities, buttons).
    """
    text = folded.text.translate(_MASKS)
    links, mails = find_links(text)
    rest = blank(text, sorted([*_places(links), *mails]))
    signatures = find_signatures(rest)
    tails = find_card_tails(rest)
    rest = blank(rest, _places(tails))
    cards = find_cards(rest)
    rest = blank(rest, _places(cards))
    codes = find_codes(rest)
    rest = blank(rest, _places(codes))
    accounts = find_accounts(rest)
    rest = blank(rest, [hit[:2] for hit in accounts if not _dialable(hit.handle)])
    amounts = find_amounts(rest)
    rest = blank(rest, _places(amounts))
    dates = find_dates(rest)
    rest = blank(rest, _places(dates))
    numbers = find_numbers(rest, traditional=folded.traditional)
    accounts += [AccountHit(hit.start, hit.end, *found) for hit in links if (found := from_host(hit.host, hit.url))]
    span = folded.span
    return Entities(
        links=(
            *(_link(hit, span(hit.start, hit.end)) for hit in links),
            *(_link(hit, None) for url in hidden_links if (hit := hidden(url))),
        ),
        numbers=tuple(PhoneNumber(span(hit.start, hit.end), hit.digits, hit.kind) for hit in numbers),
        accounts=tuple(ChatAccount(span(hit.start, hit.end), hit.network, hit.handle) for hit in sorted(accounts)),
        signatures=tuple(Signature(span(hit.start, hit.end), hit.value) for hit in signatures),
        amounts=_facts(folded, amounts),
        codes=_facts(folded, codes),
        card_tails=_facts(folded, tails),
        card_numbers=_facts(folded, cards),
        dates=_facts(folded, dates),
    )


def _facts(folded: Folded, hits: Iterable[Hit]) -> tuple[Fact, ...]:
    return tuple(Fact(folded.span(hit.start, hit.end), hit.value) for hit in hits)


def _link(hit: LinkHit, span: Span | None) -> Link:
    return Link(
        span=span,
        url=hit.url,
        host=hit.host,
        domain=hit.domain,
        kind=hit.kind,
        punycode="xn--" in hit.host,
        hidden=span is None,
    )


def _places(hits: Iterable[Hit | LinkHit]) -> list[tuple[int, int]]:
    return [(hit.start, hit.end) for hit in hits]


def _dialable(handle: str) -> bool:
    """A WeChat account that is a mobile number can be called as well."""
    return len(handle) == 11 and handle.isdecimal() and handle.startswith("1")  # noqa: PLR2004 - a mobile number
