"""/subscribe, /unsubscribe and the summary that comes of it each Monday.

What keeps a summary from being sent decides what becomes of the subscription:

- The bot is not in the group any more: it ends.
- The bot may not write: it stays, and next Monday is the next attempt. Telegram tells a bot nothing when a group's
  rules for everybody change, so this is how the bot finds out that it may write again.
- The network, Telegram or we are in trouble: the same week is tried again until the next one takes its place.

The text goes first and is written down as sent; a picture that fails after it is tried again alone, or left out.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.reply.prompts import prompt
from bot.service.group_types import Presence
from bot.service.jobs import ATTEMPTS, Fate
from bot.service.types import Chat
from bot.service.weekly import Push
from handlers import group_choice, membership, report
from handlers.desk import desk_of
from handlers.errors import place_of
from handlers.group_choice import Chosen, Purpose
from handlers.html import render_html
from handlers.incoming import chat_of
from handlers.lanes import Lane
from handlers.send import photo_of, say

if TYPE_CHECKING:
    import telegram
    from telegram.ext import ExtBot

    from bot.store.jobs import Job
    from handlers.desk import Context, Desk

_log = logging.getLogger(__name__)

SECONDS = 50.0
"""For one attempt: less than the ticker gives it, so that the last attempt of a row is not its end."""
PAUSE = timedelta(hours=1)
"""Between two rows of attempts."""
_NO_SUCH_CHAT = "chat not found"


async def subscribe(update: telegram.Update, context: Context) -> None:
    """Have the group's summary sent each Monday."""
    await _command(update, context, Purpose.SUBSCRIBE)


async def unsubscribe(update: telegram.Update, context: Context) -> None:
    """Have it sent no more."""
    await _command(update, context, Purpose.UNSUBSCRIBE)


async def _command(update: telegram.Update, context: Context, purpose: Purpose) -> None:
    message = update.effective_message
    assert message is not None
    desk = desk_of(context)
    if not chat_of(message).group:
        chosen = await group_choice.choose(desk, message, purpose)
    else:
        chosen = Chosen(purpose, chat_of(message)) if await report.is_for(desk, message, purpose) else None
    if chosen is not None:
        await switch(desk, message, chosen)


async def switch(desk: Desk, message: telegram.Message, chosen: Chosen) -> None:
    """Do what was asked for in a group, and say when the next summary comes."""
    groups, chat_id = desk.service.groups, chosen.where.id
    on, here = chosen.purpose is Purpose.SUBSCRIBE, message.chat.id == chat_id
    before = await groups.settings(chat_id)
    if before.weekly is not on:
        await groups.change(chat_id, weekly=on)
    if on:
        at = await desk.service.weekly.next(chat_id)
        key = "weekly-already-on" if before.weekly else "weekly-on"
        reply = prompt(desk.texts, key, month=str(at.month), day=str(at.day), time=f"{at.hour}:{at.minute:02}")
        if before.presence is Presence.SILENCED and not here:
            reply = replace(reply, lines=(*reply.lines, *prompt(desk.texts, "weekly-silenced").lines))
    else:
        reply = prompt(desk.texts, "weekly-off" if before.weekly else "weekly-already-off")
    await say(message, group_choice.titled(desk, chosen, reply))
    if here:
        await membership.heard(desk, chat_id)


async def push(desk: Desk, bot: ExtBot[Lane], job: Job) -> Fate | datetime:
    """Send one group its summary, if one is due."""
    try:
        async with asyncio.timeout(SECONDS):
            return await _push(desk, bot, job)
    except RetryAfter as error:
        wait = error.retry_after
        return desk.service.now() + (wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
    except Exception as error:  # noqa: BLE001 - nothing but its end may end a subscription
        _log.warning("a weekly summary has to wait: %s at %s", type(error).__name__, place_of(error))
    return Fate.LATER if job.attempts < ATTEMPTS else desk.service.now() + PAUSE


async def _push(desk: Desk, bot: ExtBot[Lane], job: Job) -> Fate | datetime:
    due = await desk.service.weekly.due(job)
    if not isinstance(due, Push):
        return due
    try:
        await _send(desk, bot, job, due)
    except ChatMigrated as error:
        new = await membership.moved(desk, error, due.chat_id)
        return await _push(desk, bot, replace(job, key=str(new), chat_id=new))
    except (Forbidden, BadRequest) as error:
        if await _is_gone(desk, due.chat_id, error):
            return Fate.DROP
    return await desk.service.weekly.next(due.chat_id)


async def _send(desk: Desk, bot: ExtBot[Lane], job: Job, due: Push) -> None:
    weekly = desk.service.weekly
    found = await desk.service.report(Chat(due.chat_id, group=True), due.period)
    if not due.said:
        text = render_html(report.compose(desk, found, late=due.late))
        await bot.send_message(due.chat_id, text, rate_limit_args=Lane.PUSH)
        await weekly.note(job, due, whole=False)
        await membership.heard(desk, due.chat_id)
    picture = await report.draw(desk, found)
    if picture is not None:
        try:
            await bot.send_photo(due.chat_id, photo_of(picture), rate_limit_args=Lane.PUSH)
        except (Forbidden, BadRequest, ChatMigrated) as error:
            _log.info("a weekly picture was left out: %s", type(error).__name__)
        except NetworkError as error:
            if job.attempts < ATTEMPTS:
                raise
            _log.warning("a weekly picture was given up: %s", type(error).__name__)
    await weekly.note(job, due, whole=True)


async def _is_gone(desk: Desk, chat_id: int, error: Forbidden | BadRequest) -> bool:
    """Take note of why a summary was refused; True where the bot has no group any more to send it to."""
    if not await membership.unheard(desk, chat_id, error):
        if isinstance(error, Forbidden) or _NO_SUCH_CHAT in error.message.lower():
            await desk.service.groups.presence(chat_id, Presence.GONE)
            desk.service.auto_check.changed(chat_id)
        else:
            _log.error("a weekly summary was refused and is left out: %s", type(error).__name__)
    return (await desk.service.groups.settings(chat_id)).presence is Presence.GONE
