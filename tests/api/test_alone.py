"""``zhendema api``: a process without a messenger, a token, or even the messenger's library."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

from api_driving import KEY, SIGNED
from web_driving import HOST, client_of, free_port, until_ready

from handlers.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

WITHOUT_TELEGRAM = "import sys; sys.modules['telegram'] = None; from handlers.cli import main; sys.exit(main(['api']))"


async def start(folder: Path, **environ: str) -> asyncio.subprocess.Process:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENDEMA_")}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", WITHOUT_TELEGRAM, env={**clean, "XDG_STATE_HOME": str(folder), **environ},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def test_without_telegram(tmp_path: Path) -> None:
    port, metrics = free_port(), free_port()
    process = await start(
        tmp_path,
        ZHENDEMA_API_KEYS=f"one:{KEY}",
        ZHENDEMA_LISTEN=f"{HOST}:{port}",
        ZHENDEMA_METRICS_LISTEN=f"{HOST}:{metrics}",
        ZHENDEMA_TOKEN="not a token",
    )
    async with client_of(port) as client, client_of(metrics) as watcher:
        await until_ready(client)
        answer = await client.post("/v1/check", json={"text": "周末去公园"}, headers=SIGNED)
        assert answer.json()["level"] == "clear"
        told = (await watcher.get("/metrics")).text
        assert 'zhendema_api_requests_total{status="200"} 1.0' in told
        assert 'zhendema_api_texts_total{level="clear"} 1.0' in told
        assert (await client.post("/telegram")).status_code == 404
        process.send_signal(signal.SIGTERM)
        _, log = await asyncio.wait_for(process.communicate(), 12)
    assert (process.returncode, log) == (0, b"")


def test_without_a_key(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for name in [name for name in os.environ if name.startswith("ZHENDEMA_")]:
        monkeypatch.delenv(name)
    assert main(["api"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("zhendema: ZHENDEMA_API_KEYS is not set: give every client")
    assert said.err.count("\n") == 1
