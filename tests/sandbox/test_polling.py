"""getUpdates: offsets, waiting, conflicts, kinds of updates."""

import asyncio
import time

from sandbox_driving import Api

from sandbox.server import Sandbox

pytest_plugins = ["sandbox_fixtures"]


async def test_updates_stay_until_a_later_offset_confirms_them(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    for text in "甲乙丙":
        await person.send(text)
    first = await api("getUpdates")
    assert [update["message"]["text"] for update in first] == ["甲", "乙", "丙"]
    assert await api("getUpdates") == first
    assert await api("getUpdates", limit=1) == first[:1]
    assert await api("getUpdates", offset=first[1]["update_id"]) == first[1:]
    assert await api("getUpdates", offset=-1) == first[2:]
    assert await api("getUpdates") == first[2:]
    assert await api("getUpdates", offset=first[2]["update_id"] + 1) == []
    await sandbox.idle()


async def test_long_poll_ends_with_the_first_update(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    begun = time.monotonic()
    poll = asyncio.create_task(api("getUpdates", timeout=5))
    await sandbox.ready()
    await person.send("甲")
    assert [update["message"]["text"] for update in await poll] == ["甲"]
    assert time.monotonic() - begun < 2


async def test_long_poll_ends_empty_in_time(api: Api) -> None:
    begun = time.monotonic()
    assert await api("getUpdates", timeout=1) == []
    assert 0.9 < time.monotonic() - begun < 2


async def test_second_poller_ends_the_first(sandbox: Sandbox, api: Api) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=5))
    await sandbox.ready()
    await asyncio.sleep(0.05)
    second = asyncio.create_task(api("getUpdates"))
    assert await first == (
        "409 Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    assert await second == []


async def test_webhook_and_polling_exclude_each_other(sandbox: Sandbox, api: Api) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=5))
    await sandbox.ready()
    assert await api("setWebhook", url="https://example.invalid/hook") is True
    assert await poll == "409 Conflict: terminated by setWebhook request"
    assert await api("getUpdates") == (
        "409 Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    assert await api("deleteWebhook") is True
    assert await api("getUpdates") == []


async def test_allowed_updates_are_remembered(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    group = sandbox.group("群", members=[person])
    await group.promote_bot()
    await api.updates(allowed_updates=["message"])
    message = await person.send("甲")
    await person.edit(message, "乙")
    assert [list(update)[1] for update in await api.updates()] == ["message"]
    await api.updates(allowed_updates=["chat_member", "edited_message"])
    await person.edit(message, "丙")
    await group.promote(person)
    assert [list(update)[1] for update in await api.updates()] == ["edited_message", "chat_member"]
    await api.updates(allowed_updates=[])
    await group.demote(person)
    await person.send("丁")
    assert [list(update)[1] for update in await api.updates()] == ["message"]


async def test_dates_are_whole_seconds(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    message = await person.send("甲")
    await person.edit(message, "乙")
    new, edited = await api.updates()
    assert isinstance(new["message"]["date"], int)
    assert edited["edited_message"]["edit_date"] >= edited["edited_message"]["date"]


async def test_bad_numbers_are_refused(api: Api) -> None:
    assert await api("getUpdates", offset="x") == "400 Bad Request: invalid offset specified"
    assert (await api("getUpdates", allowed_updates="message")).startswith(
        "400 Bad Request: can't parse allowed_updates"
    )
    assert await api("getUpdates", allowed_updates={"a": 1}) == (
        "400 Bad Request: can't parse allowed_updates: Array expected"
    )


async def test_idle_waits_for_confirmation(sandbox: Sandbox, api: Api) -> None:
    await sandbox.user("小王").send("甲")
    waiting = asyncio.create_task(sandbox.idle(timeout=3))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await api.updates()
    await waiting
