"""Handlers of many tempers and short ways to a table of jobs, for the tests of the ticker."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa
from service_world import START

from bot.errors import StoreError
from bot.service.jobs import Fate
from bot.store.jobs import Job, NewJob, schedule
from bot.store.schema import job as table

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.jobs import Ticker
    from bot.store.engine import Store

SECRET_PAYLOAD = '{"about":"payload-6222020012345678901"}'
CHAT = 7_000_001


async def add(store: Store, key: str, due: datetime = START, kind: str = "push") -> None:
    async with store.write() as connection:
        assert await schedule(connection, NewJob(kind, key, due, "p", CHAT, SECRET_PAYLOAD))


async def rows(store: Store) -> dict[str, tuple[datetime, int, str | None]]:
    async with store.read() as connection:
        found = await connection.execute(sa.select(table.c.key, table.c.due_at, table.c.attempts, table.c.lease))
        return {key: (due, attempts, lease) for key, due, attempts, lease in found}


class Hand:
    """A handler that notes its jobs and answers what it is told to."""

    def __init__(self, *answers: Fate | datetime | BaseException) -> None:
        self.jobs: list[Job] = []
        self.answers = list(answers)

    async def __call__(self, job: Job) -> Fate | datetime:
        self.jobs.append(job)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @property
    def keys(self) -> list[str]:
        return [job.key for job in self.jobs]


class Stuck:
    """A handler that comes to an end only when told, or when cut off."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.free = asyncio.Event()
        self.cut_off = 0

    async def __call__(self, _job: Job) -> Fate:
        self.begun.set()
        try:
            await self.free.wait()
        except asyncio.CancelledError:
            self.cut_off += 1
            raise
        return Fate.DONE


class Broken:
    """In place of a transaction: the database fails."""

    async def __aenter__(self) -> AsyncConnection:
        raise StoreError("the database z is locked")

    async def __aexit__(self, *_: object) -> None: ...


@asynccontextmanager
async def running(ticker: Ticker) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(ticker.run(stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 5)


async def until(done: list[Job], count: int) -> None:
    async with asyncio.timeout(5):
        while len(done) < count:  # noqa: ASYNC110  a list tells nobody
            await asyncio.sleep(0.005)
