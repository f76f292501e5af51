"""The way to Telegram: python-telegram-bot's transport, on aiohttp.

Under the library's own transport (httpx) the sends a second *fall* as more of them are under way; on aiohttp they
rise. ``python -m bench.transport`` measures both.

Nothing is sent twice here. A POST whose connection breaks may have been carried out, so it fails with ``NetworkError``
and :mod:`handlers.lanes`, which knows the method, decides about a retry. (A GET, which only fetches a file, is tried
once more by aiohttp where a kept connection turns out dead.) A kept connection is dropped after 15 s without use,
before a server in front of the Bot API closes it.
"""

from __future__ import annotations

import asyncio
import errno
import io
import ssl
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import unquote, urlsplit

import aiohttp
import certifi
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest
from yarl import URL

if TYPE_CHECKING:
    from telegram._utils.types import ODVInput
    from telegram.request import RequestData

T = TypeVar("T")

KEPT_SECONDS = 15.0
SOCKS_PORT = 1080
POOL_TIMEOUT = (
    "Pool timeout: all connections are in use. The request was *not* sent to Telegram."
    " Use more connections or a longer pool time-out."
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Time limits in seconds; None: no limit.

    Attributes:
        connect: To open a connection, proxy and TLS included.
        read: Between two pieces of the answer, and until the first.
        write: To send a request.
        media_write: The same for a request that uploads files.
        pool: To wait for one of the connections.
    """

    connect: float | None = 10.0
    read: float | None = 20.0
    write: float | None = 20.0
    media_write: float | None = 60.0
    pool: float | None = 10.0


class AiohttpRequest(BaseRequest):
    """Sends what python-telegram-bot asks for. It can be started again after ``shutdown``.

    Args:
        connections: How many requests may be under way at a time.
        proxy: ``http://``, ``https://``, ``socks5://`` or ``socks5h://``; both of the latter leave the look-up of names
            to the proxy. Without it none is used: one from the environment would see the token unasked.
        timeouts: The limits for a call that brings none of its own.
    """

    __slots__ = ("_connections", "_free", "_proxy", "_session", "_timeouts")

    def __init__(self, connections: int, *, proxy: str | None = None, timeouts: Timeouts | None = None) -> None:
        self._connections = connections
        self._proxy = proxy
        self._timeouts = timeouts or Timeouts()
        self._session: aiohttp.ClientSession | None = None
        self._free = asyncio.Semaphore(connections)

    @property
    def read_timeout(self) -> float | None:
        """The default read time-out in seconds."""
        return self._timeouts.read

    async def initialize(self) -> None:
        """Open the session, in the running event loop; nothing is connected yet."""
        if self._session is not None:
            return
        # The semaphore, not the connector, counts connections: only so a full pool can be told from a slow connect.
        self._free = asyncio.Semaphore(self._connections)
        kept: dict[str, Any] = {"limit": 0, "ssl": _trusted(), "keepalive_timeout": KEPT_SECONDS}
        socks = self._proxy is not None and self._proxy.startswith("socks5")
        self._session = aiohttp.ClientSession(
            connector=_socks(self._proxy or "", kept) if socks else aiohttp.TCPConnector(**kept),
            proxy=None if socks else self._proxy,
            headers={"User-Agent": self.USER_AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Send one request; the HTTP status and the body of its answer.

        Raises:
            TimedOut: A time limit passed. Whether the call took effect is unknown, unless it was the pool's.
            NetworkError: No connection, a broken one or a broken answer; the message names the kind, never an address.
            RuntimeError: Not initialized.
        """
        session = self._session
        if session is None:
            raise RuntimeError("This AiohttpRequest is not initialized!")
        own = self._timeouts
        files = request_data is not None and request_data.contains_files
        connect = _given(connect_timeout, own.connect)
        read = _given(read_timeout, own.read)
        write = _given(write_timeout, own.media_write if files else own.write)
        limits = aiohttp.ClientTimeout(total=None, connect=connect, sock_connect=connect, sock_read=read)
        # aiohttp has no limit for writing; the sum of all three ends a send that is stuck.
        until_answered = None if connect is None or read is None or write is None else connect + read + write
        free = self._free
        await _take(free, _given(pool_timeout, own.pool))
        try:
            body, headers = await _body(request_data)
            async with asyncio.timeout(until_answered):
                # A redirect would take the token along to another host.
                response = await session.request(
                    method, url, data=body, headers=headers, timeout=limits, allow_redirects=False
                )
            async with response:
                return response.status, await response.read()
        # The causes are cut off, since theirs are the messages that hold the address and with it the token.
        except (TimeoutError, ProxyTimeoutError):
            raise TimedOut from None
        except (aiohttp.ClientError, ProxyConnectionError, ProxyError, OSError, ValueError) as error:
            raise NetworkError(_named(error)) from None
        finally:
            free.release()


async def _take(free: asyncio.Semaphore, seconds: float | None) -> None:
    if not free.locked():
        await free.acquire()
        return
    try:
        async with asyncio.timeout(seconds):
            await free.acquire()
    except TimeoutError:
        raise TimedOut(POOL_TIMEOUT) from None


async def _body(data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    """The body of a request, and the headers that tell what it is."""
    if data is None:
        return None, {}
    if not data.contains_files:
        # What FormData makes of it too, without its detour over parts; and in C, which urllib's quoting is not.
        form = URL.build(query=data.json_parameters).raw_query_string.encode()
        return form or None, {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    # Telegram wants file names as they are, and not percent-encoded.
    parts = aiohttp.FormData(quote_fields=False)
    for name, value in data.json_parameters.items():
        parts.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        whole = content if isinstance(content, bytes) else await asyncio.to_thread(_whole, content)
        parts.add_field(name, io.BytesIO(whole), filename=filename.translate(_NO_BREAKS), content_type=kind)
    return parts, {}


_NO_BREAKS = dict.fromkeys(range(32))
"""A control character in a file name would end its header."""


def _whole(file: Any) -> bytes:  # noqa: ANN401 - the library says IO[bytes] in one place and more in another
    """Everything in a file, from its start even if an earlier try has read it."""
    if file.seekable():
        file.seek(0)
    content: bytes = file.read()
    return content


def _socks(address: str, kept: dict[str, Any]) -> ProxyConnector:
    parts = urlsplit(address)
    return ProxyConnector(
        parts.hostname or "",
        parts.port or SOCKS_PORT,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        # Where Telegram is blocked its name is looked up wrongly too.
        rdns=True,
        **kept,
    )


@cache
def _trusted() -> ssl.SSLContext:
    """Trust what the system trusts, and certifi's list where the system (macOS, a slim container) has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _given(given: ODVInput[T], default: T | None) -> T | None:
    return default if given is BaseRequest.DEFAULT_NONE else given  # type: ignore[return-value]


def _named(error: Exception) -> str:
    """The type of an error and its number or status, if any; its own message may hold an address."""
    named = f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"{named}: status {error.status}"
    if isinstance(error, OSError) and error.errno is not None:
        return f"{named}: {errno.errorcode.get(error.errno, error.errno)}"
    return named
