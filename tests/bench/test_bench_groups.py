from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from bench import groups
from bench.groups_build import GROUP, Size, build
from bot.store.engine import Store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

SIZE = Size(6000, 30, people=300, campaigns=60, days=90)


async def _empty(path: Path) -> Path:
    await (await Store.open(f"sqlite+aiosqlite:///{path}")).close()
    return path


def _indexes(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as database:
        return {*database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'")}


async def test_a_built_database_is_sound_has_all_indexes_and_is_the_same_each_time(tmp_path: Path) -> None:
    one, other = await _empty(tmp_path / "one.db"), await _empty(tmp_path / "other.db")
    indexes = _indexes(one)
    build(one, SIZE)
    build(other, SIZE)
    assert _indexes(one) == indexes
    with closing(sqlite3.connect(one)) as database, closing(sqlite3.connect(other)) as again:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        for table in ("event", "report_text", "indicator", "likeness", "mute"):
            query = f"SELECT * FROM {table} ORDER BY 1, 2"
            rows = database.execute(query).fetchall()
            assert rows
            assert rows == again.execute(query).fetchall()


async def test_the_mix_is_that_of_a_year_of_use(tmp_path: Path) -> None:
    path = await _empty(tmp_path / "z.db")
    build(path, SIZE)
    with closing(sqlite3.connect(path)) as database:
        kinds = Counter(dict(database.execute("SELECT kind, count(*) FROM event GROUP BY kind")))
        groups_of = dict(database.execute("SELECT chat_id, count(*) FROM event WHERE chat_id <> 0 GROUP BY chat_id"))
        texts = database.execute("SELECT count(DISTINCT fingerprint) FROM event WHERE kind = 'report'").fetchone()[0]
    assert sum(kinds.values()) - kinds["undo"] == SIZE.events
    assert [round(100 * kinds[kind] / SIZE.events) for kind in ("check", "report", "correction")] == [88, 8, 4]
    assert kinds["undo"]
    assert groups_of[GROUP] == max(groups_of.values()) > 3 * min(groups_of.values())
    assert 60 < texts < kinds["report"]  # near copies, and some that are the same


async def test_it_measures_and_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "ROUNDS", 1)
    monkeypatch.setattr(groups, "RUNS", 2)
    database = await groups.built(tmp_path, "some", SIZE)
    assert database.seconds is not None
    assert (await groups.built(tmp_path, "some", SIZE)).seconds is None
    bench = groups.Bench()
    await bench.measure(database)
    assert [found.name for found in bench.found] == ["largest", "of the mean size", "of the median size"]
    assert all(0 < found.report < max(found.both) for found in bench.found)
    assert any("ix_event_word_on" in plan for plan in bench.plans.values())
    assert "SCAN event" not in "\n".join(bench.plans.values())
    told = groups._report([database], bench, await groups.exported(database))
    assert "| largest |" in told
    assert "events exported in" in told
