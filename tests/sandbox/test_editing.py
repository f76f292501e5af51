"""Edits, deletions and callback queries."""

import asyncio
from typing import Any

import pytest
from sandbox_driving import Api
from test_sending import PNG

from sandbox.server import Sandbox, User

pytest_plugins = ["sandbox_fixtures"]

BUTTONS = {"inline_keyboard": [[{"text": "好", "callback_data": "ok"}]]}


async def _sent(sandbox: Sandbox, api: Api, **params: Any) -> tuple[User, dict[str, Any]]:
    person = sandbox.user("小王")
    await person.start()
    params = {"text": "甲", "reply_markup": BUTTONS} | params
    return person, {
        "chat_id": person.id,
        "message_id": (await api("sendMessage", chat_id=person.id, **params))["message_id"],
    }


async def test_edit_text(sandbox: Sandbox, api: Api) -> None:
    person, target = await _sent(sandbox, api)
    edited = await api("editMessageText", **target, text="<b>乙</b>", parse_mode="HTML", reply_markup=BUTTONS)
    assert edited["text"] == "乙"
    assert edited["edit_date"] >= edited["date"]
    assert person.last.revisions == ["甲"]
    same = (
        "400 Bad Request: message is not modified: specified new message content and reply markup are exactly the same"
    )
    again = await api("editMessageText", **target, text="<b>乙</b>", parse_mode="HTML", reply_markup=BUTTONS)
    assert again.startswith(same)
    plain = await api("editMessageText", **target, text="乙", reply_markup=BUTTONS)
    assert "entities" not in plain
    assert "reply_markup" not in await api("editMessageText", **target, text="丙")
    assert (await api("editMessageReplyMarkup", **target, reply_markup=BUTTONS))["reply_markup"] == BUTTONS
    assert (await api("editMessageReplyMarkup", **target, reply_markup=BUTTONS)).startswith(same)


async def test_refused_edits(sandbox: Sandbox, api: Api) -> None:
    person, target = await _sent(sandbox, api)
    theirs = await person.send("我的")

    async def edit(method: str = "editMessageText", **params: Any) -> Any:
        return await api(method, **({"text": "丁"} | target | params))

    assert await edit(message_id=999) == "400 Bad Request: message to edit not found"
    assert await edit(message_id=theirs.id) == "400 Bad Request: message can't be edited"
    assert await edit(chat_id=1) == "400 Bad Request: chat not found"
    assert await edit(text="") == "400 Bad Request: message text is empty"
    assert await edit(text="字" * 4097) == "400 Bad Request: message is too long"
    assert await edit(text="<x>", parse_mode="HTML") == (
        '400 Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 0'
    )
    assert await edit("editMessageCaption") == "400 Bad Request: there is no caption in the message to edit"
    assert await edit(reply_markup={"keyboard": [["a"]]}) == "400 Bad Request: inline keyboard expected"
    assert await edit(inline_message_id="x") == "400 Bad Request: MESSAGE_ID_INVALID"
    await person.block_bot()
    assert await edit() == "403 Forbidden: bot was blocked by the user"


async def test_caption_and_media(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    await person.start()
    sent = (
        await api.client.post(api.url("sendPhoto"), data={"chat_id": person.id}, files={"photo": ("a.png", PNG)})
    ).json()["result"]
    target = {"chat_id": person.id, "message_id": sent["message_id"]}
    assert (await api("editMessageCaption", **target, caption="图"))["caption"] == "图"
    assert (await api("editMessageCaption", **target, caption="图")).startswith(
        "400 Bad Request: message is not modified"
    )
    assert (
        await api("editMessageText", **target, text="x") == "400 Bad Request: there is no text in the message to edit"
    )
    media = '{"type": "document", "media": "attach://f", "caption": "表"}'
    answer = await api.client.post(
        api.url("editMessageMedia"), data=target | {"media": media}, files={"f": ("a.csv", b"x")}
    )
    edited = answer.json()["result"]
    assert (edited["caption"], edited["document"]["file_name"]) == ("表", "a.csv")
    assert "photo" not in edited
    photo = {"type": "photo", "media": sent["photo"][-1]["file_id"]}
    assert "photo" in await api("editMessageMedia", **target, media=photo)
    assert (await api("editMessageMedia", **target, media={"type": "video"})).startswith("400 Bad Request: can't parse")


async def test_deleting(sandbox: Sandbox, api: Api) -> None:
    person, target = await _sent(sandbox, api)
    assert await api("deleteMessage", **target) is True
    assert await api("deleteMessage", **target) == "400 Bad Request: message to delete not found"
    theirs = await person.send("我的")
    assert await api("deleteMessage", chat_id=person.id, message_id=theirs.id) is True
    group = sandbox.group("群", members=[person])
    in_group = {"chat_id": group.id, "message_id": (await person.send("群里的", group)).id}
    assert await api("deleteMessage", **in_group) == "400 Bad Request: message can't be deleted"
    await group.promote_bot()
    assert await api("deleteMessage", **in_group) is True
    old = await api("sendMessage", chat_id=person.id, text="旧")
    sandbox.advance(49 * 3600)
    refusal = await api("deleteMessage", chat_id=person.id, message_id=old["message_id"])
    assert refusal == "400 Bad Request: message can't be deleted for everyone"
    new = await api("sendMessage", chat_id=person.id, text="新")
    assert await api("deleteMessages", chat_id=person.id, message_ids=[new["message_id"], 999]) is True


async def test_callback_query(sandbox: Sandbox, api: Api) -> None:
    person, _ = await _sent(sandbox, api)
    await api.updates()
    pressing = asyncio.create_task(person.press(person.last, "好"))
    (update,) = await api.updates(timeout=2)
    query = update["callback_query"]
    assert query["data"] == "ok"
    assert query["from"]["id"] == person.id
    assert query["message"]["text"] == "甲"
    assert await api("answerCallbackQuery", callback_query_id=query["id"], text="行", show_alert=True) is True
    answer = await pressing
    assert (answer.text, answer.show_alert) == ("行", True)
    old = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert await api("answerCallbackQuery", callback_query_id=query["id"]) == old
    assert await api("answerCallbackQuery", callback_query_id="77") == old
    assert await api("answerCallbackQuery", callback_query_id="77", text="字" * 201) == (
        "400 Bad Request: MESSAGE_TOO_LONG"
    )


async def test_late_answer_to_a_press(sandbox: Sandbox, api: Api) -> None:
    person, _ = await _sent(sandbox, api)
    await api.updates()
    with pytest.raises(TimeoutError):
        await person.press(person.last, "ok", timeout=0.05)
    (update,) = await api.updates()
    sandbox.advance(1000)
    answer = await api("answerCallbackQuery", callback_query_id=update["callback_query"]["id"])
    assert answer.startswith("400 Bad Request: query is too old")


async def test_press_on_a_deleted_message_and_with_forged_data(sandbox: Sandbox, api: Api) -> None:
    person, target = await _sent(sandbox, api)
    await api.updates()
    message = person.last
    await api("deleteMessage", **target)
    with pytest.raises(TimeoutError):
        await person.press(message, data="forged", timeout=0.05)
    (update,) = await api.updates()
    assert update["callback_query"]["data"] == "forged"
    assert update["callback_query"]["message"] == {
        "message_id": message.id,
        "chat": {"id": person.id, "type": "private", "first_name": "小王"},
        "date": 0,
    }
    with pytest.raises(LookupError):
        await person.press(message, "没有")


async def test_callback_carries_the_replied_to_message_as_long_as_it_exists(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    sms = await person.send("短信")
    reply = {"message_id": sms.id}
    await api("sendMessage", chat_id=person.id, text="a", reply_markup=BUTTONS, reply_parameters=reply)
    await api.updates()
    for kept in (True, False):
        with pytest.raises(TimeoutError):
            await person.press(person.last, "好", timeout=0.05)
        (update,) = await api.updates()
        assert ("reply_to_message" in update["callback_query"]["message"]) is kept
        await person.delete(sms)
