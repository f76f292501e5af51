"""Rows as they stand in a database, past all types of our own: read in the order of their key, and summed up.

The same statements run on both engines and give the same values, so that one database can be compared with another.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from bot.store.schema import metadata

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sqlalchemy import Connection

BATCH = 2000
"""Rows that are read at a time."""
_SUM_BYTES = 16
_MODULUS = 1 << 8 * _SUM_BYTES


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and a checksum of them all in whatever order."""

    rows: int
    checksum: str


class PlainTable:
    """One table. ``left_out`` are values of a key of one column whose rows are passed over."""

    def __init__(self, table: sa.Table, left_out: Sequence[str] = ()) -> None:
        self.name = table.name
        self.key = [column.name for column in table.primary_key]
        self.numbered = table.autoincrement_column is not None
        columns = [sa.column(column.name, _plain(column.type)) for column in table.columns]
        self._table = sa.table(table.name, *columns)
        self._key = sa.tuple_(*(self._table.c[name] for name in self.key))
        self._all = sa.select(*self._table.c).order_by(*(self._table.c[name] for name in self.key)).limit(BATCH)
        if left_out:
            self._all = self._all.where(self._table.c[self.key[0]].not_in(left_out))
        self.insertion = sa.insert(self._table)

    def after(self, connection: Connection, key: Sequence[Any] | None) -> list[dict[str, Any]]:
        """The next rows behind the one with this key, or the first ones."""
        query = self._all if key is None else self._all.where(self._key > tuple(key))
        return [{name: _storable(value) for name, value in row.items()} for row in connection.execute(query).mappings()]

    def key_of(self, row: Mapping[str, Any]) -> list[Any]:
        """The row's key."""
        return [row[name] for name in self.key]

    def sum(self, connection: Connection) -> Sum:
        """Read all of the table."""
        total, count = 0, 0
        key: list[Any] | None = None
        while rows := self.after(connection, key):
            total = (total + _added(rows)) % _MODULUS
            count += len(rows)
            key = self.key_of(rows[-1])
        return Sum(count, total.to_bytes(_SUM_BYTES).hex())

    def is_empty(self, connection: Connection) -> bool:
        """Whether it holds no row."""
        return connection.execute(self._all.limit(1)).first() is None


def tables(left_out: Mapping[str, Sequence[str]]) -> list[PlainTable]:
    """All tables, those first that others point to. ``left_out`` names rows that are passed over, by table."""
    return [PlainTable(table, left_out.get(table.name, ())) for table in metadata.sorted_tables]


def _plain(kind: sa.types.TypeEngine[Any]) -> sa.types.TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, sa.TypeDecorator) else kind


def _storable(value: Any) -> Any:  # noqa: ANN401  whatever a column holds
    """The value as every engine can hold it: PostgreSQL has no text with a null character."""
    return value.replace("\0", "") if isinstance(value, str) and "\0" in value else value


def _added(rows: Iterable[Mapping[str, Any]]) -> int:
    """The sum of hashes does not depend on the order, and two equal rows do not cancel each other out."""
    return sum(
        int.from_bytes(blake2b(repr(tuple(row.values())).encode(), digest_size=_SUM_BYTES).digest()) for row in rows
    )
