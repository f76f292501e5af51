"""The HTTP API on a real port, over a real service on a real database file."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.routing import Mount
from web_driving import HOST, client_of

from api import app
from bot.judge import judge
from bot.secret import Secret
from bot.service.service import open_service
from bot.serving import Address, ApiKey, digest_of
from handlers.listen import Listener

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import httpx

    from api.keys import Allowance
    from bot.knowledge import Knowledge
    from bot.model import Sightings, Sms, Verdict
    from bot.service.service import Service

KEY, OTHER_KEY = "the-key-of-one-0123456789abcdefghij", "the-key-of-two-0123456789abcdefghij"
KEYS = (ApiKey("one", digest_of(KEY)), ApiKey("two", digest_of(OTHER_KEY)))
SIGNED = {"Authorization": f"Bearer {KEY}"}
OWNER = "telegram:1"


@dataclass(frozen=True)
class Api:
    client: httpx.AsyncClient
    service: Service
    port: int
    database: Path

    async def post(self, path: str, json: object, **headers: str) -> httpx.Response:
        return await self.client.post(path, json=json, headers=SIGNED | headers)


def _judge(knowledge: Knowledge, sms: Sms, sightings: Sightings) -> Verdict:
    return judge(sms, knowledge, sightings)


@asynccontextmanager
async def serving(folder: Path, knowledge: Knowledge, allowance: Allowance | None = None) -> AsyncIterator[Api]:
    database = folder / "zhendema.sqlite3"
    secret = Secret("a secret for tests only, 32 characters or more")
    url = f"sqlite+aiosqlite:///{database}"
    async with open_service(url, secret, knowledge, partial(_judge, knowledge), [OWNER]) as service:
        more: dict[str, Any] = {"allowance": allowance} if allowance else {}
        whole = Starlette(routes=[Mount(app.PREFIX, app.build(service, KEYS, **more))])
        whole.router.redirect_slashes = False
        listener = Listener(whole, Address(HOST, 0), "TEST")
        await listener.start()
        try:
            async with client_of(listener.port) as client:
                yield Api(client, service, listener.port, database)
        finally:
            await listener.stop()
