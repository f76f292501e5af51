"""The tables of groups: made in an older record, and swept in steps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command

from bot.store import consent, group_admins, group_settings, migrate, spent
from bot.store.engine import Store
from bot.store.group_settings import Chosen
from bot.store.schema import Kind, event
from bot.store.votes import WEIGHING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from databases import Database
    from sqlalchemy.ext.asyncio import AsyncConnection

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOUR, MOMENT = timedelta(hours=1), timedelta(microseconds=1)
ROW = Chosen(-1, "present", "Asia/Shanghai", "zh-Hans", auto_check=False, weekly=True, confirmers="all")


@pytest.fixture
async def connection(database: Database) -> AsyncIterator[AsyncConnection]:
    store = await Store.open(database.url)
    async with store.write() as opened:
        yield opened
    await store.close()


async def test_a_groups_row_is_written_over(connection: AsyncConnection) -> None:
    assert await group_settings.find(connection, -1) is None
    await group_settings.save(connection, ROW, NOW)
    await group_settings.save(connection, ROW._replace(weekly=False, moved_to=-2), NOW + HOUR)
    await group_settings.save(connection, ROW._replace(chat_id=-3), NOW)
    assert await group_settings.find(connection, -1) == ROW._replace(weekly=False, moved_to=-2)
    assert await group_settings.moves(connection) == [(-1, -2)]
    assert [await group_settings.current(connection, chat) for chat in (-1, -2, -3, -4)] == [-2, -2, -3, -4]


async def test_gone_groups_go_in_steps(connection: AsyncConnection) -> None:
    for chat in range(-5, 0):
        await group_settings.save(connection, ROW._replace(chat_id=chat, state="gone"), NOW)
    await group_settings.save(connection, ROW._replace(chat_id=-9), NOW)
    await group_settings.save(connection, ROW._replace(chat_id=-8, state="gone"), NOW + MOMENT)
    assert [await group_settings.drop_gone(connection, NOW, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert await group_settings.find(connection, -9)
    assert await group_settings.find(connection, -8)


async def test_admins_go_in_steps(connection: AsyncConnection) -> None:
    for number in range(5):
        await group_admins.saw(connection, f"p{number % 2}", -number, NOW)
    await group_admins.saw(connection, "p0", -9, NOW + MOMENT)
    await group_admins.saw(connection, "p1", -1, NOW + MOMENT)
    assert [await group_admins.drop_unseen(connection, NOW, 3) for _ in range(3)] == [3, 1, 0]
    assert await group_admins.chats_of(connection, "p0") == (-9,)
    assert await group_admins.chats_of(connection, "p1") == (-1,)


async def test_what_was_spent_adds_up_and_is_over_in_time(connection: AsyncConnection) -> None:
    assert await spent.count(connection, "p", NOW) == 0
    await spent.add(connection, "p", 3, NOW, NOW + HOUR)
    await spent.add(connection, "p", 4, NOW, NOW + 2 * HOUR)
    await spent.add(connection, "q", 1, NOW, NOW + HOUR)
    assert await spent.count(connection, "p", NOW + 2 * HOUR - MOMENT) == 7
    assert await spent.count(connection, "p", NOW + 2 * HOUR) == 0
    await spent.add(connection, "p", 2, NOW + 2 * HOUR, NOW + 3 * HOUR)
    assert await spent.count(connection, "p", NOW + 2 * HOUR) == 2, "what is over is not added up again"
    assert [await spent.drop_over(connection, NOW + HOUR, 1) for _ in range(2)] == [1, 0]
    assert await spent.count(connection, "p", NOW + 2 * HOUR) == 2


async def test_agreeing_again_changes_nothing(connection: AsyncConnection) -> None:
    await consent.agree(connection, "p", NOW)
    await consent.agree(connection, "p", NOW + HOUR)
    assert list(await connection.scalars(sa.text("SELECT at FROM consent"))) == [int(NOW.timestamp() * 1_000_000)]
    assert await consent.withdraw(connection, "p")
    assert not await consent.withdraw(connection, "p")


async def test_an_older_record_gets_the_tables_and_its_reports_weigh(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    settings = migrate.config()
    with engine.begin() as sync:
        settings.attributes["connection"] = sync
        command.upgrade(settings, "0004")
        sync.exec_driver_sql(
            "INSERT INTO event (kind, at, source, person, place, admin, fingerprint)"
            " VALUES ('report', 1, 's', 'p', 'c', 0, 'f')"
        )
        assert not {"group_settings", "group_admin", "consent", "spent"} & set(sa.inspect(sync).get_table_names())
    engine.dispose()
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    async with store.write() as connection:
        assert list(await connection.scalars(sa.select(event.c.kind).where(WEIGHING))) == [Kind.REPORT]
        await group_settings.save(connection, ROW, NOW)
        assert await group_settings.find(connection, -1) == ROW
    await store.close()
