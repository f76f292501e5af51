"""The bot's own place in groups: coming and going, losing and getting back its voice and its hearing, upgrades."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import time
from typing import TYPE_CHECKING

import pytest
from talk_driving import running
from talk_material import CLEAR, SCAM, shows
from telegram import Update
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError

from bot.service.group_types import GroupSettings, Presence
from bot.service.types import Person
from handlers import membership
from handlers.desk import Desk
from handlers.intake import arrival_of

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Group, Sandbox, User

pytest_plugins = ["talk_fixtures"]

LINE = "🔴 这条很可能是诈骗"


@pytest.fixture
def admin(server: Sandbox) -> User:
    return server.user("管理员")


@pytest.fixture
def group(server: Sandbox, wang: User, admin: User) -> Group:
    return server.group("家人群", members=[wang], admins=[admin])


async def known(app: App, group: Group) -> GroupSettings:
    return await Desk.of(app).service.groups.settings(group.id)


async def becomes(app: App, group: Group, **wanted: object) -> None:
    """Wait until this is known of the group, and nothing else but the defaults."""
    deadline = time.monotonic() + 5
    while await known(app, group) != GroupSettings(**wanted):  # type: ignore[arg-type]
        assert time.monotonic() < deadline, await known(app, group)
        await asyncio.sleep(0.02)


async def settled(server: Sandbox, group: Group, who: User) -> None:
    """Whatever was told of the group so far is handled by the time that a command there is answered."""
    await who.ask("/check", group)


async def auto_on(app: App, group: Group) -> None:
    service = Desk.of(app).service
    await service.groups.change(group.id, auto_check=True)
    service.auto_check.changed(group.id)


def rows(folder: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(folder / "zhendema.sqlite3")) as database:
        return database.execute("SELECT chat_id, state FROM group_settings").fetchall()


# --- coming and going ---------------------------------------------------------------------------------------------


async def test_coming_in_is_noted_in_silence(
    app: App, server: Sandbox, group: Group, admin: User, wang: User, tmp_path: Path
) -> None:
    await settled(server, group, wang)
    assert rows(tmp_path) == [(group.id, "present")]
    assert len(group.from_bot) == 1, "only the answer to what was asked"
    assert wang.from_bot == admin.from_bot == []


async def test_an_admin_who_brings_the_bot_in_is_offered_the_group(app: App, server: Sandbox, admin: User) -> None:
    group = server.group("新群", admins=[admin], with_bot=False)
    await group.add_bot(admin)
    await settled(server, group, admin)
    groups = Desk.of(app).service.groups
    assert await groups.of_admin(Person(f"telegram:{admin.id}")) == (group.id,)


async def test_a_member_who_brings_the_bot_in_is_not(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("新群", members=[wang], with_bot=False)
    await group.add_bot(wang)
    await settled(server, group, wang)
    assert await Desk.of(app).service.groups.of_admin(Person(f"telegram:{wang.id}")) == ()


async def test_coming_in_where_telegram_does_not_say_who_is_admin(app: App, server: Sandbox, admin: User) -> None:
    server.fail("getChatMember", status=400, times=None)
    group = server.group("新群", admins=[admin], with_bot=False)
    await group.add_bot(admin)
    await settled(server, group, admin)
    await becomes(app, group, presence=Presence.PRESENT)


async def test_removed_and_back(app: App, server: Sandbox, group: Group, admin: User, wang: User) -> None:
    await group.promote_bot()
    await auto_on(app, group)
    await admin.press(await admin.ask("/settings", group), "打开每周汇总")
    groups = Desk.of(app).service.groups
    assert await groups.of_admin(Person(f"telegram:{admin.id}")) == (group.id,)
    await group.kick_bot()
    await becomes(app, group, presence=Presence.GONE)
    assert await groups.of_admin(Person(f"telegram:{admin.id}")) == ()
    await group.add_bot()
    await settled(server, group, wang)
    assert await known(app, group) == GroupSettings(), "and nothing is done unasked"


async def test_blocked_and_let_in_again_in_private(app: App, server: Sandbox, wang: User, tmp_path: Path) -> None:
    await wang.ask("/help")
    await wang.block_bot()
    await wang.unblock_bot()
    assert "怎么用" in (await wang.ask("/help")).text
    assert rows(tmp_path) == []


async def test_channels_are_no_groups(app: App, server: Sandbox, wang: User, tmp_path: Path) -> None:
    channel = server.channel("频道")
    server.state.change_member(channel.chat, server.state.bot, wang.account, status="administrator")
    server.state.change_member(channel.chat, server.state.bot, wang.account, status="kicked")
    await server.idle()
    await wang.ask("/help")
    assert rows(tmp_path) == []


# --- no right to write --------------------------------------------------------------------------------------------


async def test_muted_and_allowed_again(app: App, server: Sandbox, group: Group, admin: User, wang: User) -> None:
    await group.mute_bot()
    await wang.send("/check", group)
    await becomes(app, group, presence=Presence.SILENCED)
    await group.mute_bot(muted=False)
    await settled(server, group, wang)
    await becomes(app, group, presence=Presence.PRESENT)


async def test_a_group_where_only_admins_may_write(
    app: App, server: Sandbox, group: Group, admin: User, wang: User
) -> None:
    """Of this Telegram tells a bot nothing: it is learnt from a refusal, and again from an answer that got through."""
    await group.close()
    await admin.send("/settings", group)
    await becomes(app, group, presence=Presence.SILENCED)
    assert len(server.calls_of("sendMessage")) == 1, "what cannot be said is not tried again"
    await group.close(closed=False)
    page = await admin.ask("/settings", group)
    assert "没有发言权" in page.text
    assert "没有发言权" not in (await admin.ask("/settings", group)).text
    await becomes(app, group, presence=Presence.PRESENT)


async def test_pointing_out_a_scam_finds_out_too(app: App, server: Sandbox, group: Group, admin: User) -> None:
    await group.promote_bot()
    await auto_on(app, group)
    await Desk.of(app).service.groups.presence(group.id, Presence.SILENCED)
    Desk.of(app).service.auto_check.changed(group.id)
    await admin.send(SCAM, group)
    await group.wait_for(LINE)
    await becomes(app, group, auto_check=True)


async def test_a_press_where_the_bot_may_not_write(app: App, server: Sandbox, group: Group, admin: User) -> None:
    page = await admin.ask("/settings", group)
    await group.mute_bot()
    await server.idle()
    assert (await admin.press(page, "打开每周汇总")).text == ""
    assert (await known(app, group)).weekly, "it counts, though the page cannot show it"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BadRequest("Not enough rights to send text messages to the chat"), Presence.SILENCED),
        (BadRequest("Not enough rights to send photos to the chat"), Presence.SILENCED),
        (BadRequest("Have no rights to send a message"), Presence.SILENCED),
        (BadRequest("CHAT_WRITE_FORBIDDEN"), Presence.SILENCED),
        (Forbidden("Forbidden: CHAT_WRITE_FORBIDDEN"), Presence.SILENCED),
        (BadRequest("CHAT_SEND_PLAIN_FORBIDDEN"), Presence.SILENCED),
        (BadRequest("CHAT_RESTRICTED"), Presence.SILENCED),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Presence.GONE),
        (Forbidden("Forbidden: bot is not a member of the supergroup chat"), Presence.GONE),
        (Forbidden("Forbidden: the group chat was deleted"), Presence.GONE),
        # About a person, not the group where they pressed something.
        (Forbidden("Forbidden: bot was blocked by the user"), None),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), None),
        (Forbidden("Forbidden: user is deactivated"), None),
        (BadRequest("Chat not found"), None),
        (BadRequest("Message is too long"), None),
        (NetworkError("Bad Gateway"), None),
        (ChatMigrated(-1001), None),
        (ValueError("not enough rights to send"), None),
    ],
)
def test_what_a_refusal_tells(error: Exception, told: Presence | None) -> None:
    assert membership.presence_told(error) is told


async def test_a_removal_that_was_missed(app: App, server: Sandbox, group: Group, wang: User) -> None:
    """Telegram keeps updates for a day; what the bot missed, a refusal tells."""
    await settled(server, group, wang)
    fault = server.fail("sendMessage", status=403)
    fault.description = "Forbidden: bot was kicked from the supergroup chat"
    await wang.send("/check", group)
    await becomes(app, group, presence=Presence.GONE)


# --- hearing ------------------------------------------------------------------------------------------------------


async def test_demoted_with_auto_check_says_so_once(
    app: App, server: Sandbox, group: Group, admin: User, wang: User
) -> None:
    await group.promote_bot()
    await auto_on(app, group)
    await group.demote_bot()
    told = await group.wait_for("看不到群里平常的消息了")
    assert "设成群管理员" in told.text
    await becomes(app, group)
    await group.promote_bot()
    await group.demote_bot()
    await settled(server, group, wang)
    assert len([m for m in group.from_bot if "看不到" in m.text]) == 1


async def test_demoted_without_auto_check_says_nothing(app: App, server: Sandbox, group: Group, wang: User) -> None:
    await group.promote_bot()
    await group.demote_bot()
    await settled(server, group, wang)
    assert len(group.from_bot) == 1


async def test_demoted_where_privacy_mode_is_off_goes_on(app: App, server: Sandbox, wang: User, admin: User) -> None:
    server.privacy = False
    group = server.group("家人群", members=[wang], admins=[admin])
    await group.promote_bot()
    await auto_on(app, group)
    await group.demote_bot()
    await wang.send(SCAM, group)
    await group.wait_for(LINE)
    assert (await known(app, group)).auto_check


async def test_privacy_mode_switched_on_again_is_seen_at_the_next_look(
    app: App, server: Sandbox, wang: User, admin: User
) -> None:
    server.privacy = False
    group = server.group("家人群", members=[wang], admins=[admin])
    await admin.press(await admin.ask("/settings", group), "打开自动提醒")
    await group.wait_for("自动提醒：开着")
    server.privacy = True
    page = await admin.ask("/settings", group)
    assert "看不到群里平常的消息了" in page.text
    await group.wait_for(lambda m: m.id > page.id and "自动提醒：关着" in m.text)


async def test_demoted_and_telegram_in_trouble_is_tried_again(
    app: App, server: Sandbox, group: Group, wang: User
) -> None:
    await group.promote_bot()
    await auto_on(app, group)
    server.fail("getChatMember", status=400, times=1)
    await group.demote_bot()
    await group.wait_for("看不到群里平常的消息了")


async def test_demoted_and_muted_at_once(app: App, server: Sandbox, group: Group, wang: User) -> None:
    """There is nobody to be told; it works again once the bot may write and hears."""
    await group.promote_bot()
    await auto_on(app, group)
    await group.mute_bot()
    await becomes(app, group, auto_check=True, presence=Presence.SILENCED)
    await group.promote_bot()
    await wang.send(SCAM, group)
    await group.wait_for(LINE)


async def test_the_notice_comes_after_a_crash_in_between(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    group = server.group("家人群", members=[wang])
    async with running(server, tmp_path, knowledge) as app:
        await group.promote_bot()
        await auto_on(app, group)
        server.fail("sendMessage", status=500, times=None)
        await group.demote_bot()
        assert await server.state.signal.until(lambda: server.calls_of("sendMessage"), 5)
    assert group.from_bot == []
    server.state.faults.clear()
    async with running(server, tmp_path, knowledge) as app:
        await group.wait_for("看不到群里平常的消息了")
        await becomes(app, group)


# --- a group becomes a supergroup ---------------------------------------------------------------------------------


async def test_an_upgrade_takes_everything_along(app: App, server: Sandbox, wang: User, admin: User) -> None:
    group = server.group("老群", members=[wang], admins=[admin], basic=True)
    await group.promote_bot()
    await auto_on(app, group)
    page = await admin.ask("/settings", group)
    await admin.press(page, "打开每周汇总")
    await admin.press(page, data="s:z/tokyo")
    old = await known(app, group)
    assert old == GroupSettings(auto_check=True, weekly=True, time_zone="Asia/Tokyo")
    await group.migrate()
    await settled(server, group, wang)
    assert await known(app, group) == old
    assert await Desk.of(app).service.groups.of_admin(Person(f"telegram:{admin.id}")) == (group.id,)
    await wang.send(SCAM, group)
    await group.wait_for(LINE)


async def test_an_upgrade_in_which_the_bot_lost_its_rank(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("老群", members=[wang], basic=True)
    await group.promote_bot()
    await auto_on(app, group)
    group.chat.members[server.state.bot.id].status = "member"
    await group.migrate()
    await group.wait_for("看不到群里平常的消息了")
    await becomes(app, group)


async def test_an_upgrade_told_as_a_removal_first(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, admin: User
) -> None:
    group = server.group("老群", admins=[admin], basic=True)
    async with running(server, tmp_path, knowledge):
        await admin.press(await admin.ask("/settings", group), "打开每周汇总")
    server.state.change_member(group.chat, server.state.bot, group.owner, status="left")
    group.chat.members[server.state.bot.id].status = "member"
    await group.migrate()
    async with running(server, tmp_path, knowledge) as app:
        await settled(server, group, admin)
        await becomes(app, group, weekly=True)
        groups = Desk.of(app).service.groups
        assert await groups.of_admin(Person(f"telegram:{admin.id}")) == (group.id,)


async def test_a_removal_from_a_basic_group_is_a_removal(app: App, server: Sandbox, admin: User) -> None:
    group = server.group("老群", admins=[admin], basic=True)
    await admin.press(await admin.ask("/settings", group), "打开每周汇总")
    await group.kick_bot()
    await becomes(app, group, presence=Presence.GONE)


async def test_an_answer_that_finds_the_group_upgraded_follows_it(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    """The command was written before the upgrade and is answered after it."""
    group = server.group("老群", members=[wang], basic=True)
    await wang.send(f"/check {CLEAR}", group)
    await group.migrate()
    async with running(server, tmp_path, knowledge):
        reply = await group.wait_for(shows("确认是诈骗"))
    assert reply.chat is group.chat
    assert reply.reply_to is None
    assert len(group.from_bot) == 1


async def test_moved_says_where_to(app: App, server: Sandbox, wang: User) -> None:
    group = server.group("老群", members=[wang], basic=True)
    old = group.id
    desk = Desk.of(app)
    await desk.service.groups.change(old, weekly=True)
    new = old * 10
    assert await membership.moved(desk, ChatMigrated(new), old) == new
    assert (await desk.service.groups.settings(new)).weekly


async def test_a_vote_on_a_verdict_from_before_the_upgrade(app: App, server: Sandbox, wang: User, admin: User) -> None:
    group = server.group("老群", members=[wang], admins=[admin], basic=True)
    reply = await wang.ask(f"/check {SCAM}", group)
    await group.migrate()
    await settled(server, group, wang)
    assert "记下了" in (await admin.press(reply, "确认是诈骗")).text


def test_a_change_of_place_is_handled_in_the_order_of_its_chat() -> None:
    bot, by = {"id": 7, "is_bot": True, "first_name": "b"}, {"id": 5, "is_bot": False, "first_name": "a"}
    change = {"chat": {"id": -100123, "type": "supergroup", "title": "群"}, "from": by, "date": 1}
    places = {"old_chat_member": {"status": "left", "user": bot}, "new_chat_member": {"status": "member", "user": bot}}
    arrival = arrival_of(Update.de_json({"update_id": 1, "my_chat_member": change | places}))
    assert (arrival.queue, arrival.user_id) == (-100123, 5)
