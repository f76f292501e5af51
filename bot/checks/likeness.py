"""The likeness check: what it weighs that many people, or an owner, confirmed the same text as a scam.

A vote is only a vote: phishing copies a bank's real wording, and three accounts are soon made. So likeness alone
lifts no text above ``suspicious`` (:func:`bot.scoring.add_up`), and it says nothing of a text that only its
institution can have written, or whose contacts are all the institutions' own. Texts that look genuine are *guarded*:
of them people's reports say nothing at all, here and in what counts as confirmed; an owner's word may.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec

from bot.model import Evidence, LinkKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.checks.identity import Identity
    from bot.model import Entities, Level, Sightings
    from bot.rules.match import Match

RULE = "likeness/confirmed"
_ANYBODY = frozenset({LinkKind.SHORTENER, LinkKind.MASKED})
"""Links that do not show whose they are, so that a genuine notice and its forgery look the same."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a confirmed text weighs, and what the reader is told, from so many ``people`` on."""

    people: int
    points: float
    why: str


class Likeness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[likeness]`` of ``data/judgement/thresholds.toml``; the reasons stand there."""

    people: int
    chats: int
    ceiling: float
    step: tuple[Step, ...]

    def fault(self, scam: float) -> str | None:
        """What is wrong with the numbers, if anything."""
        if not 0 < self.ceiling < scam:
            return "need 0 < likeness.ceiling < scam"
        if not self.step or self.step[0].people != 0 or any(a.people >= b.people for a, b in pairwise(self.step)):
            return "likeness.step needs steps with rising 'people', the first from 0 on"
        if any(step.points <= 0 or not step.why for step in self.step):
            return "each likeness.step needs 'points' above 0 and a 'why'"
        return None


def check_likeness(
    sightings: Sightings, identity: Identity, entities: Entities, likeness: Likeness, *, guarded: bool
) -> Evidence | None:
    """The evidence, or None where too few confirmed it or where confirming tells nothing.

    Args:
        sightings: Who confirmed this text or a near copy.
        identity: Who speaks, and whose the contacts are.
        entities: What the SMS carries.
        likeness: The numbers.
        guarded: Whether people's reports say nothing of it.
    """
    enough = not guarded and sightings.people >= likeness.people and sightings.chats >= likeness.chats
    if not (enough or sightings.owner) or not _telling(identity, entities):
        return None
    step = [step for step in likeness.step if step.people <= sightings.people][-1]
    return Evidence(rule=RULE, why=step.why, points=step.points)


def is_guarded(level: Level, matches: Iterable[Match], identity: Identity, entities: Entities) -> bool:
    """Whether people's reports confirm nothing of the text, however many they are.

    So it is where nothing flags it and it can be an institution's own; or where it carries a sign of a genuine notice
    and leads to no stranger, or to one who is to be expected: a courier gives their own mobile.

    Args:
        level: What was concluded without any reports.
        matches: The signs that fired.
        identity: Who speaks, and whose the contacts are.
        entities: What the SMS carries.
    """
    if level.flagged:
        return False
    signs = [match.sign.sign for match in matches if match.sign.sign.points < 0]
    return (
        not _telling(identity, entities)
        or any(sign.own_number for sign in signs)
        or (bool(signs) and not leads_to_a_stranger(identity, entities))
    )


def leads_to_a_stranger(identity: Identity, entities: Entities) -> bool:
    """Whether it gives a contact that may be anybody's; a domain that is given out against papers may not."""
    given = (*identity.links.values(), *identity.numbers.values())
    return bool(entities.accounts) or any({"#link.unknown", "#number.unknown"} & set(names) for names in given)


def _telling(identity: Identity, entities: Entities) -> bool:
    """Whether the text leads to a stranger, or speaks for no institution and leads to none."""
    stranger = (
        any("#link.known" not in standing for standing in _showing(identity))
        or any("#number.unknown" in standing for standing in identity.numbers.values())
        or bool(entities.accounts)
    )
    if stranger:
        return True
    owned = bool(_showing(identity)) or any("#number.known" in standing for standing in identity.numbers.values())
    # A code or the tail of a card is an institution's to send, whether or not it names itself.
    speaks = identity.claims.all or entities.signatures or entities.codes or entities.card_tails
    return not (owned or speaks)


def _showing(identity: Identity) -> list[tuple[str, ...]]:
    """What is known of each link that shows whose it is."""
    return [standing for link, standing in identity.links.items() if link.kind not in _ANYBODY]
