"""The wiring of all handlers, on one page.

python-telegram-bot gives an update to the *first* handler that fits, from top to bottom. So: commands, then
the keyboard that stands for commands, then whatever is to be judged, then the rest. Nothing else is answered
in groups, unless their admins want scams to be pointed out.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, cast

from telegram import LinkPreviewOptions, Message
from telegram.constants import ParseMode
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    Defaults,
    MessageHandler,
    filters,
)

from bot.rescue.book import Book
from bot.rescue.schema import guide
from handlers import (
    autocheck,
    buttons,
    check,
    edited,
    export,
    hotline,
    membership,
    owner,
    report,
    rescue,
    settings,
    start,
    trends,
    weekly,
)
from handlers.application import Forgetful
from handlers.burst import Burst
from handlers.desk import Desk
from handlers.errors import on_error
from handlers.http import AiohttpRequest
from handlers.incoming import mentions
from handlers.keyboards import labels
from handlers.lanes import Lanes

if TYPE_CHECKING:
    from bot.knowledge import Knowledge
    from bot.service.service import Service
    from bot.settings import Settings
    from bot.texts import Texts
    from handlers.desk import App

CONNECTIONS = 64

_NEW = filters.UpdateType.MESSAGE
_PRIVATE = filters.ChatType.PRIVATE & _NEW
_GROUP = filters.ChatType.GROUPS & _NEW & ~filters.IS_AUTOMATIC_FORWARD
# A forwarded "/forget" is somebody else's text, and so is a forwarded "帮助".
_OWN = _PRIVATE & ~filters.FORWARDED


class _Mentioned(filters.MessageFilter):
    """Names the bot; who names somebody else, as scams do, is not speaking to us."""

    def filter(self, message: Message) -> bool:
        return mentions(message, message.get_bot().bot)


_MENTIONED = _Mentioned()

KEYS = {
    "key-check": start.ask_for_sms,
    "key-rescue": rescue.command,
    "key-hotline": hotline.command,
    "key-help": start.help_,
    "key-privacy": start.privacy,
    "key-forget": start.forget,
}
"""The reply keyboard: Chinese names of the commands."""


def build(
    settings: Settings, service: Service, knowledge: Knowledge, texts: Texts, *, lanes: Lanes | None = None
) -> App:
    """Return the bot, ready to be started; it talks to nobody yet. ``lanes`` stands in for Telegram's rates."""
    # The library's own switch to time spans as timedelta; without it each 429 warns of the change to come.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    burst = Burst(settings.burst_seconds, settings.companion_seconds)
    book = Book(guide(), knowledge.directory, knowledge.general_lines)
    lanes = lanes or Lanes()
    lanes.meters = service.meters
    desk = Desk(settings, service, knowledge, texts, burst, service.rescue(book))
    # The builder's types know no context for a bot with a rate limiter.
    app = cast(
        "App",
        Application.builder()
        .application_class(Forgetful)
        .token(settings.token)
        .base_url(f"{settings.api_url}/bot")
        .base_file_url(f"{settings.api_url}/file/bot")
        .request(AiohttpRequest(CONNECTIONS, proxy=settings.proxy))
        .get_updates_request(AiohttpRequest(2, proxy=settings.proxy))
        .rate_limiter(lanes)
        .defaults(Defaults(parse_mode=ParseMode.HTML, link_preview_options=LinkPreviewOptions(is_disabled=True)))
        .updater(None)
        .job_queue(None)
        .build(),
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
    app.add_handler(CommandHandler("trends", trends.command, _OWN))
    # Of owners alone: to anybody else they are unknown commands like any other.
    owners = _OWN & filters.User(Desk.of(app).settings.owners)
    app.add_handler(CommandHandler("stats", owner.stats, owners))
    app.add_handler(CommandHandler("review", owner.review, owners))
    # 2. Commands in private chats and groups.
    app.add_handler(CommandHandler("check", check.command, _OWN | _GROUP))
    app.add_handler(CommandHandler("rescue", rescue.command, _OWN | _GROUP))
    app.add_handler(CommandHandler("report", report.command, _OWN | _GROUP))
    app.add_handler(CommandHandler("subscribe", weekly.subscribe, _OWN | _GROUP))
    app.add_handler(CommandHandler("unsubscribe", weekly.unsubscribe, _OWN | _GROUP))
    app.add_handler(CommandHandler("export", export.command, _OWN | _GROUP))
    app.add_handler(CommandHandler("settings", settings.command, _OWN | _GROUP))
    app.add_handler(MessageHandler(_OWN & filters.COMMAND, start.unknown))
    # 3. The keyboard that stands for commands.
    for label, key in labels(texts).items():
        app.add_handler(MessageHandler(_OWN & filters.Text([label]), KEYS[key]))
    # 4. Whatever is to be judged.
    app.add_handler(MessageHandler(_PRIVATE & (filters.TEXT | filters.CAPTION), check.private))
    app.add_handler(MessageHandler(_PRIVATE & filters.PHOTO, check.picture))
    app.add_handler(MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, check.other))
    app.add_handler(MessageHandler(_GROUP & _MENTIONED, check.mention))
    app.add_handler(MessageHandler(_GROUP & (filters.TEXT | filters.CAPTION) & ~filters.COMMAND, autocheck.hear))
    # 5. Afterwards: edits and buttons.
    app.add_handler(
        MessageHandler(
            filters.ChatType.PRIVATE & filters.UpdateType.EDITED_MESSAGE & (filters.TEXT | filters.CAPTION),
            edited.edited,
        )
    )
    app.add_handler(CallbackQueryHandler(buttons.press))
    # 6. The bot's own place in groups.
    app.add_handler(MessageHandler(_GROUP & filters.StatusUpdate.MIGRATE, membership.migrated))
    app.add_handler(ChatMemberHandler(membership.my_place, ChatMemberHandler.MY_CHAT_MEMBER))
    app.add_error_handler(on_error)
