"""Where people were seen as admins: what a person is offered in a private chat, and nothing that gives a right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.store.dialect import upsert
from bot.store.group_settings import GONE
from bot.store.schema import group_admin, group_settings

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

_PERSON: sa.BindParameter[str] = sa.bindparam("person")
_CHAT: sa.BindParameter[int] = sa.bindparam("chat_id")
_CHATS = (
    sa.select(group_admin.c.chat_id)
    .outerjoin(group_settings, group_settings.c.chat_id == group_admin.c.chat_id)
    .where(
        group_admin.c.person == _PERSON,
        sa.or_(group_settings.c.state.is_(None), group_settings.c.state != GONE),
    )
    .order_by(group_admin.c.seen_at.desc(), group_admin.c.chat_id)
)
_DROP = sa.delete(group_admin).where(group_admin.c.person == _PERSON, group_admin.c.chat_id == _CHAT)
_DROP_PERSON = sa.delete(group_admin).where(group_admin.c.person == _PERSON)
_DROP_CHAT = sa.delete(group_admin).where(group_admin.c.chat_id == _CHAT)


async def saw(connection: AsyncConnection, person: str, chat_id: int, at: datetime) -> None:
    """Remember that the person was an admin of the group at this moment."""
    await upsert(connection, group_admin, {"person": person, "chat_id": chat_id, "seen_at": at})


async def drop(connection: AsyncConnection, person: str, chat_id: int) -> None:
    """Forget it: the person is an admin of the group no longer."""
    await connection.execute(_DROP, {"person": person, "chat_id": chat_id})


async def chats_of(connection: AsyncConnection, person: str) -> tuple[int, ...]:
    """The groups where the person was seen as an admin, the latest first; not those where the bot is gone."""
    return tuple(await connection.scalars(_CHATS, {"person": person}))


async def drop_person(connection: AsyncConnection, person: str) -> int:
    """Forget all of a person, and tell in how many groups it was."""
    return (await connection.execute(_DROP_PERSON, {"person": person})).rowcount


async def drop_chat(connection: AsyncConnection, chat_id: int) -> None:
    """Forget all of a group."""
    await connection.execute(_DROP_CHAT, {"chat_id": chat_id})


async def drop_unseen(connection: AsyncConnection, until: datetime, most: int) -> int:
    """Forget at most ``most`` who were seen at ``until`` or before and not since, and tell how many."""
    old = (
        sa.select(group_admin.c.person, group_admin.c.chat_id)
        .where(group_admin.c.seen_at <= until)
        .order_by(group_admin.c.person, group_admin.c.chat_id)
        .limit(most)
        .subquery()
    )
    these = sa.tuple_(group_admin.c.person, group_admin.c.chat_id).in_(sa.select(old.c.person, old.c.chat_id))
    # Asked again of each row as it is deleted: on PostgreSQL the person may have been seen since it was found.
    return (await connection.execute(sa.delete(group_admin).where(these, group_admin.c.seen_at <= until))).rowcount
