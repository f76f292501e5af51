"""/trends: what everybody reports most at present. In private chats only: nobody in a group asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.trends import compose_trends
from handlers.desk import desk_of
from handlers.send import say

if TYPE_CHECKING:
    import telegram

    from handlers.desk import Context


async def command(update: telegram.Update, context: Context) -> None:
    """Tell what is reported most."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    found = await desk.service.trends()
    await say(message, compose_trends(found, desk.texts, desk.knowledge, desk.knowledge.directory))
