"""A group that has a summary each Monday, a bot that can be stopped and started, and a clock that a test sets."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from talk_driving import TICK, FrozenClock, running

from bot.service.groups import WEEKLY, next_push
from bot.store import jobs
from handlers.desk import Desk
from handlers.lanes import Lane, Lanes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from bot.service.group_types import GroupSettings
    from handlers.desk import App
    from sandbox.server import Group, Message, Sandbox, User

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 10, 4, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
SECOND = timedelta(seconds=1)
LATE = "发晚了"


class QuickLanes(Lanes):
    """No waiting, and a note of which lane each call took."""

    def __init__(self) -> None:
        super().__init__(rate=None, backoff=())
        self.taken: list[tuple[str, Lane | None]] = []

    async def process_request(  # type: ignore[no-untyped-def]
        self, callback, args, kwargs, endpoint, data, rate_limit_args
    ):
        self.taken.append((endpoint, rate_limit_args))
        return await super().process_request(callback, args, kwargs, endpoint, data, rate_limit_args)


@dataclass
class Weeks:
    """The group, its admin and a member, and short ways to look at what came."""

    server: Sandbox
    folder: Path
    knowledge: Knowledge
    admin: User
    member: User
    group: Group
    clock: FrozenClock = field(default_factory=lambda: FrozenClock(TUESDAY))
    lanes: QuickLanes = field(default_factory=QuickLanes)

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[App]:
        async with running(self.server, self.folder, self.knowledge, self.clock, lanes=self.lanes) as app:
            yield app

    def moment(self, after: datetime = TUESDAY, zone: ZoneInfo = SHANGHAI) -> datetime:
        """When the group is due next after that."""
        return next_push(self.group.id, zone, after)

    async def subscribed(self) -> Message:
        """The answer to /subscribe."""
        return await self.admin.ask("/subscribe", self.group)

    @property
    def texts(self) -> list[Message]:
        return summaries(self.group)

    @property
    def pictures(self) -> list[Message]:
        return [message for message in self.group.from_bot if message.photo is not None]

    async def settled(self) -> None:
        """Several ticks have passed, and nothing goes on any more."""
        await asyncio.sleep(TICK * 3)
        await self.server.idle(quiet=TICK * 6, timeout=20)

    async def put_off(self, app: App, due: datetime) -> None:
        """The job of the group rests until that moment."""
        async with asyncio.timeout(10):
            while await self.due(app) != due:  # noqa: ASYNC110
                await asyncio.sleep(TICK / 5)

    async def called(self, method: str, count: int) -> None:
        """The bot made so many calls of a method."""
        async with asyncio.timeout(10):
            while len(self.server.calls_of(method)) < count:  # noqa: ASYNC110
                await asyncio.sleep(TICK / 5)

    async def arrived(self, count: int) -> None:
        """Exactly so many summaries with their pictures came in all."""
        await self.group.wait_for(lambda _: len(self.texts) >= count and len(self.pictures) >= count)
        await self.settled()
        assert (len(self.texts), len(self.pictures)) == (count, count)

    async def settings(self, app: App, group: Group | None = None) -> GroupSettings:
        return await Desk.of(app).service.groups.settings((group or self.group).id)

    async def due(self, app: App, chat_id: int | None = None) -> datetime | None:
        """When the job of a group is due; None where there is none."""
        async with Desk.of(app).service._context.store.read() as connection:
            return await jobs.due_of(connection, WEEKLY, str(chat_id or self.group.id))


def summaries(group: Group) -> list[Message]:
    return [message for message in group.from_bot if "防骗周报" in message.text]
