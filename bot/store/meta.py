"""Facts about the database itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from bot.errors import SecretError
from bot.store.dialect import insert_once
from bot.store.schema import meta

if TYPE_CHECKING:
    from bot.store.engine import Store

_KEY_ID = "secret_key_id"


async def bind_secret(store: Store, key_id: str) -> None:
    """Tie the database to the secret of its first start.

    Raises:
        SecretError: It was written under another secret, under which no person or text would be recognised.
    """
    query = sa.select(meta.c.value).where(meta.c.key == _KEY_ID)
    async with store.write() as connection:
        await insert_once(connection, meta, {"key": _KEY_ID, "value": key_id})
        known = await connection.scalar(query)
    if known != key_id:
        raise SecretError(
            f"the database {store.name} was written under another secret (id {known}, now {key_id}): "
            "set ZHENDEMA_SECRET or restore the secret file as it was, or start with a new database",
        )
