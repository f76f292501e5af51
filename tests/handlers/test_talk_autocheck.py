"""Auto-check: scams are pointed out unasked, where the admins want it and the bot can hear; all else stays silent."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from talk_driving import running
from talk_material import CLEAR, PARCEL, SCAM, shows

from bot.judge import judge
from bot.store.group_settings import find as find_settings
from handlers.desk import Desk
from sandbox.server.people import User as Account

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import FrameType

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Group, Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]

ON, OFF, WHY = "打开自动提醒", "关掉自动提醒", "为什么"
LINE = "🔴 这条很可能是诈骗。别转钱，别点链接，别给验证码。"


@pytest.fixture
def li(server: Sandbox) -> User:
    return server.user("小李")


@pytest.fixture
def admin(server: Sandbox) -> User:
    return server.user("管理员")


@pytest.fixture
def group(server: Sandbox, wang: User, li: User, admin: User) -> Group:
    return server.group("家人群", members=[wang, li], admins=[admin])


async def switch_on(app: App, group: Group) -> None:
    """As the button does, for a bot that is an admin."""
    await group.promote_bot()
    service = Desk.of(app).service
    await service.groups.change(group.id, auto_check=True)
    service.auto_check.changed(group.id)


@pytest.fixture
async def watching(app: App, server: Sandbox, group: Group) -> Group:
    await switch_on(app, group)
    await server.idle()
    return group


async def nothing_is_said(group: Group, who: User) -> None:
    """What was written before is handled by the time that a later command is answered, and came to nothing."""
    before = len(group.from_bot)
    await who.ask("/check", group)
    assert [message.text[:4] for message in group.from_bot[before:]] == ["请回复要"]


async def recorded(folder: Path) -> list[tuple[object, ...]]:
    """All events, as what, by whom, where and with which level."""

    def read() -> list[tuple[object, ...]]:
        with contextlib.closing(sqlite3.connect(folder / "zhendema.sqlite3")) as database:
            return database.execute("SELECT kind, person, chat_id, level FROM event").fetchall()

    return await asyncio.to_thread(read)


@contextlib.contextmanager
def counted(function: Callable[..., object]) -> Iterator[list[str]]:
    """The calls of a function of this thread while the block lasts, by the name of who called."""
    calls: list[str] = []

    def look(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code is function.__code__:
            calls.append(frame.f_back.f_code.co_name if frame.f_back else "")

    sys.setprofile(look)
    try:
        yield calls
    finally:
        sys.setprofile(None)


def lines(group: Group) -> list[Message]:
    return [message for message in group.from_bot if message.text == LINE]


# --- switching it on ----------------------------------------------------------------------------------------------


async def test_refused_with_the_steps_while_the_bot_hears_nothing(
    app: App, server: Sandbox, group: Group, wang: User, admin: User
) -> None:
    page = await admin.ask("/settings", group)
    await admin.press(page, ON)
    await group.wait_for("开不了")
    assert page.parts("code") == ["@BotFather", "/setprivacy"]
    assert "群管理员" in page.text
    assert "重新拉" in page.text
    assert "机器人看不到机器人" in page.text
    assert page.links == []
    await admin.press(page, "办好了，再试一次")
    assert not (await Desk.of(app).service.groups.settings(group.id)).auto_check
    await wang.send(SCAM, group)
    await nothing_is_said(group, wang)
    await admin.press(page, "返回")
    await group.wait_for("自动提醒：关着")


async def test_on_once_the_bot_is_an_admin(app: App, group: Group, wang: User, admin: User) -> None:
    page = await admin.ask("/settings", group)
    await admin.press(page, ON)
    await group.wait_for("开不了")
    await group.promote_bot()
    await admin.press(page, "办好了，再试一次")
    await group.wait_for("自动提醒：开着")
    assert "机器人看不到机器人" in page.text
    assert "移出群" not in page.text
    sent = await wang.send(SCAM, group)
    assert (await group.wait_for(LINE)).reply_to == sent.id
    await admin.press(page, OFF)
    await group.wait_for("自动提醒：关着")
    await wang.send(PARCEL, group)
    await asyncio.sleep(0.3)
    assert len(lines(group)) == 1


async def test_on_without_privacy_mode_says_that_it_may_have_to_be_added_anew(
    app: App, server: Sandbox, group: Group, wang: User, admin: User
) -> None:
    page = await admin.ask("/settings", group)
    server.privacy = False  # asked of Telegram at the press, not remembered from the start
    await admin.press(page, ON)
    await group.wait_for("自动提醒：开着")
    assert "把我移出群，再拉进来" in page.text
    await wang.send(SCAM, group)
    await nothing_is_said(group, wang)  # as it said
    await group.readd_bot()
    await admin.press(await admin.ask("/settings", group), ON)
    await group.wait_for("自动提醒：开着")
    await wang.send(SCAM, group)
    await group.wait_for(LINE)


async def test_refused_to_a_bot_that_may_not_write(app: App, group: Group, admin: User) -> None:
    page = await admin.ask("/settings", group)
    await group.mute_bot()
    await admin.press(page, ON)
    assert not (await Desk.of(app).service.groups.settings(group.id)).auto_check


async def test_when_telegram_does_not_say_what_the_bot_hears(
    app: App, server: Sandbox, group: Group, admin: User
) -> None:
    page = await admin.ask("/settings", group)
    server.fail("getMe", status=400, times=None)
    assert "没办成" in (await admin.press(page, ON)).text
    assert not (await Desk.of(app).service.groups.settings(group.id)).auto_check


# --- at work ------------------------------------------------------------------------------------------------------


async def test_one_line_with_the_reasons_behind_a_button(watching: Group, wang: User, li: User) -> None:
    sent = await wang.send(SCAM, watching)
    line = await watching.wait_for(LINE)
    assert line.reply_to == sent.id
    assert [button.text for button in line.buttons] == [WHY]
    await asyncio.gather(li.press(line, WHY), wang.press(line, data=line.buttons[0].data))
    await watching.wait_for(shows("确认是诈骗"))
    assert "官方电话" in line.text
    assert not line.button(WHY)
    assert "记下了" in (await li.press(line, "确认是诈骗")).text
    await li.press(line, "更多依据")
    await watching.wait_for("全部依据")
    assert len(watching.from_bot) == 1


@pytest.mark.parametrize(
    "text",
    [
        CLEAR,
        "嗯",
        "ok see you at the bus stop tomorrow then",
        "我刚给骗子转了五万",
        "@another_bot 帮我看看",
        "@lao_zhang 你的快递到了，帮你放门卫那儿了，记得拿",
        f"/check@another_bot {SCAM}",
        f"/start {SCAM}",
        "【中国移动】您本月话费余额 23.50 元，流量剩余 3.2GB。",
    ],
)
async def test_nothing_else_is_answered_or_recorded(
    server: Sandbox, watching: Group, wang: User, tmp_path: Path, text: str
) -> None:
    await wang.send(text, watching)
    await nothing_is_said(watching, wang)
    assert await recorded(tmp_path) == []


async def test_a_message_that_names_somebody_else_is_looked_at(watching: Group, wang: User) -> None:
    await wang.send(f"{SCAM} 或联系 @kefu_001", watching)
    await watching.wait_for(LINE)


async def test_a_mention_of_the_bot_gets_the_verdict_and_no_line(server: Sandbox, watching: Group, wang: User) -> None:
    reply = await wang.ask(f"@zhendema_bot {SCAM}", watching)
    assert "官方电话" in reply.text
    await nothing_is_said(watching, wang)


async def test_captions_and_forwards_are_looked_at(watching: Group, wang: User, li: User) -> None:
    await wang.send_photo(b"picture", watching, caption=SCAM)
    await watching.wait_for(lambda m: m.text == LINE)
    await li.send(PARCEL, watching, forward_name="快递客服")
    await watching.wait_for(lambda m: m.text == LINE and len(lines(watching)) == 2)


async def test_once_a_text_and_day(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, li: User) -> None:
    group = server.group("家人群", members=[wang, li])
    # 23:40 in Beijing.
    moment = [datetime(2026, 11, 12, 15, 40, tzinfo=UTC)]
    async with running(server, tmp_path, knowledge, lambda: moment[0]) as app:
        await switch_on(app, group)
        await wang.send(SCAM, group)
        await group.wait_for(LINE)
        await li.send(SCAM, group)
        await nothing_is_said(group, wang)
    async with running(server, tmp_path, knowledge, lambda: moment[0]):
        await wang.send(SCAM, group)
        await nothing_is_said(group, wang)
        moment[0] += timedelta(minutes=19)
        await wang.send(SCAM, group)
        await nothing_is_said(group, wang)
        moment[0] += timedelta(minutes=2)
        sent = await wang.send(SCAM, group)
        await group.wait_for(lambda m: m.text == LINE and m.reply_to == sent.id)


async def test_in_each_group_for_itself(app: App, server: Sandbox, watching: Group, wang: User) -> None:
    other = server.group("同学群", members=[wang])
    await switch_on(app, other)
    await wang.send(SCAM, watching)
    await watching.wait_for(LINE)
    await wang.send(SCAM, other)
    await other.wait_for(LINE)


async def test_not_after_somebody_checked_it_today(server: Sandbox, watching: Group, wang: User, li: User) -> None:
    assert (await wang.ask(f"/check {SCAM}", watching)).text.startswith("🔴")
    await li.send(SCAM, watching)
    await nothing_is_said(watching, wang)


async def test_a_check_after_the_line_is_answered_in_full(watching: Group, wang: User, li: User) -> None:
    sent = await li.send(SCAM, watching)
    await watching.wait_for(LINE)
    watching.skip()
    reply = await wang.ask("/check", watching, reply_to=sent)
    assert "官方电话" in reply.text


async def test_silent_once_an_admin_said_it_is_genuine(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, admin: User
) -> None:
    group = server.group("家人群", members=[wang], admins=[admin])
    moment = [datetime(2026, 11, 12, 4, tzinfo=UTC)]
    async with running(server, tmp_path, knowledge, lambda: moment[0]) as app:
        await switch_on(app, group)
        await wang.send(SCAM, group)
        line = await group.wait_for(LINE)
        await wang.press(line, WHY)
        await group.wait_for(shows("不是诈骗"))
        await wang.press(line, "不是诈骗")
        moment[0] += timedelta(days=1)
        sent = await wang.send(SCAM, group)
        # A member's word does not silence it.
        line = await group.wait_for(lambda m: m.text == LINE and m.reply_to == sent.id)
        await admin.press(line, WHY)
        await group.wait_for(lambda m: m.id == line.id and m.button("不是诈骗") is not None)
        await admin.press(line, "不是诈骗")
        moment[0] += timedelta(days=1)
        await wang.send(SCAM, group)
        await nothing_is_said(group, wang)


async def test_silent_once_an_owner_said_it_is_genuine(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    owner, group = server.user("站长"), server.group("家人群", members=[wang])
    async with running(server, tmp_path, knowledge, owners=frozenset({owner.id})) as app:
        await switch_on(app, group)
        await owner.press(await owner.ask(SCAM), "不是诈骗")
        await wang.send(SCAM, group)
        await nothing_is_said(group, wang)


async def test_edits_are_not_looked_at(server: Sandbox, watching: Group, wang: User) -> None:
    sent = await wang.send(CLEAR, watching)
    await wang.edit(sent, SCAM)
    await nothing_is_said(watching, wang)


async def test_an_edit_does_not_wash_the_line_clean(watching: Group, wang: User, li: User) -> None:
    sent = await wang.send(SCAM, watching)
    line = await watching.wait_for(LINE)
    await wang.edit(sent, CLEAR)
    assert "改过" in (await li.press(line, WHY)).text
    assert line.text == LINE


async def test_nothing_is_said_of_a_message_that_is_gone(
    app: App, server: Sandbox, watching: Group, wang: User
) -> None:
    fault = server.fail("sendMessage", status=400)
    fault.description = "Bad Request: message to be replied not found"
    await wang.send(SCAM, watching)
    await nothing_is_said(watching, wang)
    assert len(server.calls_of("sendMessage")) == 2, "and it is not tried again"


async def test_reasons_of_a_message_that_is_gone(watching: Group, wang: User) -> None:
    sent = await wang.send(SCAM, watching)
    line = await watching.wait_for(LINE)
    await wang.delete(sent)
    assert "找不到" in (await wang.press(line, WHY)).text
    assert line.text == LINE


async def test_the_reasons_work_after_a_restart(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, group: Group, wang: User
) -> None:
    async with running(server, tmp_path, knowledge) as app:
        await switch_on(app, group)
        await wang.send(SCAM, group)
        line = await group.wait_for(LINE)
    async with running(server, tmp_path, knowledge):
        await wang.press(line, WHY)
        await group.wait_for("官方电话")


async def test_other_bots_and_channels(server: Sandbox, watching: Group, wang: User, tmp_path: Path) -> None:
    forwarder = server.other_bot("短信转发")
    await watching.join(forwarder)
    await forwarder.send(SCAM, watching)
    linked = server.channel("频道", linked_to=watching)
    await linked.post(SCAM)
    await nothing_is_said(watching, wang)
    await wang.send(SCAM, watching, as_channel=linked)
    await watching.wait_for(LINE)
    assert len(await recorded(tmp_path)) == 1


async def test_our_own_words_passed_on_are_let_be(server: Sandbox, watching: Group, wang: User) -> None:
    await wang.send(SCAM, watching, forward_from=Account(server.state, server.state.bot))
    await nothing_is_said(watching, wang)


async def test_an_anonymous_admin_is_a_person_too(watching: Group, admin: User) -> None:
    await watching.promote(admin, anonymous=True)
    await admin.send(SCAM, watching, as_anonymous_admin=True)
    await watching.wait_for(LINE)


async def test_a_flood_of_scams_is_no_flood_of_lines(server: Sandbox, watching: Group, wang: User) -> None:
    for number in range(12):
        await wang.send(SCAM.replace("zx-pay.top", f"zx-pay{number}.top"), watching)
    await wang.send("/check", watching)
    await watching.wait_for("请回复要查")
    assert len(lines(watching)) == 3


async def test_a_group_that_does_not_want_it_is_not_even_read(app: App, group: Group, wang: User) -> None:
    """Not judged, and after the first message no database is asked: the settings are remembered."""
    await group.promote_bot()
    await wang.send(CLEAR, group)
    await nothing_is_said(group, wang)
    with counted(judge) as judged, counted(find_settings) as asked:
        for _ in range(10):
            await wang.send(SCAM, group)
        await nothing_is_said(group, wang)
        assert (judged, asked) == ([], [])
        await switch_on(app, group)
        await wang.send(SCAM, group)
        await group.wait_for(LINE)
    assert len(asked) >= 1, "so the counting works"


async def test_the_check_is_the_groups_and_nobodys(watching: Group, wang: User, tmp_path: Path) -> None:
    await wang.send(SCAM, watching)
    await watching.wait_for(LINE)
    assert await recorded(tmp_path) == [("check", None, watching.id, "scam")]
