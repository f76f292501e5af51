"""The bot as a process of its own, exactly as in production but for the address of the Bot API."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from sandbox.server import Sandbox

COMMAND = (sys.executable, "-m", "handlers", "run")
_ROOT = Path(__file__).resolve().parent.parent
_KEPT_LINES = 200
_PATIENCE = 10.0


def environment(sandbox: Sandbox, folder: Path) -> dict[str, str]:
    """The bot's settings: this sandbox, a fresh database, nothing from the caller's own bot."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ZHENDEMA_")}
    path = os.pathsep.join(filter(None, [str(_ROOT), kept.get("PYTHONPATH")]))
    return kept | {
        "ZHENDEMA_TOKEN": sandbox.token,
        "ZHENDEMA_API_URL": sandbox.api_url,
        "ZHENDEMA_DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'zhendema.sqlite3'}",
        # Where the bot would put its secret.
        "XDG_STATE_HOME": str(folder),
        "PYTHONPATH": path,
        "PYTHONUNBUFFERED": "1",
        # A proxy of the surroundings must not be asked for an address on this machine.
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


class BotProcess:
    """Runs the bot for as long as the block lasts."""

    def __init__(self, sandbox: Sandbox, folder: Path, command: Sequence[str] = COMMAND) -> None:
        self._sandbox = sandbox
        self._folder = folder
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self.output: collections.deque[str] = collections.deque(maxlen=_KEPT_LINES)
        """The last lines that it wrote."""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            cwd=self._folder,
            env=environment(self._sandbox, self._folder),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reader = asyncio.create_task(self._read(self._process))
        return self

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            self.output.append(line.decode("utf-8", "replace").rstrip())

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.terminate()
            try:
                async with asyncio.timeout(_PATIENCE):
                    await self._process.wait()
            except TimeoutError:
                self._process.kill()
        await self.ended()

    async def ended(self) -> int:
        """Wait for its end; the exit status."""
        assert self._process is not None
        assert self._reader is not None
        code = await self._process.wait()
        await self._reader
        return code
