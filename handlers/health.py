"""``/healthz``: the process lives and its loop turns. ``/readyz``: it does its work, and will go on doing so."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from bot.service.service import Service

DATABASE_SECONDS = 2.0
"""How long the database may take for its least answer."""


class Health:
    """What a balancer and a supervisor ask."""

    def __init__(self, service: Service, stop: asyncio.Event, ready: Callable[[], bool]) -> None:
        """Make one.

        Args:
            service: Its database must answer.
            stop: From when it is set, the process is not ready any more.
            ready: Whether all else is as it should be.
        """
        self._service = service
        self._stop = stop
        self._ready = ready

    def routes(self) -> list[BaseRoute]:
        """The two paths."""
        return [Route("/healthz", self._healthz), Route("/readyz", self._readyz)]

    async def _healthz(self, _request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def _readyz(self, _request: Request) -> Response:
        if self._stop.is_set():
            return PlainTextResponse("stopping\n", 503)
        if not self._ready():
            return PlainTextResponse("starting\n", 503)
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                answers = await self._service.answers()
        except TimeoutError:
            answers = False
        return PlainTextResponse("ok\n") if answers else PlainTextResponse("the database does not answer\n", 503)
