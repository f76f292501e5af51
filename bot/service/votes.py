"""What people say of a checked text: 确认是诈骗, 不是诈骗, 号码不对.

A press may come twice, in a race with itself, or after a restart. The person's nth word on a text in a chat
has one ``claim`` in the record, and a claim is unique, so the outcome is the same on every path and database.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.service.check import judge_read, rules_of
from bot.service.confirmed import is_confirmed
from bot.service.types import Confirmation, Outcome
from bot.store import events, likeness, spent
from bot.store.dialect import take_turn
from bot.store.events import NewEvent
from bot.store.schema import Kind

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.model import Indicators, Sms
    from bot.service.context import Context
    from bot.service.types import Chat, Person
    from bot.store.events import CheckRow

DAY = timedelta(days=1)
"""What the limit on reports counts over; longer than that /forget leaves no trace of them."""
_OPPOSITE = {Kind.REPORT: Kind.CORRECTION, Kind.CORRECTION: Kind.REPORT}


@dataclass(frozen=True, slots=True)
class Press:
    """One press on a button below a verdict."""

    check_id: str
    who: Person
    where: Chat
    source: str
    admin: bool = False


@dataclass(frozen=True, slots=True)
class _Attachment:
    """What a report keeps beside its event."""

    text: str
    indicators: Indicators
    bands: tuple[int, ...]


async def confirm(context: Context, press: Press, sms: Sms) -> Confirmation:
    """Record that the person confirms the text as a scam."""
    check = await _check_of(context, press)
    if check is None:
        return Confirmation(Outcome.UNKNOWN)
    reading = context.reader.read(sms)
    if context.fingerprint(reading) != check.fingerprint:
        return Confirmation(Outcome.OTHER_TEXT)
    verdict = await judge_read(context, reading)
    word = replace(
        _event(context, press, Kind.REPORT, check),
        level=verdict.level,
        score=verdict.score,
        category=verdict.category,
        institution=verdict.institution,
        rules=rules_of(verdict),
        guarded=verdict.guarded or None,
    )
    attachment = _Attachment(context.reader.redacted(reading), verdict.indicators, context.bands(reading))
    return await _say(context, press, word, attachment)


async def dispute(context: Context, press: Press, sms: Sms | None) -> Confirmation:
    """Record that the person says the text is no scam. No text is kept: it is probably genuine and theirs."""
    check = await _check_of(context, press)
    if check is None:
        return Confirmation(Outcome.UNKNOWN)
    if sms is not None and context.fingerprint(context.reader.read(sms)) != check.fingerprint:
        return Confirmation(Outcome.OTHER_TEXT)
    return await _say(context, press, _event(context, press, Kind.CORRECTION, check), None)


async def complain(context: Context, press: Press) -> Outcome:
    """Record for the owners that a hotline shown with this check is said to be wrong."""
    check = await _check_of(context, press)
    if check is None:
        return Outcome.UNKNOWN
    complaint = _event(context, press, Kind.COMPLAINT, check)
    claim = context.secret.text("claim", f"{Kind.COMPLAINT}\0{complaint.person}\0{press.check_id}")
    async with context.store.write(brief=True) as connection:
        return await _append_once(context, connection, replace(complaint, claim=claim))


async def _check_of(context: Context, press: Press) -> CheckRow | None:
    async with context.store.read(brief=True) as connection:
        return await events.find_check(connection, press.check_id)


def _event(context: Context, press: Press, kind: Kind, check: CheckRow) -> NewEvent:
    return NewEvent(
        kind=kind,
        at=context.clock(),
        source=context.secret.text(f"source/{kind}", press.source),
        person=context.person(press.who),
        chat_id=press.where.id if press.where.group else None,
        place=context.place(press.where),
        admin=press.admin and press.where.group,
        check_id=press.check_id,
        fingerprint=check.fingerprint,
        level=check.level,
        score=check.score,
        category=check.category,
        institution=check.institution,
        rules=check.rules,
    )


async def _say(
    context: Context,
    press: Press,
    word: NewEvent,
    attachment: _Attachment | None,
) -> Confirmation:
    """Record a report or a correction, and tell whether the text now counts as a scam here."""
    person, fingerprint, place = word.person or "", word.fingerprint or "", word.place or ""
    async with context.store.write(brief=True) as connection:
        await take_turn(connection, person)
        opposite = _OPPOSITE[word.kind]
        turn = await events.count_words(connection, person, fingerprint, place, opposite)
        claim = context.claim(word.kind, person, fingerprint, place, turn)
        outcome = await _append_once(context, connection, replace(word, claim=claim), attachment)
        confirmed = await is_confirmed(connection, context, fingerprint, press.where)
    return Confirmation(outcome, confirmed)


async def _append_once(
    context: Context,
    connection: AsyncConnection,
    new: NewEvent,
    attachment: _Attachment | None = None,
) -> Outcome:
    """Append unless it was done before. A repeated source is told what it was told: that it is recorded."""
    if await events.has_source(connection, new.source):
        return Outcome.RECORDED
    if new.claim is not None and await events.has_claim(connection, new.claim):
        return Outcome.ALREADY
    if new.kind is Kind.REPORT and await _over_quota(context, connection, new):
        return Outcome.QUOTA
    event_id = await events.append(connection, new)
    if event_id is None:  # another process was faster
        return Outcome.RECORDED if await events.has_source(connection, new.source) else Outcome.ALREADY
    if attachment is not None:
        found = attachment.indicators
        await events.attach(connection, event_id, attachment.text, found.domains, found.numbers, new.at)
        await likeness.remember(connection, event_id, attachment.bands)
    return Outcome.RECORDED


async def _over_quota(context: Context, connection: AsyncConnection, new: NewEvent) -> bool:
    person = new.person or ""
    done = await events.count_of_person(connection, person, Kind.REPORT, new.at - DAY)
    if done < context.policy.reports_per_day:
        done += await spent.count(connection, context.secret.text("spent", person), new.at)
    return done >= context.policy.reports_per_day
