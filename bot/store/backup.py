"""A copy of a SQLite database while the bot runs. :mod:`bot.store.restore` puts one back.

A copy leaves out what must not lie about for long: what people sent (``inbox``), half-filled sheets
(``rescue_draft``), who used up how much of a day (``spent``) and who polls (``lease``).
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.errors import SettingsError, StoreError
from bot.store import migrate, postgres, sqlite
from bot.store.failures import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

LEFT_OUT = ("inbox", "rescue_draft", "spent", "lease", "chat_claim", "replica")
"""Tables whose rows are in no backup."""
PAGES = 2048
"""Copied at a time, usually 8 MB: between two such steps the copy can be interrupted."""
_SECONDS = 10.0
_KINDS = ("check", "report", "correction", "complaint", "undo")
_OTHERS = {
    "text": "report_text",
    "group": "group_settings",
    "rescue case": "rescue_case",
    "job": "job",
    "month count": "event_count",
}


@dataclass(frozen=True, slots=True)
class Holds:
    """What a database file holds.

    Attributes:
        schema: The version of its schema.
        key_id: Of the secret that it was written under; None where it was never used.
        counts: How many there are of each kind of thing.
        size: Bytes.
    """

    schema: str
    key_id: str | None
    counts: dict[str, int]
    size: int


def file_of(url: str) -> Path:
    """The database file that ``ZHENDEMA_DATABASE_URL`` names.

    Raises:
        SettingsError: It names none.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise SettingsError("ZHENDEMA_DATABASE_URL is malformed: use sqlite+aiosqlite:////path/file.sqlite3") from None
    if parsed.get_backend_name() != "sqlite":
        without, name = " ".join(f"--exclude-table-data={table}" for table in LEFT_OUT), postgres.name_of(parsed)
        raise SettingsError(
            "ZHENDEMA_DATABASE_URL names PostgreSQL, which has its own tools: "
            f"pg_dump --format=custom --file=zhendema.dump {without} '{name}' while the bot runs; and, while it is "
            f"stopped, pg_restore --clean --if-exists --single-transaction --dbname='{name}' zhendema.dump",
        )
    return sqlite.file_of(parsed)


def save(source: Path, target: Path) -> Holds:
    """Copy the database ``source``, in use or not, to the new file ``target``.

    Writers are never kept waiting: the copy is of the moment at which it began.

    Raises:
        StoreError: There is no such database, it is damaged, ``target`` exists, or it cannot be written.
    """
    if not source.is_file():
        raise StoreError(f"there is no database {source}: set ZHENDEMA_DATABASE_URL as for the bot")
    if target.exists():
        raise StoreError(f"{target} exists already and is left as it is: name another file")
    with draft_of(target) as draft:
        copy(source, draft)
        strip(draft)
        check(draft, source)
        holds = inspect(draft, source)
        sync(draft)
        _publish(draft, target)
        return holds


# ── copying ──


def connect(path: Path, *, timeout: float = _SECONDS, options: str = "mode=rw") -> sqlite3.Connection:
    """Open a file that is there; transactions are begun by hand. ``timeout`` in seconds, for others' locks."""
    address = f"{path.absolute().as_uri()}?{options}"
    return sqlite3.connect(address, uri=True, timeout=timeout, isolation_level=None)


def copy(source: Path, draft: Path, options: str = "mode=rw") -> None:
    """Copy the database ``source`` as it is at this moment into the empty file ``draft``.

    Raises:
        StoreError: It cannot be read, or there is no room.
    """
    with (
        told_of(source, draft.parent),
        closing(connect(source, options=options)) as old,
        closing(connect(draft)) as new,
    ):
        # Reading begins here and lasts to the end, or every write in between would start the copy anew.
        old.execute("BEGIN")
        old.execute("SELECT count(*) FROM sqlite_master").fetchone()
        old.backup(new, pages=PAGES)


def strip(draft: Path) -> None:
    """Delete what is in no backup, and write the file anew so that no free part of it keeps a deleted text.

    Raises:
        StoreError: It is damaged, or there is no room.
    """
    with told_of(draft, draft.parent), closing(connect(draft)) as connection:
        # The draft is thrown away if this fails, so it needs no journal, in which the texts would stand again.
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        for table in LEFT_OUT:
            if has_table(connection, table):
                connection.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant
        connection.execute("VACUUM")


def _publish(draft: Path, target: Path) -> None:
    with writable(target):
        try:
            target.hardlink_to(draft)  # unlike a rename it never overwrites
        except FileExistsError:
            raise StoreError(f"{target} exists already and is left as it is: name another file") from None
        except OSError:  # no links on this disk, such as a USB stick
            draft.rename(target)
        sync(target.parent)


# ── looking ──


def inspect(draft: Path, source: Path) -> Holds:
    """What ``draft`` holds, a copy of ``source``.

    Raises:
        StoreError: It is no database of zhendema, or of a newer one.
    """
    with told_of(source, draft.parent), closing(connect(draft)) as connection:
        if not all(has_table(connection, table) for table in ("alembic_version", "meta", "event")):
            raise StoreError(f"{source} is no database of zhendema: name another file")
        schema = scalar(connection, "SELECT version_num FROM alembic_version")
        if schema not in known_schemas():
            raise StoreError(
                f"{source} was written by a newer zhendema (schema {schema}): install that version and try again",
            )
        key_id = scalar(connection, "SELECT value FROM meta WHERE key = 'secret_key_id'")
        kinds = dict(connection.execute("SELECT kind, count(*) FROM event GROUP BY kind").fetchall())
        counts = {kind: kinds.get(kind, 0) for kind in _KINDS}
        for name, table in _OTHERS.items():
            if has_table(connection, table):
                counts[name] = scalar(connection, f"SELECT count(*) FROM {table}")  # noqa: S608 - a constant
    return Holds(schema, key_id, counts, draft.stat().st_size)


def check(draft: Path, source: Path) -> None:
    """Read all of ``draft``, a copy of ``source``.

    Raises:
        StoreError: It is damaged.
    """
    with told_of(source, draft.parent), closing(connect(draft)) as connection:
        sound = connection.execute("PRAGMA integrity_check(1)").fetchall() == [("ok",)]
        if not sound or connection.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreError(f"{source} is damaged: restore a backup that was made before")


def known_schemas() -> set[str]:
    """The versions that this program can read, or bring to its own."""
    return set(migrate.versions())


def has_table(connection: sqlite3.Connection, table: str) -> bool:
    """Whether there is such a table."""
    return scalar(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", table) is not None


def scalar(connection: sqlite3.Connection, query: str, *values: object) -> Any:  # noqa: ANN401 - whatever stands there
    """The first value that ``query`` finds, or None."""
    row = connection.execute(query, values).fetchone()
    return None if row is None else row[0]


# ── files ──


@contextmanager
def draft_of(target: Path) -> Iterator[Path]:
    """A new file beside ``target`` that only its owner reads, and that is gone at the end."""
    with writable(target):
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-", suffix=".part")
        os.close(descriptor)
    draft = Path(name)
    try:
        yield draft
    finally:
        for ending in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                beside(draft, ending).unlink(missing_ok=True)


def beside(path: Path, ending: str) -> Path:
    """The file whose name has ``ending`` at its end."""
    return path.with_name(path.name + ending)


def sync(path: Path) -> None:
    """Have what was written to a file, or the names in a folder, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writable(path: Path) -> Iterator[None]:
    """The system's errors as :class:`StoreError` with the mend."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path} cannot be written ({error.strerror}): make its folder exist and writable") from None


@contextmanager
def told_of(name: Path, folder: Path) -> Iterator[None]:
    """The driver's errors as :class:`StoreError` with the mend, about the database ``name`` copied to ``folder``."""
    with explained(str(name)):
        try:
            yield
        except sqlite3.Error as error:
            if "full" in str(error):
                raise StoreError(f"there is no room in {folder}: free some space") from None
            raise DBAPIError(None, None, error) from None
