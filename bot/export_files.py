"""A group's record as two files: CSV for a spreadsheet, JSONL for programs; of any length in little memory.

Both are written to temporary files that have no name, so that not even a kill leaves anything on the disk. What is
too big to be sent is packed; what is then still too big is refused.
"""

from __future__ import annotations

import asyncio
import csv
import io
import shutil
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Protocol
from zipfile import ZIP_DEFLATED, ZipFile

import msgspec

from bot.errors import ZhendemaError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from bot.period import Period
    from bot.service.group_types import ExportRow

LIMIT = 49_000_000
"""Bytes of one file: Telegram takes 50 MB from a bot, the rest of the message included."""
PACKABLE = 20
"""No text gets this many times smaller: what is bigger need not be written to its end."""
STEP = 500
"""Rows that are written at a time."""
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What makes a spreadsheet take a cell for a formula; the full-width forms do in Chinese and Japanese ones."""


class TooBigError(ZhendemaError):
    """A file is too big to be sent even when it is packed; a shorter period is needed."""


class Table(Protocol):
    """How rows look to people."""

    @property
    def header(self) -> Sequence[str]:
        """The names of the columns."""

    def cells(self, row: ExportRow) -> Sequence[str]:
        """The cells of a row, as they are to be read."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to send: its name, and its content to be read from the start."""

    name: str
    content: IO[bytes]


@dataclass(frozen=True, slots=True)
class Export:
    """What was written, and how many rows it has. The files are there until the context ends."""

    rows: int
    files: tuple[File, ...]


@asynccontextmanager
async def written(
    rows: AsyncIterator[ExportRow], period: Period, table: Table, folder: Path, *, limit: int = LIMIT
) -> AsyncIterator[Export]:
    """Write the rows of a period to files on the disk of ``folder``, beside the event loop.

    Args:
        rows: Oldest first.
        period: Names the files; times are in its zone.
        table: How rows look in the CSV.
        folder: Nothing is seen in it.
        limit: Bytes that a file may have.

    Raises:
        TooBigError: There is too much.
        OSError: The disk is full, or the folder not writable.
    """
    async with AsyncExitStack() as stack:
        pair = _Pair(period, table, folder, limit)
        stack.callback(pair.close)
        if isinstance(rows, AsyncGenerator):
            stack.push_async_callback(rows.aclose)
        step: list[ExportRow] = []
        async for row in rows:
            step.append(row)
            if len(step) == STEP:
                await asyncio.to_thread(pair.write, step)
                step = []
        await asyncio.to_thread(pair.write, step)
        yield Export(pair.rows, await asyncio.to_thread(pair.finish))


class _Pair:
    """The two files while they are written."""

    def __init__(self, period: Period, table: Table, folder: Path, limit: int) -> None:
        self.rows = 0
        self._zone, self._name = period.zone, f"zhendema-{period.name}"
        self._table, self._folder, self._limit = table, folder, limit
        self._open: list[IO[bytes]] = []
        self._csv, self._jsonl = self._new(), self._new()
        # The mark at the start tells spreadsheets that it is UTF-8.
        self._text = io.TextIOWrapper(self._csv, encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._text)
        self._writer.writerow(map(harmless, table.header))

    def write(self, rows: list[ExportRow]) -> None:
        self.rows += len(rows)
        self._writer.writerows(map(harmless, self._table.cells(row)) for row in rows)
        self._jsonl.writelines(msgspec.json.encode(self._object(row)) + b"\n" for row in rows)
        if max(self._csv.tell(), self._jsonl.tell()) > self._limit * PACKABLE:
            raise TooBigError("too many rows: choose a shorter period")

    def finish(self) -> tuple[File, ...]:
        self._text.flush()
        return self._fitting(f"{self._name}.csv", self._csv), self._fitting(f"{self._name}.jsonl", self._jsonl)

    def close(self) -> None:
        """Close all, after which nothing of it is left."""
        for file in self._open:
            file.close()

    def _new(self) -> IO[bytes]:
        file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by close()
        self._open.append(file)
        return file

    def _object(self, row: ExportRow) -> dict[str, object]:
        return {
            "at": row.at.astimezone(self._zone).isoformat(timespec="seconds"),
            "kind": row.kind,
            "level": row.level,
            "category": row.category,
            "institution": row.institution,
            "by_admin": row.by_admin,
            "standing": row.standing,
            "text": row.text,
            "domains": row.domains,
            "numbers": row.numbers,
        }

    def _fitting(self, name: str, content: IO[bytes]) -> File:
        if content.tell() <= self._limit:
            content.seek(0)
            return File(name, content)
        content.seek(0)
        packed = self._new()
        with ZipFile(packed, "w", ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as inside:
            shutil.copyfileobj(content, inside, 1 << 20)
        content.close()
        if packed.seek(0, io.SEEK_END) > self._limit:
            raise TooBigError("too many rows: choose a shorter period")
        packed.seek(0)
        return File(f"{name}.zip", packed)


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe goes before what would begin one."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
