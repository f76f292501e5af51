"""The terminal chat, the played conversation and the bot as a process."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sandbox_driving import AnyApplication

from sandbox import chat, play
from sandbox.__main__ import main
from sandbox.bot_process import BotProcess, environment
from sandbox.chat import Chat
from sandbox.render import shown
from sandbox.server import Sandbox
from sandbox.texts import load, say
from sandbox.world import World

pytest_plugins = ["sandbox_fixtures"]

ROOT = Path(__file__).parents[2]
ECHO = f"{sys.executable} {Path(__file__).with_name('echo_bot.py')}"


class Terminal:
    """Types and reads."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.lines: asyncio.Queue[str | None] = asyncio.Queue()
        self.written: list[str] = []
        self.chat = Chat(world, self.lines, self.written.append)

    async def type(self, *lines: str) -> None:
        """Lines at once, and then silence until the bot has done."""
        for line in lines:
            self.lines.put_nowait(line)
        await asyncio.sleep(0.1)
        await self.world.sandbox.idle()
        await asyncio.sleep(0.02)

    @property
    def screen(self) -> str:
        return "\n".join(self.written)


@pytest.fixture
async def terminal(sandbox: Sandbox, bot: AnyApplication, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Terminal]:
    monkeypatch.setattr(chat, "PASTE_GAP", 0.05)
    found = Terminal(World(sandbox))
    running = asyncio.create_task(found.chat.run())
    await asyncio.sleep(0)
    yield found
    found.lines.put_nowait(None)
    await running
    assert say("frame", "bye") in found.screen


async def test_message_paste_and_buttons(terminal: Terminal) -> None:
    await terminal.type("第一行", "第二行", "", "第四行")
    user = terminal.world.roles["user"].person
    assert [message.text for message in user.messages] == ["第一行\n第二行\n\n第四行", "收到 12"]
    assert "(1) 确认  (2) 复制  (3) 打开" in terminal.screen
    await terminal.type("1")
    assert "弹窗 / alert: 记下了" in terminal.screen
    assert "已修改" in terminal.screen
    await terminal.type("再来")
    number = terminal.chat.watcher.number(user.last)
    await terminal.type(f"#{number}.2")
    assert "已复制 / copied: 95558" in terminal.screen
    await terminal.type("#3")
    assert "打开 / opens: https://example.com/" in terminal.screen
    await terminal.type("#9")
    assert "没有这个按钮" in terminal.screen
    await terminal.type("95588")
    assert user.messages[-2].text == "95588"
    await user.delete(user.last)
    await asyncio.sleep(0.02)
    assert "已删除" in terminal.screen


async def test_roles_and_commands(terminal: Terminal, tmp_path: Path) -> None:
    await terminal.type("/start")
    await terminal.type("2")
    user = terminal.world.roles["user"].person
    assert user.messages[-2].text == "帮助"
    await terminal.type(":forward 【中信银行】", "请回电")
    assert user.messages[-2].origin is not None
    assert user.messages[-2].text == "【中信银行】\n请回电"
    await terminal.type("/as 2")
    await terminal.type("群里的短信")
    sms = terminal.world.group.messages[-1]
    await terminal.type(f":reply {terminal.chat.watcher.number(sms)} /check")
    assert terminal.world.group.last.text == "收到 6"
    await terminal.type(f":edit {terminal.chat.watcher.number(sms)} 改过")
    assert sms.text == "改过"
    picture = tmp_path / "a.png"
    picture.write_bytes(b"x")
    await terminal.type("/as 1")
    await terminal.type(f":photo {picture}")
    assert user.last.text == "1 字节"
    for typed, answer in [
        ("/as 7", "身份是"),
        (":help", "粘贴或输入"),
        (":forward", "请写上文字"),
        (":reply 99 x", "没有第 [99] 条消息"),
        (":reply 1", "请写上文字"),
        (f":edit {terminal.chat.watcher.number(user.last)} x", "只能修改自己的"),
        (f":photo {tmp_path / 'none'}", "读不了"),
    ]:
        await terminal.type(typed)
        assert answer in terminal.written[-1]


async def test_unanswered_button(sandbox: Sandbox, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(*_given: object, **_named: object) -> None:
        raise TimeoutError

    await terminal.type("甲")
    monkeypatch.setattr("sandbox.server.people.User.press", silent)
    await terminal.type("1")
    assert "没有回应" in terminal.screen


async def test_colours_show_what_is_clickable(sandbox: Sandbox) -> None:
    person = sandbox.user("小王")
    message = await person.send("看 a.cn 和 b.cn", entities=[{"type": "code", "offset": 9, "length": 4}])
    assert shown(message, 1, "私聊", colour=True) == (
        "\033[2m[1] 私聊 · 小王\033[0m\n    看 \033[4;34ma.cn\033[0m 和 \033[36mb.cn\033[0m"
    )
    assert shown(message, 1, "私聊", colour=False) == "[1] 私聊 · 小王\n    看 a.cn 和 b.cn"


def test_texts_are_in_both_languages() -> None:
    for section in ("frame", "roles", "chat"):
        for key, sentence in load()[section].items():
            assert sentence, key


async def test_environment_of_the_bot(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENDEMA_SECRET", "the person's own")
    monkeypatch.setenv("ZHENDEMA_PROXY", "socks5://x:1")
    found = environment(sandbox, tmp_path)
    assert found["ZHENDEMA_TOKEN"] == sandbox.token
    assert found["ZHENDEMA_DATABASE_URL"].startswith("sqlite+aiosqlite:///")
    assert {"ZHENDEMA_SECRET", "ZHENDEMA_PROXY"}.isdisjoint(found)


def test_played_conversation(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play, "QUIET", 0.02)
    assert main(["--play", "--bot", ECHO, "--keep", str(tmp_path / "var")]) == 0
    printed = capsys.readouterr().out
    assert "全部 10 步" in printed
    assert "转发自 短信转发" in printed
    assert "95558" in printed


def test_play_fails_when_a_reply_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(play, "PATIENCE", 0.5)
    monkeypatch.setattr(play, "QUIET", 0.02)
    assert main(["--play", "--bot", f"{ECHO} --silent"]) == 1
    assert "第 7 步" in capsys.readouterr().out


def test_bot_that_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--play", "--bot", f"{ECHO} --broken"]) == 1
    printed = capsys.readouterr().out
    assert "退出码 2" in printed
    assert "settings are wrong" in printed


async def test_server_alone() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--serve", "--token", "42:abc", stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout is not None
    found = json.loads(await process.stdout.readline())
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        me = (await client.get(f"{found['api_url']}/bot42:abc/getMe")).json()["result"]
        assert (me["id"], found["token"]) == (42, "42:abc")
        assert (await client.get(f"{found['api_url']}/sandbox/people")).json()["bot"]["id"] == 42
    process.send_signal(signal.SIGINT)
    assert await process.wait() == 0


async def test_bot_that_crashes_is_shown(sandbox: Sandbox, tmp_path: Path) -> None:
    async with BotProcess(sandbox, tmp_path, ECHO.split()) as process:
        await sandbox.ready()
        await sandbox.user("小王").send("崩溃")
        assert await process.ended() == 3
    assert "Traceback: 故意的" in process.output
