"""Deleting what the inbox no longer needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.schema import inbox

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

_DONE, _DEAD = "done", "dead"
_ENDED = inbox.c.ended_at <= sa.bindparam("until", type_=inbox.c.ended_at.type)
# By the index on the time, where what is old enough comes first: ``|| ''`` keeps a database from walking through all
# that is done, of the last hours too, by the index on the state.
_FOUND = (
    sa.select(inbox.c.update_id)
    .where(_ENDED, inbox.c.state + "" == sa.bindparam("of_state"))
    .order_by(inbox.c.ended_at)
    .limit(sa.bindparam("most"))
)
_DROP = sa.delete(inbox).where(inbox.c.update_id.in_(_FOUND))
_BLANK = sa.update(inbox).where(inbox.c.update_id.in_(_FOUND.where(inbox.c.body.is_not(None)))).values(body=None)


async def drop_done(connection: AsyncConnection, until: datetime, most: int) -> int:
    """Forget the numbers of updates that were done at ``until`` or before; how many went, at most ``most``."""
    return (await connection.execute(_DROP, {"until": until, "of_state": _DONE, "most": most})).rowcount


async def blank_dead(connection: AsyncConnection, until: datetime, most: int) -> int:
    """Delete the contents of updates that were given up at ``until`` or before; the rows stay to be counted."""
    return (await connection.execute(_BLANK, {"until": until, "of_state": _DEAD, "most": most})).rowcount


async def drop_dead(connection: AsyncConnection, until: datetime, most: int) -> int:
    """Delete updates that were given up at ``until`` or before, contents and all."""
    return (await connection.execute(_DROP, {"until": until, "of_state": _DEAD, "most": most})).rowcount
