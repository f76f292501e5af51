"""From Telegram's objects to ours: what is to be judged, who asks, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from telegram import MessageEntity
from telegram.constants import ChatType

from bot.model import Sms
from bot.service.types import Chat, Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    import telegram

GROUPS = (ChatType.GROUP, ChatType.SUPERGROUP)
_NAMES: list[str | None] = [MessageEntity.MENTION, MessageEntity.TEXT_MENTION]


def sms_of(message: telegram.Message, me: str, sender: str | None = None) -> Sms:
    """Return the SMS that a message holds: its text or caption without ``/check`` and our name, hidden links.

    Depends on the message alone, so that a button pressed later judges the same text again.
    """
    return Sms(text=text_of(message, me), sender=sender, links=tuple(dict.fromkeys(_hidden_links(message))))


def text_of(message: telegram.Message, me: str) -> str:
    """Return the text or caption, without a leading ``/check`` and without mentions of the bot ``me``."""
    text = message.text or message.caption or ""
    cuts: list[tuple[int, int]] = []
    if message.forward_origin is None:
        found = message.parse_entities() or message.parse_caption_entities()
        cuts = [
            _place(text, entity)
            for entity, words in found.items()
            if _is_address(entity, words, me) or _is_mention(entity, words, me)
        ]
    for start, end in sorted(cuts, reverse=True):
        text = text[:start] + text[end:]
    return text.strip()


def talk_of(message: telegram.Message, me: str) -> Sms:
    """Return a message as what its writer says: without names of people of the group, which look like accounts to add.

    What is forwarded was said elsewhere, and stays as it is.
    """
    sms = sms_of(message, me)
    if message.forward_origin is not None:
        return sms
    text = message.text or message.caption or ""
    found = message.parse_entities(_NAMES) or message.parse_caption_entities(_NAMES)
    for start, end in sorted((_place(text, entity) for entity in found), reverse=True):
        text = text[:start] + text[end:]
    return replace(sms, text=text.strip())


def mentions(message: telegram.Message, me: telegram.User) -> bool:
    """Return True if the message names the bot."""
    found = message.parse_entities() or message.parse_caption_entities()
    return any(
        _is_mention(entity, words, me.username or "") or (entity.user is not None and entity.user.id == me.id)
        for entity, words in found.items()
    )


def person_of(message: telegram.Message) -> Person:
    """Return who wrote a message. An anonymous admin counts as the group, a channel as itself."""
    chat = message.sender_chat
    if chat is not None and chat.type != ChatType.PRIVATE:
        kind = "telegram-anonymous" if chat.id == message.chat.id else "telegram-channel"
        return Person(f"{kind}:{chat.id}")
    assert message.from_user is not None
    return presser(message.from_user)


def presser(user: telegram.User) -> Person:
    """Return who pressed a button: always the real user, an anonymous admin too."""
    return Person(f"telegram:{user.id}")


def chat_of(message: telegram.Message) -> Chat:
    """Return where a message was written."""
    return Chat(message.chat.id, group=message.chat.type in GROUPS)


def _hidden_links(message: telegram.Message) -> Iterator[str]:
    """Addresses behind words, and behind the buttons of a forwarded message."""
    for entity in (*message.entities, *message.caption_entities):
        if entity.type == MessageEntity.TEXT_LINK and entity.url:
            yield entity.url
    if message.forward_origin is not None and message.reply_markup is not None:
        for row in message.reply_markup.inline_keyboard:
            yield from (button.url for button in row if button.url)


def _is_address(entity: MessageEntity, words: str, me: str) -> bool:
    return (
        entity.type == MessageEntity.BOT_COMMAND
        and entity.offset == 0
        and words.lower() in {"/check", f"/check@{me}".lower()}
    )


def _is_mention(entity: MessageEntity, words: str, me: str) -> bool:
    return entity.type == MessageEntity.MENTION and bool(me) and words.lower() == f"@{me}".lower()


def _place(text: str, entity: MessageEntity) -> tuple[int, int]:
    """Where an entity stands, in characters; Telegram counts UTF-16 units."""
    raw = text.encode("utf-16-le")
    start = len(raw[: entity.offset * 2].decode("utf-16-le"))
    end = len(raw[: (entity.offset + entity.length) * 2].decode("utf-16-le"))
    return start, end
