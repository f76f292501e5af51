"""``zhendema doctor`` on what is sound and on what is broken, against the real sandbox server."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager, closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.secret import Secret
from bot.settings import Settings
from bot.store.engine import Store
from bot.store.meta import bind_secret
from handlers.cli import doctor_local, doctor_network
from handlers.cli.doctor import examine
from handlers.cli.finding import Finding, Level
from sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

KEY = "a-secret-of-more-than-thirty-two-characters"
OTHER_TOKEN = "123456:AAabcdefghijklmnopqrstuvwxyz0123456789"
ROOT = Path(__file__).resolve().parents[3]
NOBODY = 65534


@pytest.fixture
async def server() -> AsyncIterator[Sandbox]:
    async with Sandbox() as made:
        yield made


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    path = tmp_path / "zhendema" / "zhendema.sqlite3"
    store = await Store.open(f"sqlite+aiosqlite:///{path}")
    await bind_secret(store, Secret(KEY).key_id)
    await store.close()
    return path


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"HOME": "/", "XDG_STATE_HOME": str(folder), "ZHENDEMA_SECRET": KEY} | {
        f"ZHENDEMA_{name.upper()}": value for name, value in more.items()
    }


async def look(environ: dict[str, str], *, offline: bool = True, now: datetime | None = None) -> list[Finding]:
    return [finding async for finding in examine(environ, offline=offline, now=now)]


def failed(findings: list[Finding]) -> list[str]:
    return [str(finding) for finding in findings if finding.level is Level.FAIL]


def amiss(findings: list[Finding]) -> list[str]:
    return [str(finding) for finding in findings if finding.level is not Level.OK]


def only(findings: list[str]) -> str:
    (found,) = findings
    return found


def content_of(path: Path) -> bytearray:
    return bytearray(path.read_bytes())


def write(path: Path, content: bytes | bytearray) -> None:
    path.write_bytes(content)


NO_TIME = "warn  clock: cannot be compared, since the Bot API does not tell the time"
"""Of the sandbox, whose answers have no date."""


# ── all is well ──


async def test_a_good_run(server: Sandbox, database: Path, tmp_path: Path) -> None:
    environ = environment(tmp_path, token=server.token, api_url=server.api_url)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "handlers",
        "doctor",
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environ},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = (part.decode() for part in await process.communicate())
    assert process.returncode == 0, out
    assert err == ""
    lines = out.splitlines()
    assert [line for line in lines if not line.startswith("ok    ")] == [NO_TIME]
    for part in ("@zhendema_bot", "rule files", "WAL, synchronous FULL", "belongs to the database"):
        assert part in out
    assert len({line.split(":")[0] for line in lines}) >= 10
    for hidden in (server.token, server.token.split(":")[1], KEY):
        assert hidden not in out
    assert [call.method.lower() for call in server.calls] == ["getme", "getwebhookinfo"]


async def test_offline_talks_to_nobody(server: Sandbox, database: Path, tmp_path: Path) -> None:
    findings = await look(environment(tmp_path, token=server.token, api_url=server.api_url))
    assert amiss(findings) == []
    assert not server.calls


async def test_before_the_first_start(tmp_path: Path) -> None:
    environ = environment(tmp_path / "none", token=OTHER_TOKEN)
    del environ["ZHENDEMA_SECRET"]
    findings = await look(environ)
    assert "not there yet" in only(amiss(findings))
    assert os.listdir(tmp_path) == []  # noqa: PTH208


# ── settings and network ──


async def test_every_malformed_setting_is_named_and_no_value(database: Path, tmp_path: Path) -> None:
    environ = environment(
        tmp_path, token="hidden-1", owners="hidden-2", proxy="hidden-3", log_level="hidden-4", tokn="hidden-5"
    )
    findings = await look(environ)
    said = "\n".join(map(str, findings))
    for name in ("TOKEN", "OWNERS", "PROXY", "LOG_LEVEL"):
        assert f"FAIL  settings: ZHENDEMA_{name}" in said
    assert "warn  settings: ZHENDEMA_TOKN is no setting" in said
    assert "hidden" not in said
    assert "belongs to the database" in said


async def test_no_token_and_a_missing_overlay(database: Path, tmp_path: Path) -> None:
    found = failed(await look(environment(tmp_path, institutions_overlay="/none.toml")))
    assert len(found) == 2
    assert "ZHENDEMA_TOKEN is not set" in found[1]
    overlay = tmp_path / "overlay.toml"
    overlay.write_text("[[change]\n")
    found = failed(await look(environment(tmp_path, token=OTHER_TOKEN, institutions_overlay=str(overlay))))
    assert "overlay.toml" in only(found)


def test_the_variables_are_those_of_the_settings() -> None:
    import bot.settings

    documented = [line.split("``")[1] for line in (bot.settings.__doc__ or "").splitlines() if line.startswith("``")]
    assert sorted(documented) == doctor_local.variables()


async def test_a_refused_token(server: Sandbox, database: Path, tmp_path: Path) -> None:
    findings = await look(environment(tmp_path, token=OTHER_TOKEN, api_url=server.api_url), offline=False)
    assert "@BotFather" in only(failed(findings))
    assert OTHER_TOKEN not in "\n".join(map(str, findings))


async def test_an_api_that_does_not_answer(database: Path, tmp_path: Path) -> None:
    environ = environment(tmp_path, token=OTHER_TOKEN, api_url="http://127.0.0.1:9")
    findings = await look(environ, offline=False)
    assert "check the network and ZHENDEMA_API_URL" in only(failed(findings))
    assert "clock: cannot be compared" in "\n".join(amiss(findings))
    environ["ZHENDEMA_PROXY"] = "socks5://me:hidden@127.0.0.1:9"
    findings = await look(environ, offline=False)
    assert [line.split(":")[0] for line in failed(findings)] == ["FAIL  proxy", "FAIL  token"]
    assert "hidden" not in "\n".join(map(str, findings))


@asynccontextmanager
async def other_server(ahead: timedelta) -> AsyncIterator[str]:
    """A web server that knows nothing of bots, with a clock of its own; its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        date = f"Date: {datetime.now(UTC) + ahead:%a, %d %b %Y %H:%M:%S} GMT"
        writer.write(f"HTTP/1.1 200 OK\r\n{date}\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_server_that_is_no_bot_api(database: Path, tmp_path: Path) -> None:
    async with other_server(timedelta()) as address:
        findings = await look(environment(tmp_path, token=OTHER_TOKEN, api_url=address), offline=False)
    assert "ZHENDEMA_API_URL" in only(failed(findings))
    assert any("clock: agrees" in str(finding) for finding in findings)


@pytest.mark.parametrize(("ahead", "words"), [(20, "agrees"), (-20, "agrees"), (45, "behind"), (-45, "ahead")])
async def test_clocks(tmp_path: Path, ahead: int, words: str) -> None:
    async with other_server(timedelta(seconds=ahead)) as address:
        given = doctor_local.read_settings(environment(tmp_path, token=OTHER_TOKEN, api_url=address))
        finding = await doctor_network.clock(given.settings)
    assert words in finding.said
    assert (finding.level is Level.OK) == (words == "agrees")


async def test_a_webhook_is_a_warning(server: Sandbox, database: Path, tmp_path: Path) -> None:
    server.state.webhook.url = "https://example.com/hook"
    environ = environment(tmp_path, token=server.token, api_url=server.api_url)
    findings = await look(environ, offline=False)
    server.state.webhook.url = ""
    assert NO_TIME in amiss(findings)
    assert "webhook" in only([line for line in amiss(findings) if line != NO_TIME])


async def test_the_bots_own_webhook(server: Sandbox, database: Path, tmp_path: Path) -> None:
    hook, url = server.state.webhook, "https://bot.example.org/hidden-1"
    environ = environment(tmp_path, token=server.token, api_url=server.api_url, webhook_url=url)
    settings = Settings.from_env(environ)

    async def said() -> str:
        return str((await doctor_network.token(settings))[-1])

    assert (await said()).startswith("warn  webhook: none is set yet")
    hook.url = "https://example.com/hook"
    assert "another one is set" in await said()
    hook.url = url
    assert await said() == "ok    webhook: set, 0 updates wait"
    hook.last_error_date, hook.last_error_message = int(server.state.now()) - 7200, f"Connection refused at {url}"
    assert (await said()).startswith("ok ")
    hook.last_error_date += 7100
    found = "\n".join(map(str, await look(environ, offline=False)))
    assert "warn  webhook: Telegram could not post (Connection refused at …), 0 updates wait" in found
    assert "hidden-1" not in found


def test_what_listening_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = environment(tmp_path, token=OTHER_TOKEN, listen="127.0.0.1:8080")
    assert [finding.level for finding in doctor_local.server(Settings.from_env(environ))] == [Level.OK]
    monkeypatch.setattr(doctor_local, "find_spec", lambda name: None if name == "uvicorn" else name)
    (finding,) = doctor_local.server(Settings.from_env(environ))
    assert str(finding) == "FAIL  server: uvicorn is missing: pip install 'zhendema[server]'"
    del environ["ZHENDEMA_LISTEN"]
    assert doctor_local.server(Settings.from_env(environ)) == []


# ── the database ──


async def test_another_secret(database: Path, tmp_path: Path) -> None:
    environ = environment(tmp_path, token=OTHER_TOKEN, secret=KEY[::-1])
    findings = await look(environ)
    assert "another one" in only(failed(findings))
    assert KEY[::-1] not in "\n".join(map(str, findings))
    del environ["ZHENDEMA_SECRET"]
    assert "none, but the database has one" in only(failed(await look(environ)))
    assert not (database.parent / "secret").exists()
    (database.parent / "secret").write_text(KEY)
    (database.parent / "secret").chmod(0o644)
    assert "chmod 600" in only(failed(await look(environ)))


async def test_a_damaged_database(database: Path, tmp_path: Path) -> None:
    content = content_of(database)
    content[8192:] = b"\xaa" * (len(content) - 8192)
    write(database, content)
    found = failed(await look(environment(tmp_path, token=OTHER_TOKEN)))
    assert any("is damaged: restore the last backup" in line for line in found)
    assert not any("report this" in line for line in found)
    write(database, b"no database " * 1000)
    found = failed(await look(environment(tmp_path, token=OTHER_TOKEN)))
    assert any("is no database file" in line for line in found)
    assert not any("report this" in line for line in found)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write anything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def read_only(database: Path) -> Iterator[Path]:
    """A state folder that nobody can write."""
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to others
        folder = Path(name) / "zhendema"
        folder.mkdir()
        (folder / "zhendema.sqlite3").write_bytes(database.read_bytes())
        (folder / "zhendema.sqlite3").chmod(0o444)
        folder.chmod(0o555)
        Path(name).chmod(0o755)
        with as_nobody():
            yield Path(name)
        folder.chmod(0o755)


async def test_a_read_only_database(database: Path) -> None:
    with read_only(database) as state:
        found = failed(await look(environment(state, token=OTHER_TOKEN)))
    assert found
    assert all("writable for this user" in line for line in found), found


async def test_a_newer_an_older_and_an_empty_database(database: Path, tmp_path: Path) -> None:
    environ = environment(tmp_path, token=OTHER_TOKEN)
    for version, level, words in (("9999", "FAIL", "newer zhendema"), ("0003", "warn", "the next start brings it to")):
        with closing(sqlite3.connect(database)) as plain, plain:
            plain.execute("UPDATE alembic_version SET version_num = ?", (version,))
        line = only(amiss(await look(environ)))
        assert line.startswith(level)
        assert words in line
    for path in database.parent.iterdir():
        path.unlink()
    write(database, b"")
    assert "is empty" in only(amiss(await look(environ)))


async def test_what_waits_and_what_was_given_up(database: Path, tmp_path: Path) -> None:
    environ = environment(tmp_path, token=OTHER_TOKEN)
    now = datetime.now(UTC)

    def change(query: str, *values: object) -> None:
        with closing(sqlite3.connect(database)) as plain, plain:
            plain.execute(query, values)

    at = int(now.timestamp() * 1_000_000)
    change("INSERT INTO inbox VALUES (1, 7, 7, 'hidden text', 'new', ?, NULL, 0, 0, NULL)", at)
    change("INSERT INTO lease VALUES ('poller', 'x', ?)", at + 60_000_000)
    findings = await look(environ, now=now)
    assert amiss(findings) == []
    assert "1 waiting, 0 given up" in "\n".join(map(str, findings))
    assert "a bot is running" in "\n".join(map(str, findings))
    late = amiss(await look(environ, now=now + timedelta(minutes=11)))
    assert "the oldest waits for 11 min" in late[0]
    assert "cut off" in late[1]
    change("UPDATE inbox SET state = 'dead'")
    findings = await look(environ, now=now)
    assert "0 waiting, 1 given up" in only(amiss(findings))
    assert "hidden" not in "\n".join(map(str, findings))


async def test_a_postgres_without_its_driver_or_server(tmp_path: Path) -> None:
    url = "postgresql+asyncpg://me:hidden@127.0.0.1:9/z"
    findings = await look(environment(tmp_path, token=OTHER_TOKEN, database_url=url))
    assert failed(findings)
    assert "hidden" not in "\n".join(map(str, findings))
    assert not any("report this" in line for line in failed(findings))


# ── disk and facts ──


def test_disk_limits(tmp_path: Path) -> None:
    assert doctor_local.disk(tmp_path, little=1, too_little=1).level is Level.OK
    assert doctor_local.disk(tmp_path / "not" / "yet", little=10**18, too_little=1).level is Level.WARN
    assert doctor_local.disk(tmp_path, little=10**18, too_little=10**18).level is Level.FAIL


def test_a_disk_that_is_full(tmp_path: Path) -> None:
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "none", str(tmp_path)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("no right to mount")
    try:
        assert doctor_local.disk(tmp_path / "state").level is Level.FAIL
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)


def test_old_facts() -> None:
    def levels(today: date) -> list[Level]:
        return [finding.level for finding in doctor_local.facts(today)]

    assert levels(date(2026, 11, 30)) == [Level.OK, Level.OK]
    assert levels(date(2027, 11, 1)) == [Level.OK, Level.OK]
    assert levels(date(2027, 11, 25)) == [Level.WARN, Level.WARN]


async def test_old_facts_are_told(database: Path, tmp_path: Path) -> None:
    findings = await look(environment(tmp_path, token=OTHER_TOKEN), now=datetime(2028, 1, 1, tzinfo=UTC))
    assert [line.split(":")[0] for line in amiss(findings)] == ["warn  facts", "warn  facts"]
