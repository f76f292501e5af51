"""/export: a group's record as files, for its admins, in their private chat and nowhere else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.constants import ChatAction
from telegram.error import BadRequest, Forbidden
from telegram.helpers import create_deep_linked_url

from bot.export_files import TooBigError, written
from bot.reply.export import ExportTable
from bot.reply.prompts import prompt
from bot.reply.summary import days_of
from bot.service import inbox
from handlers import group_choice, report
from handlers.desk import desk_of
from handlers.group_choice import Purpose
from handlers.html import render_html
from handlers.incoming import chat_of
from handlers.send import say

if TYPE_CHECKING:
    import telegram

    from bot.reply.model import Reply
    from handlers.desk import Context, Desk
    from handlers.group_choice import Chosen

LINK = "export"
"""The deep link that gives the files; a group's id and a period may follow, each after an underline."""
UPLOAD_SECONDS = 240.0
_REST = re.compile(r"(?P<chat>-\d{1,16})_(?P<period>[0-9W-]{7,8})")


async def command(update: telegram.Update, context: Context) -> None:
    """Send an admin the record of the group; in a private chat, of the group that is chosen."""
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    chosen = await report.asked_for(desk, message, Purpose.EXPORT, " ".join(context.args or ()))
    if chosen is not None:
        await give(desk, message, chosen)


async def linked(desk: Desk, message: telegram.Message, rest: str) -> None:
    """Serve a deep link: the files of the group that it names, or a choice where it names none."""
    assert message.from_user is not None
    found = _REST.fullmatch(rest)
    if found is None:
        chosen = await group_choice.choose(desk, message, Purpose.EXPORT)
    else:
        chosen, refusal = await group_choice.check(
            desk, message.get_bot(), message.from_user, Purpose.EXPORT, found["chat"], found["period"]
        )
        if refusal:
            await say(message, prompt(desk.texts, refusal))
    if chosen is not None:
        await give(desk, message, chosen)


async def give(desk: Desk, message: telegram.Message, chosen: Chosen) -> None:
    """Send the files of the chosen group to the person; ``message`` is where they were asked for."""
    bot, in_group, user_id = message.get_bot(), chat_of(message).group, chosen.user_id
    if user_id is None:
        await say(message, prompt(desk.texts, "export-anonymous"), _way(desk, message, chosen))
        return
    # Others in this chat need not wait for it.
    inbox.placed()
    if in_group and not await _may_write(bot, user_id):
        await say(message, prompt(desk.texts, "export-start-first"), _way(desk, message, chosen))
        return
    async with desk.exports:
        refusal = await _send(desk, bot, user_id, chosen)
    if refusal is not None:
        await say(message, refusal)
    elif in_group:
        await say(message, prompt(desk.texts, "export-done-group"))


async def _may_write(bot: telegram.Bot, user_id: int) -> bool:
    """Whether the person opened the private chat with the bot; if so, they see that something comes."""
    try:
        await bot.send_chat_action(user_id, ChatAction.UPLOAD_DOCUMENT)
    except (Forbidden, BadRequest):
        return False
    return True


async def _send(desk: Desk, bot: telegram.Bot, user_id: int, chosen: Chosen) -> Reply | None:
    """Send the files; return what is to be said where there are none."""
    assert chosen.period is not None
    period = chosen.period
    name = days_of(period, desk.texts)
    table = ExportTable(desk.texts, desk.knowledge, desk.knowledge.directory, period.zone)
    rows = desk.service.export(chosen.where, period)
    try:
        async with written(rows, period, table, desk.settings.state_dir) as export:
            if not export.rows:
                return prompt(desk.texts, "export-empty", period=name)
            done = prompt(desk.texts, "export-done", period=name, rows=f"{export.rows:,}")
            await bot.send_message(user_id, render_html(group_choice.titled(desk, chosen, done)))
            for file in export.files:
                # Read when it is sent, beside the loop, and again from its start where it is sent again.
                document = InputFile(file.content, filename=file.name, read_file_handle=False)
                await bot.send_document(user_id, document, write_timeout=UPLOAD_SECONDS, read_timeout=UPLOAD_SECONDS)
    except TooBigError:
        return prompt(desk.texts, "export-too-big", period=name)
    return None


def _way(desk: Desk, message: telegram.Message, chosen: Chosen) -> InlineKeyboardMarkup:
    """The button that leads to the private chat and there to the same files."""
    assert chosen.period is not None
    link = f"{LINK}_{chosen.where.id}_{chosen.period.name}"
    url = create_deep_linked_url(message.get_bot().username, link)
    return InlineKeyboardMarkup([[InlineKeyboardButton(desk.texts("button-export-private"), url=url)]])
