"""Anonymous admins: Telegram names one user for all of them everywhere, so they are told apart by their group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from talk_material import CLEAR, shows

from bot.service.types import Person
from bot.store.schema import Kind, event
from handlers.desk import Desk

if TYPE_CHECKING:
    from handlers.desk import App
    from sandbox.server import Sandbox

pytest_plugins = ["talk_fixtures"]


async def people(app: App, kind: Kind) -> list[tuple[int | None, str | None, bool]]:
    query = sa.select(event.c.chat_id, event.c.person, event.c.admin).where(event.c.kind == kind).order_by(event.c.id)
    async with Desk.of(app).service._context.store.read() as connection:
        return [tuple(row) for row in await connection.execute(query)]


async def test_their_messages_are_their_groups_and_their_presses_their_own(app: App, server: Sandbox) -> None:
    hashed = Desk.of(app).service._context.person
    admins = [server.user("甲"), server.user("乙")]
    groups = [server.group(f"{admin.name}的群", admins=[admin]) for admin in admins]
    for admin, group in zip(admins, groups, strict=True):
        await group.promote(admin, anonymous=True)
        reply = await admin.ask(f"/check {CLEAR}", group, as_anonymous_admin=True)
        answer = await admin.press(reply, "确认是诈骗")
        assert "这条算诈骗" in answer.text
        await group.wait_for(shows("我也确认是诈骗"))
    checks, reports = await people(app, Kind.CHECK), await people(app, Kind.REPORT)
    assert checks == [(group.id, hashed(Person(f"telegram-anonymous:{group.id}")), False) for group in groups], (
        "limits and mutes go by this"
    )
    assert reports == [
        (group.id, hashed(Person(f"telegram:{admin.id}")), True) for admin, group in zip(admins, groups, strict=True)
    ]
    assert len({person for _, person, _ in (*checks, *reports)}) == 4


async def test_the_limit_of_one_group_is_not_anothers(app: App, server: Sandbox) -> None:
    admin = server.user("甲")
    groups = [server.group(name, admins=[admin]) for name in ("一群", "二群")]
    for group in groups:
        await group.promote(admin, anonymous=True)
    for number in range(20):
        await admin.ask(f"/check {CLEAR}{number}", groups[0], as_anonymous_admin=True)
    limited = await admin.ask(f"/check {CLEAR}", groups[0], as_anonymous_admin=True)
    assert "秒" in limited.text
    answered = await admin.ask(f"/check {CLEAR}", groups[1], as_anonymous_admin=True)
    assert answered.button("确认是诈骗")
