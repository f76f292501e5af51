"""The verdict as other programs read it: one object for ``zhendema check --json``, the batch and the HTTP API.

docs/batch.md explains it to people. It is a promise: keys are added, never changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from msgspec import Meta

from bot.model import Level  # noqa: TC001 - msgspec reads the types

if TYPE_CHECKING:
    from bot.model import Verdict

_Offset = Annotated[int, Meta(ge=0)]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One reason for the verdict. ``start`` and ``end`` count characters of the given text, end exclusive."""

    rule: Annotated[str, Meta(description="The id of the rule or check")]
    why: Annotated[str, Meta(description="One plain Chinese sentence; mostly empty where points are below 0")]
    start: Annotated[_Offset | None, Meta(description="Null where the reason has no place in the text")]
    end: _Offset | None
    points: Annotated[float, Meta(description="Weight; below 0 it speaks for a genuine SMS")]


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A number to call."""

    name: str
    number: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one SMS."""

    id: Annotated[Any, Meta(description="As it was given, else null")]
    level: Annotated[Level, Meta(description="None of them means safe")]
    score: Annotated[float, Meta(ge=0, le=1, description="How likely a scam")]
    category: Annotated[str | None, Meta(description="An id of data/categories.toml")]
    institution: Annotated[str | None, Meta(description="The institution that the SMS claims to be from, by its id")]
    evidence: Annotated[list[Reason], Meta(description="Heaviest first")]
    hotlines: Annotated[list[Line], Meta(description="Numbers to call, the institution's first")]


def answer_of(row_id: object, verdict: Verdict) -> Answer:
    """The object for a verdict; ``row_id`` comes back as it is."""
    return Answer(
        id=row_id,
        level=verdict.level,
        score=verdict.score,
        category=verdict.category,
        institution=verdict.institution,
        evidence=[
            Reason(
                rule=found.rule,
                why=found.why,
                start=found.span.start if found.span else None,
                end=found.span.end if found.span else None,
                points=found.points,
            )
            for found in verdict.evidence
        ],
        hotlines=[Line(name=line.name, number=line.number) for line in verdict.hotlines],
    )
