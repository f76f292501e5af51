"""Taking a person out of the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.schema import Kind, event, indicator, likeness, report_text, review

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def unlink(connection: AsyncConnection, person: str) -> dict[Kind, int]:
    """Take the person out of every event and delete the texts, indicators and bands of their reports.

    What stays says when something happened, in which group, and what the bot concluded: no longer who. A
    private chat's hash goes too, since it is its person's. What an owner decided stays without the owner. That the
    person was muted stays as it is: who writes on must not be heard again for having asked to be forgotten.

    Returns:
        How many events of each kind were theirs.
    """
    mine = event.c.person == person
    counted = sa.select(event.c.kind, sa.func.count()).where(mine).group_by(event.c.kind)
    counts = {Kind(kind): count for kind, count in await connection.execute(counted)}
    if counts:
        reports = sa.select(event.c.id).where(mine, event.c.kind == Kind.REPORT)
        for table in (report_text, indicator, likeness):
            await connection.execute(sa.delete(table).where(table.c.event_id.in_(reports)))
        place = sa.case((event.c.chat_id.is_(None), sa.null()), else_=event.c.place)
        await connection.execute(
            sa.update(event).where(mine).values(person=None, claim=None, place=place),
        )
    await connection.execute(sa.update(review).where(review.c.person == person).values(person=""))
    return counts
