"""When something goes wrong: the log gets the type and the place, the person a calm sentence."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import traceback
from typing import TYPE_CHECKING

import telegram
from telegram.constants import ChatType
from telegram.error import Forbidden, TelegramError

from bot.errors import StoreError
from bot.reply.prompts import prompt
from bot.service.inbox import current
from handlers import membership
from handlers.desk import desk_of
from handlers.intake import note_failure
from handlers.send import say

if TYPE_CHECKING:
    from bot.texts import Texts
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
    """Log, and note it for the inbox, which tries again and apologises when that is of no use.

    Only where the database is in trouble is the person told at once: that may last.
    """
    error = context.error
    assert error is not None
    if isinstance(error, asyncio.CancelledError):
        return
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    if await _unheard(update, context, error) or isinstance(error, Forbidden):
        _log.info("an update came to nothing: %s at %s", kind, place_of(error))
        return
    _log.error("an update failed: %s at %s", kind, place_of(error))
    note_failure(error)
    run = current.get()
    if isinstance(error, StoreError) and isinstance(update, telegram.Update) and run and not run.row.errors:
        await _apologise(update, desk_of(context).texts)


async def _unheard(update: object, context: Context, error: Exception) -> bool:
    """Whether the bot was told that it may not write in the update's group; that is noted, and no failure."""
    chat = update.effective_chat if isinstance(update, telegram.Update) else None
    if chat is None:
        return False
    try:
        return await membership.unheard(desk_of(context), chat.id, error)
    except StoreError as trouble:
        _log.error("a group's state could not be noted: %s", type(trouble).__name__)
        return True


async def _apologise(update: telegram.Update, texts: Texts) -> None:
    """Say that something did not work. A failing apology is let go: there is nobody left to tell."""
    with contextlib.suppress(TelegramError):
        if update.callback_query is not None:
            await update.callback_query.answer(texts("failed-press"), show_alert=True)
            return
        message = update.effective_message
        if message is not None and (message.chat.type == ChatType.PRIVATE or (message.text or "").startswith("/")):
            await say(message, prompt(texts, "failed"))
