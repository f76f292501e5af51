"""Facts about the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.errors import SecretError, StoreError
from bot.store.dialect import insert_once
from bot.store.schema import meta

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.store.engine import Store

_KEY_ID = "secret_key_id"
COPYING = "copying"
"""Stands there while another record is being copied into the database (``bot.store.copying``)."""


async def bind_secret(store: Store, key_id: str) -> None:
    """Tie the database to the secret of its first start.

    Raises:
        SecretError: It was written under another secret, under which no person or text would be recognised.
        StoreError: It holds half a copy.
    """
    query = sa.select(meta.c.value).where(meta.c.key == _KEY_ID)
    async with store.write() as connection:
        if await connection.scalar(sa.select(meta.c.value).where(meta.c.key == COPYING)) is not None:
            raise StoreError(f"the database {store.name} holds half a copy: run `zhendema db copy` again")
        await insert_once(connection, meta, {"key": _KEY_ID, "value": key_id})
        known = await connection.scalar(query)
    if known != key_id:
        raise SecretError(
            f"the database {store.name} was written under another secret (id {known}, now {key_id}): "
            "set ZHENDEMA_SECRET or restore the secret file as it was, or start with a new database",
        )


async def is_bound(connection: AsyncConnection) -> bool:
    """Whether the database was ever opened by this program: the least that can be asked of it."""
    return await connection.scalar(sa.select(meta.c.value).where(meta.c.key == _KEY_ID)) is not None
