"""Messages from the bot: sendMessage, sendPhoto, sendDocument, sendChatAction."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from sandbox.server import images, keyboards, text, wire
from sandbox.server.errors import bad_request
from sandbox.server.methods import method
from sandbox.server.model import Chat, Message, StoredFile
from sandbox.server.params import Params, Upload

if TYPE_CHECKING:
    from sandbox.server.state import State

PHOTO_LIMIT = 10 * 2**20
DOCUMENT_LIMIT = 50 * 2**20
_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def _reply_to(chat: Chat, params: Params) -> int | None:
    given = params.json("reply_parameters")
    lenient = params.flag("allow_sending_without_reply")
    wanted = params.integer("reply_to_message_id")
    if given is not None:
        if not isinstance(given, dict):
            raise bad_request("can't parse reply parameters: Object expected")
        if not given:
            return None
        wanted = Params(given).integer("message_id")
        lenient = Params(given).flag("allow_sending_without_reply")
    if not wanted:
        return None
    replied = chat.messages.get(wanted)
    if replied is None or replied.deleted:
        if lenient:
            return None
        raise bad_request("message to be replied not found")
    quote = given.get("quote") if given else None
    if quote and quote not in replied.body:
        raise bad_request("QUOTE_TEXT_INVALID")
    return wanted


def resolved(state: State, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entities with the users that they mention looked up; an unknown one is no mention."""
    kept = []
    for entity in entities:
        if entity["type"] == "text_mention":
            user_id = entity.pop("user_id", None) or (entity.get("user") or {}).get("id")
            account = state.accounts.get(int(user_id or 0))
            if account is None:
                continue
            entity["user"] = wire.user(account)
        kept.append(entity)
    return kept


def _new_message(
    state: State, params: Params, body: str, entities: list[dict[str, Any]], what: str = "text messages"
) -> Message:
    chat = state.chat_to_write(params.text("chat_id"), what)
    inline, keyboard = keyboards.parse(params.json("reply_markup"))
    return Message(
        chat=chat,
        id=0,
        date=int(state.now()),
        sender=None if chat.type == "channel" else state.bot,
        sender_chat=chat if chat.type == "channel" else None,
        body=body,
        entities=resolved(state, entities),
        reply_to=_reply_to(chat, params),
        inline_keyboard=inline,
        keyboard=keyboard,
        from_bot=True,
    )


def _sent(state: State, message: Message) -> dict[str, Any]:
    # Numbered only now: a refused message takes no number.
    message.id = state.next_message_id(message.chat)
    return wire.message(state.add(message))


@method("sendMessage")
async def send_message(state: State, params: Params) -> dict[str, Any]:
    """Send text."""
    state.chat_to_write(params.text("chat_id"))
    body, entities = text.formatted(params.text("text"), params.maybe("parse_mode"), params.array("entities"))
    return _sent(state, _new_message(state, params, body, entities))


def caption(params: Params) -> tuple[str, list[dict[str, Any]]]:
    """The caption of a call; it may be empty."""
    given = params.array("caption_entities")
    return text.formatted(params.text("caption"), params.maybe("parse_mode"), given, caption=True)


def _given(state: State, given: Upload | str | None, limit: int) -> Upload | StoredFile:
    if given is None or given == "":
        raise bad_request("there is no file in the request")
    if isinstance(given, Upload):
        if not given.data:
            raise bad_request("file must be non-empty")
        if len(given.data) > limit:
            raise bad_request("file is too big")
        return given
    if "://" in given:
        # The sandbox fetches nothing from the network.
        raise bad_request("failed to get HTTP URL content")
    stored = state.files.get(given)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return stored


def photo(state: State, given: Upload | str | None) -> list[StoredFile]:
    """The sizes of a photo, new or sent before."""
    file = _given(state, given, PHOTO_LIMIT)
    if isinstance(file, StoredFile):
        return [file]
    if images.size(file.data) is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    return state.store_photo(file.data)


def document(state: State, given: Upload | str | None) -> StoredFile:
    """A document, new or sent before."""
    file = _given(state, given, DOCUMENT_LIMIT)
    if isinstance(file, StoredFile):
        return file
    guessed = mimetypes.guess_type(file.name)[0] or file.mime_type or "application/octet-stream"
    return state.store(file.data, "documents", file.name, guessed)


@method("sendPhoto")
async def send_photo(state: State, params: Params) -> dict[str, Any]:
    """Send a picture."""
    message = _new_message(state, params, *caption(params), "photos")
    message.photo = photo(state, params.upload("photo"))
    return _sent(state, message)


@method("sendDocument")
async def send_document(state: State, params: Params) -> dict[str, Any]:
    """Send a file."""
    message = _new_message(state, params, *caption(params), "documents")
    message.document = document(state, params.upload("document"))
    return _sent(state, message)


@method("sendChatAction")
async def send_chat_action(state: State, params: Params) -> bool:
    """Show what the bot is about to do."""
    state.chat_to_write(params.text("chat_id"))
    if params.text("action") not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True
