"""/rescue, 我被骗了 and 我已经被骗: what to do now, 110 first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.rescue import compose_rescue
from handlers import keyboards
from handlers.desk import desk_of
from handlers.send import say

if TYPE_CHECKING:
    import telegram

    from handlers.desk import Context, Desk


async def command(update: telegram.Update, context: Context) -> None:
    """Show the guide."""
    message = update.effective_message
    assert message is not None
    await tell(desk_of(context), message)


async def tell(desk: Desk, message: telegram.Message) -> None:
    """Answer a message with the guide."""
    reply = compose_rescue(desk.texts)
    await say(message, reply, keyboards.under(reply, desk.texts))
