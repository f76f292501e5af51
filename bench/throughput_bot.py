"""The bots that :mod:`bench.throughput` measures: ``python -m bench.throughput_bot ours|echo|stock``, settings as ours.

``ours`` is the bot without the sending limits that Telegram asks for. ``echo`` answers each message with its text over
the same transport, ``stock`` over python-telegram-bot's own; both poll with its Updater and handle updates at the same
time, as ours does.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import TYPE_CHECKING

from telegram import ReplyParameters, Update
from telegram.ext import ApplicationBuilder, MessageHandler, filters

from bot.settings import Settings
from handlers.app import CONNECTIONS
from handlers.http import AiohttpRequest
from handlers.lanes import Lanes
from handlers.run import opened, serve, settle

if TYPE_CHECKING:
    from telegram.ext import ContextTypes

AT_ONCE = 256


async def ours(settings: Settings, stop: asyncio.Event) -> None:
    """Run the bot."""
    async with opened(settings, lanes=Lanes(rate=None)) as app:
        settle()
        await serve(app, stop)


async def echo(settings: Settings, stop: asyncio.Event, *, stock: bool) -> None:
    """Run an echo bot."""
    builder = ApplicationBuilder().token(settings.token).base_url(f"{settings.api_url}/bot").concurrent_updates(AT_ONCE)
    if not stock:
        builder = builder.request(AiohttpRequest(CONNECTIONS)).get_updates_request(AiohttpRequest(2))
    app = builder.build()
    app.add_handler(MessageHandler(filters.TEXT, _answer))
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling(timeout=10)
        await stop.wait()
        await app.updater.stop()
        await app.stop()


async def _answer(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    message = update.effective_message
    assert message is not None
    await message.get_bot().send_message(
        message.chat.id, message.text or "", reply_parameters=ReplyParameters(message.message_id)
    )


async def main(kind: str) -> None:
    """Run until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    settings = Settings.from_env(os.environ)
    if kind == "ours":
        await ours(settings, stop)
    else:
        await echo(settings, stop, stock=kind == "stock")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
