"""uvicorn inside the running event loop, on a free loopback port."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

if TYPE_CHECKING:
    from starlette.applications import Starlette


class _Protocol(H11Protocol):
    """Hands its transport to the application, which can then cut the connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Whatever the loggers around say: the addresses hold the token, and tests look for it in the bot's log.
        self.access_log = False
        self.app_state = {**self.app_state, "transport": transport}


class Listener:
    """Serves an application until it is stopped. No signal handlers, no threads, no log."""

    def __init__(self, app: Starlette) -> None:
        self._config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, ws="none")
        self._state = ServerState()
        self._server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> int:
        """Listen on 127.0.0.1; the port."""
        self._config.load()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: _Protocol(self._config, self._state, {}, loop), "127.0.0.1", port
        )
        found: int = self._server.sockets[0].getsockname()[1]
        return found

    async def stop(self) -> None:
        """Close the port and every connection, requests under way included."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._state.connections):
            if connection.transport is not None:
                connection.transport.abort()
        # A turn or two of the loop, so that the transports close and woken requests end by themselves.
        for _ in range(3):
            await asyncio.sleep(0)
        tasks = list(self._state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()
