"""What the process counts, as Prometheus reads it, on an address of its own: about the bot, never about people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot import __version__
from bot.errors import ZhendemaError

try:
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
    from prometheus_client.core import (
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
        InfoMetricFamily,
    )
    from prometheus_client.registry import Collector
except ModuleNotFoundError as error:
    raise ZhendemaError(
        f"ZHENDEMA_METRICS_LISTEN needs the server part: pip install 'zhendema[server]' ({error.name} is missing)"
    ) from None

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client import Metric
    from starlette.requests import Request

    from bot.meters import Meter, Meters, Times
    from handlers.front import Gauge

PREFIX = "zhendema_"


def build(meters: Meters, gauges: Iterable[Gauge]) -> Starlette:
    """The application that answers on ``/metrics``."""
    registry = CollectorRegistry()
    registry.register(_Ours(meters, tuple(gauges)))
    ProcessCollector(registry=registry)

    async def metrics(_request: Request) -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return Starlette(routes=[Route("/metrics", metrics)])


class _Ours(Collector):
    def __init__(self, meters: Meters, gauges: tuple[Gauge, ...]) -> None:
        self._meters = meters
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        """Everything as it is now."""
        yield InfoMetricFamily(f"{PREFIX}build", "The program", {"version": __version__})
        for meter, counts in self._meters.counts().items():
            counter = CounterMetricFamily(PREFIX + meter.name, meter.help, labels=_labels(meter))
            for value, count in counts.items():
                counter.add_metric(_values(meter, value), count)
            yield counter
        for meter, times in self._meters.times().items():
            histogram = HistogramMetricFamily(f"{PREFIX}{meter.name}_seconds", meter.help, labels=_labels(meter))
            for value, taken in times.items():
                histogram.add_metric(_values(meter, value), _buckets(taken), taken.total)
            yield histogram
        for gauge in self._gauges:
            yield GaugeMetricFamily(PREFIX + gauge.name, gauge.help, gauge.value())


def _labels(meter: Meter) -> list[str]:
    return [meter.label] if meter.label else []


def _values(meter: Meter, value: str) -> list[str]:
    return [value] if meter.label else []


def _buckets(times: Times) -> list[tuple[str, float]]:
    """Upper ends and how many did not exceed them."""
    ends, sum_ = [*map(str, times.bounds), "+Inf"], 0
    found: list[tuple[str, float]] = []
    for end, count in zip(ends, times.counts, strict=True):
        sum_ += count
        found.append((end, sum_))
    return found
