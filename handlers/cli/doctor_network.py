"""What ``zhendema doctor`` looks at over the network: proxy, Bot API, token, clock."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyError, ProxyTimeoutError
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, TelegramError

from handlers.cli.finding import Finding, fail, ok, warn
from handlers.http import SOCKS_PORT, AiohttpRequest, Timeouts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telegram import WebhookInfo

    from bot.settings import Settings

SECONDS = 10.0
"""How long to wait for an answer."""
SKEW = 30.0
"""Seconds that the clock may be wrong: deadlines and follow-ups are counted in hours, TLS fails only far beyond."""
TROUBLE = timedelta(hours=1)
"""For so long Telegram's last failure to post is news."""
_PORTS = {"http": 80, "https": 443}


class _Line(AiohttpRequest):
    """The bot's own way to Telegram, that also tells what time the other side has."""

    __slots__ = ()

    async def time_at(self, url: str) -> datetime | None:
        """The time in the answer's head, whatever the answer is; None where it has none."""
        assert self._session is not None
        limit = aiohttp.ClientTimeout(total=SECONDS)
        async with self._session.get(url, timeout=limit, allow_redirects=False) as answer:
            said = answer.headers.get("Date")
        try:
            return parsedate_to_datetime(said) if said else None
        except ValueError:
            return None


def _line(settings: Settings) -> _Line:
    return _Line(2, proxy=settings.proxy, timeouts=Timeouts(*(SECONDS,) * 5))


async def proxy(settings: Settings) -> Finding:
    """Whether anything listens where the proxy should be."""
    if settings.proxy is None:
        return ok("proxy", "none set")
    parts = urlsplit(settings.proxy)
    port = parts.port or _PORTS.get(parts.scheme, SOCKS_PORT)
    try:
        async with asyncio.timeout(SECONDS):
            _, writer = await asyncio.open_connection(parts.hostname, port)
    except OSError:
        return fail("proxy", "nothing answers there: start the proxy, or correct ZHENDEMA_PROXY")
    writer.close()
    await writer.wait_closed()
    return ok("proxy", "answers")


async def clock(settings: Settings) -> Finding:
    """Whether this machine's clock agrees with the Bot API's; needs no token."""
    line = _line(settings)
    await line.initialize()
    try:
        theirs = await line.time_at(f"{settings.api_url}/")
    except (aiohttp.ClientError, ProxyConnectionError, ProxyError, ProxyTimeoutError, OSError, ValueError):
        return warn("clock", "cannot be compared, since the Bot API does not answer")
    finally:
        await line.shutdown()
    if theirs is None:
        return warn("clock", "cannot be compared, since the Bot API does not tell the time")
    ahead = (datetime.now(UTC) - theirs).total_seconds()
    if abs(ahead) > SKEW:
        which = "ahead" if ahead > 0 else "behind"
        return warn("clock", f"{abs(ahead):.0f} s {which}: turn on time synchronisation (timedatectl set-ntp true)")
    return ok("clock", "agrees with the Bot API's")


async def token(settings: Settings) -> list[Finding]:
    """Whether the Bot API knows the token, and whether anything keeps it from being polled."""
    line = _line(settings)
    await line.initialize()
    bot = Bot(settings.token, f"{settings.api_url}/bot", f"{settings.api_url}/file/bot", line, line)
    try:
        async with asyncio.timeout(2 * SECONDS):
            me = await bot.get_me()
            hook = await bot.get_webhook_info()
    except InvalidToken:
        return [fail("token", "Telegram refuses it: copy the token from @BotFather into ZHENDEMA_TOKEN again")]
    except (NetworkError, TimeoutError):
        return [
            fail(
                "token",
                "the Bot API does not answer: check the network and ZHENDEMA_API_URL; where Telegram is blocked set"
                " ZHENDEMA_PROXY",
            )
        ]
    except TelegramError:
        return [fail("token", "what answers is no Bot API: correct ZHENDEMA_API_URL")]
    finally:
        await line.shutdown()
    return [ok("token", f"belongs to @{me.username}"), *_webhook(hook, settings.webhook_url, datetime.now(UTC))]


def _webhook(hook: WebhookInfo, wanted: str | None, now: datetime) -> Iterator[Finding]:
    if wanted is None:
        if hook.url:
            yield warn(
                "webhook",
                "one is set, so polling fails until the bot's start removes it: if another program set it, get a token"
                " of its own for one of the two",
            )
        return
    if hook.url != wanted:
        said = "another one is set" if hook.url else "none is set yet"
        yield warn("webhook", f"{said}: the bot's start sets that of ZHENDEMA_WEBHOOK_URL")
    elif hook.last_error_date is not None and now - hook.last_error_date < TROUBLE:
        yield warn(
            "webhook",
            f"Telegram could not post ({hook.last_error_message}), {hook.pending_update_count} updates wait: check that"
            " ZHENDEMA_WEBHOOK_URL leads to the bot, with a certificate that Telegram trusts",
        )
    else:
        yield ok("webhook", f"set, {hook.pending_update_count} updates wait")
