"""/subscribe and the summary of each Monday: once, on time or marked as late, in the group's own time zone."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from talk_material import SCAM, data_of
from talk_weekly import LATE, SECOND, SHANGHAI, TUESDAY, WEEK, Weeks, summaries

from bot.service.groups import next_push
from handlers.desk import Desk
from handlers.lanes import Lane

pytest_plugins = ["talk_fixtures"]

NEW_YORK = ZoneInfo("America/New_York")


# --- the commands -------------------------------------------------------------------------------------------------


async def test_subscribe_says_when_the_next_one_comes(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        reply = await weeks.subscribed()
        local = weeks.moment().astimezone(SHANGHAI)
        assert local.hour == 9
        assert f"下一次是 11 月 16 日 9:{local.minute:02}" in reply.text
        assert [link.text for link in reply.links] == ["/unsubscribe"]
        assert (await weeks.settings(app)).weekly
        again = await weeks.subscribed()
        assert "已经订好了" in again.text
        assert f"11 月 16 日 9:{local.minute:02}" in again.text


async def test_unsubscribe(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        assert "没有订每周汇总" in (await weeks.admin.ask("/unsubscribe", weeks.group)).text
        await weeks.subscribed()
        assert "不再发汇总" in (await weeks.admin.ask("/unsubscribe", weeks.group)).text
        assert not (await weeks.settings(app)).weekly
        assert await weeks.due(app) is None
        assert "没有订每周汇总" in (await weeks.admin.ask("/unsubscribe", weeks.group)).text


@pytest.mark.parametrize("command", ["/subscribe", "/unsubscribe"])
async def test_members_are_refused(weeks: Weeks, command: str) -> None:
    async with weeks.bot() as app:
        if command == "/unsubscribe":
            await weeks.subscribed()
        before = await weeks.settings(app)
        assert "要群管理员来订" in (await weeks.member.ask(command, weeks.group)).text
        assert await weeks.settings(app) == before


async def test_an_anonymous_admin_may(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        await weeks.group.promote(weeks.admin, anonymous=True)
        await weeks.admin.ask("/subscribe", weeks.group, as_anonymous_admin=True)
        assert (await weeks.settings(app)).weekly


async def test_in_a_private_chat_for_one_of_several_groups(weeks: Weeks) -> None:
    other = weeks.server.group("别的群", admins=[weeks.admin])
    async with weeks.bot() as app:
        assert "我还不知道您管着哪个群" in (await weeks.admin.ask("/subscribe")).text
        for one in (weeks.group, other):
            await weeks.admin.ask("/unsubscribe", one)
        asked = await weeks.admin.ask("/subscribe")
        assert "哪个群要每周汇总" in asked.text
        assert len(data_of(asked, "家人群").encode()) <= 64
        await weeks.admin.press(asked, "家人群")
        reply = await weeks.admin.wait_for("下一次")
        assert reply.text.startswith("群：家人群\n好了")
        assert [(await weeks.settings(app, one)).weekly for one in (weeks.group, other)] == [True, False]
        off = await weeks.admin.ask("/unsubscribe")
        await weeks.group.demote(weeks.admin)
        assert "不是管理员" in (await weeks.admin.press(off, "家人群")).text
        assert (await weeks.settings(app)).weekly


async def test_who_cannot_be_checked_changes_nothing(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        weeks.server.fail("getChatMember", status=500, times=None)
        assert "没能确认" in (await weeks.subscribed()).text
        assert not (await weeks.settings(app)).weekly


async def test_a_command_that_is_handled_again_after_a_crash(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        weeks.server.fail("sendMessage", status=502, times=1)
        await weeks.subscribed()
        assert len(weeks.server.calls_of("sendMessage")) == 2
        assert await weeks.due(app) == weeks.moment()


# --- each Monday --------------------------------------------------------------------------------------------------


async def test_the_summary_of_last_week_comes_at_its_moment_and_once(weeks: Weeks) -> None:
    async with weeks.bot():
        reply = await weeks.member.ask(f"/check {SCAM}", weeks.group)
        await weeks.member.press(reply, "确认是诈骗")
        await weeks.subscribed()
        first = weeks.moment()
        weeks.clock.now = first - SECOND
        await weeks.settled()
        assert not weeks.texts
        weeks.lanes.taken.clear()
        weeks.clock.now = first
        await weeks.arrived(1)
        assert "11月9日至15日" in weeks.texts[0].text
        assert "中信银行" in weeks.texts[0].text
        assert LATE not in weeks.texts[0].text
        assert weeks.texts[0].id < weeks.pictures[0].id
        sent = [(endpoint, lane) for endpoint, lane in weeks.lanes.taken if endpoint.startswith("send")]
        assert sent == [("sendMessage", Lane.PUSH), ("sendPhoto", Lane.PUSH)]
        for hours in (1, 24, 24 * 6):
            weeks.clock.now = first + timedelta(hours=hours)
            await weeks.settled()
        assert len(weeks.texts) == 1
        weeks.clock.now = first + WEEK
        await weeks.arrived(2)
        assert "没有确认的诈骗" in weeks.texts[1].text, "a quiet week says so"


async def test_a_group_that_unsubscribed_gets_none(weeks: Weeks) -> None:
    async with weeks.bot():
        await weeks.subscribed()
        await weeks.admin.ask("/unsubscribe", weeks.group)
        weeks.clock.now = TUESDAY + 2 * WEEK
        await weeks.settled()
        assert not weeks.texts


async def test_once_over_restarts(weeks: Weeks) -> None:
    async with weeks.bot():
        await weeks.subscribed()
    weeks.clock.now = weeks.moment() + timedelta(minutes=40)
    for _ in range(3):
        async with weeks.bot():
            await weeks.arrived(1)
    assert LATE not in weeks.texts[0].text


@pytest.mark.parametrize(("hours", "late"), [(1.9, False), (2.1, True), (24, True), (24 * 6, True)])
async def test_after_a_downtime_it_comes_late_and_says_so(weeks: Weeks, hours: float, late: bool) -> None:
    async with weeks.bot():
        await weeks.subscribed()
    first = weeks.moment()
    weeks.clock.now = first + timedelta(hours=hours)
    async with weeks.bot():
        await weeks.arrived(1)
        assert (LATE in weeks.texts[0].text) is late
        assert "11月9日至15日" in weeks.texts[0].text
        weeks.clock.now = first + WEEK
        await weeks.arrived(2)
        assert LATE not in weeks.texts[1].text


async def test_of_several_missed_weeks_only_the_newest_comes(weeks: Weeks) -> None:
    async with weeks.bot():
        await weeks.subscribed()
    weeks.clock.now = weeks.moment() + 3 * WEEK + timedelta(hours=30)
    async with weeks.bot():
        await weeks.arrived(1)
    assert "11月30日至12月6日" in weeks.texts[0].text
    assert LATE in weeks.texts[0].text


async def test_back_on_a_monday_before_its_moment_nothing_old_comes(weeks: Weeks) -> None:
    async with weeks.bot():
        await weeks.subscribed()
    third = weeks.moment() + 2 * WEEK
    weeks.clock.now = third - timedelta(hours=2)
    async with weeks.bot():
        await weeks.settled()
        assert not weeks.texts
        weeks.clock.now = third
        await weeks.arrived(1)
        assert LATE not in weeks.texts[0].text
        assert "11月23日至29日" in weeks.texts[0].text


async def test_a_blocked_loop_loses_nothing(weeks: Weeks) -> None:
    async with weeks.bot():
        await weeks.subscribed()
        weeks.clock.now = weeks.moment()
        time.sleep(0.4)  # noqa: ASYNC251  that is the point
        weeks.clock.now += timedelta(minutes=3)
        await weeks.arrived(1)


# --- time zones ---------------------------------------------------------------------------------------------------


async def test_nine_oclock_is_nine_oclock_on_both_sides_of_a_clock_change(weeks: Weeks) -> None:
    weeks.clock.now = datetime(2026, 10, 22, 12, 0, tzinfo=UTC)
    async with weeks.bot() as app:
        await Desk.of(app).service.groups.change(weeks.group.id, time_zone="America/New_York")
        await weeks.subscribed()
        for count, monday in enumerate((26, 33), start=1):
            at = datetime(2026, 10, 1, 9, 0, tzinfo=NEW_YORK) + timedelta(days=monday - 1)
            weeks.clock.now = at.astimezone(UTC) - SECOND
            await weeks.settled()
            assert len(weeks.texts) == count - 1
            weeks.clock.now = at.astimezone(UTC) + timedelta(minutes=30)
            await weeks.arrived(count)
            assert LATE not in weeks.texts[-1].text
    assert "10月26日至11月1日" in weeks.texts[-1].text


async def test_another_time_zone_moves_it(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        await weeks.subscribed()
        await Desk.of(app).service.groups.change(weeks.group.id, time_zone="America/New_York")
        weeks.clock.now = weeks.moment() + timedelta(minutes=1)
        await weeks.settled()
        assert not weeks.texts
        weeks.clock.now = weeks.moment(zone=NEW_YORK)
        await weeks.arrived(1)


@pytest.mark.parametrize(
    ("before", "after", "hours"),
    [("Asia/Shanghai", "America/New_York", 1), ("America/New_York", "Asia/Shanghai", 1), ("Asia/Shanghai", "UTC", 1)],
)
async def test_another_time_zone_on_the_same_day_brings_no_second_one(
    weeks: Weeks, before: str, after: str, hours: int
) -> None:
    async with weeks.bot() as app:
        groups = Desk.of(app).service.groups
        await groups.change(weeks.group.id, time_zone=before)
        await weeks.subscribed()
        first = weeks.moment(zone=ZoneInfo(before))
        weeks.clock.now = first
        await weeks.arrived(1)
        weeks.clock.now = first + timedelta(hours=hours)
        await groups.change(weeks.group.id, time_zone=after)
        for _ in range(8):
            weeks.clock.now += timedelta(hours=12)
            await weeks.settled()
        assert len(weeks.texts) == 1
        weeks.clock.now = weeks.moment(weeks.clock.now, ZoneInfo(after))
        await weeks.arrived(2)


# --- many ---------------------------------------------------------------------------------------------------------


async def test_fifty_groups_are_spread_over_half_an_hour(weeks: Weeks) -> None:
    groups = [weeks.server.group(f"群{number}", members=[weeks.member], admins=[weeks.admin]) for number in range(50)]
    nine = datetime(2026, 11, 16, 1, 0, tzinfo=UTC)
    counts = []
    async with weeks.bot() as app:
        for group in groups:
            await Desk.of(app).service.groups.change(group.id, weekly=True)
        weeks.clock.now = nine - SECOND
        await weeks.settled()
        assert not any(map(summaries, groups))
        for minute in range(31):
            weeks.clock.now = nine + timedelta(minutes=minute)
            wanted = sum(next_push(group.id, SHANGHAI, TUESDAY) <= weeks.clock.now for group in groups)
            while len(weeks.server.calls_of("sendPhoto")) < wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            counts.append(sum(bool(summaries(group)) for group in groups))
            assert counts[-1] == wanted
        weeks.clock.now = nine + timedelta(hours=5)
        await weeks.settled()
    assert [len(summaries(group)) for group in groups] == [1] * 50
    assert counts[-1] == 50
    assert max(b - a for a, b in pairwise(counts)) <= 10, "no crowd in any minute"
