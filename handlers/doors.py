"""The bot's own doors: where updates come from, and what listens beside that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.front import DRAIN_SECONDS, Front, Gauge, build
from handlers.health import Health
from handlers.lanes import Lanes
from handlers.webhook import Webhook

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

    from handlers.desk import App, Desk
    from handlers.intake import Intake, Source


def doors(
    app: App, desk: Desk, intake: Intake, polling: Source, stop: asyncio.Event, drain_seconds: float | None
) -> tuple[Source, Front]:
    """The source of updates that the settings ask for, and the front to be opened before it runs.

    Args:
        app: The bot.
        desk: Its settings say what listens where.
        intake: Takes updates in.
        polling: The source where no webhook is set.
        stop: Set when the end begins.
        drain_seconds: How long to listen on after that; None: :data:`handlers.front.DRAIN_SECONDS`.
    """
    settings = desk.settings
    hook = Webhook(app, desk, intake) if settings.webhook_url else None
    source = hook or polling
    health = Health(desk.service, stop, lambda: source.ready)
    drain = DRAIN_SECONDS if drain_seconds is None else drain_seconds
    routes = hook.routes() if hook else []
    return source, build(settings, desk.service, health, routes, _gauges(app, intake), drain_seconds=drain)


def _gauges(app: App, intake: Intake) -> Iterator[Gauge]:
    yield Gauge("inbox_waiting", "Updates stored and not ended", lambda: intake.inbox.waiting)
    lanes = app.bot.rate_limiter
    if isinstance(lanes, Lanes):
        yield Gauge("messages_waiting", "Messages that wait for their turn to be sent", lambda: lanes.waiting)
