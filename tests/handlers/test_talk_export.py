"""/export: files for the admin alone, in the private chat, of their group alone."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from talk_driving import FrozenClock, running
from talk_material import CLEAR, CODE, SCAM, data_of

from bot import export_files
from handlers import export
from handlers.desk import Desk
from handlers.lanes import Lanes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import Group, Message, Sandbox, User

pytest_plugins = ["talk_fixtures"]

WEDNESDAY = datetime(2026, 11, 11, 4, 0, tzinfo=UTC)
KEYS = ["at", "kind", "level", "category", "institution", "by_admin", "standing", "text", "domains", "numbers"]


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(WEDNESDAY)


def names_in(folder: Path) -> list[str]:
    return [file.name for file in folder.iterdir()]


@pytest.fixture
async def app(server: Sandbox, tmp_path: Path, knowledge: Knowledge, clock: FrozenClock) -> AsyncIterator[App]:
    async with running(server, tmp_path, knowledge, clock, lanes=Lanes(backoff=(0.01, 0.01, 0.01))) as made:
        yield made
    assert {name for name in names_in(tmp_path) if "zhendema.sqlite3" not in name} <= {"secret"}


@pytest.fixture
async def admin(server: Sandbox) -> User:
    """Has the private chat with the bot open."""
    made = server.user("管理员")
    made.chat.started = True
    return made


@pytest.fixture
def group(server: Sandbox, wang: User, admin: User) -> Group:
    return server.group("家人群", members=[wang], admins=[admin])


@pytest.fixture
async def recorded(app: App, group: Group, wang: User, admin: User, clock: FrozenClock) -> None:
    """Three checks, a report by the admin, a correction; a week later."""
    await wang.ask(f"/check {CLEAR}", group)
    reply = await wang.ask(f"/check {SCAM}", group)
    await admin.press(reply, "确认是诈骗")
    reply = await wang.ask(f"/check {CODE}", group)
    await wang.press(reply, "不是诈骗")
    clock.now += timedelta(days=7)


def files(chat: User | Group) -> list[Message]:
    return [message for message in chat.from_bot if message.document is not None]


def contents(messages: list[Message]) -> tuple[list[list[str]], list[dict[str, object]]]:
    """The rows of the table and the lines of the other file."""
    first, second = (message.document for message in messages)
    assert first is not None
    assert second is not None
    rows = list(csv.reader(io.StringIO(first.data.decode("utf-8-sig"), newline="")))
    return rows, [json.loads(line) for line in second.data.splitlines()]


def link_of(message: Message) -> str:
    """What the button's deep link starts the private chat with."""
    (button,) = message.buttons
    assert button.text == "到私聊里拿文件"
    assert button.url is not None
    return parse_qs(urlsplit(button.url).query)["start"][0]


# --- from the group -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("recorded")
async def test_the_files_go_to_the_private_chat(app: App, group: Group, wang: User, admin: User) -> None:
    reply = await admin.ask("/export", group)
    assert reply.text == "做好了，发到您和我的私聊里了。"
    said, *sent = admin.from_bot
    assert "共 5 条" in said.text
    assert "11月9日至15日" in said.text
    assert [message.document.name for message in sent if message.document] == [
        "zhendema-2026-W46.csv",
        "zhendema-2026-W46.jsonl",
    ]
    rows, lines = contents(sent)
    assert len(rows) == 6
    assert [line["kind"] for line in lines] == ["check", "check", "report", "check", "correction"]
    assert all(list(line) == KEYS for line in lines)
    told = lines[2]
    assert (told["at"], told["by_admin"], told["standing"]) == ("2026-11-11T12:00:00+08:00", True, True)
    assert told["institution"] == "citic_bank"
    assert told["domains"] == ["zx-pay.top"]
    assert "13800138000" not in str(lines) + str(rows)
    assert "583920" not in str(lines) + str(rows), "the code of a text that nobody reported"
    assert "小王" not in str(lines) + str(rows)
    assert str(wang.id) not in str(lines) + str(rows)
    assert files(group) == []


@pytest.mark.usefixtures("recorded")
async def test_members_get_nothing(app: App, group: Group, wang: User) -> None:
    assert "记录只给群管理员" in (await wang.ask("/export", group)).text
    assert files(wang) == files(group) == []


@pytest.mark.usefixtures("recorded")
async def test_a_period_without_records(app: App, group: Group, admin: User) -> None:
    assert "没有记录" in (await admin.ask("/export 2026-W40", group)).text
    assert files(admin) == []


async def test_a_period_that_is_none(app: App, group: Group, admin: User) -> None:
    assert "上周，本周，本月" in (await admin.ask("/export 昨天", group)).text


async def test_other_groups_records_are_not_in_it(
    app: App, server: Sandbox, group: Group, wang: User, admin: User
) -> None:
    other = server.group("别的群", members=[wang])
    await wang.ask(f"/check {SCAM}", other)
    await wang.ask(SCAM)
    assert "没有记录" in (await admin.ask("/export 本周", group)).text


@pytest.mark.usefixtures("recorded")
async def test_weeks_and_times_are_those_of_the_groups_time_zone(app: App, group: Group, admin: User) -> None:
    await Desk.of(app).service.groups.change(group.id, time_zone="America/New_York")
    await admin.ask("/export", group)
    rows, lines = contents(files(admin))
    assert rows[0][0] == "时间（America/New_York）"
    assert rows[1][0] == "2026-11-10 23:00:00"
    assert lines[0]["at"] == "2026-11-10T23:00:00-05:00"


@pytest.mark.usefixtures("recorded")
async def test_who_never_opened_the_private_chat_is_shown_the_way(app: App, group: Group, admin: User) -> None:
    admin.chat.started = False
    reply = await admin.ask("/export", group)
    assert "我还不能给您发私聊" in reply.text
    await admin.start(link_of(reply))
    await admin.wait_for(3)
    assert len(contents(files(admin))[1]) == 5
    assert admin.from_bot[0].text.startswith("群：家人群")
    assert files(group) == []


@pytest.mark.usefixtures("recorded")
async def test_who_blocked_the_bot_is_shown_the_way(app: App, group: Group, admin: User) -> None:
    await admin.block_bot()
    assert link_of(await admin.ask("/export", group))


@pytest.mark.usefixtures("recorded")
async def test_an_anonymous_admin_is_asked_to_come_in_private(app: App, group: Group, wang: User, admin: User) -> None:
    await group.promote(admin, anonymous=True)
    reply = await admin.ask("/export", group, as_anonymous_admin=True)
    assert "我不知道该发给谁" in reply.text
    payload = link_of(reply)
    await wang.start(payload)
    assert "不是管理员" in (await wang.next()).text
    assert files(wang) == []
    await admin.start(payload)
    await admin.wait_for(3)
    assert len(files(admin)) == 2
    assert (await admin.ask("/report")).text.startswith("群：家人群"), "seen as an admin by that"


@pytest.mark.parametrize("payload", ["export", "export_", "export_-1", "export_x_y", "export_-100_2026-W46_x"])
async def test_made_up_links_lead_to_the_choice(app: App, wang: User, payload: str) -> None:
    await wang.start(payload)
    assert "我还不知道您管着哪个群" in (await wang.next()).text


async def test_a_link_to_a_group_that_is_not_theirs(app: App, group: Group, wang: User) -> None:
    for chat in (group.id, -1009999999999999, -5):
        await wang.start(f"export_{chat}_2026-W46")
        assert "不是管理员" in (await wang.next()).text


# --- in private ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("recorded")
async def test_in_private_with_one_group(app: App, group: Group, admin: User) -> None:
    await admin.ask("/export", group)
    before = len(admin.from_bot)
    await admin.send("/export 2026-W46")
    sent = (await admin.wait_for(before + 3))[before:]
    assert sent[0].text.startswith("群：家人群\n这是群里")
    assert len(contents(sent[1:])[1]) == 5


@pytest.mark.usefixtures("recorded")
async def test_in_private_with_several(app: App, server: Sandbox, group: Group, admin: User) -> None:
    other = server.group("别的群", admins=[admin])
    for one in (group, other):
        await admin.ask("/report", one)
    asked = await admin.ask("/export")
    assert len(data_of(asked, "家人群").encode()) <= 64
    await admin.press(asked, "别的群")
    assert "没有记录" in (await admin.wait_for("没有记录")).text
    await admin.press(asked, "家人群")
    await admin.wait_for(lambda _: len(files(admin)) == 2)
    await group.demote(admin)
    assert "不是管理员" in (await admin.press(asked, "家人群")).text
    await asyncio.sleep(0.2)
    assert len(files(admin)) == 2


# --- big, slow, failing -------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("recorded")
async def test_what_is_too_big_is_refused_in_words(
    app: App, group: Group, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "written", partial(export_files.written, limit=50))
    assert "太多，文件发不出来" in (await admin.ask("/export", group)).text
    assert files(admin) == []


@pytest.mark.usefixtures("recorded")
async def test_what_is_big_comes_packed(app: App, group: Group, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "written", partial(export_files.written, limit=700))
    await admin.ask("/export", group)
    packed = [message.document for message in files(admin)]
    assert [file.name for file in packed if file] == ["zhendema-2026-W46.csv.zip", "zhendema-2026-W46.jsonl.zip"]
    assert packed[0] is not None
    with zipfile.ZipFile(io.BytesIO(packed[0].data)) as archive:
        assert archive.namelist() == ["zhendema-2026-W46.csv"]


@pytest.mark.usefixtures("recorded")
async def test_others_in_the_group_are_answered_meanwhile(
    app: App, server: Sandbox, group: Group, wang: User, admin: User
) -> None:
    server.delay("sendDocument", 1.0)
    await admin.send("/export", group)
    await admin.wait_for("共 5 条")
    reply = await wang.ask(f"/check {SCAM}", group, timeout=0.9)
    assert reply.text.startswith("🔴")
    await group.wait_for("发到您和我的私聊里了")


@pytest.mark.usefixtures("recorded")
async def test_a_file_that_does_not_arrive_at_once_is_whole_in_the_end(
    app: App, server: Sandbox, group: Group, admin: User
) -> None:
    server.fail("sendDocument", status=502, times=2)
    await admin.ask("/export", group, timeout=10)
    assert len(contents(files(admin))[1]) == 5
    assert len(server.calls_of("sendDocument")) == 4
