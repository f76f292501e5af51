"""/forget: the person leaves the record, and their votes with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.service.types import Forgotten
from bot.store.dialect import take_turn
from bot.store.jobs import cancel_person
from bot.store.people import unlink
from bot.store.rescue import drop_case, drop_draft
from bot.store.schema import Kind

if TYPE_CHECKING:
    from bot.service.context import Context
    from bot.service.types import Person


async def forget(context: Context, who: Person) -> Forgotten:
    """Unlink or delete all that is the person's, what was still to be sent too; a second time finds nothing."""
    person = context.person(who)
    async with context.store.write() as connection:
        await take_turn(connection, person)
        counts = await unlink(connection, person)
        case = await drop_case(connection, person)
        draft = await drop_draft(connection, person)
        cancelled = await cancel_person(connection, person)
    return Forgotten(
        checks=counts.get(Kind.CHECK, 0),
        reports=counts.get(Kind.REPORT, 0),
        corrections=counts.get(Kind.CORRECTION, 0),
        rescue=case or draft or cancelled > 0,
    )
