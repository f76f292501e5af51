"""When something goes wrong: the log gets the type and the place, the person a calm sentence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from typing import TYPE_CHECKING

import telegram
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, NetworkError, TelegramError

from bot.reply.prompts import prompt
from handlers.desk import desk_of
from handlers.send import say

if TYPE_CHECKING:
    from handlers.desk import Context

_log = logging.getLogger(__name__)


def place_of(error: BaseException) -> str:
    """Return where an exception was raised, as ``module:line``; never its message, which may quote an SMS."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/site-packages/" not in frame.filename] or frames
    if not own:
        return "unknown place"
    last = own[-1]
    return f"{'/'.join(last.filename.rsplit('/', 2)[-2:])}:{last.lineno} in {last.name}"


async def on_error(update: object, context: Context) -> None:
    """Log and apologise. A failing apology is let go: there is nobody left to tell."""
    error = context.error
    assert error is not None
    if isinstance(error, asyncio.CancelledError):
        return
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    _log.error("an update failed: %s at %s", kind, place_of(error))
    if not isinstance(update, telegram.Update) or isinstance(error, Forbidden):
        return
    texts = desk_of(context).texts
    with contextlib.suppress(TelegramError):
        if update.callback_query is not None:
            await update.callback_query.answer(texts("failed-press"), show_alert=True)
            return
        message = update.effective_message
        spoken_to = message is not None and (
            message.chat.type == ChatType.PRIVATE or (message.text or "").startswith("/")
        )
        unreachable = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        if message is not None and spoken_to:
            if unreachable:
                await asyncio.sleep(1)
            await say(message, prompt(texts, "failed"))
