"""The fixtures of these tests, as a plugin: mypy knows one module named ``conftest``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from talk_driving import running
from talk_weekly import Weeks

from sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from handlers.desk import App
    from sandbox.server import User


OWN_COMMANDS = {
    ("bot_command", command)
    for command in (
        "/check",
        "/hotline",
        "/forget",
        "/report",
        "/subscribe",
        "/unsubscribe",
        "/export",
        "/settings",
        "/trends",
    )
}


@pytest.fixture
async def server() -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


@pytest.fixture
async def app(server: Sandbox, tmp_path: Path, knowledge: Knowledge) -> AsyncIterator[App]:
    async with running(server, tmp_path, knowledge) as made:
        yield made
    # Whatever was said in a test: nothing but our own commands may be tapped.
    said = [message for chat in server.state.chats.values() for message in chat.messages.values()]
    links = [link for message in said if message.from_bot for link in message.links]
    assert {(link.kind, link.text) for link in links} <= OWN_COMMANDS


@pytest.fixture
def weeks(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> Weeks:
    admin = server.user("管理员")
    group = server.group("家人群", members=[wang], admins=[admin])
    return Weeks(server, tmp_path, knowledge, admin, wang, group)


@pytest.fixture
def wang(server: Sandbox) -> User:
    return server.user("小王")
