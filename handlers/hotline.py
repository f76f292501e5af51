"""/hotline: official numbers by name, by number or by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.hotline import compose_kind, compose_search
from bot.reply.prompts import prompt
from handlers import keyboards
from handlers.desk import desk_of
from handlers.send import say

if TYPE_CHECKING:
    import telegram

    from handlers.desk import Context, Desk


async def command(update: telegram.Update, context: Context) -> None:
    """Look up what stands behind the command; without anything, offer the kinds as buttons."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    query = " ".join(context.args or ())
    if not query:
        kinds = desk.knowledge.directory.kinds
        await say(message, prompt(desk.texts, "hotline-kinds"), keyboards.kind_buttons(kinds))
        return
    directory = desk.knowledge.directory
    reply = compose_search(directory.search(query), directory, desk.texts)
    await say(message, reply, keyboards.under(reply, desk.texts))


async def tell_kind(desk: Desk, message: telegram.Message, wanted: str) -> None:
    """Answer with the main lines of a kind."""
    directory = desk.knowledge.directory
    kind = next((kind for kind in directory.kinds if kind.id == wanted), None)
    if kind is None:
        await say(message, prompt(desk.texts, "pressed-old"))
        return
    reply = compose_kind(kind, directory.by_kind(kind.id), desk.texts)
    await say(message, reply, keyboards.under(reply, desk.texts))
