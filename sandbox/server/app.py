"""The server's addresses: the Bot API as Telegram serves it, and the control API beside it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.server import faults, methods
from sandbox.server.errors import ApiError
from sandbox.server.params import Params
from sandbox.server.state import Call, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

_EVERY_VERB = ["GET", "POST"]
_TOO_MANY = 429


def _refusal(error: ApiError) -> Response:
    return JSONResponse(error.body(), error.code)


async def _result(state: State, name: str, params: Params) -> Any:  # noqa: ANN401 - each method its own
    if state.logged_out:
        raise ApiError(400, "Logged out")
    function = methods.find(name)
    if function is None:
        raise ApiError(404, "Not Found: method not found")
    return await function(state, params)


async def run(state: State, params: Params, call: Call) -> dict[str, Any]:
    """Carry out one call and note how it went; the JSON body of its answer."""
    try:
        call.result = await _result(state, call.method, params)
    except ApiError as error:
        call.status, call.description = error.code, error.description
        return error.body()
    call.status = 200
    return {"ok": True, "result": call.result}


def _cut(request: Request) -> Response:
    """End the connection without an answer."""
    transport = request.scope["state"].get("transport")
    if isinstance(transport, asyncio.Transport):
        transport.abort()
    return Response()


def _faulty(request: Request, fault: faults.Fault, call: Call) -> Response:
    if fault.kind == "drop":
        call.status = 0
        return _cut(request)
    call.status = fault.status
    headers = {"Retry-After": str(fault.retry_after)} if fault.status == _TOO_MANY else {}
    return JSONResponse(fault.body(), fault.status, headers)


class _Api:
    """Answers under /bot<token>/ and /file/bot<token>/."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def call(self, request: Request) -> Response:
        """One call of a method."""
        if request.path_params["token"] != self._state.token:
            return _refusal(ApiError(401, "Unauthorized"))
        call = Call(request.path_params["method"], {}, time.monotonic())
        try:
            params = await Params.of(request)
        except ApiError as error:
            return _refusal(error)
        call.params = params.values | {key: upload.name for key, upload in params.files.items()}
        self._state.calls.append(call)
        response = await self._answer(request, params, call)
        self._state.signal.notify()
        return response

    async def _answer(self, request: Request, params: Params, call: Call) -> Response:
        fault = self._state.faults.take(call.method, params.text("chat_id"))
        await faults.pause(fault)
        harmful = fault if fault is not None and fault.kind != "delay" else None
        if harmful is not None and not harmful.after_effect:
            return _faulty(request, harmful, call)
        body = await run(self._state, params, call)
        if harmful is not None:
            return _faulty(request, harmful, call)
        return JSONResponse(body, call.status)

    async def download(self, request: Request) -> Response:
        """The bytes of a file."""
        if request.path_params["token"] != self._state.token:
            return _refusal(ApiError(401, "Unauthorized"))
        path = request.path_params["path"]
        fault = self._state.faults.take("download", "")
        await faults.pause(fault)
        if fault is not None and fault.kind != "delay":
            return _faulty(request, fault, Call("download", {}, time.monotonic()))
        stored = next((file for file in self._state.files.values() if file.path == path), None)
        if stored is None:
            return _refusal(ApiError(404, "Not Found"))
        return Response(stored.data, media_type=stored.mime_type or "application/octet-stream")


async def _missing(_request: Request, _error: Exception) -> Response:
    return _refusal(ApiError(404, "Not Found"))


def build(state: State, control: Sequence[BaseRoute] = ()) -> Starlette:
    """The application, with the routes of the control API given."""
    api = _Api(state)
    routes: list[BaseRoute] = [
        Route("/bot{token}/{method}", api.call, methods=_EVERY_VERB),
        Route("/file/bot{token}/{path:path}", api.download, methods=["GET"]),
        *control,
    ]
    return Starlette(routes=routes, exception_handlers={404: _missing})
