"""Judging an SMS, with and without recording it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from bot.model import NO_SIGHTINGS
from bot.service.confirmed import for_everybody, sightings
from bot.service.types import Checked
from bot.store.events import NewEvent, append, find_check, has_source
from bot.store.likeness import near
from bot.store.schema import Kind
from bot.store.votes import tally_together

if TYPE_CHECKING:
    from bot.model import Sms, Verdict
    from bot.service.context import Context
    from bot.service.reading import Reading
    from bot.service.types import Chat, Person
    from bot.store.votes import Tally


async def tally(context: Context, reading: Reading) -> Tally:
    """What everybody says of this text and its near copies."""
    async with context.store.read(brief=True) as connection:
        copies = await near(connection, context.bands(reading))
        return await tally_together(connection, context.fingerprint(reading), copies, context.owners)


async def judge_read(context: Context, reading: Reading) -> Verdict:
    """The verdict on an SMS that was read. The judge is told of confirmed scams only."""
    said = await tally(context, reading)
    known = sightings(said) if for_everybody(said, context.policy) else NO_SIGHTINGS
    async with context.core.turn():
        return context.judge(reading.opened, known)


async def judge(context: Context, sms: Sms) -> Verdict:
    """The verdict as the record stands now; nothing is recorded."""
    return await judge_read(context, context.reader.read(sms))


async def is_recorded(context: Context, source: str) -> bool:
    """Whether this source had its check already, and only its answer is asked for again."""
    async with context.store.read(brief=True) as connection:
        return await has_source(connection, context.secret.text("check", source))


async def is_about(context: Context, check_id: str, sms: Sms) -> bool | None:
    """Whether a check was of this very text; None where there is no such check."""
    async with context.store.read(brief=True) as connection:
        found = await find_check(connection, check_id)
    return None if found is None else found.fingerprint == context.fingerprint(context.reader.read(sms))


async def check(context: Context, sms: Sms, who: Person, where: Chat, source: str) -> Checked:
    """Judge and record. The id follows from the source, so the same source gets the same check."""
    async with context.core.turn():
        reading = context.reader.read(sms)
    verdict = await judge_read(context, reading)
    check_id = context.secret.text("check", source)
    recorded = NewEvent(
        kind=Kind.CHECK,
        at=context.clock(),
        source=check_id,
        person=context.person(who),
        chat_id=where.id if where.group else None,
        place=context.place(where),
        check_id=check_id,
        fingerprint=context.fingerprint(reading),
        level=verdict.level,
        score=verdict.score,
        category=verdict.category,
        institution=verdict.institution,
        rules=rules_of(verdict),
    )
    await context.store.together(partial(append, new=recorded))
    async with context.core.turn():  # many were committed at once, and each is now answered
        return Checked(check_id, verdict)


def rules_of(verdict: Verdict) -> str:
    """The ids of the rules that fired, heaviest first, as the record keeps them."""
    return msgspec.json.encode([found.rule for found in verdict.evidence]).decode()
