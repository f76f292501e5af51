"""``zhendema backup`` and ``zhendema restore`` on real files, with the real service before and after."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command

from bot.errors import StoreError
from bot.model import Indicators, Level, Sightings, Sms, Span, Verdict
from bot.secret import Secret
from bot.service.leases import POLLER
from bot.service.service import Service, open_service, utc_now
from bot.service.types import Chat, Checked, Person
from bot.store import migrate
from bot.store.backup import save
from bot.store.restore import restore
from handlers.cli import main

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.opened import Opened

KEY = "a-secret-of-more-than-thirty-two-characters"
WAITING, DEAD, DRAFT, SAID = "还在排队的那条短信", "写坏了的那条短信", "姓王的受害人的报案材料", "您的包裹到了请取件"
ME, CHAT = Person("telegram:7"), Chat(7)
ROOT = Path(__file__).resolve().parents[3]


class NoDirectory:
    def owners_of_number(self, digits: str) -> tuple[str, ...]:  # noqa: ARG002
        return ()


class NoFacts:
    directory = NoDirectory()


def scam(opened: Opened, sightings: Sightings) -> Verdict:
    return Verdict(
        level=Level.SCAM,
        score=0.9,
        category=None,
        evidence=(),
        institution=None,
        hotlines=(),
        body=Span(0, len(opened.sms.text)),
        indicators=Indicators((), ()),
    )


@asynccontextmanager
async def service_on(path: Path, key: str = KEY) -> AsyncIterator[Service]:
    async with open_service(f"sqlite+aiosqlite:///{path}", Secret(key), NoFacts(), scam) as service:
        yield service


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of its own and an empty current folder; no token."""
    for name in [name for name in os.environ if name.startswith("ZHENDEMA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("ZHENDEMA_SECRET", KEY)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A used database: a check, a report, a waiting and a dead update, a draft, a lease, a job."""
    path = tmp_path / "state" / "zhendema" / "zhendema.sqlite3"
    path.parent.mkdir(parents=True)
    asyncio.run(_use(path))
    until = int((datetime.now(UTC) - timedelta(minutes=1)).timestamp() * 1_000_000)
    with closing(sqlite3.connect(path)) as plain, plain:
        for number, state, body in ((1, "new", WAITING), (2, "dead", DEAD)):
            plain.execute("INSERT INTO inbox VALUES (?, 7, 7, ?, ?, 1, 1, 0, 0, NULL)", (number, body, state))
        plain.execute("INSERT INTO rescue_draft VALUES ('p', ?, 1)", (DRAFT,))
        plain.execute("INSERT INTO lease VALUES (?, 'somebody', ?)", (POLLER, until))
        # Deleted, but still in a free part of the file.
        plain.execute("PRAGMA secure_delete = OFF")
        plain.execute("INSERT INTO inbox VALUES (3, 7, 7, ?, 'new', 1, 1, 0, 0, NULL)", (WAITING * 3000,))
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("PRAGMA secure_delete = OFF")
        plain.execute("DELETE FROM inbox WHERE update_id = 3")
    return path


async def _use(path: Path) -> None:
    async with service_on(path) as service:
        done = await service.check(Sms(SAID), ME, CHAT, "1")
        assert isinstance(done, Checked)
        await service.confirm(done.check_id, Sms(SAID), ME, CHAT, admin=False, source="2")
        await service.every("sweep")


def counts(path: Path, *tables: str) -> list[int]:
    with closing(sqlite3.connect(path)) as plain:
        return [plain.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line of a refusal."""
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("zhendema: ")
    assert captured.err.count("\n") == 1
    return captured.err


# ── backup ──


def test_a_backup_by_default(database: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup"]) == 0
    (made,) = home.iterdir()
    assert re.fullmatch(r"zhendema-\d{8}-\d{6}\.sqlite3", made.name)
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    out = capsys.readouterr().out
    for part in ("1 check, 1 report", "1 job", "inbox", "dead letters", "drafts", "cannot be used"):
        assert part in out
    assert f"id {Secret(KEY).key_id}" in out
    assert KEY not in out
    assert counts(made, "event", "report_text", "job", "inbox", "rescue_draft", "lease") == [2, 1, 1, 0, 0, 0]
    assert counts(database, "inbox", "rescue_draft", "lease") == [2, 1, 1]


def test_what_groups_chose_is_kept_and_what_a_forget_left_is_not(
    database: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(database)) as plain, plain:
        plain.execute(
            "INSERT INTO group_settings VALUES (-1, 'present', 'Asia/Taipei', 'zh-Hans', 1, 1, 'all', 1, NULL)"
        )
        plain.execute("INSERT INTO group_admin VALUES ('admin', -1, 1)")
        plain.execute("INSERT INTO consent VALUES ('agreed', 1)")
        plain.execute("INSERT INTO spent VALUES ('left-of-a-day', 7, 1)")
    tables = ("group_settings", "group_admin", "consent", "spent")
    assert main(["backup", "b"]) == 0
    assert "1 group," in capsys.readouterr().out
    assert counts(home / "b", *tables) == [1, 1, 1, 0]
    assert b"left-of-a-day" not in (home / "b").read_bytes()
    assert main(["restore", "b"]) == 0
    assert counts(database, *tables) == [1, 1, 1, 0]


def test_nothing_of_what_is_left_out_is_in_its_bytes(database: Path, home: Path) -> None:
    everything = b"".join(file.read_bytes() for file in database.parent.iterdir())
    assert main(["backup", "b"]) == 0
    found = (home / "b").read_bytes()
    for text in (WAITING, DEAD, DRAFT):
        assert text.encode() in everything
        assert text.encode() not in found
    assert KEY.encode() not in found
    assert SAID.encode() in found
    assert found[18:20] == b"\x01\x01"  # no write-ahead log is looked for beside it


def test_a_backup_while_a_writer_is_busy(database: Path, home: Path) -> None:
    with closing(sqlite3.connect(database)) as plain, plain:
        plain.execute("INSERT INTO meta VALUES ('big', hex(randomblob(20000000)))")
    stop, waits, began = threading.Event(), list[float](), threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(database, isolation_level=None, timeout=10)) as busy:
            number = 0
            while not stop.is_set():
                start = time.monotonic()
                busy.execute("BEGIN IMMEDIATE")
                # Both or none are in any copy.
                busy.execute("INSERT INTO mute VALUES (?, 1)", (f"a{number}",))
                busy.execute("INSERT INTO mute VALUES (?, 1)", (f"b{number}",))
                busy.execute("COMMIT")
                waits.append(time.monotonic() - start)
                number += 1
                began.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert began.wait(10)
        before = len(waits)
        assert main(["backup", "b"]) == 0
        during = len(waits) - before
    finally:
        stop.set()
        writer.join()
    assert during > 5
    assert max(waits) < 5
    with closing(sqlite3.connect(home / "b")) as plain:
        a, b = (plain.execute("SELECT count(*) FROM mute WHERE person LIKE ?", (f"{x}%",)).fetchone()[0] for x in "ab")
    assert a == b >= 1


async def test_a_backup_while_the_service_runs(database: Path, tmp_path: Path) -> None:
    async with service_on(database) as service:
        await service.check(Sms(SAID), ME, CHAT, "3")
        saving = asyncio.create_task(asyncio.to_thread(save, database, tmp_path / "b"))
        for number in range(20):
            await service.check(Sms(SAID), Person(f"telegram:{number}"), CHAT, f"more {number}")
        holds = await saving
    assert 2 <= holds.counts["check"] <= 22


def test_an_existing_file_is_never_overwritten(database: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "mine").write_text("mine")
    assert main(["backup", "mine"]) == 2
    assert "mine exists already" in said(capsys)
    assert (home / "mine").read_text() == "mine"
    assert [*home.iterdir()] == [home / "mine"]


def test_backups_that_cannot_be_made(
    database: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["backup", "no/such/folder/b"]) == 2
    assert "make its folder exist" in said(capsys)
    monkeypatch.setenv("ZHENDEMA_DATABASE_URL", "postgresql+asyncpg://me:hidden@host/z")
    assert main(["backup"]) == 2
    refusal = said(capsys)
    assert "pg_dump" in refusal
    assert "--exclude-table-data=inbox --exclude-table-data=rescue_draft" in refusal
    assert "hidden" not in refusal
    monkeypatch.setenv("ZHENDEMA_DATABASE_URL", f"sqlite+aiosqlite:///{home}/none.sqlite3")
    assert main(["backup"]) == 2
    assert "there is no database" in said(capsys)
    assert not [*home.iterdir()]


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for at in range(8192, len(content), 4096):
        content[at : at + 60] = b"\xaa" * 60
    path.write_bytes(content)


def test_no_backup_is_made_of_a_damaged_database(
    database: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(database)
    assert main(["backup"]) == 2
    assert "damaged" in said(capsys)
    assert not [*home.iterdir()]


def test_no_backup_of_a_newer_or_other_database(database: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(sqlite3.connect(database)) as plain, plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
    assert main(["backup"]) == 2
    assert "newer zhendema (schema 9999)" in said(capsys)
    with closing(sqlite3.connect(database)) as plain, plain:
        plain.execute("DROP TABLE alembic_version")
    assert main(["backup"]) == 2
    assert "no database of zhendema" in said(capsys)
    assert not [*home.iterdir()]


# ── restore ──


async def _known(path: Path) -> tuple[int, bool]:
    """What the real service knows of the person: checks, and whether the text counts as theirs."""
    async with service_on(path) as service:
        confirmed = (await service.sightings(Sms(SAID))).people == 1
        return (await service.forget(ME)).checks, confirmed


def test_round_trip(database: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "b"]) == 0
    asyncio.run(_forget(database))
    capsys.readouterr()
    assert main(["restore", "b"]) == 0
    out = capsys.readouterr().out
    assert "restored from b" in out
    assert "1 check, 1 report" in out
    (kept,) = database.parent.glob("*.before-restore-*")
    assert str(kept) in out
    assert re.search(r"\.before-restore-\d{8}-\d{6}$", kept.name)
    assert not database.with_name(database.name + "-wal").exists()
    assert stat.S_IMODE(database.stat().st_mode) == 0o600
    assert not [*database.parent.glob("*.part*")]
    assert asyncio.run(_known(database)) == (1, True)
    assert asyncio.run(_known(kept)) == (0, False)


async def _forget(path: Path) -> None:
    async with service_on(path) as service:
        await service.forget(ME)


def test_restore_where_nothing_is(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["backup", "b"]) == 0
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "other"))
    assert main(["restore", "b"]) == 0
    new = tmp_path / "other" / "zhendema" / "zhendema.sqlite3"
    assert not [*new.parent.glob("*.before-restore-*")]
    assert asyncio.run(_known(new)) == (1, True)


def test_the_log_of_the_old_database_is_not_read_into_the_new(database: Path, home: Path) -> None:
    assert main(["backup", "b"]) == 0
    code = (
        "import os, sqlite3, sys; c = sqlite3.connect(sys.argv[1]);"
        "c.execute(\"INSERT INTO meta VALUES ('late', 'x')\"); c.commit(); os._exit(0)"
    )
    subprocess.run([sys.executable, "-c", code, str(database)], check=True)
    assert database.with_name(database.name + "-wal").stat().st_size > 0
    assert main(["restore", "b"]) == 0
    (kept,) = database.parent.glob("*.before-restore-*")
    late = "SELECT count(*) FROM meta WHERE key = 'late'"
    for path, there in ((database, 0), (kept, 1)):
        with closing(sqlite3.connect(path)) as plain:
            assert plain.execute(late).fetchone() == (there,)


@pytest.mark.parametrize("content", [b"", b"no database at all, " * 500])
def test_restore_over_a_damaged_database(database: Path, content: bytes) -> None:
    assert main(["backup", "b"]) == 0
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    database.write_bytes(content)
    database.with_name(database.name + "-wal").write_bytes(b"x" * 100)
    assert main(["restore", "b"]) == 0
    assert asyncio.run(_known(database)) == (1, True)
    (kept,) = [path for path in database.parent.glob("*.before-restore-*") if not path.name.endswith("-wal")]
    assert not content or kept.read_bytes() == content


def test_an_older_backup_is_brought_up_to_date(database: Path, home: Path) -> None:
    import sqlalchemy as sa

    old = home / "old.sqlite3"
    engine = sa.create_engine(f"sqlite:///{old}", poolclass=sa.NullPool)
    with engine.begin() as connection:
        config = migrate.config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.exec_driver_sql("INSERT INTO meta VALUES ('secret_key_id', ?)", (Secret(KEY).key_id,))
    engine.dispose()
    before = old.read_bytes()
    assert main(["restore", "old.sqlite3"]) == 0
    assert old.read_bytes() == before
    assert counts(database, "inbox", "event") == [0, 0]
    assert asyncio.run(_known(database)) == (0, False)


def refused(database: Path, capsys: pytest.CaptureFixture[str], name: str = "b") -> str:
    """The refusal to restore; the database in place is as it was."""
    before = database.read_bytes()
    capsys.readouterr()
    assert main(["restore", name]) == 2
    assert database.read_bytes() == before
    assert not [*database.parent.glob("*.before-restore-*")]
    assert not [*database.parent.glob("*.part*")]
    return said(capsys)


def test_unfit_backups(database: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "b"]) == 0
    assert "there is no backup" in refused(database, capsys, "none")
    assert "is the database in use" in refused(database, capsys, str(database))
    (home / "text").write_text("hello " * 1000)
    assert "no database file" in refused(database, capsys, "text")
    with closing(sqlite3.connect(home / "other")) as plain, plain:
        plain.execute("CREATE TABLE t (x)")
    assert "no database of zhendema" in refused(database, capsys, "other")
    with closing(sqlite3.connect(home / "b")) as plain, plain:
        plain.execute("UPDATE alembic_version SET version_num = '9999'")
    assert "newer zhendema (schema 9999)" in refused(database, capsys)
    damage(home / "b")
    assert "damaged" in refused(database, capsys)


def test_half_a_backup(database: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", "b"]) == 0
    content = (home / "b").read_bytes()
    (home / "b").write_bytes(content[: len(content) // 2])
    assert "damaged" in refused(database, capsys)


def test_another_secret(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["backup", "b"]) == 0
    monkeypatch.setenv("ZHENDEMA_SECRET", KEY[::-1])
    refusal = refused(database, capsys)
    assert "under another secret" in refusal
    assert KEY[::-1] not in refusal
    monkeypatch.delenv("ZHENDEMA_SECRET")
    assert "there is no secret" in refused(database, capsys)
    assert not (database.parent / "secret").exists()
    (database.parent / "secret").write_text(KEY)
    (database.parent / "secret").chmod(0o600)
    assert main(["restore", "b"]) == 0


async def test_while_a_bot_runs(database: Path, tmp_path: Path) -> None:
    await asyncio.to_thread(save, database, tmp_path / "b")
    key_id = Secret(KEY).key_id
    async with service_on(database) as service:
        # Another program has the file open, whatever it does.
        with pytest.raises(StoreError, match="another program has"):
            await restore(tmp_path / "b", database, key_id, utc_now())
        assert await service.lease(POLLER, 60).hold()
        with pytest.raises(StoreError, match="a bot is running on"):
            await restore(tmp_path / "b", database, key_id, utc_now())
    # It crashed, or runs where its locks are not seen.
    with pytest.raises(StoreError, match=r"wait \d\d s"):
        await restore(tmp_path / "b", database, key_id, utc_now())
    await restore(tmp_path / "b", database, key_id, utc_now() + timedelta(seconds=61))
    assert await _known(database) == (1, True)


def test_a_killed_backup_leaves_the_name_free(database: Path, home: Path) -> None:
    with closing(sqlite3.connect(database)) as plain, plain:
        plain.execute("INSERT INTO meta VALUES ('big', hex(randomblob(30000000)))")
    process = subprocess.Popen(
        [sys.executable, "-m", "handlers", "backup", str(home / "b")], cwd=ROOT, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while not [*home.glob(".b-*.part")] and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (home / "b").exists()
    for left in home.glob(".b-*"):
        assert stat.S_IMODE(left.stat().st_mode) == 0o600
    assert main(["backup", "b"]) == 0
