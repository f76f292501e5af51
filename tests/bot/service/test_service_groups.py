"""What groups choose, where the bot is, who runs what, and when a summary is due."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from service_world import SECRET, START, World, group, open_world, person, private

from bot.service.group_types import Confirmers, GroupSettings, Presence
from bot.service.groups import WEEKLY, next_push
from bot.service.retention import ADMIN_KEPT, GONE_KEPT
from bot.service.types import Forgotten

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

CHAT, OTHER = group(1).id, group(2).id
SHANGHAI, LONDON, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
HALF_AN_HOUR, WEEK, MOMENT = timedelta(minutes=30), timedelta(days=7), timedelta(microseconds=1)
PLAIN = GroupSettings()
EVERYTHING = GroupSettings("Europe/London", "zh-Hant", auto_check=True, weekly=True, confirmers=Confirmers.ADMINS)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as made:
        yield made


async def rows(world: World, query: str, **values: object) -> list[tuple[object, ...]]:
    async with world.database.looked_into() as connection:
        return [tuple(row) for row in await connection.execute(sa.text(query), values)]


async def jobs(world: World) -> dict[int, datetime]:
    """When which group is due."""
    found = await rows(world, "SELECT chat_id, key, due_at FROM job WHERE kind = :kind", kind=WEEKLY)
    assert all(str(chat) == key for chat, key, _ in found)
    return {int(str(chat)): datetime.fromtimestamp(int(str(at)) / 1e6, UTC) for chat, _, at in found}


async def choose_everything(world: World, chat: int = CHAT) -> GroupSettings:
    return await world.service.groups.change(
        chat,
        time_zone="Europe/London",
        language="zh-Hant",
        auto_check=True,
        weekly=True,
        confirmers=Confirmers.ADMINS,
    )


# ── choices ──


async def test_a_group_has_defaults_before_anything_is_chosen(world: World) -> None:
    assert await world.service.groups.settings(CHAT) == PLAIN
    assert (
        GroupSettings(
            "Asia/Shanghai",
            "zh-Hans",
            auto_check=False,
            weekly=False,
            confirmers=Confirmers.ALL,
            presence=Presence.PRESENT,
        )
        == PLAIN
    )
    assert await rows(world, "SELECT * FROM group_settings") == []


async def test_choosing_nothing_or_the_same_writes_nothing(world: World) -> None:
    assert await world.service.groups.change(CHAT) == PLAIN
    assert await world.service.groups.change(CHAT, weekly=False, time_zone="Asia/Shanghai") == PLAIN
    assert await rows(world, "SELECT * FROM group_settings") == []
    await choose_everything(world)
    before = await rows(world, "SELECT * FROM group_settings")
    world.clock.ahead(days=1)
    await choose_everything(world)
    assert await rows(world, "SELECT * FROM group_settings") == before


async def test_choices_are_kept_apart_and_outlive_a_restart(database: Database) -> None:
    async with open_world(database) as world:
        assert await choose_everything(world) == EVERYTHING
        assert await world.service.groups.settings(OTHER) == PLAIN
    async with open_world(database) as world:
        assert await world.service.groups.settings(CHAT) == EVERYTHING
        assert await world.service.groups.change(CHAT, auto_check=False, confirmers=Confirmers.ALL) == GroupSettings(
            "Europe/London", "zh-Hant", weekly=True
        )
        assert await world.service.groups.settings(OTHER) == PLAIN


@pytest.mark.parametrize(
    "zone", ["", "Asia/Peking", "Asia", "../etc/passwd", "/etc/localtime", "UTC+8", "上海", "a" * 99]
)
async def test_no_time_zone_is_taken_that_is_none(world: World, zone: str) -> None:
    with pytest.raises(ValueError, match="time zone"):
        await world.service.groups.change(CHAT, time_zone=zone, auto_check=True)
    assert await world.service.groups.settings(CHAT) == PLAIN


async def test_racing_choices_lose_nothing(world: World) -> None:
    change = world.service.groups.change
    await asyncio.gather(
        *(change(CHAT, weekly=True) for _ in range(5)),
        change(CHAT, auto_check=True),
        change(CHAT, time_zone="Asia/Tokyo"),
        change(CHAT, confirmers=Confirmers.ADMINS),
    )
    found = await world.service.groups.settings(CHAT)
    assert found == GroupSettings("Asia/Tokyo", auto_check=True, weekly=True, confirmers=Confirmers.ADMINS)
    assert await jobs(world) == {CHAT: next_push(CHAT, ZoneInfo("Asia/Tokyo"), START)}


# ── the summary's job ──


async def test_the_weekly_choice_is_a_job_and_back(world: World) -> None:
    await world.service.groups.change(CHAT, weekly=True)
    due = next_push(CHAT, SHANGHAI, START)
    assert await jobs(world) == {CHAT: due}
    world.clock.ahead(days=1)
    await world.service.groups.change(CHAT, weekly=True)
    await world.service.groups.change(OTHER, weekly=True)
    assert await jobs(world) == {CHAT: due, OTHER: next_push(OTHER, SHANGHAI, world.clock.now)}
    await world.service.groups.change(CHAT, weekly=False)
    assert (await jobs(world)).keys() == {OTHER}


async def test_another_time_zone_moves_the_job_and_keeps_how_far_it_is(world: World) -> None:
    await world.service.groups.change(CHAT, weekly=True)
    before = await rows(world, "SELECT id FROM job")
    async with world.database.looked_into() as connection:
        await connection.execute(sa.text("UPDATE job SET payload = 'kept'"))
    await world.service.groups.change(CHAT, time_zone="Europe/London")
    assert await jobs(world) == {CHAT: next_push(CHAT, LONDON, START)}
    assert await rows(world, "SELECT id, payload FROM job") == [(*before[0], "kept")]
    await world.service.groups.change(CHAT, language="zh-Hant")
    assert await jobs(world) == {CHAT: next_push(CHAT, LONDON, START)}


async def test_no_week_is_passed_over_by_travelling_on_a_monday(world: World) -> None:
    """At 08:30 in Shanghai it is past 09:00 in Tokyo: what was due today is due at once, not in a week."""
    await world.service.groups.change(CHAT, weekly=True)
    world.clock.now = datetime(2026, 11, 9, 8, 45, tzinfo=SHANGHAI).astimezone(UTC)
    assert (await jobs(world))[CHAT].astimezone(SHANGHAI).date() == datetime(2026, 11, 9, tzinfo=UTC).date()
    await world.service.groups.change(CHAT, time_zone="Asia/Tokyo")
    due = (await jobs(world))[CHAT].astimezone(ZoneInfo("Asia/Tokyo"))
    assert (due.year, due.month, due.day, due.hour) == (2026, 11, 9, 9)


@given(
    chat=st.integers(-(2**52), -1),
    zone=st.sampled_from([SHANGHAI, LONDON, NEW_YORK, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Asia/Kathmandu")]),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
)
def test_a_summary_is_due_on_the_next_monday_morning(chat: int, zone: ZoneInfo, now: datetime) -> None:
    due = next_push(chat, zone, now)
    local = due.astimezone(zone)
    assert due.tzinfo is UTC
    assert local.weekday() == 0
    nine = local.replace(hour=9, minute=0, second=0, microsecond=0)
    assert timedelta(0) <= local - nine < HALF_AN_HOUR
    assert now < due <= now + WEEK + timedelta(hours=1)  # a week with a change of the clocks
    assert next_push(chat, zone, due - MOMENT) == due
    again = next_push(chat, zone, due).astimezone(zone)
    assert again.replace(tzinfo=None) - local.replace(tzinfo=None) == WEEK, "always as late as each week before"


def test_summaries_are_spread_over_half_an_hour() -> None:
    minutes = [next_push(-1001 - number, SHANGHAI, START).minute for number in range(3000)]
    tenths = [sum(1 for minute in minutes if minute // 3 == part) for part in range(10)]
    assert sum(tenths) == 3000
    assert all(200 < count < 400 for count in tenths)


# ── where the bot is ──


async def test_gone_it_is_quiet_and_back_it_stays_so(world: World) -> None:
    groups = world.service.groups
    await choose_everything(world)
    await choose_everything(world, OTHER)
    for chat in (CHAT, OTHER):
        await groups.seen_admin(person(1), chat)
    await world.confirm("scam etc.top", person(1), group(1))
    await groups.presence(CHAT, Presence.GONE)
    gone = GroupSettings("Europe/London", "zh-Hant", confirmers=Confirmers.ADMINS, presence=Presence.GONE)
    assert await groups.settings(CHAT) == gone
    assert (await jobs(world)).keys() == {OTHER}
    assert await rows(world, "SELECT chat_id FROM group_admin") == [(OTHER,)]
    assert len(await rows(world, "SELECT 1 FROM event WHERE chat_id = :chat", chat=CHAT)) == 2, "the record stays"
    await groups.presence(CHAT, Presence.PRESENT)
    assert await groups.settings(CHAT) == GroupSettings("Europe/London", "zh-Hant", confirmers=Confirmers.ADMINS)
    assert (await jobs(world)).keys() == {OTHER}
    await groups.change(CHAT, weekly=True)
    assert (await jobs(world)).keys() == {CHAT, OTHER}


async def test_what_is_chosen_in_a_group_that_it_was_thought_gone_from_holds(world: World) -> None:
    await choose_everything(world)
    await world.service.groups.presence(CHAT, Presence.GONE)
    await world.service.groups.change(CHAT, weekly=True)
    assert (await jobs(world)).keys() == {CHAT}
    assert await rows(world, "SELECT weekly, auto_check FROM group_settings") == [(True, False)]


async def test_silenced_it_keeps_what_was_chosen(world: World) -> None:
    await choose_everything(world)
    for presence in (Presence.SILENCED, Presence.PRESENT):
        await world.service.groups.presence(CHAT, presence)
        found = await world.service.groups.settings(CHAT)
        assert (found.presence, found.weekly, found.auto_check) == (presence, True, True)
        assert (await jobs(world)).keys() == {CHAT}


@pytest.mark.parametrize("presence", list(Presence))
async def test_a_group_is_known_from_its_first_word_on(world: World, presence: Presence) -> None:
    await world.service.groups.presence(CHAT, presence)
    assert await world.service.groups.settings(CHAT) == GroupSettings(presence=presence)
    assert await rows(world, "SELECT chat_id, state FROM group_settings") == [(CHAT, presence)]


# ── who runs what ──


async def test_groups_of_an_admin_come_newest_first(world: World) -> None:
    groups = world.service.groups
    assert await groups.of_admin(person(1)) == ()
    for number in (1, 2, 3):
        await groups.seen_admin(person(1), group(number).id)
        world.clock.ahead(minutes=1)
    await groups.seen_admin(person(2), group(9).id)
    assert await groups.of_admin(person(1)) == (group(3).id, group(2).id, group(1).id)
    await groups.seen_admin(person(1), group(1).id)
    assert await groups.of_admin(person(1)) == (group(1).id, group(3).id, group(2).id)
    await groups.no_admin(person(1), group(3).id)
    await groups.no_admin(person(1), group(3).id)
    await groups.presence(group(2).id, Presence.GONE)
    await groups.presence(group(1).id, Presence.SILENCED)
    assert await groups.of_admin(person(1)) == (group(1).id,)
    assert await groups.of_admin(person(2)) == (group(9).id,)


async def test_an_admin_who_is_seen_after_the_bot_left_is_offered_nothing(world: World) -> None:
    await world.service.groups.presence(CHAT, Presence.GONE)
    await world.service.groups.seen_admin(person(1), CHAT)
    assert await world.service.groups.of_admin(person(1)) == ()


async def test_admins_stand_there_by_their_hash_alone(database: Database) -> None:
    async with open_world(database) as world:
        await world.service.groups.seen_admin(person(1), CHAT)
        await world.service.groups.set_consent(person(1), agreed=True)
        assert (
            await rows(world, "SELECT person FROM group_admin UNION ALL SELECT person FROM consent")
            == [(SECRET.person(person(1).key),)] * 2
        )
        disk = await world.database.dump()
    disk += await database.dump()
    for trace in (b"telegram", b"7000001", private(1).id.to_bytes(4, "big"), private(1).id.to_bytes(3, "big")):
        assert trace not in disk


# ── agreeing ──


async def test_agreeing_and_taking_it_back(world: World) -> None:
    groups = world.service.groups
    assert not await groups.consents(person(1))
    for _ in range(2):
        await groups.set_consent(person(1), agreed=True)
        assert await groups.consents(person(1))
        assert not await groups.consents(person(2))
    for _ in range(2):
        await groups.set_consent(person(1), agreed=False)
        assert not await groups.consents(person(1))


async def test_forgetting_takes_admin_rows_and_consent_and_says_so(world: World) -> None:
    groups = world.service.groups
    for who in (person(1), person(2)):
        await groups.seen_admin(who, CHAT)
        await groups.seen_admin(who, OTHER)
        await groups.set_consent(who, agreed=True)
    found = await world.service.forget(person(1))
    assert found == Forgotten(0, 0, 0, groups=2, consent=True)
    assert found.anything
    assert not await groups.consents(person(1))
    assert await groups.of_admin(person(1)) == ()
    assert await groups.consents(person(2))
    assert len(await groups.of_admin(person(2))) == 2
    again = await world.service.forget(person(1))
    assert again == Forgotten(0, 0, 0)
    assert not again.anything


# ── what goes by itself ──


async def test_admins_who_were_not_seen_for_half_a_year_are_forgotten(world: World) -> None:
    groups = world.service.groups
    await groups.seen_admin(person(1), CHAT)
    await groups.seen_admin(person(2), CHAT)
    await groups.seen_admin(person(2), OTHER)
    world.clock.ahead(days=1)
    await groups.seen_admin(person(2), CHAT)
    world.clock.now = START + ADMIN_KEPT - MOMENT
    await world.service.retain()
    assert len(await rows(world, "SELECT * FROM group_admin")) == 3
    world.clock.now = START + ADMIN_KEPT
    await world.service.retain()
    assert await groups.of_admin(person(1)) == ()
    assert await groups.of_admin(person(2)) == (CHAT,)


async def test_what_a_group_chose_goes_a_month_after_the_bot_did(world: World) -> None:
    groups = world.service.groups
    for chat in (CHAT, OTHER):
        await choose_everything(world, chat)
    world.clock.ahead(days=50)
    left = world.clock.now
    await groups.presence(CHAT, Presence.GONE)
    world.clock.ahead(days=10)
    await groups.presence(CHAT, Presence.GONE)  # told again, it counts from the first time
    world.clock.now = left + GONE_KEPT - MOMENT
    await world.service.retain()
    assert len(await rows(world, "SELECT * FROM group_settings")) == 2
    world.clock.now = left + GONE_KEPT
    await world.service.retain()
    assert await rows(world, "SELECT chat_id FROM group_settings") == [(OTHER,)]
    assert await groups.settings(OTHER) == EVERYTHING
