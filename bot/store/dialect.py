"""The one place where something is done otherwise on each database."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection
    from sqlalchemy.sql.compiler import SQLCompiler

T = TypeVar("T")


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


async def insert_new(
    connection: AsyncConnection, table: sa.Table, rows: Sequence[Mapping[str, Any]], key: sa.Column[int]
) -> set[int]:
    """Insert the rows that no unique key forbids, and tell the ``key`` of each of them."""
    return set((await connection.scalars(_insert(table, connection.dialect.name, key), rows)).all()) if rows else set()


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


class _Rows(FunctionElement[str]):
    """All rows of a statement as one JSON list of lists."""

    inherit_cache = True
    name = "rows"
    type = sa.Text()


@compiles(_Rows, "sqlite")
def _rows_by_sqlite(rows: _Rows, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  SQLAlchemy's own
    return f"json_group_array(json_array({compiler.process(rows.clauses, **options)}))"


@compiles(_Rows, "postgresql")
def _rows_by_postgresql(rows: _Rows, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    columns = compiler.process(rows.clauses, **options)
    return f"CAST(COALESCE(json_agg(json_build_array({columns})), '[]') AS TEXT)"


def in_one(*columns: sa.ColumnElement[Any]) -> sa.ColumnElement[str]:
    """What a statement selects in place of the columns to give all its rows as one JSON list of lists.

    Ten thousand rows are so read in half the time and leave nothing for the garbage collector, if they are decoded
    into ``msgspec.Struct`` without ``gc``. Only for numbers and texts.
    """
    return _Rows(*columns)


class _Listed(FunctionElement[Any]):
    """The rows of a list that is given as JSON."""

    inherit_cache = True
    name = "listed"


@compiles(_Listed, "sqlite")
def _listed_by_sqlite(rows: _Listed, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401  SQLAlchemy's own
    return f"value FROM json_each({compiler.process(rows.clauses, **options)})"


@compiles(_Listed, "postgresql")
def _listed_by_postgresql(rows: _Listed, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401
    given, kind = compiler.process(rows.clauses, **options), compiler.dialect.type_compiler_instance.process(rows.type)
    return f"CAST(jsonb_array_elements_text(CAST({given} AS JSONB)) AS {kind})"


def listed(name: str, of: sa.Column[T]) -> sa.Select[T]:
    """A list of any length as one value, for ``column.in_(…)``; :func:`packed` makes the value.

    With a placeholder for each a database would prepare the statement anew for every length, and allow some
    thousands of them.

    Args:
        name: Of the value.
        of: The column that the list is compared with.
    """
    rows = _Listed(sa.bindparam(name, type_=sa.Text))
    rows.type = of.type
    return sa.select(rows)


def packed(values: Iterable[str] | Iterable[int]) -> str:
    """What :func:`listed` unpacks."""
    return msgspec.json.encode([*values]).decode()


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
