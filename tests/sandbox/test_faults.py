"""Bad days: 429, 5xx, delays, cut connections."""

import time

import httpx
import pytest
from sandbox_driving import AnyApplication, Api
from telegram.error import NetworkError, RetryAfter, TimedOut

from sandbox.server import Sandbox, User

pytest_plugins = ["sandbox_fixtures"]


@pytest.fixture
async def person(sandbox: Sandbox) -> User:
    user = sandbox.user("小王")
    await user.send("甲")
    return user


async def test_too_many_requests(sandbox: Sandbox, api: Api, person: User) -> None:
    sandbox.fail("sendMessage", status=429, retry_after=3, times=2)
    for _ in range(2):
        answer = await api.client.post(api.url("sendMessage"), json={"chat_id": person.id, "text": "a"})
        assert answer.status_code == 429
        assert answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 3",
            "parameters": {"retry_after": 3},
        }
    assert (await api("sendMessage", chat_id=person.id, text="a"))["text"] == "a"
    assert [call.status for call in sandbox.calls_of("sendMessage")] == [429, 429, 200]
    assert len(person.from_bot) == 1


async def test_errors_for_all_methods_of_one_chat(sandbox: Sandbox, api: Api, person: User) -> None:
    other = sandbox.user("别人")
    await other.send("乙")
    sandbox.fail(status=502, times=None, chat=person)
    assert await api("sendMessage", chat_id=person.id, text="a") == "502 Bad Gateway"
    assert (await api("sendMessage", chat_id=other.id, text="a"))["text"] == "a"
    assert len(await api("getUpdates")) == 2
    sandbox.state.faults.clear()
    assert (await api("sendMessage", chat_id=person.id, text="a"))["text"] == "a"


async def test_every_third(sandbox: Sandbox, api: Api, person: User) -> None:
    fault = sandbox.fail("sendMessage", status=500, times=None, every=3)
    answers = [await api("sendMessage", chat_id=person.id, text="a") for _ in range(6)]
    assert [isinstance(answer, str) for answer in answers] == [False, False, True] * 2
    assert fault.hits == 2


async def test_delay(sandbox: Sandbox, api: Api, person: User) -> None:
    sandbox.delay("sendMessage", 0.3)
    begun = time.monotonic()
    await api("sendMessage", chat_id=person.id, text="a")
    assert time.monotonic() - begun >= 0.3


@pytest.mark.parametrize("after_effect", [False, True])
async def test_dropped_connection(sandbox: Sandbox, api: Api, person: User, *, after_effect: bool) -> None:
    sandbox.drop("sendMessage", after_effect=after_effect)
    with pytest.raises(httpx.TransportError):
        await api("sendMessage", chat_id=person.id, text="a")
    assert len(person.from_bot) == after_effect
    assert sandbox.calls_of("sendMessage")[0].status == 0
    assert (await api("sendMessage", chat_id=person.id, text="b"))["text"] == "b"


async def test_download_fails(sandbox: Sandbox, api: Api, person: User) -> None:
    message = await person.send_document(b"x", "a.bin")
    assert message.document is not None
    url = f"{sandbox.base_url}/file/bot{sandbox.token}/{message.document.path}"
    sandbox.fail("download", status=503)
    assert (await api.client.get(url)).status_code == 503
    assert (await api.client.get(url)).content == b"x"


async def test_what_the_library_makes_of_it(
    sandbox: Sandbox, bot: AnyApplication, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else the library warns about the type of ``retry_after``.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    await sandbox.idle()
    sandbox.fail("sendMessage", status=429, retry_after=7)
    with pytest.raises(RetryAfter):
        await bot.bot.send_message(person.id, "a")
    sandbox.fail("sendMessage", status=500)
    with pytest.raises(NetworkError):
        await bot.bot.send_message(person.id, "a")
    sandbox.drop("sendMessage")
    with pytest.raises(NetworkError):
        await bot.bot.send_message(person.id, "a")
    sandbox.delay("sendMessage", 0.5)
    with pytest.raises(TimedOut):
        await bot.bot.send_message(person.id, "a", read_timeout=0.1)


async def test_polling_survives_a_bad_gateway(sandbox: Sandbox, bot: AnyApplication, person: User) -> None:
    await sandbox.idle()
    sandbox.fail("getUpdates", status=502)
    assert (await person.ask("乙", timeout=8)).text.startswith("收到")
