"""The real bot over the real HTTP of the sandbox; only the waiting times are shorter.

The fixtures stand in ``talk_fixtures``.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.service.service import utc_now
from bot.settings import Settings
from handlers.run import opened, serve

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

    from bot.knowledge import Knowledge
    from bot.service.context import Clock
    from handlers.desk import App
    from handlers.lanes import Lanes
    from sandbox.server import Sandbox

QUIET = 0.08
COMPANION = QUIET * 2.5
TICK = 0.05
RETRY = 0.02
DRAIN = 0.02
SECRET = "a secret for tests only, 32 characters or more"


def settings_for(server: Sandbox, folder: Path, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "token": server.token,
        "state_dir": folder,
        "database_url": f"sqlite+aiosqlite:///{folder / 'zhendema.sqlite3'}",
        "api_url": server.api_url,
        "secret": SECRET,
        "burst_seconds": QUIET,
    }
    return Settings(**(given | more))


_fresh: list[bytes] = []
"""A migrated, empty database: migrating anew for each test would be most of its time."""


async def make_database(server: Sandbox, folder: Path, knowledge: Knowledge) -> None:
    file = folder / "zhendema.sqlite3"
    if file.exists():
        return
    if not _fresh:
        async with opened(settings_for(server, folder), knowledge):
            pass
        _fresh.append(file.read_bytes())
    file.write_bytes(_fresh[0])


@dataclass
class FrozenClock:
    """A clock that a test sets."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


async def break_table(folder: Path, table: str) -> None:
    """Drop a table under the running bot; beside the loop, since the bot may be in the middle of a write."""

    def drop() -> None:
        with contextlib.closing(sqlite3.connect(folder / "zhendema.sqlite3")) as database:
            database.execute(f"DROP TABLE {table}")
            database.commit()

    await asyncio.to_thread(drop)


@asynccontextmanager
async def running(
    server: Sandbox,
    folder: Path,
    knowledge: Knowledge,
    clock: Clock = utc_now,
    *,
    lanes: Lanes | None = None,
    **more: Any,
) -> AsyncIterator[App]:
    stop = asyncio.Event()
    await make_database(server, folder, knowledge)
    async with opened(settings_for(server, folder, **more), knowledge, clock, lanes=lanes) as app:
        task = asyncio.create_task(
            serve(app, stop, poll_seconds=1, tick_seconds=TICK, retry_seconds=RETRY, drain_seconds=DRAIN)
        )
        ready = asyncio.create_task(server.ready())
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        try:
            yield app
        finally:
            stop.set()
            ready.cancel()
            await task
