"""/report: in the group for its admins, in a private chat for the groups that a person runs now."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from talk_driving import FrozenClock, running
from talk_material import SCAM, data_of

from bot.service.types import Person
from handlers import report
from handlers.callback import decode
from handlers.desk import Desk
from handlers.lanes import Lanes
from sandbox.server.faults import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Group, Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]

WEDNESDAY = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
LAST_WEEK = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)
NO_PHOTOS = "Bad Request: not enough rights to send photos to the chat"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(LAST_WEEK)


@pytest.fixture
async def app(server: Sandbox, tmp_path: Path, knowledge: Knowledge, clock: FrozenClock) -> AsyncIterator[App]:
    async with running(server, tmp_path, knowledge, clock, lanes=Lanes(backoff=(0.01, 0.01, 0.01))) as made:
        yield made


@pytest.fixture
def admin(server: Sandbox) -> User:
    return server.user("管理员")


@pytest.fixture
def group(server: Sandbox, wang: User, admin: User) -> Group:
    return server.group("家人群", members=[wang], admins=[admin])


async def scam_reported(group: Group, who: User) -> None:
    reply = await who.ask(f"/check {SCAM}", group)
    await who.press(reply, "确认是诈骗")


def is_picture(message: Message) -> bool:
    return message.photo is not None


async def reported(who: User, words: str = "", group: Group | None = None) -> Message:
    """The text of a report that is asked for, once its picture is there too."""
    room = group or who
    before = len(room.from_bot)
    await who.send(f"/report{words}", group)
    text, _ = (await room.wait_for(before + 2))[before:]
    return text


async def seen_in(admin: User, *groups: Group) -> None:
    """The admin uses a command in each group."""
    for group in groups:
        await reported(admin, "", group)


# --- in the group -------------------------------------------------------------------------------------------------


async def test_one_message_and_one_picture(app: App, group: Group, wang: User, admin: User, clock: FrozenClock) -> None:
    await scam_reported(group, wang)
    clock.now = WEDNESDAY
    before = len(group.from_bot)
    asked = await admin.send("/report", group)
    text, picture = (await group.wait_for(before + 2))[before:]
    assert "本群防骗周报" in text.text
    assert "11月9日至15日" in text.text
    assert "中信银行" in text.text
    assert text.links == []
    assert text.photo is None
    assert picture.photo is not None
    image = Image.open(io.BytesIO(picture.photo[-1].data))
    assert (image.format, image.width) == ("PNG", 1080)
    assert (text.reply_to, picture.reply_to) == (asked.id, asked.id)
    await asyncio.sleep(0.2)
    assert len(group.from_bot) == before + 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "11月9日至15日"),
        (" 上周", "11月9日至15日"),
        (" 2026-W46", "11月9日至15日"),
        (" 2026-W45", "11月2日至8日"),
        (" 本周", "11月16日至18日"),
        (" 本月", "11月1日至18日"),
    ],
)
async def test_the_period_is_what_is_asked_for(
    app: App, group: Group, admin: User, clock: FrozenClock, words: str, said: str
) -> None:
    clock.now = WEDNESDAY
    assert said in (await reported(admin, words, group)).text


@pytest.mark.parametrize("words", ["下周", "2026-W60", "2027-W01", "最近", "上周 本周", "<b>", "2026-W46;--"])
async def test_other_words_get_the_words_that_there_are(app: App, group: Group, admin: User, words: str) -> None:
    reply = await admin.ask(f"/report {words}", group)
    assert "上周，本周，本月，或者 2026-W46" in reply.text
    assert reply.links == []
    await asyncio.sleep(0.2)
    assert not any(map(is_picture, group.from_bot))


async def test_weeks_are_those_of_the_groups_time_zone(
    app: App, group: Group, wang: User, admin: User, clock: FrozenClock
) -> None:
    # Monday morning in Beijing, still Sunday afternoon in New York.
    clock.now = datetime(2026, 11, 15, 20, 0, tzinfo=UTC)
    await scam_reported(group, wang)
    assert "中信银行" not in (await reported(admin, "", group)).text
    await Desk.of(app).service.groups.change(group.id, time_zone="America/New_York")
    clock.now += timedelta(days=1)
    assert "中信银行" in (await reported(admin, "", group)).text


async def test_refused_without_any_number(app: App, group: Group, wang: User) -> None:
    reply = await wang.ask("/report", group)
    assert "只给群管理员" in reply.text
    await asyncio.sleep(0.2)
    assert not any(map(is_picture, group.from_bot))


async def test_a_picture_that_cannot_be_drawn_costs_only_itself(
    app: App, group: Group, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> bytes:
        raise OSError("no font")

    monkeypatch.setattr(report, "report_picture", broken)
    assert "本群防骗周报" in (await admin.ask("/report", group)).text
    await asyncio.sleep(0.2)
    assert len(group.from_bot) == 1


async def test_a_picture_that_may_not_be_sent_costs_only_itself(
    app: App, server: Sandbox, group: Group, admin: User
) -> None:
    server.state.faults.add(Fault("sendPhoto", status=400, times=None, description=NO_PHOTOS))
    assert "本群防骗周报" in (await admin.ask("/report", group)).text
    await asyncio.sleep(0.3)
    assert len(group.from_bot) == 1
    assert len(server.calls_of("sendPhoto")) == 1


async def test_a_picture_that_never_arrives_does_not_bring_the_text_again(
    app: App, server: Sandbox, group: Group, admin: User
) -> None:
    server.fail("sendPhoto", status=502, times=None)
    await admin.ask("/report", group)
    await server.idle(quiet=0.5)
    assert len(server.calls_of("sendPhoto")) == 4, "the lanes try again"
    assert len(group.from_bot) == 1


# --- in a private chat --------------------------------------------------------------------------------------------


async def test_who_was_seen_nowhere_is_told_how(app: App, group: Group, admin: User, wang: User) -> None:
    for person in (admin, wang):
        reply = await person.ask("/report")
        assert "我还不知道您管着哪个群" in reply.text
        assert not reply.buttons


async def test_a_member_who_tried_is_no_admin(app: App, group: Group, wang: User) -> None:
    await wang.ask("/report", group)
    assert "我还不知道" in (await wang.ask("/report")).text


async def test_the_only_group_needs_no_choice(
    app: App, group: Group, wang: User, admin: User, clock: FrozenClock
) -> None:
    await scam_reported(group, wang)
    clock.now = WEDNESDAY
    await seen_in(admin, group)
    await admin.send("/report")
    text, picture = await admin.wait_for(2)
    assert text.text.startswith("群：家人群\n")
    assert "中信银行" in text.text
    assert picture.photo is not None


async def test_a_choice_among_several(
    app: App, server: Sandbox, group: Group, wang: User, admin: User, clock: FrozenClock
) -> None:
    other = server.group("同事 @evil http://evil.top 群", members=[wang], admins=[admin])
    await scam_reported(other, wang)
    clock.now += timedelta(minutes=1)
    await seen_in(admin, group)
    clock.now += timedelta(minutes=1)
    await seen_in(admin, other)
    asked = await admin.ask("/report 本周")
    assert [button.text for button in asked.buttons][1] == "家人群"
    assert asked.links == []
    label = asked.buttons[0].text
    assert label.startswith("同事")
    answer = await admin.press(asked, label)
    assert not answer.text
    text = await admin.wait_for("防骗周报")
    assert "中信银行" in text.text
    assert text.links == []
    await admin.wait_for(is_picture)
    await admin.press(asked, "家人群")
    assert "中信银行" not in (await admin.wait_for("群：家人群")).text


async def test_the_group_used_last_stands_first(app: App, server: Sandbox, admin: User, clock: FrozenClock) -> None:
    groups = [server.group(f"群{number}", admins=[admin]) for number in range(14)]
    for group in (*groups, groups[3]):
        clock.now += timedelta(minutes=1)
        await admin.ask("/report", group)
    asked = await admin.ask("/report")
    assert "最近用过的 12 个群" in asked.text
    labels = [button.text for button in asked.buttons]
    assert labels == ["群3", *(f"群{number}" for number in range(13, 1, -1) if number != 3)]


async def test_buttons_fit_the_biggest_ids_and_keep_their_period(
    app: App, server: Sandbox, group: Group, wang: User, admin: User, clock: FrozenClock
) -> None:
    await scam_reported(group, wang)
    other = server.group("别的群", admins=[admin])
    clock.now = WEDNESDAY
    await seen_in(admin, group, other)
    asked = await admin.ask("/report 上周")
    data = data_of(asked, "家人群")
    assert len(data.encode()) <= 64
    assert decode(data.replace(str(group.id), "-1009999999999999")) is not None
    clock.now += timedelta(days=14)
    await admin.press(asked, "家人群")
    assert "11月9日至15日" in (await admin.wait_for("中信银行")).text, "the week that was asked for then"


async def test_words_that_mean_nothing_in_private(app: App, server: Sandbox, group: Group, admin: User) -> None:
    await seen_in(admin, group)
    assert "上周，本周，本月" in (await admin.ask("/report 去年")).text


async def test_who_runs_it_no_more_is_not_offered_it(app: App, server: Sandbox, group: Group, admin: User) -> None:
    other = server.group("别的群", admins=[admin])
    await seen_in(admin, group, other)
    await group.demote(admin)
    assert (await reported(admin)).text.startswith("群：别的群")
    await other.demote(admin)
    assert "我还不知道" in (await admin.ask("/report")).text
    assert await Desk.of(app).service.groups.of_admin(Person(f"telegram:{admin.id}")) == ()


async def test_a_press_asks_again_whether_one_may(app: App, server: Sandbox, group: Group, admin: User) -> None:
    other = server.group("别的群", admins=[admin])
    await seen_in(admin, group, other)
    asked = await admin.ask("/report")
    await group.demote(admin)
    answer = await admin.press(asked, "家人群")
    assert "您现在不是管理员" in answer.text
    assert answer.show_alert
    await other.kick_bot()
    assert "我已经不在群里" in (await admin.press(asked, "别的群")).text
    await server.idle(quiet=0.2)
    assert not any(map(is_picture, admin.from_bot))


async def test_groups_without_the_bot_are_passed_over(app: App, server: Sandbox, group: Group, admin: User) -> None:
    other, third = server.group("别的群", admins=[admin]), server.group("第三群", admins=[admin])
    await seen_in(admin, group, other, third)
    await other.kick_bot()
    # Telegram may not have told us yet.
    server.state.faults.add(Fault("getChatMember", status=403, times=None, chat_id=third.id))
    assert (await admin.ask("/report")).text.startswith("群：家人群")


async def test_when_telegram_does_not_say(app: App, server: Sandbox, group: Group, admin: User) -> None:
    other = server.group("别的群", admins=[admin])
    await seen_in(admin, group, other)
    asked = await admin.ask("/report")
    server.fail("getChatMember", status=429, times=None, retry_after=3600)
    assert "没能问到" in (await admin.ask("/report")).text
    assert "没能确认" in (await admin.press(asked, "家人群")).text
    server.state.faults.clear()
    assert len((await admin.ask("/report")).buttons) == 2, "nothing was forgotten for it"
    server.fail("getChatMember", status=429, times=None, retry_after=3600, chat=other)
    assert [button.text for button in (await admin.ask("/report")).buttons] == ["家人群"], "it may not be the one meant"


async def test_a_stranger_gets_nothing_by_made_up_data(
    app: App, server: Sandbox, group: Group, wang: User, admin: User
) -> None:
    other = server.group("别的群", admins=[admin])
    await seen_in(admin, group, other)
    data = data_of(await admin.ask("/report"), "家人群")
    own = await wang.ask(f"/check {SCAM}", group)
    private = await wang.ask("/help")
    assert "不是管理员" in (await wang.press(private, data=data)).text
    # Not even an admin hears of one group in another.
    assert "过期" in (await admin.press(own, data=data)).text
    for made_up in ("g:", "g:z/-100/2026-W46", "g:r/100/2026-W46", "g:r/-100/nonsense", "g:r/-1009999999999999"):
        assert (await wang.press(private, data=made_up)).text
    await server.idle(quiet=0.2)
    assert not any(map(is_picture, [*wang.from_bot, *group.from_bot[2:]]))


async def test_a_group_that_became_a_supergroup_is_still_theirs(app: App, server: Sandbox, admin: User) -> None:
    group = server.group("小群", admins=[admin], basic=True)
    other = server.group("别的群", admins=[admin])
    await seen_in(admin, group, other)
    asked = await admin.ask("/report")
    new = await group.migrate()
    await server.idle()
    await admin.press(asked, "小群")
    await admin.wait_for(is_picture)
    again = await admin.ask("/report")
    assert str(new) in data_of(again, "小群")
