"""/settings: what a group's admins choose, and a person's own choice, over the real bot and database."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from talk_driving import running
from talk_material import data_of, shows

from bot.service.group_types import Confirmers, GroupSettings
from bot.service.types import Person
from bot.zones import offered
from handlers.callback import decode
from handlers.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Group, Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]

ON, OFF = "打开自动提醒", "关掉自动提醒"
BIGGEST = -100_999_999_999_999
"""Longer ids than Telegram's."""


@pytest.fixture
def admin(server: Sandbox) -> User:
    return server.user("管理员")


@pytest.fixture
def group(server: Sandbox, wang: User, admin: User) -> Group:
    return server.group("家人群", members=[wang], admins=[admin])


async def chosen(app: App, group: Group) -> GroupSettings:
    return await Desk.of(app).service.groups.settings(group.id)


async def page_with(group: Group, words: str) -> Message:
    return await group.wait_for(words)


# --- the page -----------------------------------------------------------------------------------------------------


async def test_the_page_says_how_things_stand_and_what_can_be_done(app: App, group: Group, admin: User) -> None:
    page = await admin.ask("/settings", group)
    assert "自动提醒：关着" in page.text
    assert "每周汇总：关着" in page.text
    assert re.search(r"时区：北京，现在 \d\d:\d\d", page.text)
    assert "语言：简体中文" in page.text
    assert "没标的，只有管理员" in page.text
    assert [button.text for button in page.buttons] == [
        ON, "打开每周汇总", "改成只有管理员能确认", "改时区", "改语言",
    ]  # fmt: skip
    assert [link.text for link in page.links] == ["/check"]


async def test_each_press_changes_one_thing_in_place(app: App, group: Group, admin: User) -> None:
    page = await admin.ask("/settings", group)
    await admin.press(page, "打开每周汇总")
    await group.wait_for("每周汇总：开着")
    await admin.press(page, "改成只有管理员能确认")
    await group.wait_for("先不算数")
    assert await chosen(app, group) == GroupSettings(weekly=True, confirmers=Confirmers.ADMINS)
    await admin.press(page, "关掉每周汇总")
    await group.wait_for("每周汇总：关着")
    await admin.press(page, "改成所有成员能确认")
    await group.wait_for("没标的，只有管理员")
    assert await chosen(app, group) == GroupSettings()
    assert len(group.from_bot) == 1


async def test_time_zones_show_the_clock_on_the_wall(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, group: Group, admin: User
) -> None:
    now = datetime(2026, 11, 12, 13, 5, tzinfo=UTC)
    async with running(server, tmp_path, knowledge, lambda: now) as app:
        page = await admin.ask("/settings", group)
        assert "时区：北京，现在 21:05" in page.text
        await admin.press(page, "改时区")
        await group.wait_for("选一个时区")
        assert len(page.buttons) == len(offered()) + 1
        assert page.button("✅ 北京 21:05")
        assert page.button("洛杉矶、温哥华 05:05")
        assert page.button("伦敦 13:05")
        assert page.links == []
        await admin.press(page, "纽约、多伦多 08:05")
        await group.wait_for("时区：纽约、多伦多，现在 08:05")
        assert (await chosen(app, group)).time_zone == "America/New_York"
        await admin.press(page, "改时区")
        await group.wait_for(shows("✅ 纽约、多伦多 08:05"))
        await admin.press(page, "返回")
        await group.wait_for(shows(ON))
        assert (await chosen(app, group)).time_zone == "America/New_York"


async def test_every_zone_can_be_chosen(app: App, group: Group, admin: User) -> None:
    page = await admin.ask("/settings", group)
    for zone in offered():
        await admin.press(page, data=f"s:z/{zone.id}")
        assert (await chosen(app, group)).time_zone == zone.name
        assert decode(f"s:z/{zone.id}/{BIGGEST}"), "it must fit into a button in a private chat too"


async def test_the_one_language(app: App, group: Group, admin: User) -> None:
    page = await admin.ask("/settings", group)
    await admin.press(page, "改语言")
    await group.wait_for("别的语言以后会有")
    await admin.press(page, "✅ 简体中文")
    await group.wait_for(shows(ON))
    assert (await chosen(app, group)).language == "zh-Hans"


# --- presses that come late, twice, at once, or from elsewhere ----------------------------------------------------


async def test_two_admins_at_once(app: App, server: Sandbox, group: Group, admin: User) -> None:
    other = server.user("另一位")
    await group.join(other)
    await group.promote(other)
    page = await admin.ask("/settings", group)
    same = data_of(page, "打开每周汇总")
    await asyncio.gather(*(who.press(page, data=data) for who in (admin, other) for data in (same, "s:z/tokyo")))
    assert await chosen(app, group) == GroupSettings(weekly=True, time_zone="Asia/Tokyo")
    await group.wait_for("时区：东京")
    assert "每周汇总：开着" in page.text
    assert len(group.from_bot) == 1


async def test_an_old_page_works_after_a_restart_and_shows_what_holds_now(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, group: Group, admin: User
) -> None:
    async with running(server, tmp_path, knowledge):
        old = await admin.ask("/settings", group)
        new = await admin.ask("/settings", group)
        await admin.press(new, "打开每周汇总")
        await group.wait_for("每周汇总：开着")
    async with running(server, tmp_path, knowledge) as app:
        await admin.press(old, "改成只有管理员能确认")
        await group.wait_for(lambda m: m.id == old.id and "先不算数" in m.text)
        assert "每周汇总：开着" in old.text
        await admin.press(old, data="s:w/on")
        assert (await chosen(app, group)).weekly


@pytest.mark.parametrize(
    "data", ["s:", "s:x", "s:a", "s:a/maybe", "s:w/all", "s:m/nobody", "s:z/mars", "s:l/xx", "s:a/on/1", "s:c/on"]
)
async def test_what_was_never_offered_changes_nothing(app: App, group: Group, admin: User, data: str) -> None:
    page = await admin.ask("/settings", group)
    before = page.text
    assert "过期" in (await admin.press(page, data=data)).text
    assert await chosen(app, group) == GroupSettings()
    assert page.text == before


async def test_a_member_is_told_politely(app: App, group: Group, wang: User, admin: User) -> None:
    assert "群管理员用的" in (await wang.ask("/settings", group)).text
    page = await admin.ask("/settings", group)
    for button in page.buttons:
        assert "群管理员用的" in (await wang.press(page, data=button.data)).text
    assert await chosen(app, group) == GroupSettings()


async def test_a_button_in_a_group_is_about_that_group_whatever_it_names(
    app: App, server: Sandbox, group: Group, wang: User, admin: User
) -> None:
    """Whoever runs one group cannot change another by writing its id into a button."""
    own = server.group("小王的群", admins=[wang])
    page = await wang.ask("/settings", own)
    await wang.press(page, data=f"s:w/on/{group.id}")
    assert not (await chosen(app, group)).weekly
    assert (await chosen(app, own)).weekly


async def test_an_anonymous_admin(app: App, group: Group, admin: User) -> None:
    await group.promote(admin, anonymous=True)
    page = await admin.ask("/settings", group, as_anonymous_admin=True)
    await admin.press(page, "打开每周汇总")
    await group.wait_for("每周汇总：开着")


async def test_a_demoted_admin_has_dead_buttons(app: App, group: Group, admin: User) -> None:
    page = await admin.ask("/settings", group)
    await group.demote(admin)
    assert "群管理员用的" in (await admin.press(page, "打开每周汇总")).text
    assert not (await chosen(app, group)).weekly


async def test_when_telegram_does_not_say_who_is_admin(app: App, server: Sandbox, group: Group, admin: User) -> None:
    page = await admin.ask("/settings", group)
    server.fail("getChatMember", status=400, times=None)
    assert "没能确认" in (await admin.press(page, "打开每周汇总")).text
    assert "没能确认" in (await admin.ask("/settings", group)).text
    assert not (await chosen(app, group)).weekly


async def test_a_press_in_a_group_that_was_upgraded(app: App, server: Sandbox, admin: User) -> None:
    group = server.group("老群", admins=[admin], basic=True)
    page = await admin.ask("/settings", group)
    await group.migrate()
    await server.idle()
    assert "升级过" in (await admin.press(page, "打开每周汇总")).text
    await admin.press(await admin.ask("/settings", group), "打开每周汇总")
    await group.wait_for("每周汇总：开着")


# --- in a private chat --------------------------------------------------------------------------------------------


async def test_ones_own_choice(app: App, wang: User) -> None:
    who, groups = Person(f"telegram:{wang.id}"), Desk.of(app).service.groups
    page = await wang.ask("/settings")
    assert "现在：不计入" in page.text
    assert "请到群里发 /settings" in page.text
    await wang.press(page, "计入统计")
    await wang.wait_for("现在：计入")
    assert await groups.consents(who)
    await wang.press(page, "不计入统计")
    await wang.wait_for("现在：不计入")
    assert not await groups.consents(who)
    assert len(wang.from_bot) == 1


async def test_consent_is_asked_in_private_alone(app: App, group: Group, wang: User, admin: User) -> None:
    page = await admin.ask("/settings", group)
    await wang.press(page, data="s:c/on")
    assert not await Desk.of(app).service.groups.consents(Person(f"telegram:{wang.id}"))


async def test_consent_goes_with_forget(app: App, wang: User) -> None:
    await wang.press(await wang.ask("/settings"), "计入统计")
    await wang.wait_for("现在：计入")
    question = await wang.ask("/forget")
    await wang.press(question, "确定，全部删掉")
    await wang.wait_for(lambda m: m.id == question.id and not m.buttons)
    assert "现在：不计入" in (await wang.ask("/settings")).text


async def test_the_group_that_one_runs_in_private(app: App, group: Group, admin: User) -> None:
    await admin.ask("/settings", group)
    own = await admin.ask("/settings")
    assert "请到群里发" not in own.text
    page = await admin.wait_for("家人群")
    await admin.press(page, "打开每周汇总")
    await admin.wait_for("每周汇总：开着")
    assert "家人群" in page.text
    assert (await chosen(app, group)).weekly
    await admin.press(page, "改时区")
    await admin.wait_for("选一个时区")
    button = next(button for button in page.buttons if "首尔" in button.text)
    await admin.press(page, data=button.data)
    await admin.wait_for("时区：首尔")
    assert (await chosen(app, group)).time_zone == "Asia/Seoul"
    await group.demote(admin)
    assert "不行" in (await admin.press(page, "关掉每周汇总")).text
    assert (await chosen(app, group)).weekly


async def test_one_of_two_groups_in_private(app: App, server: Sandbox, group: Group, admin: User) -> None:
    other = server.group("同学群", admins=[admin])
    for room in (group, other):
        await admin.ask("/settings", room)
    await admin.ask("/settings")
    question = await admin.wait_for("改哪个群的设置")
    await admin.press(question, "同学群")
    page = await admin.wait_for("群的设置\n")
    assert "同学群" in page.text
    await admin.press(page, "打开每周汇总")
    await admin.wait_for("每周汇总：开着")
    assert not (await chosen(app, group)).weekly
    assert (await chosen(app, other)).weekly


async def test_a_stranger_cannot_name_a_group_in_private(app: App, group: Group, wang: User) -> None:
    page = await wang.ask("/settings")
    assert "不行" in (await wang.press(page, data=f"s:w/on/{group.id}")).text
    assert "过期" in (await wang.press(page, data="s:w/on")).text
    assert not (await chosen(app, group)).weekly
