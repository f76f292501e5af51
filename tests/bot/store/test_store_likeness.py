"""The table of bands: its look-up, its limits, and what the migration does to an older record."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command

from bot.likeness import AT_LEAST, BANDS
from bot.store import migrate
from bot.store.backup import known_schemas
from bot.store.engine import Store
from bot.store.events import NewEvent, append
from bot.store.likeness import _NEAR, MOST, near, remember
from bot.store.people import unlink
from bot.store.schema import Kind, likeness
from bot.store.votes import tally_together

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from databases import Database
    from sqlalchemy.ext.asyncio import AsyncConnection

NOW = datetime(2026, 11, 2, tzinfo=UTC)
ALL = tuple(range(BANDS))


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    store = await Store.open(database.url)
    async with store.write() as opened:
        yield opened
    await store.close()


async def report(connection: AsyncConnection, number: int, bands: tuple[int, ...], fingerprint: str = "") -> str:
    fingerprint = fingerprint or f"text-{number}"
    new = NewEvent(
        kind=Kind.REPORT, at=NOW, source=f"s{number}", person=f"p{number}", place=f"c{number}", fingerprint=fingerprint
    )
    event_id = await append(connection, new)
    assert event_id is not None
    await remember(connection, event_id, bands)
    return fingerprint


def sharing(count: int, other: int = 1000) -> tuple[int, ...]:
    return tuple(band if band < count else band + other for band in ALL)


@pytest.mark.parametrize("count", range(BANDS + 1))
async def test_near_copies_share_enough_bands(connection: AsyncConnection, count: int) -> None:
    name = await report(connection, 1, sharing(count))
    assert await near(connection, ALL) == ({name} if count >= AT_LEAST else set())


async def test_single_bands_of_several_texts_do_not_add_up(connection: AsyncConnection) -> None:
    for number in range(BANDS):
        await report(connection, number, (number, *(5000 + number * 100 + other for other in range(BANDS - 1))))
    assert await near(connection, ALL) == set()


async def test_a_text_without_bands_is_near_nothing(connection: AsyncConnection) -> None:
    await report(connection, 1, ())
    await report(connection, 2, ALL)
    assert await near(connection, ()) == set()
    assert await near(connection, ALL) == {"text-2"}


async def test_a_look_up_has_a_limit_and_the_oldest_stay_within_it(connection: AsyncConnection) -> None:
    for number in range(MOST + 20):
        await report(connection, number, ALL)
    assert await near(connection, ALL) == {f"text-{number}" for number in range(MOST)}


async def test_many_reports_of_one_text_all_count(connection: AsyncConnection) -> None:
    for number in range(MOST + 20):
        await report(connection, number, ALL, "same")
    found = await near(connection, ALL)
    assert found == {"same"}
    assert (await tally_together(connection, "other", found, ())).people == MOST + 20


async def test_the_look_up_uses_the_index(connection: AsyncConnection) -> None:
    values = {f"band{at}": at for at in ALL}
    raw = _NEAR.params(**values).compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    if connection.dialect.name == "sqlite":
        plan = [row[-1] for row in await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {raw}")]
        assert sum("ix_likeness_band_event_id (band=?)" in line for line in plan) == BANDS
        assert not any("SCAN likeness" in line for line in plan)
    else:
        await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a small table is sooner read as a whole
        await connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        plan = [row[0] for row in await connection.exec_driver_sql(f"EXPLAIN {raw}")]
        assert sum("Index Only Scan using ix_likeness_band_event_id" in line for line in plan) == BANDS
        assert not any("Seq Scan on likeness" in line for line in plan)


async def test_forgetting_deletes_the_persons_bands_alone(connection: AsyncConnection) -> None:
    await report(connection, 1, ALL)
    await report(connection, 2, ALL)
    await unlink(connection, "p1")
    assert await near(connection, ALL) == {"text-2"}
    await unlink(connection, "p2")
    assert await connection.scalar(sa.select(sa.func.count()).select_from(likeness)) == 0


# ── from version 1 ──


async def test_an_older_record_is_kept_and_gets_bands_with_the_next_report(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    settings = migrate.config()
    with engine.begin() as sync:
        settings.attributes["connection"] = sync
        command.upgrade(settings, "0001")
        for number in (1, 2):
            sync.exec_driver_sql(
                "INSERT INTO event (kind, at, source, person, place, admin, fingerprint) VALUES (?,?,?,?,?,?,?)",
                ("report", 1, f"old{number}", f"o{number}", f"c{number}", 0, "old-text"),
            )
            sync.exec_driver_sql("INSERT INTO report_text VALUES (?, ?)", (number, "某某您好"))
        assert "likeness" not in sa.inspect(sync).get_table_names()
    engine.dispose()

    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    async with store.write() as connection:
        assert await connection.scalar(sa.text("SELECT version_num FROM alembic_version")) == max(known_schemas())
        assert list(await connection.scalars(sa.text("SELECT text FROM report_text"))) == ["某某您好"] * 2
        # The whole text is gone, so there are no bands: exact copies count as before, near ones do not.
        assert await near(connection, ALL) == set()
        assert (await tally_together(connection, "old-text", await near(connection, ALL), ())).people == 2
        assert (await tally_together(connection, "near-text", await near(connection, ALL), ())).people == 0
        # Whoever reports the text again brings its bands, and with them all its votes.
        await report(connection, 3, ALL, "old-text")
        assert (await tally_together(connection, "near-text", await near(connection, ALL), ())).people == 3
        await unlink(connection, "o1")
        assert (await tally_together(connection, "near-text", await near(connection, ALL), ())).people == 2
    await store.close()
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA foreign_key_check").fetchall() == []
    plain.close()
