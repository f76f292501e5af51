"""A message edited after it was answered: offer a fresh check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.model import Action, Reply
from bot.reply.prompts import prompt
from bot.triage import Kind, triage
from handlers import keyboards
from handlers.check import key_of
from handlers.desk import desk_of
from handlers.incoming import presser, text_of
from handlers.send import say

if TYPE_CHECKING:
    import telegram

    from handlers.desk import Context


async def edited(update: telegram.Update, context: Context) -> None:
    """Take the new words if the message still waits; else offer a check, once for each message."""
    message = update.edited_message
    assert message is not None
    desk = desk_of(context)
    text = text_of(message, context.bot.username)
    kind = triage(text, forwarded=message.forward_origin is not None)
    if desk.burst.replace(key_of(message), message, text, kind):
        return
    assert message.from_user is not None
    if await desk.rescue.draft(presser(message.from_user)):
        # It may have been an answer, and which one is not known any more.
        await say(message, prompt(desk.texts, "sheet-edited"))
        return
    if kind is not Kind.SMS:
        return
    place = (message.chat.id, message.message_id)
    if desk.memory.offered.get(place):
        return
    desk.memory.offered.put(place, value=True)
    offer = Reply(prompt(desk.texts, "prompt-edited").lines, actions=(Action.RECHECK,))
    await say(message, offer, keyboards.under(offer, desk.texts))
