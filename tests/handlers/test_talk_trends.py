"""/trends in a private chat, over the real bot and database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from talk_driving import FrozenClock, running
from talk_material import PARCEL

from bot.examples import example_of
from bot.service.types import Person
from handlers.desk import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]

WEDNESDAY = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(WEDNESDAY)


@pytest.fixture
async def app(server: Sandbox, tmp_path: Path, knowledge: Knowledge, clock: FrozenClock) -> AsyncIterator[App]:
    async with running(server, tmp_path, knowledge, clock) as made:
        yield made


@pytest.fixture
def people(server: Sandbox) -> list[User]:
    return [server.user(f"人{number}") for number in range(5)]


@pytest.mark.parametrize("agreed", [False, True])
async def test_what_five_people_in_two_chats_report_is_told_by_our_own_example(
    app: App, server: Sandbox, people: list[User], wang: User, clock: FrozenClock, agreed: bool
) -> None:
    first, second = (server.group(f"群{number}", members=people) for number in range(2))
    assert "还没有" in (await wang.ask("/trends")).text
    for number, person in enumerate(people[:4]):
        reply = await person.ask(f"/check {PARCEL}", first if number % 2 else second)
        await person.press(reply, "确认是诈骗")
    reply = await people[4].ask(PARCEL)
    await people[4].press(reply, "确认是诈骗")
    await Desk.of(app).service.groups.set_consent(Person(f"telegram:{people[4].id}"), agreed=agreed)
    clock.now += timedelta(hours=1)
    told = await wang.ask("/trends")
    assert ("冒充客服退款理赔（不到 10 人报过）" in told.text) is agreed
    assert told.links == []
    if agreed:
        ours = example_of("fake_service")
        assert ours.text[:10] in told.text
        assert ours.advice in told.text
    assert "kd-lp" not in told.text, "nobody's own words are shown"


async def test_in_a_group_nobody_is_told(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("家人群", members=[wang])
    await wang.send("/trends", group)
    await server.idle(quiet=0.2)
    assert not group.from_bot
