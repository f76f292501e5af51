"""/report: a group's last seven days, for its admins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.reply.prompts import prompt
from bot.reply.report import compose_report
from handlers import admins
from handlers.desk import desk_of
from handlers.incoming import chat_of
from handlers.send import say

if TYPE_CHECKING:
    import telegram

    from handlers.desk import Context

DAYS = 7


async def command(update: telegram.Update, context: Context) -> None:
    """Show the report to an admin, refuse gently to others, explain in a private chat."""
    message = update.effective_message
    assert message is not None
    desk, where = desk_of(context), chat_of(message)
    if not where.group:
        await say(message, prompt(desk.texts, "report-private"))
        return
    try:
        admin = await admins.writes_as_admin(message)
    except TelegramError:
        await say(message, prompt(desk.texts, "report-failed"))
        return
    if not admin:
        await say(message, prompt(desk.texts, "report-refused"))
        return
    until = datetime.now(UTC)
    found = await desk.service.report(where, until - timedelta(days=DAYS), until)
    directory = desk.knowledge.directory

    def name(institution: str) -> str | None:
        return directory.get(institution).name if institution in directory else None

    await say(message, compose_report(found, desk.texts, desk.knowledge, name))
