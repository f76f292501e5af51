"""The composition root: everything is loaded, opened and wired here, and closed again in reverse."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError

from bot.errors import StoreError, ZhendemaError
from bot.judge import judge
from bot.knowledge import Knowledge
from bot.secret import Secret
from bot.service.inbox import FIRST_WAIT
from bot.service.rescue import FOLLOW_UP
from bot.service.service import open_service, utc_now
from bot.texts import Texts
from handlers import commands, followup, logs
from handlers.app import build
from handlers.desk import Desk
from handlers.intake import Intake

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.model import Sightings, Sms, Verdict
    from bot.service.context import Clock
    from bot.service.jobs import Ticker
    from bot.settings import Settings
    from bot.store.jobs import Job
    from handlers.desk import App
    from handlers.lanes import Lanes

_log = logging.getLogger(__name__)

SWEEP = "sweep"
SWEEP_EVERY = timedelta(minutes=10)
TICK_SECONDS = 5.0
GRACE_SECONDS = 10.0
"""How long what is under way may take to end."""

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
    logs.install(settings.log_level, [settings.token, settings.secret or "", settings.proxy or ""])
    try:
        asyncio.run(_run(settings))
    except ZhendemaError as error:
        print(f"zhendema: {error}", file=sys.stderr)  # noqa: T201 - the operator's line
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def _run(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    async with opened(settings) as app:
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
    settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    secret = Secret.load(settings.secret, settings.state_dir / "secret")
    owners = [f"telegram:{owner}" for owner in settings.owners]
    judging = partial(_judge, knowledge)
    async with open_service(settings.database_url, secret, knowledge, judging, owners, clock) as service:
        yield build(settings, service, knowledge, texts, lanes=lanes)


async def serve(
    app: App,
    stop: asyncio.Event,
    *,
    poll_seconds: int = 30,
    tick_seconds: float = TICK_SECONDS,
    retry_seconds: float = FIRST_WAIT,
) -> None:
    """Long-poll and do what is due until ``stop``; then answer what still waits, and end.

    Raises:
        RunError: The token is refused, another poller is there, or the API is out of reach at the start.
    """
    trouble: list[RunError] = []
    watch = _Watch(stop, trouble)
    desk = Desk.of(app)
    try:
        await app.initialize()
        await commands.register(app.bot, desk.texts, desk.settings.owners)
        await app.start()
        await app.bot.delete_webhook()  # with one set, Telegram refuses to be polled
        await desk.service.every(SWEEP)
        intake = Intake(app, desk, poll_seconds=poll_seconds, first_wait=retry_seconds)
        ticking = asyncio.create_task(_ticker(app, desk, tick_seconds).run(stop))
        _log.info("ready: polling for updates")
        try:
            await intake.serve(stop, watch.failed, grace=GRACE_SECONDS)
        finally:
            stop.set()
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


def _judge(knowledge: Knowledge, sms: Sms, sightings: Sightings) -> Verdict:
    return judge(sms, knowledge, sightings)


def _ticker(app: App, desk: Desk, seconds: float) -> Ticker:
    """What is done at a later time, and by whom."""

    async def sweep(_job: Job) -> datetime:
        try:
            await desk.rescue.sweep()
            await desk.service.retain()
        except StoreError as error:
            _log.error("what is to be deleted could not be yet: %s", error)
        return datetime.now(UTC) + SWEEP_EVERY

    return desk.service.ticker({FOLLOW_UP: partial(followup.send, desk, app.bot), SWEEP: sweep}, interval=seconds)


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
