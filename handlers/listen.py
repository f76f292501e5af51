"""uvicorn within our own event loop: it takes no signals, writes no addresses down, and waits for nobody for long."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING

from bot.errors import ZhendemaError

try:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol
except ModuleNotFoundError as error:
    raise ZhendemaError(
        "ZHENDEMA_WEBHOOK_URL, ZHENDEMA_LISTEN, ZHENDEMA_METRICS_LISTEN and ZHENDEMA_API_KEYS need the server part:"
        f" pip install 'zhendema[server]' ({error.name} is missing)"
    ) from None

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bot.serving import Address

MOST_CONNECTIONS = 512
"""At the same time; whoever comes on top gets a 503. Telegram opens at most a hundred."""
HEAD_SECONDS = 10.0
"""How long the head of a request may take, and a connection be open before its first."""
KEEP_SECONDS = 60
"""How long a connection is kept without a request; proxies that keep theirs for less are never surprised."""
LARGEST_HEAD = 16 * 1024
GRACE_SECONDS = 2
"""How long requests under way have to end at the end."""
_BACKLOG = 1024


class ListenError(ZhendemaError):
    """The address cannot be listened on; the message is one line with the mend."""


class Listener:
    """Serves an application on one address until it is stopped."""

    def __init__(self, app: ASGIApp, address: Address, variable: str) -> None:
        """Make one; nothing is opened yet.

        Args:
            app: What answers.
            address: Where to listen.
            variable: The setting that named the address, for messages.
        """
        self._address = address
        self._variable = variable
        self._server = _Server(
            uvicorn.Config(
                _Closing(app),
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=KEEP_SECONDS,
                timeout_graceful_shutdown=GRACE_SECONDS,
                h11_max_incomplete_event_size=LARGEST_HEAD,
            )
        )
        self._serving: asyncio.Task[None] | None = None
        self.port = 0
        """The port in use while it listens."""

    async def start(self) -> None:
        """Listen.

        Raises:
            ListenError: The address is taken, not ours, or not allowed.
        """
        listening = self._bound()
        self.port = listening.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        started = asyncio.create_task(self._server.up.wait())
        await asyncio.wait({self._serving, started}, return_when=asyncio.FIRST_COMPLETED)
        started.cancel()
        if self._serving.done():
            await self._serving

    async def stop(self) -> None:
        """Refuse new connections, let requests under way end, and close the rest after :data:`GRACE_SECONDS`."""
        if self._serving is None:
            return
        self._server.should_exit = True
        await self._serving
        for connection in list(self._server.server_state.connections):
            # One that uvicorn still waits for has sent no whole request, or reads no answer.
            connection.transport.abort()
        self._serving = None

    def _bound(self) -> socket.socket:
        host, port = self._address
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((host, port))
            made.listen(_BACKLOG)
        except OSError as error:
            made.close()
            raise ListenError(
                f"{self._variable}: cannot listen on port {port} ({error.strerror}): set another host:port, or stop"
                " what listens there"
            ) from None
        return made


class _Closing:
    """Ends the connection with an answer that was given before the whole body came: the rest is not taken in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more = any(
            name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
            for name, value in scope["headers"]
        )

        async def received() -> Message:
            nonlocal more
            message = await receive()
            more = message.get("more_body", False)
            return message

        async def sent(message: Message) -> None:
            if more and message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        await self._app(scope, received, sent)


class _Server(uvicorn.Server):
    """Leaves signals to us, and says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()


class _Protocol(H11Protocol):
    """Ends a connection whose next request is begun and not told within a while; uvicorn would wait for ever."""

    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        # Addresses are not for logs, whatever the loggers around say.
        self.access_log = False
        self._start_limit()

    def data_received(self, data: bytes) -> None:
        if self._limit is None and (self.cycle is None or self.cycle.response_complete):
            self._start_limit()
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._end_limit()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_limit()
        super().connection_lost(exc)

    def _start_limit(self) -> None:
        self._limit = self.loop.call_later(HEAD_SECONDS, self._too_slow)

    def _end_limit(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _too_slow(self) -> None:
        self._limit = None
        self.transport.abort()
