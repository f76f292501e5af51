"""What an operator of PostgreSQL types: ``db copy``, ``doctor``, ``backup``, and ``run`` without what it needs."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from cli_driving import ROOT, run
from sqlalchemy import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from bot.errors import SettingsError
from bot.secret import Secret
from bot.settings import Settings
from bot.store import health
from bot.store.backup import LEFT_OUT
from bot.store.engine import Store
from bot.store.meta import bind_secret
from bot.store.schema import inbox, meta, report_text
from handlers.cli import doctor_database, main
from handlers.cli.doctor import examine
from handlers.cli.finding import Level
from handlers.opening import secret_of

if TYPE_CHECKING:
    from pathlib import Path

    from databases import Database, PostgresDatabases


KEY = "a-secret-of-more-than-thirty-two-characters"
TOKEN = "123456:AAabcdefghijklmnopqrstuvwxyz0123456789"
NOW = datetime(2026, 11, 2, tzinfo=UTC)


@pytest.fixture
async def target(postgres: PostgresDatabases) -> Database:
    return await postgres.emptied()


async def recorded(url: str) -> None:
    """A record with a report, and an update that was given up."""
    store = await Store.open(url)
    await bind_secret(store, Secret(KEY).key_id)
    async with store.write() as connection:
        await connection.exec_driver_sql(
            "INSERT INTO event (id, kind, at, source, admin) VALUES (7, 'report', 1, 's', false)"
        )
        await connection.execute(report_text.insert().values(event_id=7, text="【某银行】您好"))
        row = {"queue": 1, "received_at": NOW, "starts": 0, "errors": 0}
        await connection.execute(inbox.insert().values(update_id=1, state="dead", body="hidden-message", **row))
    await store.close()


def environment(folder: Path, database: Database, **more: str) -> dict[str, str]:
    given = {"HOME": "/", "XDG_STATE_HOME": str(folder), "ZHENDEMA_TOKEN": TOKEN, "ZHENDEMA_DATABASE_URL": database.url}
    return given | {"ZHENDEMA_SECRET": KEY} | more


async def findings(environ: dict[str, str]) -> list[str]:
    return [str(found) async for found in examine(environ, offline=True)]


# ── db copy ──


async def test_the_target_may_stand_in_the_variable(tmp_path: Path, target: Database) -> None:
    await recorded(f"sqlite+aiosqlite:///{tmp_path / 'z.db'}")
    done = run("db", "copy", f"sqlite:///{tmp_path / 'z.db'}", ZHENDEMA_DATABASE_URL=target.url)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert "report_text: 1 row, checksum " in done.out
    assert all(line.endswith(" on both sides") for line in lines[:-3])
    assert "delete it once all is well" in lines[-3]
    assert f"the secret with id {Secret(KEY).key_id}" in lines[-2]
    assert "某银行" not in done.out


def test_without_a_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("ZHENDEMA_DATABASE_URL", raising=False)
    assert main(["db", "copy", f"sqlite:///{tmp_path / 'z.db'}"]) == 2
    said = "zhendema: no target: name one, or set ZHENDEMA_DATABASE_URL to a PostgreSQL database\n"
    assert tuple(capsys.readouterr()) == ("", said)


# ── doctor ──


async def test_a_sound_server(tmp_path: Path, target: Database) -> None:
    store = await Store.open(target.url)
    await bind_secret(store, Secret(KEY).key_id)
    await store.close()
    said = await findings(environment(tmp_path, target))
    # The tests' server does not wait for the disk, which is found.
    # The tests' server does not wait for the disk, which is found.
    durable = (
        "warn  database: may lose commits in a power cut: switch fsync, full_page_writes and synchronous_commit on"
    )
    assert durable in said
    assert [line for line in said if not line.startswith("ok ")] == [durable]
    text = "\n".join(said)
    for part in ("is reachable, PostgreSQL ", "has schema", "belongs to the database", "agrees with the database"):
        assert part in text


async def test_a_server_that_is_not_there_is_told_of_once(tmp_path: Path, target: Database) -> None:
    away = make_url("postgresql+asyncpg://me:hidden@127.0.0.1:1/z").render_as_string(hide_password=False)
    said = await findings(environment(tmp_path, target, ZHENDEMA_DATABASE_URL=away))
    failed = [line for line in said if line.startswith("FAIL")]
    assert len(failed) == 1
    assert "start the server" in failed[0]
    assert "hidden" not in "".join(said)


async def test_no_secret_is_taken_from_a_file(tmp_path: Path, target: Database) -> None:
    environ = environment(tmp_path, target)
    del environ["ZHENDEMA_SECRET"]
    (tmp_path / "zhendema").mkdir()
    (tmp_path / "zhendema" / "secret").write_text(KEY)
    said = await findings(environ)
    assert [line for line in said if line.startswith("FAIL")] == [
        line for line in said if "FAIL  secret: ZHENDEMA_SECRET is not set" in line
    ]


def probe_of(**server: Any) -> health.Probe:
    """A probe that finds a server which is not fit in this respect."""
    fit: dict[str, Any] = {
        "version": "15.2",
        "number": 150002,
        "encoding": "UTF8",
        "writable": True,
        "ahead": timedelta(0),
    }

    class Unfit(health.Probe):
        async def server(self) -> health.Server:
            return health.Server(**(fit | server))

    return Unfit(create_async_engine("sqlite+aiosqlite://"), "postgresql://host/z", None)


@pytest.mark.parametrize(
    ("server", "level", "said"),
    [
        ({}, Level.OK, "can be written"),
        ({"version": "13.9", "number": 130009}, Level.WARN, "move to a newer one"),
        ({"encoding": "LATIN1"}, Level.FAIL, "holds no Chinese"),
        ({"writable": False}, Level.FAIL, "stand-by"),
    ],
)
async def test_an_unfit_server(server: dict[str, Any], level: Level, said: str) -> None:
    found = await doctor_database._server(probe_of(**server))
    assert found.level is level
    assert said in found.said


@pytest.mark.parametrize(
    ("seconds", "level", "said"),
    [
        (4, Level.OK, "agrees"),
        (-4, Level.OK, "agrees"),
        (60, Level.WARN, "60 s behind"),
        (-60, Level.WARN, "60 s ahead"),
    ],
)
async def test_clocks_that_differ(seconds: int, level: Level, said: str) -> None:
    found = await doctor_database._clock(probe_of(ahead=timedelta(seconds=seconds)))
    assert found.level is level
    assert said in found.said


# ── backup ──


async def test_the_commands_that_a_backup_names_work(tmp_path: Path, postgres: PostgresDatabases) -> None:
    server = postgres.server
    if server is None:
        pytest.skip("the programs pg_dump and pg_restore come with a server of our own")
    target = await postgres.new()
    await recorded(target.url)
    done = run("backup", ZHENDEMA_DATABASE_URL=target.url, ZHENDEMA_SECRET=KEY)
    assert done.status == 2
    commands = done.err.replace(", while it is", ";").split("tools: ")[1].split("; and")
    dump, restore = (command[command.index("pg_") :] for command in commands)
    for command in (dump.removesuffix(" while the bot runs"), restore.strip()):
        program, *words = shlex.split(command)
        subprocess.run(  # noqa: ASYNC221
            [server.programs / program, *words],
            check=True,
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PGHOST": str(server.folder)},
        )
        if program == "pg_dump":
            async with target.looked_into() as connection:
                await connection.execute(sa.delete(report_text))
                await connection.execute(sa.delete(meta))
    async with target.looked_into() as connection:
        assert list(await connection.scalars(sa.select(report_text.c.text))) == ["【某银行】您好"]
        assert await connection.scalar(sa.select(sa.func.count()).select_from(inbox)) == 0
        assert await connection.scalar(sa.select(meta.c.value)) == Secret(KEY).key_id


def test_the_document_leaves_out_the_same() -> None:
    document = (ROOT / "docs" / "postgresql.md").read_text(encoding="utf-8")
    assert re.findall(r"--exclude-table-data=(\w+)", document) == list(LEFT_OUT)


# ── run ──


def test_a_shared_database_needs_the_secret(tmp_path: Path) -> None:
    environ = {"ZHENDEMA_TOKEN": TOKEN, "HOME": "/", "XDG_STATE_HOME": str(tmp_path)}
    for url in ("postgresql+asyncpg://me:hidden@host/z", "postgres://me:hidden@host/z"):
        settings = Settings.from_env({**environ, "ZHENDEMA_DATABASE_URL": url})
        with pytest.raises(SettingsError, match="ZHENDEMA_SECRET is not set: all processes on one PostgreSQL"):
            secret_of(settings)
        assert [*tmp_path.iterdir()] == [], "and none is made"
        settings = Settings.from_env({**environ, "ZHENDEMA_DATABASE_URL": url, "ZHENDEMA_SECRET": KEY})
        assert secret_of(settings).key_id == Secret(KEY).key_id
        assert [*tmp_path.iterdir()] == [], "nor a folder, where nothing can be written"
    secret_of(Settings.from_env(environ))
    assert (tmp_path / "zhendema" / "secret").exists()
