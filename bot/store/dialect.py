"""The one place where something is done otherwise on each database."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

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
    statement = _insert(table, connection.dialect.name, returning)
    result = await connection.execute(statement, values)
    if returning is None:
        return 1 if result.rowcount else None
    found: int | None = result.scalar()
    return found


async def upsert(connection: AsyncConnection, table: sa.Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or overwrite the one that has its primary key; ``values`` names every column."""
    await connection.execute(_upsert(table, connection.dialect.name), values)


async def take_turn(connection: AsyncConnection, key: str) -> None:
    """Wait until no other transaction that took its turn for this key is under way.

    What is counted and then written in one turn (a quota, a person's nth word) so stays true. SQLite has one
    writer anyway.
    """
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), signed=True)
        await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


@cache
def _insert(table: sa.Table, dialect: str, returning: sa.Column[int] | None) -> sa.Insert:
    statement = _made(dialect)(table).on_conflict_do_nothing()
    return statement if returning is None else statement.returning(returning)


@cache
def _upsert(table: sa.Table, dialect: str) -> sa.Insert:
    statement = _made(dialect)(table)
    columns = {column.name: column for column in statement.excluded if not table.c[column.name].primary_key}
    return statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=columns)


def _made(dialect: str) -> Callable[[sa.Table], sqlite.Insert | postgresql.Insert]:
    return sqlite.insert if dialect == "sqlite" else postgresql.insert
