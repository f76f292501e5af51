"""Updates that are posted: taken from Telegram alone, acknowledged when stored, handled once."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import pytest
from talk_driving import running, settings_for
from talk_material import CLEAR, SCAM
from test_handlers_logs import installed, leaks
from web_driving import HOST, chunk, client_of, free_port, head, raw, until_ready, webhook_on

from api import body
from bot.serving import Address
from handlers import front, listen, run, webhook
from handlers.intake import ALLOWED_UPDATES
from handlers.listen import ListenError
from handlers.run import opened, serve
from handlers.webhook import HEADER, LIMIT, WebhookError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import httpx
    from databases import PostgresDatabases

    from bot.knowledge import Knowledge
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]

SECRET = "the-secret_of-this-test"
PATH = "/telegram"
JSON = {"Content-Type": "application/json"}
SIGNED = {**JSON, HEADER: SECRET}


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def web(server: Sandbox, tmp_path: Path, knowledge: Knowledge, port: int) -> AsyncIterator[httpx.AsyncClient]:
    """A client of a running bot that is posted to."""
    async with (
        running(server, tmp_path, knowledge, **webhook_on(port, webhook_secret=SECRET)),
        client_of(port) as client,
    ):
        yield client


def rows(folder: Path) -> list[tuple[int, str, str | None]]:
    with contextlib.closing(sqlite3.connect(folder / "zhendema.sqlite3")) as database:
        return database.execute("SELECT update_id, state, error FROM inbox ORDER BY update_id").fetchall()


def message(number: int, text: str, user: int = 77) -> dict[str, Any]:
    who = {"id": user, "first_name": "某", "is_bot": False}
    chat = {"id": user, "type": "private", "first_name": "某"}
    found = {"message_id": number, "date": int(time.time()), "chat": chat, "from": who, "text": text}
    if text.startswith("/"):
        found["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"update_id": number, "message": found}


async def test_a_talk_by_webhook(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, port: int) -> None:
    async with running(server, tmp_path, knowledge, **webhook_on(port)):
        reply = await wang.ask(SCAM)
        assert reply.text.startswith("🔴")
        assert "谢谢" in ((await wang.press(reply, "确认是诈骗")).text or "")
        call = server.calls_of("setWebhook")[0].params
        assert all(kind in str(call["allowed_updates"]) for kind in ALLOWED_UPDATES)
        assert re.fullmatch(r"[A-Za-z0-9_-]{22}", call["secret_token"])
        assert call["drop_pending_updates"] == "false"
        assert server.token.split(":")[1] not in call["url"]
    assert server.calls_of("getUpdates", "deleteWebhook") == []
    assert server.state.webhook.url, "others serve on"
    async with running(server, tmp_path, knowledge, **webhook_on(port)):
        assert server.calls_of("setWebhook")[-1].params["secret_token"] == call["secret_token"]
        assert (await wang.ask(CLEAR)).text.startswith("⚪")


async def test_who_is_not_telegram(web: httpx.AsyncClient, tmp_path: Path) -> None:
    content = json.dumps(message(1, CLEAR)).encode()
    unsigned = (JSON, *(JSON | {HEADER: wrong} for wrong in ("", SECRET[:-1], f"{SECRET}x", SECRET.upper(), "\u00e4")))
    for headers, status in (*((each, 401) for each in unsigned), (SIGNED | {"Content-Type": "text/plain"}, 415)):
        sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
        answer = await web.post(PATH, content=content, headers=sent)
        assert (answer.status_code, answer.content) == (status, b""), headers
    assert rows(tmp_path) == []


async def test_two_secrets_are_none(web: httpx.AsyncClient) -> None:
    twice = [(HEADER, SECRET), (HEADER, SECRET), ("Content-Type", "application/json")]
    assert (await web.post(PATH, json=message(1, CLEAR), headers=twice)).status_code == 401


async def test_other_paths_and_methods(web: httpx.AsyncClient) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        answer = await web.request(method, PATH, headers=SIGNED)
        assert (answer.status_code, answer.content) == (405, b"")
    for path in ("/", "/telegram/x", "/TELEGRAM", "/metrics", "/v1/health", "/%00"):
        answer = await web.post(path, headers=SIGNED)
        assert (answer.status_code, answer.content) == (404, b"")


NO_UPDATES = (
    b"",
    b"{",
    b"[]",
    b'"13800138000"',
    b"{}",
    b'{"update_id": "1"}',
    b'{"update_id": true}',
    b'{"update_id": -1}',
    b'{"update_id": 1e3}',
    b'{"update_id": 99999999999999999999}',
    b'{"update_id": ' + b"9" * 5000 + b"}",
    b'{"update_id": 1, "message": "\xff\xfe"}',
    b'{"update_id": 1, "message": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b"[" * 500_000,
    json.dumps(message(1, "x", 1 << 63)).encode(),
)


async def test_what_is_no_update(web: httpx.AsyncClient, tmp_path: Path) -> None:
    with installed("DEBUG", SECRET) as log:
        for content in NO_UPDATES:
            answer = await web.post(PATH, content=content, headers=SIGNED)
            assert (answer.status_code, answer.content) == (400, b""), content[:40]
    assert log.getvalue().count("an update was refused") == len(NO_UPDATES)
    assert not leaks(log.getvalue(), "13800138000")
    assert rows(tmp_path) == []


async def test_large_bodies(web: httpx.AsyncClient, tmp_path: Path, port: int) -> None:
    fits = json.dumps(message(1, "x" * 1000)).encode().ljust(LIMIT)
    assert (await web.post(PATH, content=fits, headers=SIGNED)).status_code == 200
    signed = [f"{name}: {value}" for name, value in SIGNED.items()]
    told = await raw(port, head(PATH, *signed, f"Content-Length: {2 * LIMIT}"), b"x" * 100)
    assert told.startswith(b"HTTP/1.1 413 ")
    assert told.endswith(b"\r\n\r\n")
    endless = [chunk(b" " * 65536)] * (LIMIT // 65536 + 200)
    answer = await raw(port, head(PATH, *signed, "Transfer-Encoding: chunked"), *endless)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")
    answer = await raw(port, head("/healthz", "Transfer-Encoding: chunked", method="GET"), *endless)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 200 ")
    assert [number for number, _, _ in rows(tmp_path)] == [1]


async def test_who_is_slow_is_let_go(web: httpx.AsyncClient, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen, "HEAD_SECONDS", 0.2)
    monkeypatch.setattr(body, "SECONDS", 0.2)
    signed = head(PATH, *(f"{name}: {value}" for name, value in SIGNED.items()), "Content-Length: 9")
    assert await raw(port) == b"", "says nothing"
    assert await raw(port, b"POST /tele", b"gram HTTP/1.1\r\n") == b"", "half a head"
    assert await raw(port, *(b"X: 1\r\n" for _ in range(20)), pause=0.05) == b"", "a drop at a time"
    assert (await raw(port, signed, b"{")).startswith(b"HTTP/1.1 408 ")
    polite = head("/healthz", method="GET")
    slow_second = await raw(port, polite, b"GET /heal", pause=0.05)
    assert slow_second.count(b"200 OK") == 1
    big = await raw(port, b"GET /" + b"x" * 70_000)
    assert big.startswith(b"HTTP/1.1 400 ")


async def test_a_crowd_is_stored_whole(web: httpx.AsyncClient, tmp_path: Path, server: Sandbox) -> None:
    people = [server.user(f"用户{at}") for at in range(10)]
    for person in people:
        await person.start()
    await server.idle()
    asked = [message(500_000 + at, "/help", person.id) for at, person in enumerate(people)]
    sent = [*asked, *({"update_id": 600_000 + at, "mind_read": {}} for at in range(90))]
    began = time.monotonic()
    answers = await asyncio.gather(*(web.post(PATH, json=update, headers=SIGNED) for update in sent))
    assert time.monotonic() - began < 5
    assert {answer.status_code for answer in answers} == {200}
    stored = {number for number, _, _ in await asyncio.to_thread(rows, tmp_path)}
    assert stored >= {update["update_id"] for update in sent}
    for person in people:
        await person.wait_for("怎么用")


async def test_the_same_again_has_no_second_effect(web: httpx.AsyncClient, wang: User, server: Sandbox) -> None:
    await wang.start()
    await wang.next()
    update = message(900_001, SCAM, wang.id)
    for _ in range(3):
        assert (await web.post(PATH, json=update, headers=SIGNED)).status_code == 200
    await wang.wait_for(lambda m: m.text.startswith("🔴"))
    assert (await web.post(PATH, json=update, headers=SIGNED)).status_code == 200
    assert (await wang.ask(CLEAR)).text.startswith("⚪")
    assert len([m for m in wang.from_bot if m.text.startswith("🔴")]) == 1


async def test_what_cannot_be_stored_is_not_acknowledged(
    web: httpx.AsyncClient, tmp_path: Path, wang: User, server: Sandbox
) -> None:
    def rename(old: str, new: str) -> None:
        with contextlib.closing(sqlite3.connect(tmp_path / "zhendema.sqlite3")) as database:
            database.execute(f"ALTER TABLE {old} RENAME TO {new}")
            database.commit()

    await wang.start()
    await wang.next()
    await asyncio.to_thread(rename, "inbox", "gone")
    assert (await web.post(PATH, json=message(900_001, SCAM, 78), headers=SIGNED)).status_code == 503
    assert "恢复后马上看" in (await wang.ask(SCAM)).text
    await asyncio.sleep(0.1)
    assert "503" in str(server.state.webhook.last_error_message)
    await asyncio.to_thread(rename, "gone", "inbox")
    await wang.wait_for(lambda m: m.text.startswith("🔴"), timeout=10)


async def test_what_nobody_knows_is_stored_and_stops_nothing(
    web: httpx.AsyncClient, tmp_path: Path, wang: User
) -> None:
    unknown = {"update_id": 1, "mind_read": {"thought": CLEAR}}
    unreadable = {"update_id": 2, "message": {"message_id": "13800138000"}}
    unasked = {"update_id": 3, "channel_post": message(3, CLEAR)["message"]}
    with installed("INFO", SECRET) as log:
        for update in (unknown, unreadable, unasked):
            assert (await web.post(PATH, json=update, headers=SIGNED)).status_code == 200
        assert (await wang.ask(CLEAR)).text.startswith("⚪")
        for _ in range(100):
            await asyncio.sleep(0.02)
            found = {number: state for number, state, _ in await asyncio.to_thread(rows, tmp_path)}
            if found[2] != "new":
                break
    assert (found[1], found[2], found[3]) == ("done", "dead", "done")
    assert "an update cannot be read (KeyError)" in log.getvalue()
    assert not leaks(log.getvalue(), "13800138000")


async def test_the_second_process_on_one_file_stands_by(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User
) -> None:
    one, two = free_port(), free_port()
    async with contextlib.AsyncExitStack() as stack:
        first = await stack.enter_async_context(contextlib.AsyncExitStack())
        await first.enter_async_context(running(server, tmp_path, knowledge, **webhook_on(one, webhook_secret=SECRET)))
        await stack.enter_async_context(running(server, tmp_path, knowledge, **webhook_on(two, webhook_secret=SECRET)))
        client = await stack.enter_async_context(client_of(two))
        await asyncio.sleep(0.3)
        assert (await client.post(PATH, json=message(1, CLEAR), headers=SIGNED)).status_code == 503
        assert (await client.get("/readyz")).status_code == 503
        assert server.state.webhook.url.endswith(f":{one}{PATH}")
        assert (await wang.ask(CLEAR)).text.startswith("⚪")
        await first.aclose()
        assert (await wang.ask(SCAM, timeout=10)).text.startswith("🔴")
        assert (await client.get("/readyz")).status_code == 200


async def test_replicas_take_the_same_post_once(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, postgres: PostgresDatabases
) -> None:
    url = (await postgres.emptied()).url
    ports = free_port(), free_port()
    async with contextlib.AsyncExitStack() as stack:
        for port in ports:
            given = webhook_on(port, webhook_secret=SECRET, database_url=url)
            await stack.enter_async_context(running(server, tmp_path, knowledge, **given))
        clients = [await stack.enter_async_context(client_of(port)) for port in ports]
        for client in clients:
            await until_ready(client)
        await wang.start()
        await wang.next()

        async def post(client: httpx.AsyncClient) -> None:
            # Who comes second in the very moment may be told to come again, as Telegram would.
            for _ in range(100):
                answer = await client.post(PATH, json=message(900_001, SCAM, wang.id), headers=SIGNED)
                if answer.status_code == 200:
                    return
                assert answer.status_code == 503
                await asyncio.sleep(0.05)
            raise TimeoutError("it is not taken")

        await asyncio.gather(*map(post, clients * 3))
        await wang.wait_for(lambda m: m.text.startswith("🔴"))
        assert (await wang.ask(CLEAR)).text.startswith("⚪")
        assert len([m for m in wang.from_bot if m.text.startswith("🔴")]) == 1


async def test_a_webhook_that_somebody_removed_is_set_again(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LOOK_SECONDS", 0.1)
    with installed("INFO") as log:
        async with running(server, tmp_path, knowledge, **webhook_on(port)):
            server.state.webhook = type(server.state.webhook)(
                last_error_date=1, last_error_message="Connection refused"
            )
            assert (await wang.ask(CLEAR, timeout=10)).text.startswith("⚪")
    assert "another program has changed the webhook" in log.getvalue()
    assert "Telegram could not post: Connection refused" in log.getvalue()


async def test_a_webhook_that_telegram_refuses(server: Sandbox, tmp_path: Path, knowledge: Knowledge) -> None:
    refused = settings_for(server, tmp_path, webhook_url="http://bot.example.org/x", listen=Address(HOST, 0))
    async with opened(refused, knowledge) as app:
        with pytest.raises(WebhookError, match=r"^ZHENDEMA_WEBHOOK_URL was refused by Telegram: it must be https"):
            await serve(app, asyncio.Event())


async def test_a_port_that_is_taken(server: Sandbox, tmp_path: Path, knowledge: Knowledge, port: int) -> None:
    async with running(server, tmp_path, knowledge, **webhook_on(port)):
        settings = settings_for(server, tmp_path, listen=Address(HOST, port))
        async with opened(settings, knowledge) as app:
            with pytest.raises(ListenError, match=f"^ZHENDEMA_LISTEN: cannot listen on port {port}"):
                await serve(app, asyncio.Event())


# ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_listens_leaves_work_its_part_of_the_end() -> None:
    assert run.CLOSING_SECONDS == front.DRAIN_SECONDS + listen.GRACE_SECONDS < run.GRACE_SECONDS


async def test_the_end_is_told_before_it_comes(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, port: int
) -> None:
    stop = asyncio.Event()
    settings = settings_for(server, tmp_path, burst_seconds=9.0, **webhook_on(port, webhook_secret=SECRET))
    async with opened(settings, knowledge) as app, client_of(port) as client:
        serving = asyncio.create_task(serve(app, stop, drain_seconds=0.4))
        await server.ready()
        assert (await client.get("/readyz")).status_code == 200
        await wang.send(SCAM)
        await server.idle()
        began = time.monotonic()
        stop.set()
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "stopping\n")
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.post(PATH, json=message(1, CLEAR, wang.id), headers=SIGNED)).status_code == 200
        await serving
        assert time.monotonic() - began < 3
        with pytest.raises(OSError, match="Connect call failed"):
            await raw(port)
    assert {m.text[0] for m in wang.from_bot} == {"🔴", "⚪"}
    assert {state for _, state, _ in rows(tmp_path)} == {"done"}


async def test_work_that_does_not_end_is_handed_back(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "GRACE_SECONDS", run.CLOSING_SECONDS + 0.3)
    server.delay("sendMessage", 30)
    async with running(server, tmp_path, knowledge, **webhook_on(port)):
        await wang.send(SCAM)
        for _ in range(500):
            if server.calls_of("sendMessage"):
                break
            await asyncio.sleep(0.01)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert wang.from_bot == []
    async with running(server, tmp_path, knowledge, **webhook_on(port)):
        await wang.wait_for(lambda m: m.text.startswith("🔴"))
