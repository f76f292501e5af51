"""The transport over the sandbox's real HTTP, and over small servers of these tests where a server must misbehave."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import traceback
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from telegram import Bot, InputFile
from telegram.error import NetworkError, TelegramError, TimedOut

from handlers.http import POOL_TIMEOUT, AiohttpRequest, Timeouts
from sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

    from sandbox.server import User

    Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]

pytest_plugins = ["talk_fixtures"]

TOKEN = "123456:AAabcdefghijklmnopqrstuvwxyz0123456789"
SECRET = TOKEN.partition(":")[2]


@asynccontextmanager
async def bot_for(address: str, token: str = TOKEN, connections: int = 4, **how: Any) -> AsyncIterator[Bot]:
    """python-telegram-bot's own Bot on our transport, without the getMe of its ``initialize``."""
    sends, polls = AiohttpRequest(connections, **how), AiohttpRequest(1, **how)
    bot = Bot(token, f"{address}/bot", f"{address}/file/bot", request=sends, get_updates_request=polls)
    async with sends, polls:
        yield bot


@asynccontextmanager
async def serving(serve: Serve) -> AsyncIterator[int]:
    """A server on a free port; its connections are cut at the end."""
    writers: list[asyncio.StreamWriter] = []

    async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await serve(reader, writer)

    server = await asyncio.start_server(each, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0)


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """The first line of a request, which is read to its end."""
    head = await reader.readuntil(b"\r\n\r\n")
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            await reader.readexactly(int(line.partition(b":")[2]))
    return head.split(b"\r\n", 1)[0]


def answer(status: str = "200 OK", body: bytes = b'{"ok":true,"result":true}', *more: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.fixture
async def bot(server: Sandbox) -> AsyncIterator[Bot]:
    async with bot_for(server.api_url, server.token) as made:
        yield made


# ── what arrives ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_words_and_buttons_arrive_as_they_are(bot: Bot, wang: User) -> None:
    await wang.start()
    said = "您好 👋 a&b=c+d%20;\n「真的吗」 \u200b𠀀" + "".join(map(chr, range(33, 127)))
    await bot.send_message(wang.id, said, reply_markup={"keyboard": [["查短信 & 帮助"]]})  # type: ignore[arg-type]
    assert wang.last.text == said
    assert wang.last.reply_buttons == ["查短信 & 帮助"]
    assert (await bot.get_me()).username == "zhendema_bot"


@pytest.mark.parametrize("handle", [False, True])
async def test_a_file_arrives_whole_and_comes_back(bot: Bot, wang: User, *, handle: bool) -> None:
    await wang.start()
    content = b"\x89PNG\r\n\r\n--boundary\r\n" + bytes(range(256)) * 8000
    file = InputFile(io.BytesIO(content), "报案\n材料 100%.png", read_file_handle=not handle)
    for _ in range(2):  # a handle at its end is read from the start again
        await bot.send_document(wang.id, file, caption="照着念 & 保存")
        sent = wang.last.document
        assert sent is not None
        assert (sent.name, sent.mime_type) == ("报案材料 100%.png", "image/png")
        assert sent.data == content
        assert wang.last.text == "照着念 & 保存"
    assert sent is not None
    assert bytes(await (await bot.get_file(sent.file_id)).download_as_bytearray()) == content


async def test_a_connection_is_kept_and_a_closed_one_is_not_used(server: Sandbox) -> None:
    seen: list[bytes] = []
    connections = 0

    async def twice_each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        for _ in range(2):
            seen.append(await request_of(reader))
            writer.write(answer())
        await writer.drain()
        writer.close()

    async with serving(twice_each) as port, bot_for(f"http://127.0.0.1:{port}") as bot:
        for _ in range(4):
            assert await bot.set_my_commands([])
            await asyncio.sleep(0.02)
    assert (len(seen), connections) == (4, 2)
    assert all(line.endswith(b" HTTP/1.1") for line in seen)


# ── time-outs ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_read_time_outs_of_the_request_and_of_the_call(server: Sandbox, wang: User) -> None:
    await wang.start()
    server.delay("sendMessage", 0.12, times=None)
    async with bot_for(server.api_url, server.token, timeouts=Timeouts(read=0.05)) as bot:
        assert bot.request.read_timeout == 0.05
        with pytest.raises(TimedOut):
            await bot.send_message(wang.id, "一")
        assert await bot.send_message(wang.id, "二", read_timeout=5)
        assert await bot.send_message(wang.id, "三", read_timeout=None)
    async with bot_for(server.api_url, server.token) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(wang.id, "四", read_timeout=0.05)
        assert await bot.send_message(wang.id, "五")


async def test_a_full_pool_says_so_and_sends_nothing(server: Sandbox, wang: User) -> None:
    await wang.start()
    server.delay("sendMessage", 0.2)
    async with bot_for(server.api_url, server.token, connections=1, timeouts=Timeouts(pool=0.05)) as bot:
        first = asyncio.create_task(bot.send_message(wang.id, "一"))
        await asyncio.sleep(0.05)
        with pytest.raises(TimedOut) as caught:
            await bot.send_message(wang.id, "二")
        assert str(caught.value) == POOL_TIMEOUT
        waits = asyncio.create_task(bot.send_message(wang.id, "三", pool_timeout=5))
        gone = asyncio.create_task(bot.send_message(wang.id, "没人等", pool_timeout=5))
        await asyncio.sleep(0)
        gone.cancel()
        assert await first
        assert await waits
        assert await bot.send_message(wang.id, "四")
    assert [message.text for message in wang.from_bot] == ["一", "三", "四"]


async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize("proxy", [None, "http", "socks5"])
async def test_connect_time_out(proxy: str | None) -> None:
    async with serving(silent) as port:
        way = f"{proxy}://127.0.0.1:{port}" if proxy else None
        async with bot_for(f"https://127.0.0.1:{port}", proxy=way, timeouts=Timeouts(connect=0.1)) as bot:
            with pytest.raises(TimedOut) as caught:
                await asyncio.wait_for(bot.get_me(), 3)
    assert SECRET not in "".join(traceback.format_exception(caught.value))


async def test_a_send_that_is_stuck_ends(server: Sandbox) -> None:
    big = InputFile(bytes(16_000_000), "big.bin")
    async with serving(silent) as port:
        limits = Timeouts(connect=0.1, read=0.1, write=60, media_write=0.1)
        async with bot_for(f"http://127.0.0.1:{port}", timeouts=limits) as bot:
            with pytest.raises(TimedOut):
                await asyncio.wait_for(bot.send_document(1, big), 3)


async def test_a_slow_but_steady_upload_has_the_longer_limit(server: Sandbox, wang: User) -> None:
    await wang.start()

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.3)
        await request_of(reader)
        writer.write(answer(body=b'{"ok":false}', status="403 Forbidden"))
        await writer.drain()

    limits = Timeouts(connect=0.1, read=0.1, write=0.1, media_write=5)
    async with serving(slowly) as port, bot_for(f"http://127.0.0.1:{port}", timeouts=limits) as bot:
        with pytest.raises(TelegramError, match="Forbidden"):
            await bot.send_document(1, InputFile(bytes(16_000_000), "big.bin"))


# ── failures ─────────────────────────────────────────────────────────────────────────────────────────────────


async def failure(call: Coroutine[Any, Any, Any]) -> NetworkError:
    """The error, of which nobody can learn the token."""
    with pytest.raises(NetworkError) as caught:
        await call
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert "127.0.0.1" not in str(caught.value)
    assert not isinstance(caught.value, TimedOut)
    return caught.value


async def test_a_dropped_connection_is_not_sent_again(server: Sandbox, wang: User, bot: Bot) -> None:
    await wang.start()
    server.drop("sendMessage")
    assert str(await failure(bot.send_message(wang.id, "一"))).startswith("aiohttp.")
    server.drop("sendMessage", after_effect=True)
    await failure(bot.send_message(wang.id, "二"))
    assert len(server.calls_of("sendMessage")) == 2
    assert [message.text for message in wang.from_bot] == ["二"]
    assert await bot.send_message(wang.id, "三")


async def test_a_502_of_something_in_between() -> None:
    async def page(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(answer("502 Bad Gateway", b'{"ok":false,"description":"Bad Gateway"}'))
        await writer.drain()

    async with serving(page) as port, bot_for(f"http://127.0.0.1:{port}") as bot:
        assert "Bad Gateway" in str(await failure(bot.get_me()))


async def test_a_refused_port() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
        async with bot_for(address) as bot:
            assert str(await failure(bot.get_me())) == "aiohttp.ClientConnectorError: ECONNREFUSED"


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "aiohttp.ClientPayloadError"),
        (b"+OK POP3 server ready\r\n\r\n", "aiohttp."),
        (b"", "aiohttp.ServerDisconnectedError"),
    ],
)
async def test_broken_answers(raw: bytes, named: str) -> None:
    async def broken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(raw)
        await writer.drain()
        writer.close()

    async with serving(broken) as port, bot_for(f"http://127.0.0.1:{port}") as bot:
        assert str(await failure(bot.get_me())).startswith(named)


async def test_an_address_that_is_none() -> None:
    async with bot_for("http://") as bot:
        assert "InvalidUrl" in str(await failure(bot.get_me()))


async def test_a_redirect_does_not_take_the_token_along(server: Sandbox) -> None:
    async def away(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = await request_of(reader)
        writer.write(answer("307 Temporary Redirect", b"{}", f"Location: {server.api_url}{line.split()[1].decode()}"))
        await writer.drain()

    async with serving(away) as port, bot_for(f"http://127.0.0.1:{port}", server.token) as bot:
        with pytest.raises(NetworkError, match="Temporary Redirect"):
            await bot.get_me()
    assert not server.calls


async def test_no_log_tells_the_token(server: Sandbox, wang: User, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = server.token.partition(":")[2]
    await wang.start()
    server.drop("sendMessage")
    server.delay("getMe", 0.2)
    async with bot_for(server.api_url, server.token) as bot:
        with pytest.raises(NetworkError):
            await bot.send_message(wang.id, "一")
        with pytest.raises(TimedOut) as caught:
            await bot.get_me(read_timeout=0.05)
        assert await bot.send_message(wang.id, "二")
    assert secret not in "".join(traceback.format_exception(caught.value))
    # The library itself shows it at DEBUG when a Bot is made; handlers/logs.py cuts such lines down.
    said = [record for record in caplog.records if not record.getMessage().startswith("Set Bot API")]
    assert len(said) > 3
    assert not [record for record in said if secret in f"{record.getMessage()} {record.exc_text}"]


# ── proxies ──────────────────────────────────────────────────────────────────────────────────────────────────


async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()


class Socks:
    """A SOCKS5 server that takes whatever is asked for to one port of this machine, and notes it."""

    def __init__(self, port: int, *, login: str = "", refuse: bool = False) -> None:
        self.port, self.login, self.refuse = port, login.encode(), refuse
        self.asked: list[tuple[int, str, int]] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        version, count = await reader.readexactly(2)
        assert version == 5
        assert (2 if self.login else 0) in await reader.readexactly(count)
        writer.write(bytes([5, 2 if self.login else 0]))
        if self.login:
            name = await reader.readexactly((await reader.readexactly(2))[1])
            word = await reader.readexactly((await reader.readexactly(1))[0])
            writer.write(bytes([1, name + b":" + word != self.login]))
        _, command, _, kind = await reader.readexactly(4)
        assert command == 1
        size = (await reader.readexactly(1))[0] if kind == 3 else 4
        host = await reader.readexactly(size)
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append((kind, host.decode() if kind == 3 else socket.inet_ntoa(host), port))
        writer.write(bytes([5, 2 if self.refuse else 0, 0, 1, 0, 0, 0, 0, 0, 0]))
        if self.refuse:
            await writer.drain()
            writer.close()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            await asyncio.gather(pipe(reader, back), pipe(there, writer))
        finally:
            back.close()


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
@pytest.mark.parametrize("login", ["", "wang:p@ss"])
async def test_socks_takes_both_ways_and_looks_the_name_up(server: Sandbox, scheme: str, login: str) -> None:
    proxy = Socks(int(server.api_url.rpartition(":")[2]), login=login)
    who = login.replace("p@ss", "p%40ss") + "@" if login else ""
    async with serving(proxy) as port:
        way = f"{scheme}://{who}127.0.0.1:{port}"
        async with bot_for("http://telegram.invalid:8081", server.token, proxy=way) as bot:
            assert (await bot.get_me()).username == "zhendema_bot"
            assert await bot.get_updates(timeout=0) == ()
    assert proxy.asked == [(3, "telegram.invalid", 8081)] * 2


@pytest.mark.parametrize(("login", "refuse"), [("", True), ("wang:other", False)])
async def test_socks_that_refuses(server: Sandbox, login: str, *, refuse: bool) -> None:
    async with (
        serving(Socks(1, login=login, refuse=refuse)) as port,
        bot_for(server.api_url, proxy=f"socks5://wang:word@127.0.0.1:{port}") as bot,
    ):
        assert str(await failure(bot.get_me())) == "aiohttp_socks.ProxyError"
    assert not server.calls


async def test_socks_that_is_not_there(server: Sandbox) -> None:
    async with bot_for(server.api_url, server.token, proxy="socks5://127.0.0.1:9") as bot:
        assert str(await failure(bot.get_me())) == "aiohttp_socks.ProxyConnectionError"
    assert not server.calls


async def test_both_ways_go_through_the_http_proxy(server: Sandbox) -> None:
    seen: list[list[bytes]] = []

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readuntil(b"\r\n\r\n")).split(b"\r\n"))
        writer.write(answer("502 Bad Gateway", b"", "Connection: close"))
        await writer.drain()
        writer.close()

    async with serving(refuse) as port:
        async with bot_for(server.api_url, server.token, proxy=f"http://wang:word@127.0.0.1:{port}") as bot:
            for call in (bot.get_me, bot.get_updates):
                with pytest.raises(NetworkError, match="Bad Gateway"):
                    await call()
        # To an https address a proxy sees no more than the host.
        async with bot_for("https://telegram.invalid", proxy=f"http://127.0.0.1:{port}") as bot:
            assert str(await failure(bot.get_me())) == "aiohttp.ClientHttpProxyError: status 502"
    lines = [head[0].decode() for head in seen]
    assert [line.split()[1].rpartition("/")[2] for line in lines[:2]] == ["getMe", "getUpdates"]
    assert all(line.startswith(f"POST {server.api_url}/bot") for line in lines[:2])
    assert all(b"Proxy-Authorization: Basic d2FuZzp3b3Jk" in head for head in seen[:2])
    assert lines[2] == "CONNECT telegram.invalid:443 HTTP/1.1"
    assert not server.calls


async def test_a_proxy_of_the_environment_is_not_used(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    async with bot_for(server.api_url, server.token) as bot:
        assert await bot.get_me()


# ── start and end ────────────────────────────────────────────────────────────────────────────────────────────


async def test_start_and_end_as_often_as_one_likes(server: Sandbox) -> None:
    way = AiohttpRequest(1)
    address = f"{server.api_url}/bot{server.token}/getMe"
    await way.shutdown()
    for _ in range(2):
        with pytest.raises(NetworkError, match="not initialized"):
            await way.post(address)
        await way.initialize()
        assert await way.post(address)
        await way.initialize()
        assert await way.post(address)
        await way.shutdown()
        await way.shutdown()


def test_again_in_another_loop() -> None:
    way = AiohttpRequest(1)

    async def once() -> None:
        async with Sandbox() as server, way:
            assert all(await asyncio.gather(*(way.post(f"{server.api_url}/bot{server.token}/getMe") for _ in "ab")))

    for _ in range(2):
        asyncio.run(once())
