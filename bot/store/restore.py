"""Putting a backup in the place of a SQLite database."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import URL

from bot.errors import SecretError, StoreError
from bot.store import migrate, sqlite
from bot.store.backup import (
    Holds,
    beside,
    check,
    connect,
    copy,
    draft_of,
    has_table,
    inspect,
    scalar,
    strip,
    sync,
    writable,
)
from bot.store.failures import explained

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

POLLER = "poller"
"""The lease of who asks the messenger for updates."""
_PATIENCE = 1.0
_NEW = 0o600
_LOGS = ("-wal", "-journal")
"""Read into the database file beside which they stand, whichever that is."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did. ``kept`` is where the database is that was there before, None where there was none."""

    holds: Holds
    kept: Path | None


async def restore(source: Path, target: Path, key_id: str, now: datetime) -> Restored:
    """Put the backup ``source`` in place of the database ``target``, which no bot may be using.

    Everything is checked on a copy beside ``target``; only then is anything changed.

    Args:
        source: A backup, or a database file as it is.
        target: The database file; made where there is none.
        key_id: Of the secret in force.
        now: For the name of the database that is replaced, and to tell whether a bot is at work.

    Raises:
        StoreError: A bot is running; ``source`` is missing, damaged, no such database or too new; no room.
        SecretError: The backup was made under another secret.
    """
    _look(source, target)
    async with sqlite.start_lock(target):
        with writable(target):
            alone = sqlite.sole_process(target)
        if alone is None:
            raise StoreError(f"a bot is running on {target}: stop it first")
        try:
            _refuse_if_polled(target, now)
            return _replace(source, target, key_id, now)
        finally:
            os.close(alone)


def _look(source: Path, target: Path) -> None:
    if not source.is_file():
        raise StoreError(f"there is no backup {source}: name the file that `zhendema backup` made")
    if target.exists() and source.samefile(target):
        raise StoreError(f"{source} is the database in use itself: name a backup")
    with writable(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _replace(source: Path, target: Path, key_id: str, now: datetime) -> Restored:
    target = target.resolve()  # of a link it is the file that is replaced
    with draft_of(target) as draft:
        in_use = any(beside(source, ending).exists() for ending in ("-wal", "-shm"))
        # An unused one can lie where nothing can be written, not even the lock of a reader.
        copy(source, draft, "mode=rw" if in_use else "mode=ro&immutable=1")
        check(draft, source)
        _same_secret(inspect(draft, source), source, key_id)
        _migrate(draft, source)
        strip(draft)
        check(draft, source)
        holds = inspect(draft, source)
        sync(draft)
        kept = _set_aside(target, now)
        with writable(target):
            draft.replace(target)
            sync(target.parent)
    return Restored(holds, kept)


def _same_secret(holds: Holds, source: Path, key_id: str) -> None:
    if holds.key_id not in {None, key_id}:
        raise SecretError(
            f"{source} was made under another secret (id {holds.key_id}, now {key_id}): "
            "set ZHENDEMA_SECRET or put the secret file back as it was then; nothing was changed",
        )


def _migrate(draft: Path, source: Path) -> None:
    engine = sa.create_engine(URL.create("sqlite", database=str(draft)), hide_parameters=True, poolclass=sa.NullPool)
    try:
        with explained(str(source)), engine.begin() as connection:
            migrate.upgrade(connection, str(source))
    finally:
        engine.dispose()


def _refuse_if_polled(target: Path, now: datetime) -> None:
    """Refuse while a bot holds its lease, as from a machine whose locks cannot be seen from here."""
    if not target.is_file():
        return
    try:
        with closing(connect(target)) as connection:
            query = "SELECT until FROM lease WHERE name = ? AND until > ?"
            values = (POLLER, int(now.timestamp() * 1_000_000))
            until = scalar(connection, query, *values) if has_table(connection, "lease") else None
    except sqlite3.Error:
        return  # damaged, which is why it is replaced
    if until is not None:
        seconds = until // 1_000_000 - int(now.timestamp()) + 1
        raise StoreError(
            f"a bot is running on {target}, or was a moment ago: stop it first; if it crashed, wait {seconds} s",
        )


def _set_aside(target: Path, now: datetime) -> Path | None:
    """Keep the database that is to be replaced, and take away what belongs to it: its log would be read into any other.

    Raises:
        StoreError: Another program has it open, or it cannot be kept.
    """
    if not target.exists():
        _drop_logs(target)
        return None
    kept = beside(target, f".before-restore-{now:%Y%m%d-%H%M%S}")
    try:
        with closing(connect(target, timeout=_PATIENCE)) as connection:
            # Exclusive, since only so it can be told whether anybody else has the file open. Leaving WAL mode then
            # takes the log into the file.
            connection.execute("PRAGMA locking_mode = EXCLUSIVE").fetchall()
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise StoreError(f"another program has {target} open: stop the bot and whatever else uses it") from None
    except sqlite3.DatabaseError:
        pass  # damaged: it is kept as it is, with its log
    with writable(target):
        if kept.exists():
            raise StoreError(f"{kept} exists already: wait a second and try again")
        try:
            kept.hardlink_to(target)
        except OSError:
            _plain_copy(target, kept)
        for ending in _LOGS:
            if beside(target, ending).exists():
                beside(target, ending).rename(beside(kept, ending))
    _drop_logs(target)
    return kept


def _drop_logs(target: Path) -> None:
    with writable(target):
        for ending in (*_LOGS, "-shm"):
            beside(target, ending).unlink(missing_ok=True)


def _plain_copy(source: Path, target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _NEW)
    with source.open("rb") as old, open(descriptor, "wb") as new:  # noqa: PTH123 - os.open gives a descriptor
        shutil.copyfileobj(old, new)
        new.flush()
        os.fsync(descriptor)
