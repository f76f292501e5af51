"""The bot on PostgreSQL, and what a person notices when that goes away for a while."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from postgres_server import PostgresServer
from talk_driving import running
from talk_material import SCAM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]


@pytest.fixture
def own() -> Iterator[PostgresServer]:
    made = PostgresServer()
    made.start()
    yield made
    made.close()


async def test_a_restarted_database_loses_no_message_and_needs_no_restart_of_the_bot(
    server: Sandbox, own: PostgresServer, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    async with running(server, tmp_path, knowledge, database_url=own.url):
        assert (await wang.ask(SCAM, timeout=20)).text.startswith("🔴")
        own.stop()
        await wang.send(SCAM)
        await asyncio.sleep(0.3)
        own.start()
        async with asyncio.timeout(30):
            while sum(message.text.startswith("🔴") for message in wang.from_bot) < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        assert (await wang.ask(SCAM, timeout=20)).text.startswith("🔴")
    assert sum(message.text.startswith("🔴") for message in wang.from_bot) == 3
