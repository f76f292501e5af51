"""The reasons of a verdict as lines, each with the words that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.fill import line
from bot.reply.model import units

if TYPE_CHECKING:
    from bot.model import Evidence, Verdict
    from bot.reply.model import Line
    from bot.reply.quotes import Quoter
    from bot.texts import Texts

HEAVY = 60
MEDIUM = 30
"""From how many points on a reason is called heavy or medium; the levels have limits of their own."""


def main_reasons(verdict: Verdict, quoter: Quoter, texts: Texts, most: int) -> list[Line]:
    """Return the heaviest reasons that speak for a scam, no sentence twice."""
    chosen: dict[str, Evidence] = {}
    for evidence in verdict.evidence:
        if evidence.points > 0 or evidence.hard:
            chosen.setdefault(evidence.why, evidence)
    return [_reason(evidence, quoter, texts) for evidence in list(chosen.values())[:most]]


def all_reasons(verdict: Verdict, quoter: Quoter, texts: Texts, room: int) -> list[Line]:
    """Return every piece of evidence with its weight in words, as many as fit into ``room`` UTF-16 units."""
    if not verdict.evidence:
        return [line(texts, "more-none")]
    said = [line(texts, "more-title")]
    room -= units((line(texts, "more-cut", count=len(verdict.evidence)),)) + 1
    for at, evidence in enumerate(verdict.evidence):
        entry = _entry(evidence, quoter, texts)
        if units((*said, entry)) > room:
            said.append(line(texts, "more-cut", count=len(verdict.evidence) - at))
            break
        said.append(entry)
    return said


def _reason(evidence: Evidence, quoter: Quoter, texts: Texts) -> Line:
    words = quoter.span(evidence.span) if evidence.span else None
    why = quoter.words(evidence.why)
    return (
        line(texts, "reason-quoted", words=words, why=why) if words else line(texts, "reason-plain", why=why)
    )


def _entry(evidence: Evidence, quoter: Quoter, texts: Texts) -> Line:
    words = quoter.span(evidence.span) if evidence.span else None
    why, weight = quoter.words(evidence.why), texts(_weight(evidence))
    if words is None:
        return line(texts, "more-entry-plain", weight=weight, why=why)
    return line(texts, "more-entry", weight=weight, words=words, why=why)


def _weight(evidence: Evidence) -> str:
    if evidence.hard:
        return "weight-hard"
    if evidence.points < 0:
        return "weight-genuine"
    if evidence.points >= HEAVY:
        return "weight-heavy"
    return "weight-medium" if evidence.points >= MEDIUM else "weight-light"
