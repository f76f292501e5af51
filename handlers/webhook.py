"""Updates that Telegram posts: acknowledged with a 200 only after they are stored."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import Route
from telegram import Update
from telegram.error import BadRequest, TelegramError

from api.body import BodyError, is_json, read_body
from bot.errors import StoreError, ZhendemaError
from bot.store.inbox import Arrival
from handlers.intake import ALLOWED_UPDATES, arrival_of
from handlers.shift import LEASE_SECONDS, Shift

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute
    from telegram import WebhookInfo

    from handlers.desk import App, Desk
    from handlers.intake import Intake

_log = logging.getLogger(__name__)

HEADER = "X-Telegram-Bot-Api-Secret-Token"
LIMIT = 1 << 20
"""Bytes of an update; Telegram's largest are some tens of thousands."""
MOST_CONNECTIONS = 40
"""That Telegram may open at the same time: its own default."""
_STAND_BY_SECONDS = 0.5
LOOK_SECONDS = 300.0
"""How often Telegram is asked whether it still posts to us, and how that goes."""
_LARGEST_ID = 1 << 62
_REFUSED = (
    "ZHENDEMA_WEBHOOK_URL was refused by Telegram: it must be https on port 443, 80, 88 or 8443, and its name must"
    " resolve"
)


class WebhookError(ZhendemaError):
    """Telegram does not take the webhook; the message is one line with the mend."""


class Webhook:
    """A source to which Telegram posts. Every replica sets the same webhook; none removes it, since others serve on."""

    def __init__(self, app: App, desk: Desk, intake: Intake) -> None:
        """Make one; posts are refused with a 503 before :meth:`run`.

        Args:
            app: Its bot sets the webhook.
            desk: Its settings hold the URL and the secret.
            intake: Takes what comes.
        """
        settings = desk.settings
        assert settings.webhook_url is not None
        assert settings.webhook_secret is not None
        self._bot = app.bot
        self._intake = intake
        self._url = settings.webhook_url
        self._secret = settings.webhook_secret
        self._gate = _Gate(intake)
        # A file of SQLite is one process's own; what is posted to another one it must not take.
        self._shift = Shift(desk.service) if settings.database_url.startswith("sqlite") else None
        self._hooked_at: float | None = None
        self._last_error = 0.0

    @property
    def ready(self) -> bool:
        """Whether posts are taken."""
        return self._gate.open and self._hooked_at is not None

    def routes(self) -> list[BaseRoute]:
        """The one path."""
        return [Route(urlsplit(self._url).path, self._receive, methods=["POST"])]

    async def run(self, stop: asyncio.Event) -> None:
        """Have Telegram post to us until ``stop``.

        Raises:
            WebhookError: Telegram refuses the address.
            TelegramError: It is out of reach.
        """
        while not stop.is_set():
            self._gate.open = await self._may_take()
            if self._gate.open:
                await self._see_to_hook()
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), min(LOOK_SECONDS, self._pause()))

    async def close(self) -> None:
        """Let another process take what is posted."""
        if self._shift is not None:
            await self._shift.end()

    async def _may_take(self) -> bool:
        try:
            if self._shift is None or await self._shift.mine():
                await self._intake.begin()
                return True
        except StoreError as error:
            await self._intake.trouble(error)
        return False

    def _pause(self) -> float:
        """Seconds until the next look at whose turn it is."""
        if not self._gate.open:
            return _STAND_BY_SECONDS
        return LOOK_SECONDS if self._shift is None else LEASE_SECONDS / 8

    # ── what Telegram posts ──────────────────────────────────────────────────────────────────────────────────

    async def _receive(self, request: Request) -> Response:
        if not self._is_telegram(request):
            return Response(status_code=401)
        if not is_json(request):
            return Response(status_code=415)
        if not self._gate.open:
            return Response(status_code=503)
        try:
            body = await read_body(request, LIMIT)
        except BodyError as error:
            _log.warning("an update was refused: %s", error)
            return Response(status_code=error.status)
        try:
            arrival, update = self._read(body)
        except ValueError:
            _log.warning("an update was refused: it is no JSON object with a number")
            return Response(status_code=400)
        return Response(status_code=200 if await self._gate.take(arrival, update) else 503)

    def _is_telegram(self, request: Request) -> bool:
        shown = request.headers.getlist(HEADER)
        return len(shown) == 1 and hmac.compare_digest(shown[0].encode("latin-1"), self._secret.encode())

    def _read(self, body: bytes) -> tuple[Arrival, Update | None]:
        """An update as it is to be stored, and as the library reads it.

        What the library cannot read is stored all the same: it fails where it is handled, and ends among the dead
        letters, where it can be looked at. Refused, Telegram would send it again and again before all that follows.

        Raises:
            ValueError: It has no number under which it could be stored.
        """
        try:
            text = body.decode()
            data: Any = json.loads(text)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        number = data.get("update_id") if isinstance(data, dict) else None
        if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < _LARGEST_ID:
            raise ValueError("no update")
        try:
            update = Update.de_json(data, self._bot)
            arrival = arrival_of(update)
        except Exception as error:  # noqa: BLE001 - whatever the library stumbles over
            _log.error("an update cannot be read (%s); it is stored as it came", type(error).__name__)
            return Arrival(number, 0, None, text), None
        if max(abs(arrival.queue), arrival.user_id or 0) > _LARGEST_ID:
            raise ValueError("no update")
        return arrival, update

    # ── what Telegram is told ────────────────────────────────────────────────────────────────────────────────

    async def _see_to_hook(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._hooked_at is None:
            try:
                await self._set()
            except BadRequest:
                raise WebhookError(_REFUSED) from None
            _log.info("ready: Telegram posts updates")
        elif now < self._hooked_at + LOOK_SECONDS:
            return
        else:
            await self._look()
        self._hooked_at = now

    async def _set(self) -> None:
        await self._bot.set_webhook(
            self._url,
            allowed_updates=list(ALLOWED_UPDATES),
            secret_token=self._secret,
            max_connections=MOST_CONNECTIONS,
            drop_pending_updates=False,
        )

    async def _look(self) -> None:
        """Set the webhook again where another program has removed it, and log what Telegram complains of."""
        try:
            info = await self._bot.get_webhook_info()
            if info.url != self._url:
                _log.warning("another program has changed the webhook: it is set again")
                await self._set()
        except TelegramError as error:
            _log.warning("Telegram could not be asked about the webhook: %s", type(error).__name__)
            return
        self._complain(info)

    def _complain(self, info: WebhookInfo) -> None:
        at = info.last_error_date.timestamp() if info.last_error_date else 0.0
        if at > self._last_error:
            self._last_error = at
            _log.warning(
                "Telegram could not post: %s; %d updates wait", info.last_error_message, info.pending_update_count
            )


class _Gate:
    """Lets updates in: those that come while others are being stored are stored together, after them."""

    def __init__(self, intake: Intake) -> None:
        self.open = False
        self._intake = intake
        self._waiting: list[tuple[Arrival, Update | None, asyncio.Future[bool]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def take(self, arrival: Arrival, update: Update | None) -> bool:
        """Whether the update is stored."""
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, update, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        return await stored

    async def _store(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            arrivals, updates = [arrival for arrival, _, _ in batch], [update for _, update, _ in batch if update]
            try:
                taken = await self._intake.take(arrivals, updates)
            except Exception as error:  # noqa: BLE001 - Telegram sends it again, and those behind it are not kept waiting
                _log.error("updates could not be stored: %s", type(error).__name__)
                taken = False
            for _, _, stored in batch:
                if not stored.done():
                    stored.set_result(taken)
