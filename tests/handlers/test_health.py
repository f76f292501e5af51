"""What a balancer and a supervisor are told, while the bot polls as well."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from typing import TYPE_CHECKING

from talk_driving import running
from talk_material import SCAM
from web_driving import HOST, client_of, free_port

from bot.serving import Address, ApiKey, digest_of
from handlers import health

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bot.knowledge import Knowledge
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]


async def test_health_of_a_bot_that_polls(
    server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(statement: str) -> None:
        with contextlib.closing(sqlite3.connect(tmp_path / "zhendema.sqlite3")) as database:
            database.execute(statement)
            database.commit()

    port = free_port()
    async with running(server, tmp_path, knowledge, listen=Address(HOST, port)), client_of(port) as client:
        assert server.calls_of("getUpdates")
        for path in ("/healthz", "/readyz"):
            answer = await client.get(path)
            assert (answer.status_code, answer.text) == (200, "ok\n")
            assert "server" not in answer.headers
        assert (await client.post("/telegram")).status_code == 404
        assert (await client.get("/metrics")).status_code == 404
        await asyncio.to_thread(tell, "ALTER TABLE meta RENAME TO gone")
        answer = await client.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "the database does not answer\n")
        assert (await client.get("/healthz")).status_code == 200
        await asyncio.to_thread(tell, "ALTER TABLE gone RENAME TO meta")
        monkeypatch.setattr(health, "DATABASE_SECONDS", 0.0)
        assert (await client.get("/readyz")).status_code == 503
        monkeypatch.undo()
        assert (await client.get("/readyz")).status_code == 200
        assert (await wang.ask(SCAM)).text.startswith("🔴")


async def test_the_http_api_beside_the_bot(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    port, key = free_port(), "k" * 40
    keys = (ApiKey("one", digest_of(key)),)
    async with (
        running(server, tmp_path, knowledge, listen=Address(HOST, port), api_keys=keys),
        client_of(port) as client,
    ):
        answer = await client.post("/v1/check", json={"text": SCAM}, headers={"Authorization": f"Bearer {key}"})
        assert answer.json()["level"] == "scam"
        assert (await client.post("/v1/check", json={"text": SCAM})).status_code == 401
        assert (await client.get("/v1/")).status_code == 404
        assert (await wang.ask(SCAM)).text.startswith("🔴")
