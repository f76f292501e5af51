"""The control API: in Python what the other tests leave out, and over HTTP."""

import asyncio
import time
from typing import Any

import pytest
from sandbox_driving import AnyApplication, Api

from sandbox.server import Sandbox
from sandbox.server.signals import Signal

pytest_plugins = ["sandbox_fixtures"]


class Control:
    """Calls ``/sandbox/…``."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._base = f"{api.sandbox.base_url}/sandbox/"

    async def post(self, path: str, /, **params: Any) -> Any:
        return (await self._api.client.post(self._base + path, json=params)).json()

    async def get(self, path: str, /, **params: Any) -> Any:
        return (await self._api.client.get(self._base + path, params=params)).json()


@pytest.fixture
def control(api: Api) -> Control:
    return Control(api)


async def test_waiting_for_the_bot(sandbox: Sandbox, bot: AnyApplication) -> None:
    person = sandbox.user("小王")
    await person.send("甲")
    await person.send("乙乙")
    assert [message.text for message in await person.wait_for(2)] == ["收到 1", "收到 2"]
    assert (await person.wait_for(lambda message: message.text.endswith("2"))).id == person.last.id
    with pytest.raises(TimeoutError, match="2 of 3"):
        await person.wait_for(3, timeout=0.05)
    with pytest.raises(TimeoutError, match="no such message"):
        await person.wait_for("没有", timeout=0.05)
    person.skip()
    with pytest.raises(TimeoutError, match="wrote nothing"):
        await person.next(timeout=0.05)
    assert len(sandbox.messages(person)) == 4
    assert [call.params["text"] for call in sandbox.calls_of("sendmessage")] == ["<b>收到</b> 1", "<b>收到</b> 2"]


async def test_idle_and_ready_give_up(sandbox: Sandbox) -> None:
    await sandbox.user("小王").send("甲")
    with pytest.raises(TimeoutError, match="does not ask"):
        await sandbox.ready(timeout=0.05)
    with pytest.raises(TimeoutError, match="1 updates wait"):
        await sandbox.idle(timeout=0.1)


async def test_signal_lets_itself_be_cancelled() -> None:
    """``asyncio.wait_for`` swallows a cancellation that meets the event; the wait must not."""
    signal = Signal()
    waiting = asyncio.create_task(signal.until(lambda: False, 60))
    await asyncio.sleep(0)
    signal.notify()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_closing_does_not_wait_for_a_long_poll() -> None:
    begun = time.monotonic()
    async with Sandbox() as sandbox:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(sandbox.base_url.rsplit(":", 1)[1]))
        writer.write(f"GET /bot{sandbox.token}/getUpdates?timeout=50 HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        await sandbox.ready()
    assert await reader.read() == b""
    writer.close()
    await writer.wait_closed()
    assert time.monotonic() - begun < 2


async def test_over_http(sandbox: Sandbox, bot: AnyApplication, control: Control) -> None:
    user = (await control.post("users", name="小王", username="wang"))["id"]
    sent = await control.post("messages", user=user, text="看icbc.com.cn", forward_name="匿名")
    assert sent["forward_origin"]["sender_user_name"] == "匿名"
    assert sent["links"] == [{"kind": "url", "text": "icbc.com.cn", "url": None}]
    await control.get("idle")
    messages = await control.get("messages", chat=user)
    assert [message["from_bot"] for message in messages] == [False, True]
    target = {"user": user, "chat": user, "message_id": messages[1]["message_id"]}
    answer = await control.post("press", button="确认", **target)
    assert answer == {"text": "记下了", "show_alert": True, "url": None, "copied": None}
    assert "没有" in (await control.post("press", button="没有", **target))["error"]
    own = {"user": user, "chat": user, "message_id": sent["message_id"]}
    assert (await control.post("edit", text="改", **own))["text"] == "改"
    assert await control.post("delete", **own) == {}
    assert (await control.get("messages", chat=user))[0]["deleted"] is True
    calls = await control.get("calls", method="answerCallbackQuery")
    assert [call["status"] for call in calls] == [200]


async def test_groups_over_http(sandbox: Sandbox, bot: AnyApplication, control: Control, api: Api) -> None:
    member = (await control.post("users", name="小李"))["id"]
    admin = (await control.post("users", name="老张"))["id"]
    group = (await control.post("groups", title="群", members=[member], admins=[admin], basic=True))["id"]
    channel = (await control.post("channels", title="频道", linked_to=group))["id"]
    talk = await control.post("messages", user=member, chat=group, text="闲聊", forward_from=channel)
    await control.post(
        "messages", user=admin, chat=group, text="/x", reply_to=talk["message_id"], as_anonymous_admin=True
    )
    assert (await control.post("posts", channel=channel, text="帖"))["is_automatic_forward"] is True
    await control.get("idle")
    people = await control.get("people")
    assert people["bot"]["username"] == "zhendema_bot"
    assert {chat["title"] for chat in people["chats"]} == {"群", "频道"}
    assert await control.post("act", who=group, what="leave", **{"with": member}) == {}
    assert await control.post("act", who=group, what="promote_bot") == {}
    assert await control.post("act", who=member, what="block_bot") == {}
    assert await control.post("act", who=group, what="migrate") == {}
    assert "error" in await control.post("act", who=group, what="promote_bot")
    assert "error" in await control.post("act", who=member, what="__init__")
    assert "error" in await control.post("messages", user=1, text="x")
    url = f"{sandbox.base_url}/sandbox/messages"
    photo = await api.client.post(url, data={"user": admin, "text": "图"}, files={"photo": ("a.png", b"x")})
    file_id = photo.json()["photo"][-1]["file_id"]
    assert (await api.client.get(f"{sandbox.base_url}/sandbox/files", params={"file_id": file_id})).content == b"x"
    document = await api.client.post(url, data={"user": admin}, files={"document": ("a.pdf", b"y")})
    assert document.json()["document"]["file_name"] == "a.pdf"


async def test_faults_and_changes_over_http(sandbox: Sandbox, api: Api, control: Control) -> None:
    person = sandbox.user("小王")
    await person.start()
    count = (await control.get("changes", since=-1))["count"]
    assert (await control.get("changes", since=count, timeout=0.05))["count"] == count
    waiting = asyncio.create_task(control.get("changes", since=count))
    await person.send("甲")
    assert (await waiting)["count"] > count
    await control.post("faults", method="sendMessage", status=503, times=None)
    assert await api("sendMessage", chat_id=person.id, text="a") == "503 Service Unavailable"
    await control.post("faults")
    assert (await api("sendMessage", chat_id=person.id, text="a"))["text"] == "a"
    assert "error" in await control.post("faults", nonsense=1)
    assert (await control.get("idle", timeout=0.1))["error"].endswith("updates wait")


async def test_pages_from_elsewhere_are_kept_out(sandbox: Sandbox, api: Api) -> None:
    url = f"{sandbox.base_url}/sandbox/people"
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        assert (await api.client.get(url, headers=headers)).status_code == 403
    assert (await api.client.get(url, headers={"Origin": sandbox.base_url})).status_code == 200
