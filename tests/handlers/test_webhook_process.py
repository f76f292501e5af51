"""The bot behind its webhook as a process: watched, ended, and without what it needs."""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest
from talk_driving import SECRET
from talk_material import SCAM
from test_handlers_logs import leaks
from web_driving import HOST, client_of, free_port

from bot.errors import ZhendemaError

if TYPE_CHECKING:
    from pathlib import Path

    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]


async def test_a_process_behind_a_webhook(server: Sandbox, tmp_path: Path, wang: User) -> None:
    port, metrics = free_port(), free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ZHENDEMA_")}
    given = {
        "XDG_STATE_HOME": str(tmp_path),
        "ZHENDEMA_SECRET": SECRET,
        "ZHENDEMA_TOKEN": server.token,
        "ZHENDEMA_API_URL": server.api_url,
        "ZHENDEMA_WEBHOOK_URL": f"http://{HOST}:{port}",
        "ZHENDEMA_LISTEN": f"{HOST}:{port}",
        "ZHENDEMA_METRICS_LISTEN": f"{HOST}:{metrics}",
        "ZHENDEMA_LOG_FORMAT": "json",
        "ZHENDEMA_LOG_LEVEL": "DEBUG",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "handlers", "run", env={**clean, **given}, stderr=asyncio.subprocess.PIPE
    )
    await server.ready(timeout=30)
    assert (await wang.ask(SCAM)).text.startswith("🔴")
    async with client_of(metrics) as client:
        assert 'zhendema_updates_total{type="message"} 1.0' in (await client.get("/metrics")).text
    async with client_of(port) as client:
        assert (await client.get("/readyz")).status_code == 200
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        assert (await client.get("/readyz")).status_code == 503
    _, said = await asyncio.wait_for(process.communicate(), 12)
    log = said.decode()
    assert process.returncode == 0, log
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["level"] for line in lines} >= {"DEBUG", "INFO"}
    assert "stopped" in {line["message"] for line in lines}
    hook_secret = server.state.webhook.secret
    assert hook_secret
    assert not leaks(log, server.token.split(":")[1], SECRET, hook_secret, "/telegram", "zx-pay", "13800138000")


@pytest.mark.parametrize(
    ("needed", "module", "variable"),
    [
        ("uvicorn", "handlers.listen", "ZHENDEMA_LISTEN"),
        ("prometheus_client", "handlers.metrics", "ZHENDEMA_METRICS_LISTEN"),
    ],
)
def test_without_the_server_part(needed: str, module: str, variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, module, raising=False)
    monkeypatch.setitem(sys.modules, needed, None)
    with pytest.raises(ZhendemaError, match=r"pip install 'zhendema\[server\]'") as caught:
        importlib.import_module(module)
    assert variable in str(caught.value)
    assert "\n" not in str(caught.value)
