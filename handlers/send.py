"""Say a reply: as an answer to a message, or in place of one said before."""

from __future__ import annotations

import contextlib
import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from telegram import InputFile, ReplyParameters
from telegram.constants import ChatType
from telegram.error import BadRequest, ChatMigrated, Forbidden

from handlers.html import render_html

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import telegram

    from bot.reply.model import Reply

_log = logging.getLogger(__name__)

# What Telegram says when there is nothing left to do; none of it is an error of ours.
_HARMLESS = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "query is too old",
    "query id is invalid",
    "response timeout expired",
)

_GONE = ("message to be replied not found", "replied message not found")
"""What it says of a message that was to be answered and is gone, in newer and older words."""


async def say(
    message: telegram.Message,
    reply: Reply,
    markup: telegram.InlineKeyboardMarkup | telegram.ReplyKeyboardMarkup | None = None,
    *,
    alone: bool = True,
) -> telegram.Message | None:
    """Answer a message; None if the person has blocked the bot meanwhile.

    Args:
        message: What is answered.
        reply: What is said.
        markup: The buttons below it.
        alone: Whether it may stand alone where the message is gone; else nothing is said then, and None returned.

    Raises:
        Forbidden: The bot is not in the group any more: its place there is for the error handler to note.
    """
    bot, text = message.get_bot(), render_html(reply)
    answered = ReplyParameters(message.message_id, allow_sending_without_reply=alone)
    thread = message.message_thread_id if message.is_topic_message else None
    try:
        return await bot.send_message(
            message.chat.id,
            text,
            reply_markup=markup,
            message_thread_id=thread,
            reply_parameters=answered,
        )
    except ChatMigrated as error:
        # The group goes on elsewhere, and nothing of the old chat can be answered to there.
        return await bot.send_message(error.new_chat_id, text, reply_markup=markup) if alone else None
    except Forbidden:
        if message.chat.type != ChatType.PRIVATE:
            raise
        _log.info("not allowed to answer in this chat")
        return None
    except BadRequest as error:
        if alone or not any(words in error.message.lower() for words in _GONE):
            raise
        _log.debug("nothing left to answer")
        return None


async def say_file(message: telegram.Message, file: telegram.InputFile) -> None:
    """Answer a message with a file, which unlike a photo is not made smaller on the way."""
    answered = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    with contextlib.suppress(Forbidden):
        await message.get_bot().send_document(message.chat.id, file, reply_parameters=answered)


async def say_photo(message: telegram.Message, picture: bytes) -> None:
    """Answer a message with a picture that may lose some sharpness on the way."""
    answered = ReplyParameters(message.message_id, allow_sending_without_reply=True)
    thread = message.message_thread_id if message.is_topic_message else None
    with contextlib.suppress(Forbidden):
        await message.get_bot().send_photo(
            message.chat.id, photo_of(picture), message_thread_id=thread, reply_parameters=answered
        )


def photo_of(picture: bytes) -> InputFile:
    """Return a PNG as it is sent."""
    return InputFile(picture, filename="zhendema.png")


async def toast(query: telegram.CallbackQuery, text: str | None = None) -> None:
    """Answer a press, with words that stay until they are read; one that came too late for an answer is no error."""
    async with harmless():
        await query.answer(text, show_alert=bool(text))


async def say_instead(
    bot: telegram.Bot,
    place: tuple[int, int],
    reply: Reply,
    markup: telegram.InlineKeyboardMarkup | None = None,
) -> None:
    """Put a reply in place of the one at ``(chat id, message id)``."""
    async with harmless():
        await bot.edit_message_text(render_html(reply), chat_id=place[0], message_id=place[1], reply_markup=markup)


@asynccontextmanager
async def harmless() -> AsyncIterator[None]:
    """Pass over what Telegram refuses because it is already so, too late, or nobody is there to read it."""
    try:
        yield
    except (Forbidden, ChatMigrated):
        _log.info("not allowed to write in this chat any more")
    except BadRequest as error:
        if not any(words in error.message.lower() for words in _HARMLESS):
            raise
        _log.debug("nothing left to do for this message or press")
