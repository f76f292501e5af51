"""The wiring of all handlers, on one page.

python-telegram-bot gives an update to the *first* handler that fits, from top to bottom. So: commands, then
the keyboard that stands for commands, then whatever is to be judged, then the rest. Nothing else is answered
in groups.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from telegram import LinkPreviewOptions, Update
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    Defaults,
    MessageHandler,
    filters,
)
from telegram.request import HTTPXRequest

from bot.rescue.book import Book
from bot.rescue.schema import guide
from handlers import buttons, check, edited, hotline, report, rescue, start
from handlers.burst import Burst
from handlers.desk import Desk
from handlers.errors import on_error
from handlers.keyboards import labels

if TYPE_CHECKING:
    from bot.knowledge import Knowledge
    from bot.service.service import Service
    from bot.settings import Settings
    from bot.texts import Texts
    from handlers.desk import App

ALLOWED_UPDATES = (Update.MESSAGE, Update.EDITED_MESSAGE, Update.CALLBACK_QUERY)
"""All that Telegram is asked for; everything below fits one of these."""

AT_ONCE = 1024
"""Updates under way at the same time. Most of them only wait for the rest of their burst."""
CONNECTIONS = 64

_NEW = filters.UpdateType.MESSAGE
_PRIVATE = filters.ChatType.PRIVATE & _NEW
_GROUP = filters.ChatType.GROUPS & _NEW & ~filters.IS_AUTOMATIC_FORWARD
# A forwarded "/forget" is somebody else's text, and so is a forwarded "帮助".
_OWN = _PRIVATE & ~filters.FORWARDED
_MENTION = (
    filters.Entity("mention")
    | filters.Entity("text_mention")
    | filters.CaptionEntity("mention")
    | filters.CaptionEntity("text_mention")
)

KEYS = {
    "key-check": start.ask_for_sms,
    "key-rescue": rescue.command,
    "key-hotline": hotline.command,
    "key-help": start.help_,
    "key-privacy": start.privacy,
    "key-forget": start.forget,
}
"""The reply keyboard: Chinese names of the commands."""


def build(settings: Settings, service: Service, knowledge: Knowledge, texts: Texts) -> App:
    """Return the bot, ready to be started; it talks to nobody yet."""
    # The library's own switch to time spans as timedelta; without it each 429 warns of the change to come.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    burst = Burst(settings.burst_seconds, settings.companion_seconds)
    book = Book(guide(), knowledge.directory, knowledge.general_lines)
    desk = Desk(settings, service, knowledge, texts, burst, service.rescue(book))
    app: App = (
        Application.builder()
        .token(settings.token)
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(_request(settings, CONNECTIONS))
        .get_updates_request(_request(settings, 2))
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .concurrent_updates(AT_ONCE)
        .job_queue(None)
        .build()
    )
    desk.place(app)
    burst.answer = partial(check.answer_pile, desk, app.bot)
    register(app, texts)
    return app


def register(app: App, texts: Texts) -> None:
    """Add every handler, in order."""
    # 1. Commands in private chats.
    app.add_handler(CommandHandler("start", start.start, _OWN))
    app.add_handler(CommandHandler("help", start.help_, _OWN))
    app.add_handler(CommandHandler("hotline", hotline.command, _OWN))
    app.add_handler(CommandHandler("privacy", start.privacy, _OWN))
    app.add_handler(CommandHandler("forget", start.forget, _OWN))
    # 2. Commands in private chats and groups.
    app.add_handler(CommandHandler("check", check.command, _OWN | _GROUP))
    app.add_handler(CommandHandler("rescue", rescue.command, _OWN | _GROUP))
    app.add_handler(CommandHandler("report", report.command, _OWN | _GROUP))
    app.add_handler(MessageHandler(_OWN & filters.COMMAND, start.unknown))
    # 3. The keyboard that stands for commands.
    for label, key in labels(texts).items():
        app.add_handler(MessageHandler(_OWN & filters.Text([label]), KEYS[key]))
    # 4. Whatever is to be judged.
    app.add_handler(MessageHandler(_PRIVATE & (filters.TEXT | filters.CAPTION), check.private))
    app.add_handler(MessageHandler(_PRIVATE & filters.PHOTO, check.picture))
    app.add_handler(MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, check.other))
    app.add_handler(MessageHandler(_GROUP & _MENTION, check.mention))
    # 5. Afterwards: edits and buttons.
    app.add_handler(
        MessageHandler(
            filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION),
            edited.edited,
        )
    )
    app.add_handler(CallbackQueryHandler(buttons.press))
    app.add_error_handler(on_error)


def _request(settings: Settings, connections: int) -> HTTPXRequest:
    # Only the proxy that was set is used: one from the environment would see the token unasked.
    return HTTPXRequest(
        connection_pool_size=connections,
        proxy=settings.proxy,
        connect_timeout=10.0,
        read_timeout=20.0,
        write_timeout=20.0,
        pool_timeout=10.0,
        httpx_kwargs={"trust_env": False},
    )
