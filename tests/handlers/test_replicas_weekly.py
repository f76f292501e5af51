"""Two replicas whose clocks strike for the same jobs: every group gets its summary, and gets it once."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import TYPE_CHECKING

from talk_driving import FrozenClock, running
from talk_weekly import TUESDAY, WEEK, QuickLanes, summaries
from web_driving import free_port, webhook_on

from handlers.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from databases import PostgresDatabases

    from bot.knowledge import Knowledge
    from sandbox.server import Sandbox

pytest_plugins = ["talk_fixtures"]
GROUPS = 50


async def test_fifty_groups_get_fifty_summaries(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, postgres: PostgresDatabases
) -> None:
    url, clock = (await postgres.emptied()).url, FrozenClock(TUESDAY)
    lanes = [QuickLanes(), QuickLanes()]
    groups = [server.group(f"群{number}", members=[server.user("甲")]) for number in range(GROUPS)]
    async with AsyncExitStack() as stack:
        apps = [
            await stack.enter_async_context(
                running(server, tmp_path, knowledge, clock, lanes=each, database_url=url, **webhook_on(free_port()))
            )
            for each in lanes
        ]
        service = Desk.of(apps[0]).service
        for group in groups:
            await service.groups.change(group.id, weekly=True)
        clock.now = TUESDAY + WEEK - timedelta(hours=1)  # all are due
        async with asyncio.timeout(30):
            while not all(summaries(group) for group in groups):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        assert [len(summaries(group)) for group in groups] == [1] * GROUPS
        assert all(any(endpoint == "sendMessage" for endpoint, _ in each.taken) for each in lanes), "both had a part"
