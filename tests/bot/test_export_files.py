"""The files of /export: readable by spreadsheets without running anything, flat in memory, and gone afterwards."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from contextlib import aclosing
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.export_files import PACKABLE, STEP, Export, TooBigError, harmless, written
from bot.period import Period, month_of, week_of
from bot.reply.export import ExportTable
from bot.service.group_types import ExportRow
from bot.texts import Texts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge

NEW_YORK = ZoneInfo("America/New_York")
WEEK = week_of(date(2026, 11, 10), NEW_YORK)
AT = datetime(2026, 11, 10, 3, 4, 5, 600_000, tzinfo=UTC)
REPORT = ExportRow(
    AT,
    "report",
    "scam",
    "loan",
    "citic_bank",
    by_admin=True,
    standing=False,
    text='【中信银行】您的"贷款"逾期,\n请点 hxxp://evil[.]top',
    domains=("evil.top", "a.cn"),
    numbers=("138****1234",),
)
CHECK = ExportRow(AT + timedelta(hours=1), "check", "clear", None, None, by_admin=False, standing=True)


class Plain:
    """A table of one's own."""

    header = ("text",)

    def cells(self, row: ExportRow) -> tuple[str, ...]:
        return (row.text or "",)


async def stream(*rows: ExportRow) -> AsyncIterator[ExportRow]:
    for row in rows:
        yield row


async def many(count: int, row: ExportRow = REPORT) -> AsyncIterator[ExportRow]:
    for _ in range(count):
        yield row


def read(export: Export) -> tuple[list[list[str]], list[dict[str, object]]]:
    table, lines = (file.content.read() for file in export.files)
    assert table.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(table.decode("utf-8-sig"), newline="")))
    return rows, [json.loads(line) for line in lines.split(b"\n") if line]


def seen_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


@pytest.fixture
def table(knowledge: Knowledge) -> ExportTable:
    return ExportTable(Texts.load(), knowledge, knowledge.directory, NEW_YORK)


async def test_the_csv_is_in_plain_chinese_and_local_time(table: ExportTable, tmp_path: Path) -> None:
    async with written(stream(REPORT, CHECK), WEEK, table, tmp_path) as export:
        assert export.rows == 2
        assert [file.name for file in export.files] == ["zhendema-2026-W46.csv", "zhendema-2026-W46.jsonl"]
        (header, first, second), _ = read(export)
    assert header[0] == "时间（America/New_York）"
    assert len(header) == len(first) == len(second) == 10
    assert first == [
        "2026-11-09 22:04:05",
        "说是诈骗",
        "很可能是诈骗",
        "虚假贷款",
        "中信银行",
        "是",
        "否",
        '【中信银行】您的"贷款"逾期,\n请点 hxxp://evil[.]top',
        "evil.top a.cn",
        "138****1234",
    ]
    assert second == ["2026-11-09 23:04:05", "查短信", "没发现特征", "", "", "否", "是", "", "", ""]


async def test_the_jsonl_has_stable_keys(table: ExportTable, tmp_path: Path) -> None:
    async with written(stream(REPORT, CHECK), WEEK, table, tmp_path) as export:
        _, (first, second) = read(export)
    assert first == {
        "at": "2026-11-09T22:04:05-05:00",
        "kind": "report",
        "level": "scam",
        "category": "loan",
        "institution": "citic_bank",
        "by_admin": True,
        "standing": False,
        "text": REPORT.text,
        "domains": ["evil.top", "a.cn"],
        "numbers": ["138****1234"],
    }
    assert list(second) == list(first)
    assert (second["text"], second["domains"], second["level"]) == (None, [], "clear")


async def test_a_category_has_its_name_and_what_is_unknown_its_id(knowledge: Knowledge, table: ExportTable) -> None:
    category = next(iter(knowledge.categories))
    named = ExportRow(AT, "report", None, category, "no-such", by_admin=False, standing=True)
    cells = table.cells(named)
    assert cells[3] == knowledge.categories[category].name
    assert (cells[2], cells[4]) == ("", "no-such")
    gone = ExportRow(AT, "dream", "odd", "gone-category", None, by_admin=False, standing=True)
    assert table.cells(gone)[1:4] == ("dream", "odd", "gone-category")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
async def test_no_cell_is_a_formula(tmp_path: Path, sign: str) -> None:
    evil = f"{sign}HYPERLINK(1+1)"
    row = ExportRow(AT, "report", None, None, None, by_admin=False, standing=True, text=evil)
    async with written(stream(row), WEEK, Plain(), tmp_path) as export:
        rows, lines = read(export)
    assert rows == [["text"], [f"'{evil}"]]
    assert lines[0]["text"] == evil, "programs get what was there"


@pytest.mark.parametrize("cell", ["", "1-1", "a=b", "'=1", " =1", "短信=1"])
def test_other_cells_stay(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize("text", ['"', '""', ",", "a\r\nb", "\n", "'", "逗号，", 'x"\n,"y', "\x00", "𠮷😀"])
async def test_whatever_stands_in_a_text_a_row_stays_a_row(tmp_path: Path, text: str) -> None:
    row = ExportRow(AT, "report", None, None, None, by_admin=False, standing=True, text=f"x{text}y")
    async with written(stream(row, row), WEEK, Plain(), tmp_path) as export:
        rows, lines = read(export)
    assert rows == [["text"], [row.text], [row.text]]
    assert [line["text"] for line in lines] == [row.text] * 2


async def test_lines_end_as_the_rfc_says(tmp_path: Path) -> None:
    async with written(stream(CHECK), WEEK, Plain(), tmp_path) as export:
        assert export.files[0].content.read() == b'\xef\xbb\xbftext\r\n""\r\n'


async def test_no_rows(table: ExportTable, tmp_path: Path) -> None:
    async with written(stream(), WEEK, table, tmp_path) as export:
        assert export.rows == 0
        (header,), lines = read(export)
    assert len(header) == 10
    assert lines == []


async def test_the_month_names_the_files(tmp_path: Path) -> None:
    async with written(stream(), month_of(date(2026, 2, 3), NEW_YORK), Plain(), tmp_path) as export:
        assert [file.name for file in export.files] == ["zhendema-2026-02.csv", "zhendema-2026-02.jsonl"]


async def test_every_row_is_there_once_and_in_order(tmp_path: Path) -> None:
    count = STEP * 2 + 7

    async def numbered() -> AsyncIterator[ExportRow]:
        for number in range(count):
            yield ExportRow(AT, "report", None, None, None, by_admin=False, standing=True, text=f"第{number}")

    async with written(numbered(), WEEK, Plain(), tmp_path) as export:
        rows, lines = read(export)
        assert export.rows == count
    assert [row[0] for row in rows[1:]] == [line["text"] for line in lines] == [f"第{n}" for n in range(count)]


# ── big, broken, gone ──


async def test_what_is_too_big_is_packed(tmp_path: Path) -> None:
    async with written(many(3000), WEEK, Plain(), tmp_path, limit=100_000) as export:
        assert [file.name for file in export.files] == ["zhendema-2026-W46.csv.zip", "zhendema-2026-W46.jsonl.zip"]
        for file, name in zip(export.files, ("zhendema-2026-W46.csv", "zhendema-2026-W46.jsonl"), strict=True):
            with zipfile.ZipFile(file.content) as archive:
                assert archive.namelist() == [name]
                assert archive.read(name).count(b"evil[.]top") == 3000


async def test_what_is_too_big_even_packed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TooBigError):
        async with written(many(3000), WEEK, Plain(), tmp_path, limit=500):
            raise AssertionError("it was written")


async def test_what_can_never_fit_is_not_written_to_its_end(tmp_path: Path) -> None:
    seen = 0

    async def endless() -> AsyncGenerator[ExportRow, None]:
        nonlocal seen
        while True:
            seen += 1
            yield REPORT

    async with aclosing(endless()) as rows:
        with pytest.raises(TooBigError):
            async with written(rows, WEEK, Plain(), tmp_path, limit=10_000):
                raise AssertionError("it was written")
    assert seen <= 10_000 * PACKABLE / 100 + STEP


async def test_nothing_is_left_and_nothing_is_seen_meanwhile(tmp_path: Path) -> None:
    async with written(many(STEP * 3), WEEK, Plain(), tmp_path, limit=50_000) as export:
        assert seen_in(tmp_path) == []
    assert all(file.content.closed for file in export.files)
    with pytest.raises(RuntimeError, match="in the middle"):
        async with written(many(10), WEEK, Plain(), tmp_path):
            raise RuntimeError("in the middle")
    assert seen_in(tmp_path) == []


async def test_rows_that_break_off_are_an_error_and_their_source_is_closed(tmp_path: Path) -> None:
    closed = []

    async def broken() -> AsyncIterator[ExportRow]:
        try:
            yield REPORT
            raise ValueError("the database is gone")
        finally:
            closed.append(True)

    with pytest.raises(ValueError, match="gone"):
        async with written(broken(), WEEK, Plain(), tmp_path):
            raise AssertionError("it was written")
    assert closed == [True]


async def test_a_stranger_period_without_a_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        async with written(stream(), WEEK, Plain(), tmp_path / "nowhere"):
            raise AssertionError("it was written")


async def _peak(count: int, folder: Path) -> int:
    period: Period = WEEK
    tracemalloc.start()
    async with written(many(count), period, Plain(), folder) as export:
        assert export.rows == count
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


async def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    await _peak(STEP, tmp_path)
    few, more = await _peak(STEP * 4, tmp_path), await _peak(STEP * 60, tmp_path)
    assert more < few * 1.5 + 500_000
