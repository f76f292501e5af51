"""The one place where a statement is spelt for each database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import AsyncConnection


async def insert_once(
    connection: AsyncConnection,
    table: sa.Table,
    values: Mapping[str, Any],
    returning: sa.Column[int] | None = None,
) -> int | None:
    """Insert a row unless a unique key forbids it.

    Returns:
        ``returning`` of the new row (1 without it), or None where such a row is there already.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(values).on_conflict_do_nothing()
    if returning is None:
        result = await connection.execute(statement)
        return 1 if result.rowcount else None
    found: int | None = await connection.scalar(statement.returning(returning))
    return found
