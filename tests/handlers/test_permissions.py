"""Who may do what in a group: one table, each cell tried on the real bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from talk_driving import running
from talk_material import CLEAR, SCAM, data_of

from bot.zones import offered

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from sandbox.server import Group, Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]

# What comes of a command …
SHOWN, REFUSED, NO_GROUP, CANNOT_WRITE = "shown", "refused", "runs no group", "cannot write"
# … of a press on the settings …
DONE, NOT_YOURS = "done", "not yours"
# … of a vote: it decides for the group, or is kept until more people say the same.
DECIDES, NOTED = "decides", "noted"

COMMANDS = ("/settings", "/report", "/subscribe", "/unsubscribe", "/export")
BUTTONS = {
    "auto-check": "s:a/on",
    "weekly": "s:w/on",
    "confirmers": "s:m/admins",
    "zones": "s:z",
    "zone": f"s:z/{offered()[3].id}",
    "languages": "s:l",
    "language": "s:l/zh-Hans",
    "back": "s:b",
}
VOTES = ("confirm", "deny")


def row(commands: str, buttons: str, votes: str, **others: str) -> dict[str, str]:
    """One who, with the cells that are not as the rest of their kind."""
    cells = dict.fromkeys(COMMANDS, commands) | dict.fromkeys(BUTTONS, buttons) | dict.fromkeys(VOTES, votes)
    assert others.keys() <= cells.keys()
    return cells | others


TABLE = {
    "owner of the group": row(SHOWN, DONE, DECIDES),
    "admin": row(SHOWN, DONE, DECIDES),
    "anonymous admin": row(SHOWN, DONE, DECIDES),
    "member": row(REFUSED, NOT_YOURS, NOTED),
    # Telegram lets them press, not write.
    "restricted member": row(CANNOT_WRITE, NOT_YOURS, NOTED),
    "left member": row(CANNOT_WRITE, NOT_YOURS, NOTED),
    # A member who writes as a channel; a press carries the person.
    "channel": row(REFUSED, NOT_YOURS, NOTED),
    # Owns the bot, not the group. What they confirm holds for everybody, and so here; whether a member's word on a
    # text that was judged a scam counts here, the group's own admins say.
    "bot owner": row(REFUSED, NOT_YOURS, NOTED, confirm=DECIDES),
    # In their private chat, where a command is about the groups that one runs.
    "stranger": row(NO_GROUP, NOT_YOURS, NOTED, **{"/settings": SHOWN}),
}
SAID = {
    "想查短信，回复": REFUSED,
    "我还不知道您管着哪个群": NO_GROUP,
    "本群的设置": SHOWN,
    "您自己的设置": SHOWN,
    "防骗周报": SHOWN,
    "每周一": SHOWN,
    "没有订每周汇总": SHOWN,
    "没什么可导出的": SHOWN,
    "不知道该发给谁": SHOWN,
    "还不能给您发私聊": SHOWN,
}
"""How a reply to a command is told: the first that it holds."""


@dataclass
class Scene:
    """A group, and one of those in the table."""

    who: str
    server: Sandbox
    group: Group
    member: User
    person: User
    how: dict[str, Any]

    @property
    def room(self) -> Group | None:
        """Where they act: None for the private chat."""
        return None if self.who == "stranger" else self.group

    async def command(self, command: str) -> str:
        reader = self.room or self.person
        reader.skip()
        try:
            asked = await self.person.send(command, self.room, **self.how)
        except PermissionError:
            return CANNOT_WRITE
        # A picture may follow a text, when the next command is given already.
        reply = await reader.wait_for(lambda message: message.id > asked.id and message.text != "")
        return next((outcome for words, outcome in SAID.items() if words in reply.text), reply.text)

    async def button(self, page: Message, data: str) -> str:
        said = (await self.person.press(page, data=data)).text
        if not said:
            return DONE
        return NOT_YOURS if "群管理员用的" in said or "这个群不行" in said else said

    async def confirm(self) -> str:
        """On a text that was not judged a scam."""
        said = (await self.person.press(await self.checked(CLEAR), "确认是诈骗")).text
        return {True: DECIDES, False: NOTED}["这条算诈骗" in said] if "记下了" in said else said

    async def deny(self) -> str:
        """On a scam that a member confirmed: what another member hears who confirms it afterwards."""
        reply = await self.member.ask(f"/check {SCAM}", self.group)
        confirm = data_of(reply, "确认是诈骗")
        assert "这条算诈骗" in (await self.member.press(reply, data=confirm)).text
        theirs = reply if self.room else await self.checked(SCAM)
        said = (await self.person.press(theirs, data=data_of(theirs, "不是诈骗"))).text
        if "谢谢您指出" not in said:
            return said
        after = (await self.server.user("后来的人").press(reply, data=confirm)).text
        return {True: NOTED, False: DECIDES}["这条算诈骗" in after] if "记下了" in after else after

    async def checked(self, text: str) -> Message:
        return await (self.member if self.room else self.person).ask(f"/check {text}", self.room)


@pytest.fixture(params=TABLE)
async def scene(
    request: pytest.FixtureRequest, server: Sandbox, tmp_path: Path, knowledge: Knowledge
) -> AsyncIterator[Scene]:
    who: str = request.param
    person, member = server.user("此人"), server.user("成员")
    owns = who == "owner of the group"
    members = [member, *([person] if who not in {"owner of the group", "stranger"} else [])]
    group = server.group("家人群", members=members, owner=person if owns else None)
    # Telegram shows an admin's bot everything, so that auto-check can be switched on at all.
    await group.promote_bot()
    how: dict[str, Any] = {}
    if who in {"admin", "anonymous admin"}:
        await group.promote(person, anonymous=who == "anonymous admin")
        how = {"as_anonymous_admin": True} if who == "anonymous admin" else {}
    elif who == "restricted member":
        await group.restrict(person)
    elif who == "left member":
        await group.leave(person)
    elif who == "channel":
        how = {"as_channel": server.channel("频道")}
    owners = frozenset({person.id}) if who == "bot owner" else frozenset()
    async with running(server, tmp_path, knowledge, owners=owners):
        yield Scene(who, server, group, member, person, how)


async def test_commands(scene: Scene) -> None:
    found = {command: await scene.command(command) for command in COMMANDS}
    assert found == {command: TABLE[scene.who][command] for command in COMMANDS}


async def test_buttons(scene: Scene) -> None:
    if scene.who == "stranger":
        page, suffix = await scene.person.ask("/settings"), f"/{scene.group.id}"
    else:
        admin = scene.server.user("另一位管理员")
        await scene.group.join(admin)
        await scene.group.promote(admin)
        page, suffix = await admin.ask("/settings", scene.group), ""
    before = page.text
    found = {name: await scene.button(page, data + suffix) for name, data in BUTTONS.items()}
    assert found == {name: TABLE[scene.who][name] for name in BUTTONS}
    assert (page.text != before) is (DONE in found.values())


async def test_votes(scene: Scene) -> None:
    found = {"confirm": await scene.confirm(), "deny": await scene.deny()}
    assert found == {vote: TABLE[scene.who][vote] for vote in VOTES}
