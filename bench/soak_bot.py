"""The bots of the soak: ``python -m bench.soak_bot [--no-inbox]``.

Both are the bot without Telegram's sending limits: at 30 messages a second 20,000 updates and their kills would not fit
into twenty minutes. ``--no-inbox`` exists to fail: updates are acknowledged by the next getUpdates and wait in memory,
as with python-telegram-bot's own Updater.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.settings import Settings
from handlers import logs
from handlers.intake import ALLOWED_UPDATES
from handlers.lanes import Lanes
from handlers.run import opened, serve, settle

if TYPE_CHECKING:
    from telegram import Update

    from handlers.desk import App

AT_ONCE = 256


async def main(*, inbox: bool) -> None:
    """Runs until it is killed."""
    settings = Settings.from_env(os.environ)
    logs.install(settings.log_level, [settings.token])
    async with opened(settings, lanes=Lanes(rate=None)) as app:
        settle()
        if inbox:
            await serve(app, asyncio.Event())
            return
        await app.initialize()
        await app.start()
        waiting: asyncio.Queue[Update] = asyncio.Queue()
        workers = [asyncio.create_task(_work(app, waiting)) for _ in range(AT_ONCE)]
        await _poll(app, waiting)
        await asyncio.gather(*workers)


async def _poll(app: App, waiting: asyncio.Queue[Update]) -> None:
    offset = 0
    while True:
        try:
            updates = await app.bot.get_updates(offset=offset, timeout=30, allowed_updates=list(ALLOWED_UPDATES))
        except TelegramError:
            await asyncio.sleep(0.5)
            continue
        for update in updates:
            offset = update.update_id + 1
            waiting.put_nowait(update)


async def _work(app: App, waiting: asyncio.Queue[Update]) -> None:
    while True:
        await app.process_update(await waiting.get())


if __name__ == "__main__":
    asyncio.run(main(inbox="--no-inbox" not in sys.argv[1:]))
