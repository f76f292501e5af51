"""``bot.entities``: everything found has a place within the text, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.fuzz.sms import covers, fields
from bot.entities import extract
from bot.fold import fold

if TYPE_CHECKING:
    from bot.model import Entities


def run(data: bytes) -> Entities:
    """What is timed."""
    text, _, links = fields(data)
    return extract(fold(text), links)


def check(data: bytes) -> None:
    """Raises where something that always holds does not."""
    text, _, hidden = fields(data)
    check_entities(run(data), 0, len(text), len(hidden))


def check_entities(found: Entities, start: int, end: int, hidden: int) -> None:
    """As above, for a text from ``start`` to ``end`` with so many ``hidden`` links."""
    placed = [link.span for link in found.links if link.span]
    assert sum(link.hidden for link in found.links) <= hidden, "a hidden link from nowhere"
    assert all(link.hidden == (link.span is None) for link in found.links), "hidden, yet in the text"
    facts = (found.amounts, found.codes, found.card_tails, found.card_numbers, found.dates)
    kinds = (
        placed,
        *([hit.span for hit in hits] for hits in (found.numbers, found.accounts, found.signatures, *facts)),
    )
    for spans in kinds:
        assert covers(list(spans), start, end), "outside the text"
        assert list(spans) == sorted(spans), "not in the order of the text"
    assert all(link.url for link in found.links), "a link without address"
    assert all(number.digits for number in found.numbers), "a number without digits"
    assert all(account.network for account in found.accounts), "an account without network"
    assert all(fact.text for kind in facts for fact in kind), "a fact without text"
    for number in found.numbers:
        assert not any(one.start < number.span.end and number.span.start < one.end for one in placed), (
            "a number within a link"
        )
