"""Changing and deleting what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.server import keyboards, text, wire
from sandbox.server.errors import bad_request
from sandbox.server.methods import method
from sandbox.server.methods.sending import caption, document, photo, resolved
from sandbox.server.params import Params

if TYPE_CHECKING:
    from sandbox.server.model import Message, StoredFile
    from sandbox.server.state import State

_TWO_DAYS = 48 * 3600
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def _editable(state: State, params: Params) -> Message:
    if params.maybe("inline_message_id"):
        raise bad_request("MESSAGE_ID_INVALID")
    chat = state.chat_to_write(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


Keyboard = list[list[dict[str, Any]]] | None


def _changed(
    state: State,
    message: Message,
    keyboard: Keyboard,
    content: tuple[str, list[dict[str, Any]]],
    media: tuple[list[StoredFile] | None, StoredFile | None] | None = None,
) -> dict[str, Any]:
    body, entities = content[0], resolved(state, content[1])
    media = media or (message.photo, message.document)
    new = (body, entities, keyboard, media)
    if new == (message.body, message.entities, message.inline_keyboard, (message.photo, message.document)):
        raise bad_request(_SAME)
    if (body, entities) != (message.body, message.entities):
        message.revisions.append(message.body)
    message.body, message.entities, message.inline_keyboard = body, entities, keyboard
    message.photo, message.document = media
    message.edit_date = int(state.now())
    state.signal.notify()
    return wire.message(message)


def _inline(params: Params) -> Keyboard:
    return keyboards.parse(params.json("reply_markup"), inline_only=True)[0]


@method("editMessageText")
async def edit_message_text(state: State, params: Params) -> dict[str, Any]:
    """Replace a text; without reply_markup the buttons go, as on Telegram."""
    message = _editable(state, params)
    content = text.formatted(params.text("text"), params.maybe("parse_mode"), params.array("entities"))
    if message.has_media:
        raise bad_request("there is no text in the message to edit")
    return _changed(state, message, _inline(params), content)


@method("editMessageCaption")
async def edit_message_caption(state: State, params: Params) -> dict[str, Any]:
    """Replace a caption."""
    message = _editable(state, params)
    content = caption(params)
    if not message.has_media:
        raise bad_request("there is no caption in the message to edit")
    return _changed(state, message, _inline(params), content)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(state: State, params: Params) -> dict[str, Any]:
    """Replace the buttons."""
    message = _editable(state, params)
    return _changed(state, message, _inline(params), (message.body, message.entities))


@method("editMessageMedia")
async def edit_message_media(state: State, params: Params) -> dict[str, Any]:
    """Replace picture or file."""
    message = _editable(state, params)
    media = params.json("media")
    if not isinstance(media, dict) or media.get("type") not in {"photo", "document"}:
        raise bad_request("can't parse InputMedia: media type must be photo or document")
    inner = Params(media, params.files)
    content = caption(inner)
    given = inner.upload("media")
    if media["type"] == "photo":
        return _changed(state, message, _inline(params), content, (photo(state, given), None))
    return _changed(state, message, _inline(params), content, (None, document(state, given)))


def _delete(state: State, message: Message) -> None:
    mine = message.chat.members.get(state.bot.id)
    may_delete = mine is not None and mine.admin and mine.can_delete
    if not (message.from_bot or message.chat.peer is not None or may_delete):
        raise bad_request("message can't be deleted")
    if state.now() - message.date > _TWO_DAYS and not may_delete:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    state.signal.notify()


@method("deleteMessage")
async def delete_message(state: State, params: Params) -> bool:
    """Delete a message: the bot's own, any in a private chat, any in a group that lets it."""
    chat = state.find_chat(params.text("chat_id"))
    message = chat.messages.get(params.integer("message_id"))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    _delete(state, message)
    return True


@method("deleteMessages")
async def delete_messages(state: State, params: Params) -> bool:
    """Delete several; those that are gone are passed over."""
    chat = state.find_chat(params.text("chat_id"))
    for number in params.array("message_ids") or []:
        message = chat.messages.get(int(number))
        if message is not None and not message.deleted:
            _delete(state, message)
    return True
