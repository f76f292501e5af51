"""Pointing out scams unasked: once a text, group and local day, remembered settings, nothing of what is no scam."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import OWNER, World, group, open_world, person, private

from bot.model import Sms
from bot.service.auto_check import FRESH, PER_MINUTE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

    from bot.service.types import Checked

HOME, OTHER = group(1), group(2)
TEXT = "scam 您的卡已停用，请点 evil.top 恢复使用，逾期作废"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as made:
        yield made


async def hear(world: World, text: str = TEXT, *, where: int = HOME.id, source: str | None = None) -> Checked | None:
    sms, chat = Sms(text), replace(HOME, id=where)
    return await world.service.auto_check.check(sms, sms, chat, source or world.source())


async def events(world: World) -> list[tuple[object, ...]]:
    async with world.database.looked_into() as connection:
        return [tuple(row) for row in await connection.execute(sa.text("SELECT kind, person, chat_id FROM event"))]


@pytest.mark.parametrize("level", ["clear", "verify", "suspicious"])
async def test_what_is_no_scam_leaves_no_trace(world: World, level: str) -> None:
    assert await hear(world, TEXT.replace("scam", level)) is None
    assert await events(world) == []


async def test_a_scam_is_nobodys_check_in_the_group(world: World) -> None:
    checked = await hear(world)
    assert checked is not None
    assert await events(world) == [("check", None, HOME.id)]
    # It can be voted on like any other.
    assert (await world.confirm(TEXT, person(1), HOME, check_id=checked.check_id)).confirmed


async def test_both_readings_must_be_scams(world: World) -> None:
    """What is one only because of the names that are spoken to, or only without them, is none."""
    scam, clear = Sms(TEXT), Sms(TEXT.replace("scam", "clear"))
    for sms, talk in ((scam, clear), (clear, scam)):
        assert await world.service.auto_check.check(sms, talk, HOME, world.source()) is None
    assert await world.service.auto_check.check(scam, Sms(f"{TEXT} 老王"), HOME, world.source())


async def test_once_a_text_and_local_day(world: World) -> None:
    assert await hear(world)  # 16:00 in Beijing
    assert await hear(world) is None
    assert await hear(world, f"  {TEXT}  ") is None, "the same text"
    world.clock.ahead(hours=7.9)
    assert await hear(world) is None
    world.clock.ahead(hours=0.2)
    assert await hear(world)
    assert await hear(world) is None


async def test_the_day_is_the_groups(world: World) -> None:
    await world.service.groups.change(HOME.id, time_zone="America/New_York")
    assert await hear(world)  # 03:00 in New York
    world.clock.ahead(hours=10)
    assert await hear(world) is None
    world.clock.ahead(hours=11)
    assert await hear(world)


async def test_each_group_for_itself(world: World) -> None:
    assert await hear(world)
    assert await hear(world, where=OTHER.id)


async def test_a_source_again_gets_its_answer_again(world: World) -> None:
    first = await hear(world, source="update:x")
    assert first is not None
    for _ in range(PER_MINUTE + 1):
        assert await hear(world, source="update:x") == first
    assert len(await events(world)) == 1


async def test_a_race_says_it_once(world: World) -> None:
    found = await asyncio.gather(*(hear(world) for _ in range(6)))
    assert sum(checked is not None for checked in found) == 1
    assert len(await events(world)) == 1


async def test_two_processes_say_it_once(database: Database) -> None:
    async with open_world(database) as one, open_world(database) as two:
        found = await asyncio.gather(hear(one, source="update:1"), hear(two, source="update:2"))
        assert sum(checked is not None for checked in found) == 1


async def test_not_what_somebody_checked_today(world: World) -> None:
    await world.check(TEXT, person(1), HOME)
    assert await hear(world) is None
    assert await hear(world, where=OTHER.id), "elsewhere nobody did"
    world.clock.ahead(days=1)
    assert await hear(world)


async def test_not_what_an_admin_said_is_genuine(world: World) -> None:
    await world.dispute(TEXT, person(1), HOME, admin=True)
    world.clock.ahead(days=1)
    assert await hear(world) is None
    assert await hear(world, where=OTHER.id), "an admin's word stays in the group"
    await world.confirm(TEXT, person(1), HOME, admin=True)
    world.clock.ahead(days=1)
    assert await hear(world), "taken back"


async def test_a_members_word_silences_nothing(world: World) -> None:
    await world.dispute(TEXT, person(1), HOME)
    world.clock.ahead(days=1)
    assert await hear(world)


async def test_not_what_an_owner_said_is_genuine(world: World) -> None:
    await world.dispute(TEXT, OWNER, private(999))
    assert await hear(world) is None
    await world.confirm(TEXT, person(1), HOME, admin=True)
    world.clock.ahead(days=1)
    assert await hear(world), "the group's admins know better about their group"


async def test_a_flood_is_cut_and_one_group_takes_nothing_from_another(world: World) -> None:
    said = [await hear(world, TEXT.replace("evil", f"evil{chr(97 + n)}")) for n in range(10)]
    assert sum(checked is not None for checked in said) == PER_MINUTE
    assert len(await events(world)) == PER_MINUTE, "what was not said may be said later"
    assert await hear(world, where=OTHER.id)
    world.clock.ahead(seconds=61)
    assert await hear(world, TEXT.replace("evil", "evilj"))


# --- remembered settings ------------------------------------------------------------------------------------------


async def test_settings_are_remembered_for_a_minute(database: Database) -> None:
    async with open_world(database) as one, open_world(database) as other:
        assert not (await one.service.auto_check.settings(HOME.id)).auto_check
        await other.service.groups.change(HOME.id, auto_check=True)
        assert not (await one.service.auto_check.settings(HOME.id)).auto_check
        one.clock.ahead(seconds=FRESH.total_seconds() - 1)
        assert not (await one.service.auto_check.settings(HOME.id)).auto_check
        one.clock.ahead(seconds=1)
        assert (await one.service.auto_check.settings(HOME.id)).auto_check


async def test_a_clock_set_back_is_no_excuse(database: Database) -> None:
    async with open_world(database) as one, open_world(database) as other:
        await one.service.auto_check.settings(HOME.id)
        await other.service.groups.change(HOME.id, auto_check=True)
        one.clock.ahead(hours=-1)
        assert (await one.service.auto_check.settings(HOME.id)).auto_check


async def test_a_change_holds_at_once(world: World) -> None:
    auto_check = world.service.auto_check
    assert not (await auto_check.settings(HOME.id)).auto_check
    await world.service.groups.change(HOME.id, auto_check=True)
    auto_check.changed(HOME.id)
    assert (await auto_check.settings(HOME.id)).auto_check


async def test_a_change_in_the_middle_of_a_look_is_not_overlooked(world: World) -> None:
    """Else what was read just before it would be remembered for a minute after it."""
    auto_check, groups = world.service.auto_check, world.service.groups

    async def change() -> None:
        await groups.change(HOME.id, auto_check=True)
        auto_check.changed(HOME.id)

    for _ in range(20):
        await groups.change(HOME.id, auto_check=False)
        auto_check.changed(HOME.id)
        await asyncio.gather(auto_check.settings(HOME.id), change(), auto_check.settings(HOME.id))
        assert (await auto_check.settings(HOME.id)).auto_check
