"""The real bot over the real HTTP of the sandbox. Only the waiting times are shorter."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.settings import Settings
from handlers.desk import Desk
from handlers.run import opened, serve
from sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App

QUIET = 0.08
COMPANION = QUIET * 2.5
SECRET = "a secret for tests only, 32 characters or more"


def settings_for(sandbox: Sandbox, folder: Path, **more) -> Settings:
    return Settings(
        **{
            "token": sandbox.token,
            "state_dir": folder,
            "database_url": f"sqlite+aiosqlite:///{folder / 'zhendema.sqlite3'}",
            "api_url": sandbox.api_url,
            "secret": SECRET,
            "burst_seconds": QUIET,
            **more,
        }
    )


@asynccontextmanager
async def running(sandbox: Sandbox, folder: Path, knowledge: Knowledge, **more) -> AsyncIterator[App]:
    stop = asyncio.Event()
    async with opened(settings_for(sandbox, folder, **more), knowledge) as app:
        task = asyncio.create_task(serve(app, stop, poll_seconds=1))
        ready = asyncio.create_task(sandbox.ready())
        await asyncio.wait([task, ready], return_when=asyncio.FIRST_COMPLETED)
        try:
            yield app
        finally:
            stop.set()
            ready.cancel()
            await task


@pytest.fixture
async def sandbox():
    async with Sandbox() as server:
        yield server


@pytest.fixture
async def bot(sandbox, tmp_path, knowledge):
    async with running(sandbox, tmp_path, knowledge) as app:
        yield app


@pytest.fixture
def desk(bot) -> Desk:
    return Desk.of(bot)


@pytest.fixture
def texts(desk):
    return desk.texts


@pytest.fixture
def wang(sandbox):
    return sandbox.user("小王")
