"""The composition root: everything is loaded, opened and wired here, and closed again in reverse."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from contextlib import asynccontextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.errors import StoreError, ZhendemaError
from bot.knowledge import Knowledge
from bot.service.groups import WEEKLY
from bot.service.inbox import FIRST_WAIT
from bot.service.rescue import FOLLOW_UP
from bot.service.service import utc_now
from bot.texts import Texts
from handlers import commands, followup, weekly
from handlers.app import build
from handlers.desk import Desk
from handlers.intake import Intake
from handlers.opening import secret_of, service_of, until_stopped
from handlers.polling import Poller

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from contextlib import AbstractAsyncContextManager

    from bot.service.context import Clock
    from bot.service.jobs import Handler, Ticker
    from bot.settings import Settings
    from bot.store.jobs import Job
    from handlers.desk import App
    from handlers.intake import Source
    from handlers.lanes import Lanes

_log = logging.getLogger(__name__)

SWEEP = "sweep"
SWEEP_EVERY = timedelta(minutes=10)
TICK_SECONDS = 5.0
SWITCH_SECONDS = 0.0005
GRACE_SECONDS = 10.0
"""How long the end may take …"""
CLOSING_SECONDS = 3.0
"""… of which this much goes to what listens: :mod:`handlers.front`."""

MOST_CONFLICTS = 3
"""A second poller wins for a moment while a bot is being replaced; so often in a row it is there to stay."""

BAD_TOKEN = "ZHENDEMA_TOKEN was refused by Telegram: copy the token from @BotFather again"  # noqa: S105
CONFLICT = "another program polls with the same ZHENDEMA_TOKEN: stop it, then start this one again"
UNREACHABLE = (
    "the Bot API cannot be reached: check the network and ZHENDEMA_API_URL; where Telegram is blocked set"
    " ZHENDEMA_PROXY"
)


class RunError(ZhendemaError):
    """The bot cannot run; the message is one line with the mend."""


def run(settings: Settings) -> int:
    """Run until SIGTERM or SIGINT; the exit status."""
    return until_stopped(settings, partial(_run, settings))


async def _run(settings: Settings, stop: asyncio.Event) -> None:
    async with opened(settings) as app:
        settle()
        await serve(app, stop)


@asynccontextmanager
async def opened(
    settings: Settings, knowledge: Knowledge | None = None, clock: Clock = utc_now, *, lanes: Lanes | None = None
) -> AsyncIterator[App]:
    """Load the knowledge (unless it is given), open the database and wire the bot.

    Args:
        settings: What the operator set.
        knowledge: Loaded already, as in tests.
        clock: Gives the time in UTC.
        lanes: Stand in for Telegram's rates.
    """
    texts = Texts.load()
    knowledge = knowledge or Knowledge.load(overlay=settings.institutions_overlay)
    secret = secret_of(settings)
    # Derived, so that all replicas tell Telegram the same.
    hook_secret = settings.webhook_secret or secret.text("webhook", settings.token)
    settings = replace(settings, webhook_secret=hook_secret)
    async with service_of(settings, secret, knowledge, clock) as service:
        yield build(settings, service, knowledge, texts, lanes=lanes)


def settle() -> None:
    """Make a process that does nothing else fit for the bot; called once all is loaded."""
    # What was loaded stays until the end: a collection that walked through it would hold everything up for 0.1 s.
    gc.collect()
    gc.freeze()
    # A commit, done in a thread, is known of so much sooner; Python's own 5 ms are longer than the commit.
    sys.setswitchinterval(SWITCH_SECONDS)


async def serve(
    app: App,
    stop: asyncio.Event,
    *,
    poll_seconds: int = 30,
    tick_seconds: float = TICK_SECONDS,
    retry_seconds: float = FIRST_WAIT,
    drain_seconds: float | None = None,
) -> None:
    """Take updates in, serve what is to be served and do what is due until ``stop``; then end what is under way.

    Args:
        app: The bot.
        stop: Ends it.
        poll_seconds: How long Telegram may wait for an update before it answers a poll.
        tick_seconds: Between two looks at what is due.
        retry_seconds: Until an update that failed is tried again.
        drain_seconds: How long to listen on after ``stop``; see :mod:`handlers.front`.

    Raises:
        RunError: The token is refused, another poller is there, or the API is out of reach at the start.
        ZhendemaError: An address cannot be listened on, or Telegram refuses the webhook.
    """
    trouble: list[RunError] = []
    watch = _Watch(stop, trouble)
    desk = Desk.of(app)
    intake = Intake(app, desk, first_wait=retry_seconds)
    polling = Poller(app, desk, intake, watch.failed, poll_seconds=poll_seconds)
    source, front = _doors(app, desk, intake, polling, stop, drain_seconds)
    try:
        await app.initialize()
        await commands.register(app.bot, desk.texts, desk.settings.owners)
        await app.start()
        await desk.service.every(SWEEP)
        if source is polling:
            await app.bot.delete_webhook()  # with one set, Telegram refuses to be polled
        grace = GRACE_SECONDS - (CLOSING_SECONDS if desk.settings.serves else 0.0)
        ticking = asyncio.create_task(_ticker(app, desk, tick_seconds).run(stop))
        try:
            async with intake.working(grace), front:
                await source.run(stop)
        finally:
            stop.set()
            await source.close()
            await ticking
            await app.stop()
    except InvalidToken:
        raise RunError(BAD_TOKEN) from None
    except NetworkError:
        raise RunError(UNREACHABLE) from None
    finally:
        await app.shutdown()
        await app.bot.shutdown()  # the connections of a start that failed half way
    if trouble:
        raise trouble[0]
    _log.info("stopped")


def _doors(
    app: App, desk: Desk, intake: Intake, polling: Source, stop: asyncio.Event, drain_seconds: float | None
) -> tuple[Source, AbstractAsyncContextManager[object]]:
    if not desk.settings.serves:
        return polling, nullcontext()
    from handlers.doors import doors  # noqa: PLC0415 - needs the server part, which a bot that only polls does without

    return doors(app, desk, intake, polling, stop, drain_seconds)


def _ticker(app: App, desk: Desk, seconds: float) -> Ticker:
    """What is done at a later time, and by whom."""

    async def sweep(_job: Job) -> datetime:
        try:
            await desk.rescue.sweep()
            await desk.service.retain()
        except StoreError as error:
            _log.error("what is to be deleted could not be yet: %s", error)
        return datetime.now(UTC) + SWEEP_EVERY

    handlers: dict[str, Handler] = {
        FOLLOW_UP: partial(followup.send, desk, app.bot),
        WEEKLY: partial(weekly.push, desk, app.bot),
        SWEEP: sweep,
    }
    return desk.service.ticker(handlers, interval=seconds)


class _Watch:
    """Looks at what goes wrong in polling: most passes by itself, a second poller or dead token does not."""

    def __init__(self, stop: asyncio.Event, trouble: list[RunError]) -> None:
        self._stop, self._trouble = stop, trouble
        self._conflicts = 0

    def failed(self, error: TelegramError) -> None:
        """Note an error; end the run where waiting does not help."""
        if isinstance(error, Conflict):
            self._conflicts += 1
            _log.warning("another program polls with the same token")
            if self._conflicts >= MOST_CONFLICTS:
                self._end(CONFLICT)
            return
        self._conflicts = 0
        if isinstance(error, InvalidToken):
            self._end(BAD_TOKEN)
            return
        _log.warning("polling failed and is tried again: %s", type(error).__name__)

    def _end(self, message: str) -> None:
        self._trouble.append(RunError(message))
        self._stop.set()
