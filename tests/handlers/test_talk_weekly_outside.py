"""What happens to a Monday's summary when the bot is out, silenced or cut off, or its picture fails."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from talk_driving import TICK
from talk_material import SCAM
from talk_weekly import LATE, WEEK, Weeks

from bot.service.group_types import GroupSettings, Presence
from handlers import report
from handlers.desk import Desk
from sandbox.server.faults import Fault

pytest_plugins = ["talk_fixtures"]


# --- what keeps it from being sent --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        Fault("sendMessage", status=403, times=None, description="Forbidden: bot was kicked from the supergroup chat"),
        Fault("sendMessage", status=403, times=None, description="Forbidden: the group chat was deleted"),
        Fault("sendMessage", status=400, times=None, description="Bad Request: chat not found"),
    ],
    ids=["kicked", "deleted", "unknown"],
)
async def test_a_group_without_the_bot_is_given_up(weeks: Weeks, fault: Fault) -> None:
    async with weeks.bot() as app:
        await weeks.subscribed()
        weeks.server.state.faults.add(fault)
        weeks.clock.now = weeks.moment()
        await weeks.called("sendMessage", 2)
        await weeks.settled()
        assert await weeks.settings(app) == GroupSettings(presence=Presence.GONE)
        assert await weeks.due(app) is None
        weeks.server.state.faults.clear()
        weeks.clock.now += 2 * WEEK
        await weeks.settled()
    assert not weeks.texts


async def test_removed_while_the_bot_was_down(weeks: Weeks) -> None:
    async with weeks.bot():
        await weeks.subscribed()
    await weeks.group.kick_bot()
    weeks.clock.now = weeks.moment()
    async with weeks.bot() as app:
        await weeks.settled()
        assert (await weeks.settings(app)).presence is Presence.GONE
        assert await weeks.due(app) is None


async def test_without_the_right_to_write_the_next_monday_is_the_next_attempt(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        await weeks.subscribed()
        await weeks.group.close()
        first = weeks.moment()
        weeks.clock.now = first
        await weeks.put_off(app, first + WEEK)
        assert (await weeks.settings(app)).presence is Presence.SILENCED
        assert (await weeks.settings(app)).weekly
        assert len(weeks.server.calls_of("sendMessage")) == 2, "the answer to the command, and one attempt"
        weeks.clock.now = first + timedelta(days=3)
        await weeks.group.close(closed=False)
        await weeks.settled()
        assert not weeks.texts
        weeks.clock.now = first + WEEK
        await weeks.arrived(1)
        assert (await weeks.settings(app)).presence is Presence.PRESENT
        assert "11月16日至22日" in weeks.texts[0].text
        assert LATE not in weeks.texts[0].text


async def test_subscribing_from_outside_a_group_where_the_bot_is_silenced_says_so(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        await weeks.admin.ask("/unsubscribe", weeks.group)
        await Desk.of(app).service.groups.presence(weeks.group.id, Presence.SILENCED)
        Desk.of(app).service.auto_check.changed(weeks.group.id)
        assert "我现在不能在这个群里说话" in (await weeks.admin.ask("/subscribe")).text
        await weeks.admin.ask("/unsubscribe", weeks.group)
        reply = await weeks.subscribed()
        assert "不能在这个群里说话" not in reply.text, "whoever reads it there knows better"
        await weeks.settled()
        assert (await weeks.settings(app)).presence is Presence.PRESENT


async def test_a_group_that_became_a_supergroup_unheard_gets_it_there(weeks: Weeks) -> None:
    weeks.group = weeks.server.group("小群", members=[weeks.member], admins=[weeks.admin], basic=True)
    async with weeks.bot() as app:
        reply = await weeks.member.ask(f"/check {SCAM}", weeks.group)
        await weeks.member.press(reply, "确认是诈骗")
        await weeks.subscribed()
        await weeks.server.idle()
    old, first = weeks.group.id, weeks.moment()
    new = await weeks.group.migrate()
    weeks.server.state.updates.clear()
    weeks.clock.now = max(first, weeks.moment())
    async with weeks.bot() as app:
        await weeks.arrived(1)
        assert "中信银行" in weeks.texts[0].text, "the record went along"
        assert await weeks.due(app, old) is None
        assert await weeks.due(app, new) == weeks.moment(weeks.clock.now)
        weeks.clock.now += WEEK
        await weeks.arrived(2)


async def test_too_many_requests_are_waited_out(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        await weeks.subscribed()
        weeks.server.fail("sendMessage", status=429, retry_after=120)
        first = weeks.moment()
        weeks.clock.now = first
        await weeks.put_off(app, first + timedelta(seconds=120))
    weeks.clock.now = first + timedelta(seconds=119)
    async with weeks.bot():  # whose lanes hold the chat back no more
        await weeks.settled()
        assert not weeks.texts
        weeks.clock.now = first + timedelta(seconds=121)
        await weeks.arrived(1)


async def test_a_broken_road_is_tried_for_as_long_as_it_takes(weeks: Weeks) -> None:
    async with weeks.bot():
        await weeks.subscribed()
        weeks.server.fail("sendMessage", status=502, times=None)
        weeks.clock.now = weeks.moment()
        for attempt in range(14):  # far more than a job is tried in one row
            await weeks.called("sendMessage", 2 + attempt)
            await asyncio.sleep(TICK)  # until that is written down
            weeks.clock.now += timedelta(hours=1, seconds=5)
        weeks.server.state.faults.clear()
        await weeks.arrived(1)
    assert LATE in weeks.texts[0].text


async def test_a_refusal_that_nobody_expected_ends_nothing(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        await weeks.subscribed()
        weeks.server.state.faults.add(Fault("sendMessage", status=400, description="Bad Request: TOPIC_CLOSED"))
        first = weeks.moment()
        weeks.clock.now = first
        await weeks.put_off(app, first + WEEK)
        weeks.clock.now = first + WEEK
        await weeks.arrived(1)


async def test_our_own_mistake_ends_nothing(weeks: Weeks, monkeypatch: pytest.MonkeyPatch) -> None:
    async with weeks.bot():
        await weeks.subscribed()
        tries = []

        def broken(*_: object, **__: object) -> None:
            tries.append(weeks.clock.now)
            raise LookupError

        with monkeypatch.context() as mistaken:
            mistaken.setattr(report, "compose", broken)
            weeks.clock.now = weeks.moment()
            for attempt in range(12):
                while len(tries) <= attempt:  # noqa: ASYNC110
                    await asyncio.sleep(TICK / 5)
                await asyncio.sleep(TICK)
                weeks.clock.now += timedelta(hours=1, seconds=5)
        await weeks.arrived(1)


# --- the picture after the text -----------------------------------------------------------------------------------


async def test_a_picture_that_fails_is_sent_later_without_the_text(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        await weeks.subscribed()
        weeks.server.fail("sendPhoto", status=502, times=2)
        first = weeks.moment()
        weeks.clock.now = first
        await weeks.put_off(app, first + timedelta(seconds=30))
        assert (len(weeks.texts), len(weeks.pictures)) == (1, 0)
        weeks.clock.now += timedelta(seconds=31)
        await weeks.put_off(app, weeks.clock.now + timedelta(seconds=60))
    weeks.clock.now += timedelta(minutes=5)
    async with weeks.bot():
        await weeks.arrived(1)


@pytest.mark.parametrize("status", [400, 403])
async def test_a_picture_that_may_not_be_sent_is_left_out(weeks: Weeks, status: int) -> None:
    async with weeks.bot() as app:
        await weeks.subscribed()
        weeks.server.fail("sendPhoto", status=status, times=None)
        first = weeks.moment()
        weeks.clock.now = first
        await weeks.put_off(app, first + WEEK)
        weeks.clock.now += timedelta(days=1)
        await weeks.settled()
        assert len(weeks.texts) == 1
        assert len(weeks.server.calls_of("sendPhoto")) == 1
        assert (await weeks.settings(app)).presence is Presence.PRESENT
        weeks.server.state.faults.clear()
        weeks.clock.now = first + WEEK
        await weeks.group.wait_for(lambda _: len(weeks.pictures) == 1)
        assert len(weeks.texts) == 2


async def test_a_picture_that_never_arrives_is_given_up(weeks: Weeks) -> None:
    async with weeks.bot() as app:
        await weeks.subscribed()
        weeks.server.fail("sendPhoto", status=502, times=None)
        first = weeks.moment()
        weeks.clock.now = first
        for attempt in range(8):
            await weeks.called("sendPhoto", 1 + attempt)
            await asyncio.sleep(TICK)
            weeks.clock.now += timedelta(hours=1, seconds=5)
        await weeks.settled()
        assert len(weeks.server.calls_of("sendPhoto")) == 8
        assert len(weeks.texts) == 1
        assert await weeks.due(app) == first + WEEK


async def test_without_a_font_the_text_comes_alone(weeks: Weeks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "report_picture", None)
    async with weeks.bot() as app:
        await weeks.subscribed()
        first = weeks.moment()
        weeks.clock.now = first
        await weeks.put_off(app, first + WEEK)
        assert (len(weeks.texts), len(weeks.pictures)) == (1, 0)


async def test_stopped_between_text_and_picture(weeks: Weeks, monkeypatch: pytest.MonkeyPatch) -> None:
    async with weeks.bot():
        await weeks.subscribed()
        drawn = asyncio.Event()

        async def die(*_: object) -> bytes:
            drawn.set()
            await asyncio.Event().wait()
            raise AssertionError("unreachable")

        with monkeypatch.context() as dying:
            dying.setattr(report, "draw", die)
            weeks.clock.now = weeks.moment()
            await asyncio.wait_for(drawn.wait(), 5)
    weeks.clock.now += timedelta(minutes=3)
    async with weeks.bot():
        await weeks.arrived(1)
