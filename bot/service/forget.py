"""/forget: the person leaves the record, and their votes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.service.types import Forgotten
from bot.service.votes import DAY
from bot.store import consent, group_admins, spent
from bot.store.dialect import take_turn
from bot.store.events import count_of_person
from bot.store.jobs import cancel_person
from bot.store.people import unlink
from bot.store.rescue import drop_case, drop_draft
from bot.store.schema import Kind

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.context import Context
    from bot.service.types import Person


async def forget(context: Context, who: Person) -> Forgotten:
    """Unlink or delete all that is the person's, what was still to be sent too; a second time finds nothing.

    How many reports they made in the last 24 hours stays for 24 hours (:mod:`bot.store.spent`).
    """
    person = context.person(who)
    async with context.store.write() as connection:
        await take_turn(connection, person)
        await _keep_quota(context, connection, person)
        counts = await unlink(connection, person)
        case = await drop_case(connection, person)
        draft = await drop_draft(connection, person)
        cancelled = await cancel_person(connection, person)
        groups = await group_admins.drop_person(connection, person)
        agreed = await consent.withdraw(connection, person)
    return Forgotten(
        checks=counts.get(Kind.CHECK, 0),
        reports=counts.get(Kind.REPORT, 0),
        corrections=counts.get(Kind.CORRECTION, 0),
        rescue=case or draft or cancelled > 0,
        groups=groups,
        consent=agreed,
    )


async def _keep_quota(context: Context, connection: AsyncConnection, person: str) -> None:
    now = context.clock()
    reports = await count_of_person(connection, person, Kind.REPORT, now - DAY)
    if reports:
        await spent.add(connection, context.secret.text("spent", person), reports, now, now + DAY)
