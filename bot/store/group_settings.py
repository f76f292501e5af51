"""What a group's admins chose and what is known of the bot in the group: one row a group, the defaults without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from bot.store.dialect import upsert
from bot.store.schema import group_settings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

GONE = "gone"
"""The state of a group in which the bot is no more."""
ADMINS_ONLY = "admins"
"""``confirmers`` of a group where a member's report confirms nothing."""


class Chosen(NamedTuple):
    """A row of ``group_settings``. ``moved_to`` is set where the group goes on under another id."""

    chat_id: int
    state: str
    time_zone: str
    language: str
    auto_check: bool
    weekly: bool
    confirmers: str
    moved_to: int | None = None


_CHAT = group_settings.c.chat_id == sa.bindparam("chat_id")
_FIND = sa.select(*(group_settings.c[name] for name in Chosen._fields)).where(_CHAT)
_MOVED = (
    sa.select(group_settings.c.chat_id, group_settings.c.moved_to)
    .where(group_settings.c.moved_to.is_not(None))
    .order_by(group_settings.c.chat_id)
)


async def find(connection: AsyncConnection, chat_id: int) -> Chosen | None:
    """The group's row; None where there is none."""
    row = (await connection.execute(_FIND, {"chat_id": chat_id})).one_or_none()
    return None if row is None else Chosen(*row)


async def current(connection: AsyncConnection, chat_id: int) -> int:
    """The id under which the group goes on: its own unless it moved."""
    found = await find(connection, chat_id)
    return chat_id if found is None or found.moved_to is None else found.moved_to


async def save(connection: AsyncConnection, chosen: Chosen, at: datetime) -> None:
    """Write the group's row, in place of the one that is there."""
    await upsert(connection, group_settings, {**chosen._asdict(), "updated_at": at})


async def moves(connection: AsyncConnection) -> list[tuple[int, int]]:
    """All groups that moved, with the id under which each goes on."""
    return [(row.chat_id, row.moved_to) for row in await connection.execute(_MOVED)]


async def drop_gone(connection: AsyncConnection, until: datetime, most: int) -> int:
    """Delete the rows of groups that are gone since ``until`` or longer, at most ``most``, and tell how many."""
    old = sa.and_(group_settings.c.state == GONE, group_settings.c.updated_at <= until)
    found = sa.select(group_settings.c.chat_id).where(old).limit(most)
    # Asked again of each row as it is deleted: on PostgreSQL the bot may have come back since it was found.
    gone = sa.delete(group_settings).where(group_settings.c.chat_id.in_(found), old)
    return (await connection.execute(gone)).rowcount
