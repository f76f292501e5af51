"""``zhendema api``: the HTTP API by itself, without a messenger and its token."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.knowledge import Knowledge
from handlers.opening import secret_of, service_of, until_stopped

if TYPE_CHECKING:
    import asyncio

    from bot.settings import Settings


def run(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; the exit status.

    Raises:
        SettingsError: There is no key, so nobody could call.
    """
    if not settings.api_keys:
        raise SettingsError("ZHENDEMA_API_KEYS is not set: give every client a name:key, see docs/http-api.md")
    return until_stopped(settings, partial(serve, settings))


async def serve(settings: Settings, stop: asyncio.Event, knowledge: Knowledge | None = None) -> None:
    """Serve until ``stop``.

    Raises:
        ZhendemaError: An address, the database or a data file is unfit.
    """
    from handlers import front, health  # noqa: PLC0415 - needs the server part, which the bot does not

    knowledge = knowledge or Knowledge.load(overlay=settings.institutions_overlay)
    async with service_of(settings, secret_of(settings), knowledge) as service:
        asked = health.Health(service, stop, lambda: True)
        async with front.build(settings, service, asked, (), ()):
            await stop.wait()
