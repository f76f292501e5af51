"""The follow-up that a person asked for: one neutral line, since others may see the phone."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter

from bot.rescue.reply import follow_up
from bot.service.jobs import Fate
from bot.service.rescue import FOLLOW_UPS
from handlers import keyboards
from handlers.html import render_html
from handlers.lanes import Lane

if TYPE_CHECKING:
    from telegram.ext import ExtBot

    from bot.store.jobs import Job
    from handlers.desk import Desk

_log = logging.getLogger(__name__)
_LAST = list(FOLLOW_UPS)[-1]


async def send(desk: Desk, bot: ExtBot[Lane], job: Job) -> Fate | datetime:
    """Send one follow-up, unless nothing is left to ask; whoever blocked the bot is left in peace."""
    name = msgspec.json.decode(job.payload, type=str)
    if name not in FOLLOW_UPS or job.chat_id is None:
        return Fate.DROP
    view = await desk.rescue.follow_up(job)
    last = name == _LAST
    if view is not None:
        reply = follow_up(view.case, name, desk.texts)
        try:
            await bot.send_message(
                job.chat_id,
                render_html(reply),
                reply_markup=keyboards.under(reply, desk.texts),
                rate_limit_args=Lane.PUSH,
            )
        except RetryAfter as error:
            wait = error.retry_after
            return datetime.now(UTC) + (wait if isinstance(wait, timedelta) else timedelta(seconds=wait))
        except (Forbidden, BadRequest, ChatMigrated) as error:
            _log.info("a follow-up cannot be sent any more: %s", type(error).__name__)
            last = True
        except NetworkError:
            return Fate.LATER
    await desk.rescue.followed_up(job, last=last)
    return Fate.DONE
