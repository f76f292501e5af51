"""Turns a driver's errors into :class:`StoreError` with the mend; no value of a statement gets through."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.errors import StoreError
from bot.store import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

_MENDS = (
    ("unable to open", "cannot be opened: make its folder exist and writable for this user"),
    ("readonly", "is read-only: make the file and its folder writable for this user"),
    ("is full", "cannot grow, the disk is full: free some space"),
    ("disk i/o", "cannot be read or written (disk error): check the disk and its free space"),
    ("malformed", "is damaged: restore the last backup"),
    ("not a database", "is no database file: name another file or restore the last backup"),
    ("locked", "is locked by another process: stop the other one"),
    ("busy", "is locked by another process: stop the other one"),
)
"""What SQLite says, and what to do about it."""


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Raise :class:`StoreError` naming the database and the mend in place of any error of its driver.

    The original is dropped, not chained: a driver quotes the values that it failed on.
    """
    try:
        yield
    except DBAPIError as error:
        mend = _mend(name, error.orig)
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        mend = _mend(name, error)
    else:
        return
    raise StoreError(f"the database {name} {mend}")


def _mend(name: str, error: BaseException | None) -> str:
    if isinstance(error, sqlite3.Error):
        said = str(error).lower()
        found = next((mend for sign, mend in _MENDS if sign in said), None)
    else:
        found = postgres.mend(error) if name.startswith(postgres.SCHEME) else None
    return found or f"cannot be used ({type(error).__name__}): check ZHENDEMA_DATABASE_URL and the server"
