"""All that this process listens on: health, webhook and HTTP API on one address, metrics on another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple, Self

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount

from handlers.listen import Listener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import TracebackType

    from starlette.exceptions import HTTPException
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from bot.service.service import Service
    from bot.settings import Settings
    from handlers.health import Health

DRAIN_SECONDS = 1.0
"""How long ``/readyz`` says that we stop before we do, so that a balancer may go elsewhere first."""


class Gauge(NamedTuple):
    """A number that goes up and down, asked for whenever somebody looks at the metrics."""

    name: str
    help: str
    value: Callable[[], float]


class Front:
    """Listens for as long as the block lasts. Where no setting asks for it, nothing is opened."""

    def __init__(self, listeners: Sequence[Listener], drain_seconds: float) -> None:
        self._listeners = listeners
        self._drain_seconds = drain_seconds

    async def __aenter__(self) -> Self:
        try:
            for listener in self._listeners:
                await listener.start()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listeners and kind is None:
            await asyncio.sleep(self._drain_seconds)
        await self._stop()

    async def _stop(self) -> None:
        await asyncio.gather(*(listener.stop() for listener in self._listeners))


def build(
    settings: Settings,
    service: Service,
    health: Health,
    routes: Sequence[BaseRoute],
    gauges: Iterable[Gauge],
    *,
    drain_seconds: float = DRAIN_SECONDS,
) -> Front:
    """The front that the settings ask for.

    Args:
        settings: What listens where.
        service: What the HTTP API is over.
        health: Answers on the paths of health.
        routes: Further ones beside it.
        gauges: Shown with the metrics.
        drain_seconds: How long to go on once nothing more is to come.
    """
    listeners: list[Listener] = []
    if settings.front is not None:
        listeners.append(Listener(_front(settings, service, health, routes), settings.front, "ZHENDEMA_LISTEN"))
    if settings.metrics_listen is not None:
        from handlers import metrics  # noqa: PLC0415 - needs a package that nothing else does

        shown = metrics.build(service.meters, gauges)
        listeners.append(Listener(shown, settings.metrics_listen, "ZHENDEMA_METRICS_LISTEN"))
    return Front(listeners, drain_seconds)


def _front(settings: Settings, service: Service, health: Health, routes: Sequence[BaseRoute]) -> Starlette:
    found = [*health.routes(), *routes]
    if settings.api_keys:
        from api import app  # noqa: PLC0415 - likewise

        found.append(Mount(app.PREFIX, app.build(service, settings.api_keys)))
    made = Starlette(routes=found, exception_handlers={404: _nothing, 405: _nothing})
    made.router.redirect_slashes = False
    return made


async def _nothing(_request: Request, error: Exception) -> Response:
    """No more than the status: who is here by mistake learns nothing."""
    refused: HTTPException = error  # type: ignore[assignment]
    return Response(status_code=refused.status_code, headers=refused.headers)
