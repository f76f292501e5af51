"""What an operator sets for reports reaches the one who presses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talk_driving import running
from talk_material import CLEAR, SCAM, shows

from bot.service.context import Policy

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge
    from sandbox.server import Sandbox

pytest_plugins = ["talk_fixtures"]


async def test_how_many_reports_a_day(server: Sandbox, tmp_path: Path, knowledge: Knowledge) -> None:
    wang = server.user("小王")
    async with running(server, tmp_path, knowledge, policy=Policy(reports_per_day=1)):
        for text, said in ((SCAM, "记下了"), (CLEAR, "今天记得够多了")):
            reply = await wang.ask(text)
            assert said in (await wang.press(reply, "确认是诈骗")).text


async def test_how_many_people_in_how_many_chats(server: Sandbox, tmp_path: Path, knowledge: Knowledge) -> None:
    people = [server.user(name) for name in "甲乙丙丁"]
    group = server.group("家人群", members=people)
    async with running(server, tmp_path, knowledge, policy=Policy(people=4)):
        reply = await people[0].ask(f"/check {CLEAR}", group)
        said = [(await people[0].press(reply, "确认是诈骗")).text]
        await group.wait_for(shows("我也确认是诈骗"))
        said += [(await person.press(reply, "我也确认是诈骗")).text for person in people[1:3]]
        private = await people[3].ask(CLEAR)
        said.append((await people[3].press(private, "确认是诈骗")).text)
    assert [("更多人确认" in one, "这条算诈骗" in one) for one in said] == [(True, False)] * 3 + [(False, True)]
