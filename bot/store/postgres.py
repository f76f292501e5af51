"""PostgreSQL: connections that heal by themselves, and nothing that waits for ever.

A transaction sees what others commit while it runs (READ COMMITTED): what is read in it and then written on the ground
of it needs a turn (``dialect.take_turn``), a unique key, or a row lock. Reading transactions see one moment throughout.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import URL, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import SettingsError, StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

SCHEME = "postgresql:"
"""How the names of these databases begin (:func:`name_of`)."""
_DRIVER = "postgresql+asyncpg"
CONNECTIONS = 8
"""Of one process; a server allows 100 unless it is told otherwise."""
QUEUE_SECONDS = 30
"""How long to wait for one of them."""
WRITERS = 4
"""Transactions under way at a time for small pieces of writing: each statement is a way to the server and back."""
CONNECT_SECONDS = 10
LOCK_SECONDS = 10
"""How long to wait for a row or a turn that another transaction has."""
STATEMENT_SECONDS = 60
LONGEST = 90
"""Seconds of a whole transaction; what the server itself no longer can end, such as after a cut cable, ends so."""
CLOSE_SECONDS = 5
IDLE_SECONDS = 30.0
"""A connection that lay idle for longer is asked whether it still is one; a closed one is known without asking."""
ASK_SECONDS = 5.0
"""How long it may take to answer that."""
MIGRATION_LOCK_SECONDS = 600
OLDEST = 14
"""The oldest version that its makers still mend."""
ENCODING = "UTF8"
NO_CHINESE = "that holds no Chinese, so make a database with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
_OPTIONS = {"host", "port", "ssl", "sslmode"}

_MENDS = {
    "08": "broke the connection off: it is tried again",
    "28": "refuses the user, the password or this machine: check ZHENDEMA_DATABASE_URL, and the server's pg_hba.conf",
    "3D": "does not exist: make it with CREATE DATABASE … ENCODING 'UTF8'",
    "42501": "does not let this user: make the user the owner of the database",
    "53100": "cannot grow, the server's disk is full: free some space",
    "53300": "has no connection left: raise max_connections, or run fewer processes",
    "55P03": "is kept waiting by another transaction: look for it in pg_stat_activity",
    "57014": "takes too long: look into pg_stat_activity, and at the load of the server",
    "57P": "is stopped or being restarted: it is tried again",
    "25006": "is read-only, a stand-by perhaps: name the primary server in ZHENDEMA_DATABASE_URL",
    "25P": "ended a transaction that lasted too long",
    "40": "was asked for the same by two at once: it is tried again",
    "22": "cannot hold a value",
    "23": "refuses a row that contradicts others",
    "XX001": "is damaged: restore the last backup",
}
"""The beginning of PostgreSQL's own codes (SQLSTATE), the longest that fits, and what to do about it."""


def tidied(url: URL) -> URL:
    """The URL for our driver; ``sslmode``, as other programs call it, is ``ssl`` there.

    Raises:
        SettingsError: It has no database, or an option that the driver does not know.
    """
    if not url.database:
        raise SettingsError(
            "ZHENDEMA_DATABASE_URL: PostgreSQL needs the name of a database, as in "
            "postgresql+asyncpg://user:password@host/zhendema"
        )
    strange = sorted(set(url.query) - _OPTIONS)
    if strange:
        raise SettingsError(
            f"ZHENDEMA_DATABASE_URL: there is no option {strange[0]}: of those after the ? only "
            f"{', '.join(sorted(_OPTIONS))} are known"
        )
    query = {"ssl" if name == "sslmode" else name: value for name, value in url.query.items()}
    return url.set(drivername=_DRIVER, query=query)


def name_of(url: URL) -> str:
    """What messages call the database: never with its password, wherever that stands."""
    return URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()


def engine(url: URL, *, patient: bool = False) -> AsyncEngine:
    """An engine for a URL as :func:`tidied` gives it.

    Args:
        url: Of the database.
        patient: True for one piece of work that may take its time: one connection, no limit for a statement.

    Raises:
        SettingsError: The driver is missing.
    """
    lock = MIGRATION_LOCK_SECONDS if patient else LOCK_SECONDS
    settings = {
        "application_name": "zhendema",
        "lock_timeout": _milliseconds(lock),
        "statement_timeout": _milliseconds(0 if patient else STATEMENT_SECONDS),
        "idle_in_transaction_session_timeout": _milliseconds(0 if patient else LONGEST),
        "jit": "off",  # of no use to statements that take milliseconds
    }
    try:
        made = create_async_engine(
            url,
            hide_parameters=True,
            pool_size=1 if patient else CONNECTIONS,
            max_overflow=0,
            pool_timeout=QUEUE_SECONDS,
            connect_args={
                "timeout": CONNECT_SECONDS,
                "server_settings": settings,
                "prepared_statement_cache_size": 500,
            },
        )
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"ZHENDEMA_DATABASE_URL names PostgreSQL, which needs a driver: pip install {error.name}",
        ) from None
    event.listen(made.sync_engine, "checkin", _on_checkin)
    event.listen(made.sync_engine, "checkout", _on_checkout)
    return made


def reader(made: AsyncEngine) -> AsyncEngine:
    """The same connections for transactions that only read and see one moment throughout."""
    return made.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def check(connection: Connection) -> None:
    """Look whether the database can hold what is written.

    Raises:
        StoreError: It has another encoding than UTF-8; the message says what mends it.
    """
    encoding = connection.scalar(sa.text("SHOW server_encoding"))
    if encoding != ENCODING:
        raise StoreError(f"the database {name_of(connection.engine.url)} has the encoding {encoding}: {NO_CHINESE}")


def mend(error: BaseException | None) -> str | None:
    """What is wrong and what mends it; None where the error is not PostgreSQL's, nor of the way to it."""
    if isinstance(error, PoolTimeoutError):
        return "is too slow, all connections to it are busy: look into pg_stat_activity, and at the load of the server"
    code = getattr(error, "sqlstate", None)
    if isinstance(code, str):
        fits = [start for start in _MENDS if code.startswith(start)]
        return _MENDS[max(fits, key=len)] if fits else f"cannot be used (PostgreSQL's error {code})"
    if isinstance(error, TimeoutError):
        return "does not answer in time: check the network and the server"
    if isinstance(error, OSError):
        return "cannot be reached: start the server, or mend host and port in ZHENDEMA_DATABASE_URL"
    return None


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def _on_checkin(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["idle_since"] = time.monotonic()


def _on_checkout(connection: Any, entry: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:  # noqa: ANN401
    """Have a connection that is none any more replaced before it is used; asking each time would double the traffic."""
    if connection.driver_connection.is_closed():
        raise DisconnectionError
    if time.monotonic() - entry.info.get("idle_since", time.monotonic()) > IDLE_SECONDS:
        try:
            connection.run_async(lambda driver: driver.execute("SELECT 1", timeout=ASK_SECONDS))
        except Exception:  # noqa: BLE001  whatever it is, another one is tried
            raise DisconnectionError from None
