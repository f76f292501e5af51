"""Updates pushed to a webhook."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sandbox_driving import Api
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.server import Sandbox
from sandbox.server.listener import Listener
from sandbox.server.signals import Signal
from sandbox.server.webhook import SECRET_HEADER

pytest_plugins = ["sandbox_fixtures"]


class Hook:
    """A bot's own web server."""

    def __init__(self) -> None:
        self.got: list[tuple[str | None, dict[str, Any]]] = []
        self.statuses: list[int] = []
        self.refuse: list[str] = []
        self.answer: dict[str, Any] | None = None
        self.url = ""
        self.signal = Signal()

    async def receive(self, request: Request) -> Response:
        self.got.append((request.headers.get(SECRET_HEADER), await request.json()))
        self.signal.notify()
        text = self.got[-1][1]["message"]["text"]
        if text in self.refuse:
            self.refuse.remove(text)
            return Response(status_code=503, headers={"Retry-After": "0"})
        status = self.statuses.pop(0) if self.statuses else 200
        return JSONResponse(self.answer or {}, status)

    async def until(self, count: int) -> None:
        await self.signal.until(lambda: len(self.got) >= count, 5)


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    found = Hook()
    listener = Listener(Starlette(routes=[Route("/hook", found.receive, methods=["POST"])]))
    found.url = f"http://127.0.0.1:{await listener.start()}/hook"
    yield found
    await listener.stop()


async def test_delivery_with_the_secret(sandbox: Sandbox, api: Api, hook: Hook) -> None:
    assert await api("setWebhook", url=hook.url, secret_token="s3cret-_", max_connections=1) is True
    person = sandbox.user("小王")
    await person.send("甲")
    await person.send("乙")
    await hook.until(2)
    await sandbox.idle()
    assert [secret for secret, _ in hook.got] == ["s3cret-_"] * 2
    assert [update["message"]["text"] for _, update in hook.got] == ["甲", "乙"]
    info = await api("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["max_connections"]) == (hook.url, 0, 1)
    assert "last_error_date" not in info


async def test_retries_until_it_is_taken(sandbox: Sandbox, api: Api, hook: Hook) -> None:
    hook.statuses = [500, 503]
    await api("setWebhook", url=hook.url)
    await sandbox.user("小王").send("甲")
    await hook.until(3)
    await sandbox.idle()
    assert len({update["update_id"] for _, update in hook.got}) == 1
    assert hook.got[0][0] is None
    info = await api("getWebhookInfo")
    assert info["last_error_message"] == "Wrong response from the webhook: 503 Service Unavailable"
    assert isinstance(info["last_error_date"], int)


async def test_a_chat_in_trouble_keeps_its_order_and_nobody_else_waiting(
    sandbox: Sandbox, api: Api, hook: Hook
) -> None:
    wang, li = sandbox.user("小王"), sandbox.user("小李")
    await wang.send("甲一")
    await wang.send("甲二")
    await li.send("乙一")
    hook.refuse = ["甲一"]
    await api("setWebhook", url=hook.url)
    await hook.until(4)
    await sandbox.idle()
    said = [update["message"]["text"] for _, update in hook.got]
    assert [text for text in said if text.startswith("甲")] == ["甲一", "甲一", "甲二"]
    assert said.index("乙一") < said.index("甲二")


async def test_answer_may_be_a_call(sandbox: Sandbox, api: Api, hook: Hook) -> None:
    person = sandbox.user("小王")
    hook.answer = {"method": "sendMessage", "chat_id": person.id, "text": "收到"}
    await api("setWebhook", url=hook.url)
    await person.send("甲")
    assert (await person.wait_for("收到")).from_bot


async def test_nobody_there(sandbox: Sandbox, api: Api) -> None:
    await api("setWebhook", url="http://127.0.0.1:9/hook")
    await sandbox.user("小王").send("甲")
    await asyncio.sleep(0.2)
    info = await api("getWebhookInfo")
    assert info["last_error_message"].startswith("Connection failed")
    assert info["pending_update_count"] == 1
    assert await api("deleteWebhook", drop_pending_updates=True) is True
    assert await api.updates() == []


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "http://example.com/"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "nonsense"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.example/", "secret_token": "ä"}, "secret token contains unallowed characters"),
    ],
)
async def test_refused_webhooks(api: Api, params: dict[str, str], reason: str) -> None:
    assert await api("setWebhook", **params) == f"400 Bad Request: {reason}"


async def test_settings_come_and_go(sandbox: Sandbox, api: Api) -> None:
    await sandbox.user("小王").send("甲")
    await api("setWebhook", url="https://a.example/", drop_pending_updates=True, allowed_updates=["message"])
    info = await api("getWebhookInfo")
    assert (info["pending_update_count"], info["allowed_updates"]) == (0, ["message"])
    assert await api("setWebhook", url="") is True
    assert (await api("getWebhookInfo"))["url"] == ""
