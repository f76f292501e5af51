"""From an SMS to a verdict: pure, reproducible, offline.

``judge`` runs the stages in order: unwrap, fold, entities, cut, words, claims, checks, rules, sum.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from bot.checks.collection import check_collection
from bot.checks.identity import Identity, check_identity
from bot.checks.likeness import check_likeness, is_guarded, leads_to_a_stranger
from bot.checks.subject import subject_logits
from bot.checks.wording import check_wording, features, hide_names
from bot.claims import find_claims
from bot.features import Places, collect, to_folded, weigh_warning
from bot.hotlines import general_lines, hinted_region, own_lines, region_of
from bot.model import NO_SIGHTINGS, Evidence, Indicators, NumberKind, Sightings, Sms, Span, Verdict
from bot.opened import Opened, open_sms
from bot.rules.match import Found, Match, Place
from bot.scoring import Sum, add_up

if TYPE_CHECKING:
    from bot.concepts import Hit
    from bot.fold import Folded
    from bot.knowledge import Knowledge
    from bot.model import Entities
    from bot.unwrap import Unwrapped


class Analysis(NamedTuple):
    """Everything that was found on the way to a verdict, for ``zhendema explain`` and the tests."""

    unwrapped: Unwrapped
    folded: Folded
    entities: Entities
    words: list[str]
    hits: list[Hit]
    hinted_region: str | None
    identity: Identity
    places: Places
    matches: list[Match]
    extra: tuple[Evidence, ...]
    total: Sum
    guarded: bool


def judge(sms: Sms | Opened, knowledge: Knowledge, sightings: Sightings = NO_SIGHTINGS) -> Verdict:
    """The verdict on ``sms``.

    Args:
        sms: As the person gave it, or opened already.
        knowledge: Loaded once, see :meth:`bot.knowledge.Knowledge.load`.
        sightings: What the record knows of texts like this one.
    """
    opened = sms if isinstance(sms, Opened) else open_sms(sms)
    return conclude(opened.sms, analyse(opened, knowledge, sightings), knowledge)


def analyse(sms: Sms | Opened, knowledge: Knowledge, sightings: Sightings = NO_SIGHTINGS) -> Analysis:
    """Runs every stage and keeps what each found."""
    sms, unwrapped, folded, entities = sms if isinstance(sms, Opened) else open_sms(sms)
    spans = (
        *(link.span for link in entities.links if link.span),
        *(number.span for number in entities.numbers),
        *(fact.span for fact in (*entities.amounts, *entities.codes, *entities.card_numbers)),
    )
    masked = [Span(*to_folded(span, folded)) for span in spans]
    reading = knowledge.cutter.read(folded.text, masked)
    hits = knowledge.words.scan(folded.text, reading.boundaries)
    hinted = hinted_region(folded.text, knowledge.general_lines, traditional=folded.traditional)
    claims = find_claims(
        folded.text, reading.boundaries, knowledge.directory, traditional=folded.traditional, region=hinted
    )
    sender = sms.sender or unwrapped.sender
    identity = check_identity(claims, entities, sender, knowledge.directory, knowledge.official)
    places = collect(folded, entities, identity, knowledge.odd_tlds)
    for hit in hits:
        if not hit.negated:
            places.put(hit.term, Place(hit.start, hit.end))
    weigh_warning(places)
    matches = knowledge.rule_set.match(Found(places))
    words = hide_names(reading.tokens, claims.all)
    seen = features(words, places)
    wording = check_wording(seen, words, folded, knowledge.weights, knowledge.thresholds.wording)
    adding = partial(
        add_up,
        matches,
        knowledge.thresholds,
        wording=wording.points if wording else 0.0,
        subjects=lambda: subject_logits(seen, knowledge.subjects),
    )
    total = adding()
    guarded = is_guarded(total.level, matches, identity, entities)
    # What people write to each other is no notice and guarded by no sign, and yet it is not to be flagged by a crowd.
    plain = wording is not None and wording.points <= knowledge.thresholds.wording.settled
    unheeded = guarded or (plain and not total.level.flagged and not leads_to_a_stranger(identity, entities))
    likeness = check_likeness(sightings, identity, entities, knowledge.thresholds.likeness, guarded=unheeded)
    if likeness:
        total = adding(likeness=likeness.points)
    extra = tuple(evidence for evidence in (likeness, wording) if evidence)
    return Analysis(unwrapped, folded, entities, words, hits, hinted, identity, places, matches, extra, total, guarded)


def conclude(sms: Sms, found: Analysis, knowledge: Knowledge) -> Verdict:
    """The verdict that follows from the analysis."""
    level = found.total.level
    reasons = [*(_evidence(m, found.folded) for m in found.matches if m.sign.sign.points), *found.extra]
    evidence = tuple(sorted(reasons, key=lambda e: -abs(e.points) - 1000 * e.hard))
    claims = found.identity.claims
    text = found.folded.text
    region = region_of(claims, found.hinted_region, traditional=found.folded.traditional)
    own = own_lines(claims, knowledge.directory, credit_card="信用卡" in text)
    collection = check_collection(found.places)
    general = general_lines(level, region, knowledge.directory, knowledge.general_lines, collection)
    return Verdict(
        level=level,
        score=found.total.score,
        category=found.total.category,
        evidence=evidence,
        institution=claims.ids[0] if len(claims.ids) == 1 else None,
        hotlines=(*own, *(line for line in general if line.number not in {o.number for o in own})),
        body=found.unwrapped.body,
        ambiguous=found.identity.ambiguous,
        collection=collection,
        one_time_code=bool(found.entities.codes),
        sender=sms.sender or found.unwrapped.sender,
        indicators=_indicators(found),
        guarded=found.guarded,
    )


def _evidence(match: Match, folded: Folded) -> Evidence:
    sign = match.sign.sign
    span = folded.span(*match.place) if match.place.start >= 0 else None
    return Evidence(
        rule=match.sign.id,
        why=sign.why,
        points=float(sign.points),
        span=span,
        hard=sign.hard,
        category=match.sign.category,
    )


_CALLED = frozenset(
    {
        NumberKind.MOBILE,
        NumberKind.MVNO,
        NumberKind.LANDLINE,
        NumberKind.SERVICE_400,
        NumberKind.FOREIGN,
        NumberKind.PREMIUM,
    }
)


def _indicators(found: Analysis) -> Indicators:
    identity = found.identity
    domains = dict.fromkeys(
        link.domain for link, standing in identity.links.items() if link.domain and "#link.unknown" in standing
    )
    numbers = dict.fromkeys(
        number.digits
        for number, standing in identity.numbers.items()
        if number.kind in _CALLED and "#number.unknown" in standing
    )
    return Indicators(tuple(domains), tuple(numbers))
