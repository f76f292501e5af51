"""``POST /v1/check`` and its siblings, over the same service that answers in chats."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
from typing import TYPE_CHECKING, TypeVar

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from api import openapi
from api.body import BodyError, is_json, read_body
from api.keys import Allowance, Keys, Limiter
from api.problems import ProblemError, invalid, too_much
from api.shapes import Answers, Batch, Check, Forget, Forgotten, Health
from bot.contract import answer_of
from bot.errors import StoreError
from bot.meters import API, API_TEXTS
from bot.model import Sms
from bot.service.types import Chat, Limited, Person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from bot.contract import Answer
    from bot.meters import Meters
    from bot.service.service import Service
    from bot.serving import ApiKey

T = TypeVar("T")

PREFIX = "/v1"
LIMIT = 1 << 20
"""Bytes of a body: a hundred texts of the greatest length in Chinese need a little more, and nobody sends those."""
SEATS = 4
"""Texts judged at the same time, so that whoever waits in a chat is not behind a hundred of a batch."""
_RETRY_SECONDS = 5


def build(
    service: Service,
    keys: Iterable[ApiKey],
    *,
    allowance: Allowance | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ASGIApp:
    """The application, to be mounted at :data:`PREFIX`.

    Args:
        service: Judges and records.
        keys: Who may call.
        allowance: How often each may.
        clock: Gives seconds that only ever go up.
    """
    api = _Api(service, Keys(keys), Limiter(allowance or Allowance(), clock))
    app = Starlette(
        routes=[
            Route("/check", api.check, methods=["POST"]),
            Route("/checks", api.checks, methods=["POST"]),
            Route("/forget", api.forget, methods=["POST"]),
            Route("/health", api.health),
            Route("/openapi.json", _document),
        ],
        exception_handlers={
            ProblemError: _refused,
            BodyError: _unread,
            StoreError: _unstored,
            HTTPException: _unrouted,
            Exception: _failed,
        },
    )
    app.router.redirect_slashes = False
    return _Counted(app, service.meters)


class _Api:
    def __init__(self, service: Service, keys: Keys, limiter: Limiter) -> None:
        self._service = service
        self._keys = keys
        self._limiter = limiter
        self._seats = asyncio.Semaphore(SEATS)

    async def check(self, request: Request) -> Response:
        """Judge one SMS; with a user the check is recorded."""
        name = self._client(request)
        asked = await _read(request, Check)
        self._take(name, 1)
        sms = Sms(asked.text, asked.sender)
        if asked.user is None:
            return _json(await self._judge(asked.id, sms))
        who = _person(name, asked.user)
        async with self._seats:
            # Whoever calls again, calls anew: no cause is named that a repetition could be told by.
            found = await self._service.check(sms, who, _private_chat(who), f"api:{secrets.token_urlsafe(16)}")
        if isinstance(found, Limited):
            raise too_much(found.retry_after, "this user")
        return _json(self._counted(answer_of(asked.id, found.verdict)))

    async def checks(self, request: Request) -> Response:
        """Judge many SMS; nothing is recorded."""
        name = self._client(request)
        asked = await _read(request, Batch)
        self._take(name, len(asked.items))
        answers: list[Answer] = []
        for item in asked.items:
            answers.append(await self._judge(item.id, Sms(item.text, item.sender)))
            await asyncio.sleep(0)
        return _json(Answers(items=answers))

    async def forget(self, request: Request) -> Response:
        """Take a user out of the record."""
        name = self._client(request)
        asked = await _read(request, Forget)
        self._take(name, 1)
        done = await self._service.forget(_person(name, asked.user))
        return _json(Forgotten(checks=done.checks))

    async def health(self, _request: Request) -> Response:
        """Whether texts are judged now."""
        if await self._service.answers():
            return _json(Health(status="ok"))
        raise _unavailable()

    def _client(self, request: Request) -> str:
        name = self._keys.name_of(request.headers.get("authorization", ""))
        if name is None:
            raise ProblemError(401, "show your key: Authorization: Bearer …", headers={"WWW-Authenticate": "Bearer"})
        return name

    def _take(self, name: str, count: int) -> None:
        wait = self._limiter.take(name, count)
        if wait is not None:
            raise too_much(wait, "this key")

    async def _judge(self, row_id: str | None, sms: Sms) -> Answer:
        async with self._seats:
            return self._counted(answer_of(row_id, await self._service.judge(sms)))

    def _counted(self, answer: Answer) -> Answer:
        self._service.meters.count(API_TEXTS, answer.level)
        return answer


async def _document(_request: Request) -> Response:
    return _json(openapi.document())


async def _read(request: Request, shape: type[T]) -> T:
    """The body as ``shape``."""
    if not is_json(request):
        raise ProblemError(415, "send JSON, with Content-Type: application/json")
    body = await read_body(request, LIMIT)
    try:
        return msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ProblemError(400, "the body is no JSON") from None


def _json(content: object) -> Response:
    return Response(msgspec.json.encode(content), 200, {"Cache-Control": "no-store"}, "application/json")


def _person(client: str, user: str) -> Person:
    return Person(f"api:{client}:{user}")


def _private_chat(who: Person) -> Chat:
    """Where a user of the API is alone with it: a number as large as no messenger's, which is hashed and not stored."""
    return Chat(int.from_bytes(hashlib.sha256(who.key.encode("utf-8", "surrogatepass")).digest()[:7]) | 1 << 60)


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────


def _unavailable() -> ProblemError:
    return ProblemError(503, "no text can be judged now: try again", headers={"Retry-After": str(_RETRY_SECONDS)})


def _answer(problem: ProblemError) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(_request: Request, _error: Exception) -> Response:
        return problem.response()

    return answer


_unstored = _answer(_unavailable())
_failed = _answer(ProblemError(500, "this is a mistake of ours"))


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    return error.response()


async def _unread(_request: Request, error: Exception) -> Response:
    assert isinstance(error, BodyError)
    return ProblemError(error.status, str(error)).response()


async def _unrouted(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = "nothing is here" if error.status_code == 404 else "not with this method"  # noqa: PLR2004
    return ProblemError(error.status_code, said, headers=error.headers).response()


class _Counted:
    """Counts answers by their status."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self._app = app
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._meters.count(API, str(message["status"]))
            await send(message)

        await self._app(scope, receive, counted)
