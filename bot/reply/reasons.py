"""The reasons of a verdict as lines, each with the words that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.checks.wording import RULE as WORDING
from bot.reply.fill import line
from bot.reply.model import units

if TYPE_CHECKING:
    from bot.model import Evidence, Verdict
    from bot.reply.model import Line
    from bot.reply.quotes import Quoter
    from bot.texts import Texts

HEAVY = 60
MEDIUM = 30
LIGHT = 10
"""From how many points on a reason is called heavy, medium or light; what weighs less is no reason to show
beside heavier ones. The levels have limits of their own (``data/judgement/thresholds.toml``)."""


def main_reasons(verdict: Verdict, quoter: Quoter, texts: Texts, most: int) -> list[Line]:
    """Return the heaviest reasons that speak for a scam: no sentence and no words twice, no trifles."""
    speaking = [found for found in verdict.evidence if found.why and (found.points > 0 or found.hard)]
    telling = [found for found in speaking if found.points >= LIGHT or found.hard] or speaking
    chosen: list[Evidence] = []
    # "It reads like a scam" says less to a reader than any named sign: it comes last, however much it weighs.
    for found in sorted(telling, key=lambda found: found.rule == WORDING):
        if not any(found.why == other.why or _overlap(found, other) for other in chosen):
            chosen.append(found)
    return [_reason(found, quoter, texts) for found in chosen[:most]]


def all_reasons(verdict: Verdict, quoter: Quoter, texts: Texts, room: int) -> list[Line]:
    """Return every piece of evidence with its weight in words, as many as fit into ``room`` UTF-16 units."""
    speaking = [found for found in verdict.evidence if found.why]
    if not speaking:
        return [line(texts, "more-none")]
    said = [line(texts, "more-title")]
    room -= units((line(texts, "more-cut", count=len(speaking)),)) + 1
    for at, found in enumerate(speaking):
        entry = _entry(found, quoter, texts)
        if units((*said, entry)) > room:
            said.append(line(texts, "more-cut", count=len(speaking) - at))
            break
        said.append(entry)
    return said


def _overlap(one: Evidence, other: Evidence) -> bool:
    if one.span is None or other.span is None:
        return False
    return one.span.start < other.span.end and other.span.start < one.span.end


def _reason(evidence: Evidence, quoter: Quoter, texts: Texts) -> Line:
    words = quoter.span(evidence.span) if evidence.span else None
    why = quoter.words(evidence.why)
    return line(texts, "reason-quoted", words=words, why=why) if words else line(texts, "reason-plain", why=why)


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
