"""``zhendema explain``: everything on the way from a text to its verdict, for whoever mends a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.judge import analyse
from bot.knowledge import Knowledge
from bot.model import Sms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.judge import Analysis
    from bot.rules.match import NearMiss


def run(text: str, sender: str | None) -> int:
    """Prints the explanation of ``text``."""
    knowledge = Knowledge.load()
    for line in explain(Sms(text, sender), knowledge):
        print(line)  # noqa: T201
    return 0


def explain(sms: Sms, knowledge: Knowledge) -> Iterator[str]:
    """The explanation, line by line."""
    found = analyse(sms, knowledge)
    yield from _reading(found, knowledge)
    yield from _claims(found)
    yield "words"
    for hit in found.hits:
        shown = found.folded.text[hit.start : hit.end]
        yield f"  {hit.term:32} {shown} @{hit.start}{'  (negated)' if hit.negated else ''}"
    yield "features"
    yield f"  {'  '.join(sorted(term for term in found.places if term.startswith('#')))}"
    yield from _signs(found)
    yield "nearly"
    for miss in knowledge.rule_set.near_misses(found.places):
        yield f"  {miss.sign.id:32} {_why_not(miss)}"
    yield from _sum(found, knowledge)


def _reading(found: Analysis, knowledge: Knowledge) -> Iterator[str]:
    yield f"format    {found.unwrapped.format}, sender {found.unwrapped.sender or 'not in the text'}"
    yield f"folded    {found.folded.text!r}{'  (Traditional)' if found.folded.traditional else ''}"
    yield f"tokens    {' '.join(knowledge.cutter.cut(found.folded.text))}"
    for trick in found.folded.tricks:
        yield f"trick     {trick.kind} {trick.shown!r} @{trick.span.start}"
    for name in found.entities.__slots__:
        for entity in getattr(found.entities, name):
            yield f"entity    {name}: {entity}"


def _claims(found: Analysis) -> Iterator[str]:
    claims = found.identity.claims
    for mention in claims.all:
        role = "claims" if mention is claims.claimant and claims.speaks else "names"
        ids = ", ".join(mention.institutions) or f"{mention.other} (no row)"
        yield f"{role:9} {mention.alias} -> {ids} [{mention.place}, {mention.kind}, {mention.region}]"
    for link, standing in found.identity.links.items():
        yield f"link      {link.host}: {', '.join(standing)}"
    for number, standing in found.identity.numbers.items():
        yield f"number    {number.digits} ({number.kind}): {', '.join(standing) or 'a public number'}"


def _signs(found: Analysis) -> Iterator[str]:
    yield "signs"
    for match in sorted(found.matches, key=lambda m: -m.sign.sign.points):
        sign = match.sign.sign
        start, end = match.place
        shown = found.folded.text[start:end] if start >= 0 else ""
        marks = "".join(f" {mark}" for mark in ("hard", "verify", "settles") if getattr(sign, mark))
        topic = f" topic {sign.topic}" if sign.topic else ""
        yield f"  {match.sign.id:32} {sign.points:+}{marks}{topic} {match.sign.category or ''}  {shown}"


def _why_not(miss: NearMiss) -> str:
    if miss.banned:
        return f"kept out by {', '.join(miss.banned)}"
    if miss.missing:
        return f"lacks {miss.missing}"
    return "its words stand too far apart"


def _sum(found: Analysis, knowledge: Knowledge) -> Iterator[str]:
    limits = knowledge.thresholds
    total = found.total
    yield (
        f"sum       {total.points:.1f} points (suspicious from {limits.suspicious:.0f}, scam from {limits.scam:.0f}; "
        f"of each file the strongest sign whole, further ones x {limits.repeat_share})"
    )
    yield f"verdict   {total.level}, score {total.score}, category {total.category}"
