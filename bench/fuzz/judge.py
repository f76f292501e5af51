"""``bot.judge`` and ``bot.reply``: the whole way from an SMS to what a reader sees."""

from __future__ import annotations

import re
import unicodedata
import zlib

from bench.fuzz.entities import check_entities
from bench.fuzz.fold import check_map
from bench.fuzz.shared import knowledge, texts
from bench.fuzz.sms import covers, fields
from bot.judge import analyse, conclude, judge
from bot.model import Level, Sightings, Sms, Verdict
from bot.neutralise import JOINER
from bot.reply import HotlineNumber, Quote, Reply, Strong, compose_verdict
from bot.reply.model import MAX_LINES, MAX_UNITS, units
from handlers.html import render_html
from sandbox.server import autolink

_SIGHTINGS = (Sightings(), Sightings(), Sightings(), Sightings(4, 3), Sightings(40, 9), Sightings(1, 1, owner=True))


def _given(data: bytes) -> tuple[Sms, Sightings]:
    return Sms(*fields(data)), _SIGHTINGS[zlib.crc32(data) % len(_SIGHTINGS)]


def run(data: bytes) -> Verdict:
    """What is timed."""
    sms, sightings = _given(data)
    verdict = judge(sms, knowledge(), sightings)
    compose_verdict(sms, verdict, texts(), knowledge())
    return verdict


def check(data: bytes) -> None:
    """Raises where something that always holds does not."""
    sms, sightings = _given(data)
    found = analyse(sms, knowledge(), sightings)
    start, end = found.unwrapped.body
    check_map(found.folded, start, end)
    check_entities(found.entities, start, end, len(sms.links))
    verdict = conclude(sms, found, knowledge())
    check_verdict(sms, verdict)
    for more in (False, True):
        check_reply(compose_verdict(sms, verdict, texts(), knowledge(), more=more), verdict, more=more)
    assert run(data) == verdict, "another verdict the second time"


def check_verdict(sms: Sms, verdict: Verdict) -> None:
    """The verdict says nothing that cannot be."""
    known = knowledge()
    assert 0 <= verdict.score <= 1, "score out of bounds"
    assert 0 <= verdict.body.start <= verdict.body.end <= len(sms.text), "body outside the text"
    spans = [evidence.span for evidence in verdict.evidence if evidence.span is not None]
    assert covers(list(spans), *verdict.body), "evidence without words of the body"
    assert all(evidence.rule for evidence in verdict.evidence), "evidence without a rule"
    assert all(evidence.why or evidence.points <= 0 for evidence in verdict.evidence), "evidence without a reason"
    assert verdict.category is None or verdict.category in known.categories, "no such category"
    assert verdict.level is Level.CLEAR or verdict.hotlines, "nobody to call"
    assert all(line.number and line.name for line in verdict.hotlines), "a hotline without number"
    assert len({line.number for line in verdict.hotlines}) == len(verdict.hotlines), "a hotline twice"
    assert verdict.level is Level.SCAM or not any(e.hard for e in verdict.evidence), "a hard sign, and no scam"


def check_reply(reply: Reply, verdict: Verdict, *, more: bool) -> None:
    """The reply fits, and nothing of the SMS in it can be tapped or used."""
    assert more or len(reply.lines) <= MAX_LINES, "too many lines"
    assert units(reply.lines) <= MAX_UNITS, "too long"
    runs = [run for line in reply.lines for run in (*line, Strong("\n"))]
    shown = "".join(JOINER if isinstance(run, HotlineNumber) else run.text for run in runs)
    assert not autolink.entities(shown), "something to tap"
    assert "<" not in re.sub(r"</?(?:b|code)>", "", render_html(reply)), "markup of the SMS"
    assert "\n" not in "".join(run.text for line in reply.lines for run in line), "a line of two lines"
    if verdict.one_time_code:
        quoted = unicodedata.normalize("NFKC", "".join(run.text for run in runs if isinstance(run, Quote)))
        assert not re.search(r"\d{4}", quoted.replace(JOINER, "")), "a one-time code is shown"
