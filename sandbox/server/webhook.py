"""Pushes updates to the bot's webhook: those of one chat in order, each again and again until it is taken."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx

from sandbox.server.app import run
from sandbox.server.params import Params
from sandbox.server.state import Call, State, Webhook

if TYPE_CHECKING:
    from collections.abc import Mapping

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name
_FIRST_RETRY, _LONGEST_RETRY = 0.05, 2.0


async def _offer(client: httpx.AsyncClient, hook: Webhook, update: Mapping[str, Any]) -> httpx.Response | str:
    headers = {SECRET_HEADER: hook.secret} if hook.secret else {}
    try:
        return await client.post(hook.url, json=update, headers=headers)
    except httpx.HTTPError as error:
        return f"Connection failed: {type(error).__name__}"


def _complaint(answer: httpx.Response) -> str:
    if answer.is_success:
        return ""
    return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"


async def _carry_out(state: State, answer: httpx.Response) -> None:
    """A webhook may answer with a call; its result is not reported back."""
    try:
        body = answer.json()
    except ValueError:
        return
    if isinstance(body, dict) and isinstance(body.get("method"), str):
        values = {key: value for key, value in body.items() if key != "method"}
        call = Call(body["method"], values, time.monotonic())
        state.calls.append(call)
        await run(state, Params(values), call)


def _queue_of(update: Mapping[str, Any]) -> int:
    """What keeps an update in order: Telegram posts those of one chat one after the other, others beside them."""
    content: Mapping[str, Any] = next((value for key, value in update.items() if key != "update_id"), {})
    message = content.get("message", content)
    owner: Mapping[str, Any] = message.get("chat") or content.get("from") or {}
    return int(owner.get("id", 0))


def _pause(answer: httpx.Response | str, pause: float) -> float:
    after = answer.headers.get("Retry-After", "") if isinstance(answer, httpx.Response) else ""
    return float(after) if after.isdecimal() else pause


async def _post(state: State, client: httpx.AsyncClient, hook: Webhook, queue: int) -> None:
    """Post what waits of one chat, in order, each again and again until it is taken or the webhook changes."""
    pause = _FIRST_RETRY
    while state.webhook is hook:
        update = next((update for update in state.updates.pending if _queue_of(update) == queue), None)
        if update is None:
            return
        answer = await _offer(client, hook, update)
        fault = answer if isinstance(answer, str) else _complaint(answer)
        if fault:
            hook.last_error_date, hook.last_error_message = int(state.now()), fault
            await asyncio.sleep(_pause(answer, pause))
            pause = min(2 * pause, _LONGEST_RETRY)
            continue
        pause = _FIRST_RETRY
        if state.webhook is hook:
            state.updates.done(update)
        assert isinstance(answer, httpx.Response)
        await _carry_out(state, answer)


async def deliver(state: State) -> None:
    """Run for ever: whenever a webhook is set and updates wait, post them, a chat over each connection."""
    # The client reads every root certificate, which no test pays for unless it uses a webhook.
    await state.signal.until(lambda: state.webhook.url, float("inf"))
    posting: dict[int, asyncio.Task[None]] = {}

    def free() -> set[int]:
        if not state.webhook.url or len(posting) >= state.webhook.max_connections:
            return set()
        return {_queue_of(update) for update in state.updates.pending} - posting.keys()

    def ended(queue: int, _task: asyncio.Task[None]) -> None:
        posting.pop(queue, None)
        state.signal.notify()

    async with httpx.AsyncClient(timeout=10, trust_env=False, limits=httpx.Limits(max_connections=None)) as client:
        try:
            while True:
                await state.signal.until(free, float("inf"))
                queue = free().pop()
                posting[queue] = asyncio.create_task(_post(state, client, state.webhook, queue))
                posting[queue].add_done_callback(partial(ended, queue))
        finally:
            for task in posting.values():
                task.cancel()
            await asyncio.gather(*posting.values(), return_exceptions=True)
