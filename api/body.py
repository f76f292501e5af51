"""Reading a request's body within bounds, however it comes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from starlette.requests import Request

SECONDS = 10.0
"""How long a body may take; one of a megabyte needs a second on the slowest of lines between servers."""


class BodyError(Exception):
    """The body is not read; ``status`` is the HTTP status that says why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def is_json(request: Request) -> bool:
    """Whether the body says that it is JSON."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, of at most ``limit`` bytes.

    Raises:
        BodyError: It is longer (413), takes longer than :data:`SECONDS` (408), or the client went away (400).
    """
    if int(request.headers.get("content-length", 0)) > limit:  # the server has seen to it that this is a number
        raise BodyError(413, f"the body is larger than {limit} bytes")
    read = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            async for piece in request.stream():
                read += piece
                if len(read) > limit:
                    raise BodyError(413, f"the body is larger than {limit} bytes")
    except TimeoutError:
        raise BodyError(408, f"the body took longer than {SECONDS:.0f} seconds") from None
    except ClientDisconnect:
        raise BodyError(400, "the client went away") from None
    return bytes(read)
