"""Pushes updates to the bot's webhook, in order, again and again until it takes them."""

from __future__ import annotations

import asyncio
import time
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
        answer = await client.post(hook.url, json=update, headers=headers)
    except httpx.HTTPError as error:
        return f"Connection failed: {type(error).__name__}"
    if not answer.is_success:
        return f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
    return answer


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


async def deliver(state: State) -> None:
    """Run for ever: whenever a webhook is set and an update waits, deliver it."""
    pause = _FIRST_RETRY
    # The client reads every root certificate, which no test pays for unless it uses a webhook.
    await state.signal.until(lambda: state.webhook.url, float("inf"))
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        while True:
            await state.signal.until(lambda: state.webhook.url and state.updates.pending, float("inf"))
            hook, queue = state.webhook, list(state.updates.pending)
            if not hook.url or not queue:
                continue
            answer = await _offer(client, hook, queue[0])
            if isinstance(answer, str):
                hook.last_error_date, hook.last_error_message = int(state.now()), answer
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_RETRY)
                continue
            pause = _FIRST_RETRY
            if state.webhook is hook:
                state.updates.confirm(queue[0]["update_id"] + 1)
            await _carry_out(state, answer)
