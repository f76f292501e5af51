"""sendMessage, sendPhoto, sendDocument, sendChatAction: what is refused and in which words."""

import json
import struct
from typing import Any

import pytest
from sandbox_driving import Api

from sandbox.server import Sandbox

pytest_plugins = ["sandbox_fixtures"]

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + struct.pack(">II", 1000, 500) + b"\0" * 20


async def test_all_four_ways_of_passing_parameters(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    await person.start()
    given: dict[str, Any] = {"chat_id": person.id, "text": "甲"}
    url = api.url("sendMessage")
    for answer in (
        await api.client.get(url, params=given),
        await api.client.post(url, data=given),
        await api.client.post(url, json=given),
        await api.client.post(url, data=given, files={"unused": b"x"}),
        await api.client.post(api.url("SENDMESSAGE"), json=given),
    ):
        message = answer.json()["result"]
        assert message["text"] == "甲"
        assert isinstance(message["date"], int)
        assert message["date"] < 10**10
        assert message["chat"] == {"id": person.id, "type": "private", "first_name": "小王"}
        assert message["from"]["is_bot"] is True
    assert len(person.from_bot) == 5


async def test_token_and_method(sandbox: Sandbox, api: Api) -> None:
    wrong = await api.client.get(f"{sandbox.base_url}/bot1:wrong/getMe")
    assert (wrong.status_code, wrong.json()["description"]) == (401, "Unauthorized")
    assert await api("getNothing") == "404 Not Found: method not found"
    assert (await api.client.get(f"{sandbox.base_url}/elsewhere")).json()["error_code"] == 404
    assert (await api.client.post(api.url("getMe"), content=b"{", headers={"Content-Type": "application/json"})).json()[
        "description"
    ] == "Bad Request: can't parse JSON object"


async def test_who_cannot_be_written_to(sandbox: Sandbox, api: Api) -> None:
    async def write(chat: object) -> Any:
        return await api("sendMessage", chat_id=chat, text="甲")

    person = sandbox.user("小王")
    assert await write(12345) == "400 Bad Request: chat not found"
    assert await write("@nobody") == "400 Bad Request: chat not found"
    assert await write("") == "400 Bad Request: chat_id is empty"
    assert await write(person.id) == "403 Forbidden: bot can't initiate conversation with a user"
    await person.start()
    assert (await write(person.id))["text"] == "甲"
    await person.block_bot()
    assert await write(person.id) == "403 Forbidden: bot was blocked by the user"
    await person.send("又来了")
    assert (await write(person.id))["text"] == "甲"
    await person.deactivate()
    assert await write(person.id) == "403 Forbidden: user is deactivated"
    group = sandbox.group("群", with_bot=False)
    assert await write(group.id) == "403 Forbidden: bot is not a member of the supergroup chat"
    await group.add_bot()
    assert (await write(group.id))["chat"]["type"] == "supergroup"
    await group.mute_bot()
    assert await write(group.id) == "400 Bad Request: not enough rights to send text messages to the chat"
    await group.kick_bot()
    assert await write(group.id) == "403 Forbidden: bot was kicked from the supergroup chat"


@pytest.mark.parametrize(
    ("params", "refusal"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "字" * 4097}, "message is too long"),
        ({"text": "<b>", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag corresponding to start tag"),
        ({"text": "a", "parse_mode": "x"}, "unsupported parse_mode"),
        ({"text": "a", "reply_parameters": {"message_id": 99}}, "message to be replied not found"),
        ({"text": "a", "reply_to_message_id": 99}, "message to be replied not found"),
    ],
)
async def test_refused_text(sandbox: Sandbox, api: Api, params: dict[str, Any], refusal: str) -> None:
    person = sandbox.user("小王")
    await person.start()
    answer = await api("sendMessage", chat_id=person.id, **params)
    assert answer.startswith(f"400 Bad Request: {refusal}")
    assert person.from_bot == []


async def test_reply_to_what_is_gone(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    sms = await person.send("短信")
    wanted = {"message_id": sms.id}
    sent = await api("sendMessage", chat_id=person.id, text="a", reply_parameters=wanted)
    assert sent["reply_to_message"]["text"] == "短信"
    await person.delete(sms)
    lenient = wanted | {"allow_sending_without_reply": True}
    sent = await api("sendMessage", chat_id=person.id, text="a", reply_parameters=json.dumps(lenient))
    assert "reply_to_message" not in sent


def _inline(*buttons: object) -> dict[str, Any]:
    return {"inline_keyboard": [list(buttons)]}


CANT = "can't parse inline keyboard button: "


@pytest.mark.parametrize(
    ("markup", "refusal"),
    [
        (_inline({"text": "a", "callback_data": "字" * 22}), "BUTTON_DATA_INVALID"),
        (_inline({"text": "a", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (_inline({"text": "a"}), f"{CANT}Text buttons are unallowed in the inline keyboard"),
        (_inline({"text": " ", "callback_data": "a"}), "inline keyboard button text must be non-empty"),
        (_inline({"callback_data": "a"}), f'{CANT}Can\'t find field "text"'),
        (_inline("a"), f"{CANT}InlineKeyboardButton must be an Object"),
        (_inline({"text": "a", "url": "nowhere"}), "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"),
        (_inline({"text": "a", "copy_text": "x"}), f'{CANT}Field "copy_text" must be of type Object'),
        (_inline({"text": "a", "copy_text": {"text": ""}}), "BUTTON_COPY_TEXT_INVALID"),
        (_inline({"text": "a", "copy_text": {"text": "x" * 257}}), "BUTTON_COPY_TEXT_INVALID"),
        (_inline({"text": "a", "copy_text": {"text": "x"}, "callback_data": "y"}), "BUTTON_TYPE_INVALID"),
        (_inline(*[{"text": "a", "callback_data": "y"}] * 9), "REPLY_MARKUP_TOO_LONG"),
        ({"inline_keyboard": [{"text": "a"}]}, "object expected as reply markup: inline_keyboard must be an Array"),
        ({"keyboard": []}, "reply keyboard must have at least one button"),
        ({"keyboard": [[""]]}, "can't parse keyboard button: text must be non-empty"),
        ({"keyboard": "a"}, "can't parse reply keyboard markup"),
        ({"nothing": 1}, "object expected as reply markup"),
        ([1], "object expected as reply markup"),
        ("{", "can't parse reply_markup JSON object"),
    ],
)
async def test_refused_keyboards(sandbox: Sandbox, api: Api, markup: object, refusal: str) -> None:
    person = sandbox.user("小王")
    await person.start()
    answer = await api("sendMessage", chat_id=person.id, text="a", reply_markup=markup)
    assert answer.startswith(f"400 Bad Request: {refusal}")


async def test_accepted_keyboards(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    await person.start()
    full = {"text": "a", "callback_data": "字" * 21 + "x"}
    copy = {"text": "复制", "copy_text": {"text": "x" * 256}}
    sent = await api("sendMessage", chat_id=person.id, text="a", reply_markup=_inline(full, copy))
    assert sent["reply_markup"] == _inline(full, copy)
    assert [button.copy_text for button in person.last.buttons] == [None, "x" * 256]
    for markup in ({"keyboard": [["甲", {"text": "乙"}]]}, {"remove_keyboard": True}, {"force_reply": True}, {}):
        assert "reply_markup" not in await api("sendMessage", chat_id=person.id, text="a", reply_markup=markup)
    assert person.from_bot[1].reply_buttons == ["甲", "乙"]


async def test_photo_and_document(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    await person.start()

    async def post(method: str, files: dict[str, Any], **data: Any) -> Any:
        answer = await api.client.post(api.url(method), data={"chat_id": person.id, **data}, files=files)
        return answer.json()

    sent = (await post("sendPhoto", {"photo": ("a.png", PNG)}, caption="<b>图</b>", parse_mode="HTML"))["result"]
    assert sent["caption"] == "图"
    assert sent["caption_entities"][0]["type"] == "bold"
    assert [(size["width"], size["height"]) for size in sent["photo"]] == [
        (90, 45), (320, 160), (800, 400), (1000, 500),
    ]  # fmt: skip
    again = await api("sendPhoto", chat_id=person.id, photo=sent["photo"][-1]["file_id"])
    file = await api("getFile", file_id=again["photo"][0]["file_id"])
    answer = await api.client.get(f"{sandbox.base_url}/file/bot{sandbox.token}/{file['file_path']}")
    assert answer.content == PNG
    attached = await post("sendDocument", {"x": ("表.csv", b"a,b")}, document="attach://x")
    assert attached["result"]["document"]["file_name"] == "表.csv"
    assert attached["result"]["document"]["mime_type"] == "text/csv"

    assert (await post("sendPhoto", {"photo": ("a.png", b"no picture")}))["description"].endswith(
        "IMAGE_PROCESS_FAILED"
    )
    assert (await post("sendDocument", {"document": ("a", b"")}))["description"].endswith("file must be non-empty")
    refused = [
        ("sendPhoto", {}, "there is no file in the request"),
        ("sendPhoto", {"photo": "nosuchid"}, "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"photo": "https://example.com/a.png"}, "failed to get HTTP URL content"),
        ("sendDocument", {"document": "attach://gone"}, "can't find attached file attach://gone"),
        ("getFile", {"file_id": "x"}, "wrong file_id or the file is temporarily unavailable"),
        ("getFile", {}, "file_id not specified"),
        ("sendPhoto", {"photo": "x", "caption": "字" * 1025}, "message caption is too long"),
    ]
    for method, params, reason in refused:
        assert await api(method, chat_id=person.id, **params) == f"400 Bad Request: {reason}"
    gone = await api.client.get(f"{sandbox.base_url}/file/bot{sandbox.token}/photos/none.jpg")
    assert gone.status_code == 404
    assert (await api.client.get(f"{sandbox.base_url}/file/botx/{file['file_path']}")).status_code == 401


async def test_files_over_twenty_megabytes_cannot_be_fetched(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    message = await person.send_document(bytes(20 * 2**20 + 1), "big.bin")
    assert message.document is not None
    assert await api("getFile", file_id=message.document.file_id) == "400 Bad Request: file is too big"


async def test_chat_action(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    await person.start()
    assert await api("sendChatAction", chat_id=person.id, action="typing") is True
    refusal = await api("sendChatAction", chat_id=person.id, action="dance")
    assert refusal == "400 Bad Request: wrong parameter action in request"


async def test_message_numbers(sandbox: Sandbox, api: Api) -> None:
    """Supergroups count for themselves, private chats and basic groups together; a refusal takes no number."""
    one, two = sandbox.user("甲"), sandbox.user("乙")
    assert [(await one.send("a")).id, (await two.send("b")).id] == [1, 2]
    await api("sendMessage", chat_id=one.id, text="")
    assert (await api("sendMessage", chat_id=one.id, text="c"))["message_id"] == 3
    group = sandbox.group("群", members=[one], with_bot=False)
    assert (await one.send("d", group)).id == 1


async def test_own_account(sandbox: Sandbox, api: Api) -> None:
    me = await api("getMe")
    assert me["username"] == "zhendema_bot"
    assert me["can_read_all_group_messages"] is False
    commands = [{"command": "check", "description": "查短信"}]
    assert await api("setMyCommands", commands=commands, language_code="zh") is True
    assert await api("getMyCommands", language_code="zh") == commands
    assert await api("getMyCommands") == []
    assert await api("deleteMyCommands", language_code="zh") is True
    assert await api("getMyCommands", language_code="zh") == []
    bad = [{"command": "Check", "description": "x"}]
    assert await api("setMyCommands", commands=bad) == "400 Bad Request: BOT_COMMAND_INVALID"
    bad = [{"command": "check", "description": ""}]
    assert await api("setMyCommands", commands=bad) == "400 Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    assert await api("setMyDescription", description="好", language_code="zh") is True
    assert await api("getMyDescription", language_code="zh") == {"description": "好"}
    assert await api("getMyShortDescription") == {"short_description": ""}
    assert await api("setMyShortDescription", short_description="字" * 121) == (
        "400 Bad Request: bot short description is too long"
    )
    assert await api("setMyName", name="真的吗") is True
    assert await api("getMyName") == {"name": "真的吗"}
    assert await api("close") is True
    assert await api("logOut") is True
    assert await api("getMe") == "400 Logged out"


async def test_other_things_that_people_send(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    await person.send_special("contact", phone_number="+8617012345678", first_name="客服")
    await person.send_special("voice", duration=9)
    await person.send_special("sticker")
    await person.send_photo(PNG, caption="点这里", album="7", entities=[
        {"type": "text_link", "offset": 0, "length": 3, "url": "http://b.cn/"},
    ])  # fmt: skip
    contact, voice, sticker, photo = [update["message"] for update in await api.updates()]
    assert contact["contact"] == {"phone_number": "+8617012345678", "first_name": "客服"}
    assert voice["voice"]["duration"] == 9
    assert sticker["sticker"]["type"] == "regular"
    assert (photo["media_group_id"], photo["caption_entities"][0]["type"]) == ("7", "text_link")
    with pytest.raises(LookupError):
        await person.send_special("nonsense")
    with pytest.raises(ValueError, match="split"):
        await person.send("字" * 4097)


async def test_quotes(sandbox: Sandbox, api: Api) -> None:
    person = sandbox.user("小王")
    sms = await person.send("一条短信")
    wanted = {"message_id": sms.id, "quote": "短信"}
    assert (await api("sendMessage", chat_id=person.id, text="a", reply_parameters=wanted))["text"] == "a"
    wanted["quote"] = "没有"
    assert await api("sendMessage", chat_id=person.id, text="a", reply_parameters=wanted) == (
        "400 Bad Request: QUOTE_TEXT_INVALID"
    )
