"""Judging an SMS, with and without recording it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from bot.service.confirmed import sightings
from bot.service.types import Checked
from bot.store.events import NewEvent, append, has_source
from bot.store.schema import Kind
from bot.store.votes import tally_of

if TYPE_CHECKING:
    from bot.model import Sightings, Sms, Verdict
    from bot.service.context import Context
    from bot.service.types import Chat, Person


async def look_up(context: Context, fingerprint: str) -> Sightings:
    """What the record knows of this text."""
    async with context.store.read() as connection:
        return sightings(await tally_of(connection, fingerprint, context.owners))


async def judge(context: Context, sms: Sms) -> Verdict:
    """The verdict as the record stands now; nothing is recorded."""
    fingerprint = context.fingerprint(context.reader.read(sms))
    return context.judge(sms, await look_up(context, fingerprint))


async def is_recorded(context: Context, source: str) -> bool:
    """Whether this source had its check already, and only its answer is asked for again."""
    async with context.store.read() as connection:
        return await has_source(connection, context.secret.text("check", source))


async def check(context: Context, sms: Sms, who: Person, where: Chat, source: str) -> Checked:
    """Judge and record. The id follows from the source, so the same source gets the same check."""
    fingerprint = context.fingerprint(context.reader.read(sms))
    verdict = context.judge(sms, await look_up(context, fingerprint))
    check_id = context.secret.text("check", source)
    recorded = NewEvent(
        kind=Kind.CHECK,
        at=context.clock(),
        source=check_id,
        person=context.person(who),
        chat_id=where.id if where.group else None,
        place=context.place(where),
        check_id=check_id,
        fingerprint=fingerprint,
        level=verdict.level,
        score=verdict.score,
        category=verdict.category,
        institution=verdict.institution,
        rules=rules_of(verdict),
    )
    async with context.store.write() as connection:
        await append(connection, recorded)
    return Checked(check_id, verdict)


def rules_of(verdict: Verdict) -> str:
    """The ids of the rules that fired, heaviest first, as the record keeps them."""
    return msgspec.json.encode([found.rule for found in verdict.evidence]).decode()
