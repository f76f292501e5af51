"""The bot process of the soak: killed at given moments, restarted at once on the same folder.

Every second kill waits from its moment on until updates have just been acknowledged.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from typing import TYPE_CHECKING

from sandbox.bot_process import COMMAND, environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sandbox.server import Sandbox

SECRET = "soak soak soak soak soak soak soak soak"  # noqa: S105 - of nobody
WITHOUT_LIMITS = (sys.executable, "-m", "bench.soak_bot")
WITHOUT_INBOX = (*WITHOUT_LIMITS, "--no-inbox")
_PATIENCE = 30.0
_AIMING = 12.0
"""Seconds that a kill waits at most for the moment right after updates were acknowledged."""
_LOOK = 0.005


class Victim:
    """Runs the bot for as long as the block lasts; its output goes to ``bot.log`` in the folder."""

    def __init__(self, sandbox: Sandbox, folder: Path, *, inbox: bool, limits: bool, burst: float) -> None:
        self._command: Sequence[str] = (COMMAND if limits else WITHOUT_LIMITS) if inbox else WITHOUT_INBOX
        self._folder = folder
        self._environment = environment(sandbox, folder) | {
            "ZHENDEMA_SECRET": SECRET,
            "ZHENDEMA_BURST_SECONDS": str(burst),
            "ZHENDEMA_LOG_LEVEL": "INFO",
        }
        self._polls = sandbox.state.updates
        self._process: asyncio.subprocess.Process | None = None
        self.kills = 0
        self.early = 0
        """Kills before the bot polled."""
        self.ended_by_itself = 0

    async def live(self, moments: Sequence[float]) -> None:
        """Live, and die at these moments (seconds from now), each time to rise again; then live on until cancelled."""
        loop = asyncio.get_running_loop()
        begun, moments = loop.time(), sorted(moments)
        try:
            while True:
                polls = self._polls.polls
                process = await self._start()
                left = begun + moments[self.kills] - loop.time() if self.kills < len(moments) else None
                try:
                    async with asyncio.timeout(max(0.0, left) if left is not None else None):
                        await process.wait()
                    self.ended_by_itself += 1
                    await asyncio.sleep(0.5)
                except TimeoutError:
                    if self.kills % 2:
                        await self._aim()
                    await self._kill()
                    self.kills += 1
                    self.early += self._polls.polls == polls
        finally:
            await self._kill()

    async def _aim(self) -> None:
        """Wait for the worst moment: updates were acknowledged, so that nobody else has them, and hardly begun."""
        loop = asyncio.get_running_loop()
        deadline, before = loop.time() + _AIMING, len(self._polls.pending)
        while loop.time() < deadline and len(self._polls.pending) >= before:
            before = len(self._polls.pending)
            await asyncio.sleep(_LOOK)

    async def _start(self) -> asyncio.subprocess.Process:
        with (self._folder / "bot.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                cwd=self._folder,
                env=self._environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self._process

    async def _kill(self) -> None:
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        async with asyncio.timeout(_PATIENCE):
            await self._process.wait()
