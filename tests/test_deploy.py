"""What operators are given works: run as image and unit say, without rights, on a read-only tree."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from deployment import (
    DEPLOY,
    ROOT,
    compose,
    example,
    filled,
    health_check,
    image_environment,
    last,
    unit,
    unit_environment,
)
from sqlalchemy import make_url
from web_driving import HOST, client_of, free_port, until_ready

from sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from databases import PostgresDatabases
    from installed import Installed

pytest_plugins = ["installed"]

SCAM = "【工商银行】您的手机银行将于今日失效，请登录 icbc-gx8.top 更新身份信息，逾期账户将被冻结。"
SECRET = "a secret for these tests alone, which is worth nothing"
GRACE = 10.0
MONTH = 30 * 24 * 3600
VALUES = {"DOMAIN": "bot.example.org", "POSTGRES_PASSWORD": "1" * 48, "DATABASE_PASSWORD": "2" * 48, "TAG": "latest"}

DOCUMENTED = set(re.findall(r"\b(?:zhendema|process)_[a-z_]+\b", (ROOT / "docs/deploy.md").read_text())) - {
    "zhendema_inside"
}
"""Names of what is measured."""


@asynccontextmanager
async def running(
    installed: Installed, words: Sequence[str], environ: dict[str, str], folder: Path
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot; at the end it has to go by itself, in time and with status 0."""
    process = await asyncio.create_subprocess_exec(
        *installed(words), env=environ, cwd=folder, stderr=asyncio.subprocess.PIPE, **installed.runs_as
    )
    try:
        yield process
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, said = await asyncio.wait_for(process.communicate(), GRACE)
        assert (process.returncode, "Traceback" in said.decode()) == (0, False), said.decode()
        assert time.monotonic() - began < GRACE
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


def run(installed: Installed, words: Sequence[str], environ: dict[str, str], folder: Path) -> int:
    done = subprocess.run(installed(words), env=environ, cwd=folder, check=False, **installed.runs_as)
    return done.returncode


def surroundings(server: Sandbox, **more: str) -> dict[str, str]:
    """What a test needs beside the files: the server, and an address that is free."""
    return {"PATH": os.defpath, "ZHENDEMA_API_URL": server.api_url, **more}


def test_who_runs_it_may_not_write_there(installed: Installed) -> None:
    site = next(installed.root.glob("lib/python*/site-packages"))
    write = "import pathlib, sys; pathlib.Path(sys.argv[1]).touch()"
    room = installed.room("room")
    assert run(installed, ["python", "-c", write, str(room / "new")], {}, room) == 0
    for place in (site / "new", site / "data" / "new", installed.root / "bin" / "new", installed.folder / "new"):
        if installed.runs_as or place.parent != installed.folder:
            assert run(installed, ["python", "-c", write, str(place)], {}, room) == 1


async def test_the_unit_with_sqlite(installed: Installed) -> None:
    before = installed.files()
    var, tmp = installed.room("var"), installed.room("tmp")
    # systemd makes it before the start (StateDirectory).
    assert unit("zhendema.service")["StateDirectory"] == ["zhendema"]
    own = unit_environment("zhendema.service") | {"XDG_STATE_HOME": str(var), "TMPDIR": str(tmp)}
    async with Sandbox() as server:
        given = dict.fromkeys(example("zhendema.env.example"), "") | {"ZHENDEMA_TOKEN": server.token}
        environ = surroundings(server) | own | given
        words = unit("zhendema.service")["ExecStart"][0].split()
        async with running(installed, words, environ, var):
            await server.ready(timeout=30)
            assert (await server.user("小王").ask(SCAM)).text.startswith("🔴")
            await backs_up(installed, environ)
    state = var / "zhendema"
    assert state.stat().st_mode & 0o777 == 0o700
    assert (state / "secret").stat().st_mode & 0o777 == 0o600
    assert not list(tmp.iterdir())
    assert [path.name for path in var.iterdir()] == ["zhendema"]
    assert installed.files() == before


async def backs_up(installed: Installed, environ: dict[str, str]) -> None:
    """What the timer does, while the bot runs."""
    made = unit("zhendema-backup.service")
    assert unit_environment("zhendema-backup.service") == unit_environment("zhendema.service")
    folder = installed.room("backups")
    old = folder / "zhendema-20200101-000000.sqlite3"
    old.touch()
    os.utime(old, (time.time() - MONTH,) * 2)
    (after,) = made["ExecStartPost"]
    for words in (made["ExecStart"][0].split(), after.replace('"', "").split()):
        process = await asyncio.create_subprocess_exec(*installed(words), env=environ, cwd=folder, **installed.runs_as)
        assert await asyncio.wait_for(process.wait(), 30) == 0
    (kept,) = folder.iterdir()
    assert kept != old
    assert kept.stat().st_size > 10_000


async def test_the_image_as_compose_runs_it(installed: Installed, postgres: PostgresDatabases) -> None:
    before = installed.files()
    port, metrics = free_port(), free_port()
    tmp = installed.room("tmp")
    here = {
        "ZHENDEMA_WEBHOOK_URL": f"http://{HOST}:{port}/telegram",
        "ZHENDEMA_LISTEN": f"{HOST}:{port}",
        "ZHENDEMA_METRICS_LISTEN": f"{HOST}:{metrics}",
        "TMPDIR": str(tmp),
    }
    service = compose()["services"]["bot-1"]
    said = {name: filled(value, VALUES) for name, value in service["environment"].items()}
    assert here.keys() - {"TMPDIR"} <= said.keys()
    said["ZHENDEMA_DATABASE_URL"] = await database(postgres, said["ZHENDEMA_DATABASE_URL"])
    words = last("ENTRYPOINT").words + last("CMD").words
    # The root is read-only there, its folder for the state too: whatever would be kept in it, would be missed.
    root = installed.folder / "var-lib"
    (root / "zhendema").mkdir(parents=True, mode=0o555)
    async with Sandbox() as server:
        environ = image_environment() | surroundings(server) | said | here
        environ |= {"ZHENDEMA_TOKEN": server.token, "ZHENDEMA_SECRET": SECRET, "XDG_STATE_HOME": str(root)}
        assert run(installed, health_check(), environ, root) != 0
        async with running(installed, words, environ, root), client_of(port) as client:
            await server.ready(timeout=30)
            await until_ready(client)
            assert (await server.user("小王").ask(SCAM)).text.startswith("🔴")
            assert await asyncio.to_thread(run, installed, health_check(), environ, root) == 0
            async with client_of(metrics) as prometheus:
                shown = (await prometheus.get("/metrics")).text
            assert (await client.get("/metrics")).status_code == 404
        assert run(installed, health_check(), environ, root) != 0
    assert not [*tmp.iterdir(), *(root / "zhendema").iterdir()]
    assert installed.files() == before
    assert {name for name in DOCUMENTED if not re.search(rf"\b{name}\b", shown)} == set()


async def database(postgres: PostgresDatabases, url: str) -> str:
    """The database as the image of PostgreSQL makes it, by our script; ``url`` as it is reached here."""
    if postgres.server is None:
        return (await postgres.new()).url
    folder = str(postgres.server.folder)
    environ = {
        "PATH": f"{postgres.server.programs}:{os.defpath}",
        "PGHOST": folder,
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": "postgres",
        "DATABASE_PASSWORD": VALUES["DATABASE_PASSWORD"],
    }
    process = await asyncio.create_subprocess_exec("/bin/sh", DEPLOY / "postgres-init.sh", env=environ)
    assert await process.wait() == 0
    made = make_url(url)
    assert (made.username, made.database, made.host) == ("zhendema", "zhendema", "postgres")
    return made.set(host=None, query={"host": folder}).render_as_string(hide_password=False)
