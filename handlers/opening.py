"""What every long-running command does: take signals, open the service, and end with one line where that fails."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import SettingsError, ZhendemaError
from bot.judge import judge
from bot.secret import Secret, unshared
from bot.service.service import open_service, utc_now
from handlers import logs

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.knowledge import Knowledge
    from bot.model import Sightings, Verdict
    from bot.opened import Opened
    from bot.service.context import Clock
    from bot.service.service import Service
    from bot.settings import Settings


def until_stopped(settings: Settings, work: Callable[[asyncio.Event], Awaitable[None]]) -> int:
    """Do ``work``, which ends once the event given to it is set: by SIGTERM or SIGINT. The exit status."""
    secrets = (settings.token, settings.secret, settings.proxy, settings.webhook_secret)
    logs.install(settings.log_level, [secret or "" for secret in secrets], form=settings.log_format)
    try:
        asyncio.run(_signalled(work))
    except ZhendemaError as error:
        print(f"zhendema: {error}", file=sys.stderr)  # noqa: T201 - the operator's line
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def _signalled(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    await work(stop)


def secret_of(settings: Settings) -> Secret:
    """The secret in force; made where there is none.

    Raises:
        SettingsError: It is unfit, or cannot be read or made; or the database is a shared one, and it is not set.
    """
    path = settings.state_dir / "secret"
    if not settings.shares_database:
        settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif settings.secret is None:
        # One made here would be another one on every machine, and gone with its container.
        raise SettingsError(unshared(path))
    return Secret.load(settings.secret, path)


@asynccontextmanager
async def service_of(
    settings: Settings, secret: Secret, knowledge: Knowledge, clock: Clock = utc_now
) -> AsyncIterator[Service]:
    """The service on the database that the settings name; see :func:`bot.service.service.open_service`."""
    owners = [f"telegram:{owner}" for owner in settings.owners]
    judging, policy = partial(_judge, knowledge), settings.policy
    async with open_service(settings.database_url, secret, knowledge, judging, owners, clock, policy) as service:
        yield service


def _judge(knowledge: Knowledge, opened: Opened, sightings: Sightings) -> Verdict:
    return judge(opened, knowledge, sightings)
