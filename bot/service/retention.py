"""Deleting what was kept long enough, in small steps, so that nobody waits for it; moving what came to an old address.

Every step is a transaction of its own that can be repeated: a run that was cut off is continued by the next.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.service.confirmed import for_everybody
from bot.service.groups import Groups
from bot.store import group_admins, group_settings, inbox_retention, retention, spent
from bot.store.dialect import take_turn
from bot.store.votes import Tally, tallies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.context import Context
    from bot.store.retention import OldText

TEXT_KEPT = timedelta(days=90)
"""The redacted text of a report that nothing confirms: an owner has looked at it by then, or never will."""
EVENT_KEPT = timedelta(days=365)
"""Everything else about checks and reports: scams change within weeks, and a year shows what comes with a season."""
DONE_KEPT = timedelta(hours=48)
"""The number of an update that is done: Telegram hands an update over again for 24 hours at most."""
DEAD_TEXT_KEPT = timedelta(hours=72)
"""The content of an update that was given up: a weekend, for whoever looks into it."""
DEAD_KEPT = timedelta(days=30)
"""That an update was given up, and over which type of error."""
ADMIN_KEPT = timedelta(days=180)
"""Where somebody was seen as an admin and not since: half a year without a word to the bot."""
GONE_KEPT = timedelta(days=30)
"""What a group chose that the bot is gone from, and under which id it goes on if it moved."""
STEP = 500
"""Rows of one transaction: some milliseconds in which nothing else is written."""

_TURN = "retention"


async def retain(context: Context) -> None:
    """Delete what has been kept long enough. Safe to repeat, to cut off, and to run in several processes at once."""
    now = context.clock()
    await Groups(context).follow()
    gone = [
        await _in_steps(context, inbox_retention.drop_done, now - DONE_KEPT),
        await _in_steps(context, inbox_retention.drop_dead, now - DEAD_KEPT),
        await _in_steps(context, inbox_retention.blank_dead, now - DEAD_TEXT_KEPT),
        await _in_steps(context, retention.count_and_drop, now - EVENT_KEPT),
        await _drop_texts(context, now - TEXT_KEPT),
        await _in_steps(context, group_admins.drop_unseen, now - ADMIN_KEPT),
        await _in_steps(context, group_settings.drop_gone, now - GONE_KEPT),
        await _in_steps(context, spent.drop_over, now),
    ]
    if any(gone):
        await context.store.tidy()


async def _in_steps(
    context: Context, step: Callable[[AsyncConnection, datetime, int], Awaitable[int]], until: datetime
) -> int:
    total = 0
    while True:
        async with context.store.write() as connection:
            await take_turn(connection, _TURN)
            found = await step(connection, until, STEP)
        total += found
        if not found:
            return total


async def _drop_texts(context: Context, until: datetime) -> int:
    total, after = 0, 0
    while True:
        # Confirmed texts are looked through each time and stay, so looking must not keep a writer waiting.
        async with context.store.read() as connection:
            found = await retention.old_texts(connection, until, after, STEP)
            unconfirmed = await _unconfirmed(connection, context, found)
        if not found:
            return total
        if unconfirmed:
            async with context.store.write() as connection:
                await take_turn(connection, _TURN)
                # Once more: somebody may have confirmed one meanwhile.
                still = await retention.old_texts(connection, until, after, STEP)
                unconfirmed = await _unconfirmed(connection, context, still)
                await retention.drop_texts(connection, unconfirmed)
        total += len(unconfirmed)
        after = found[-1].event_id


async def _unconfirmed(connection: AsyncConnection, context: Context, texts: list[OldText]) -> list[int]:
    """Those of the texts that do not count as scams for everybody, by the number of their event."""
    if not texts:
        return []
    said = await tallies(connection, retention.fingerprints_of([text.event_id for text in texts]), context.owners)
    return [text.event_id for text in texts if not for_everybody(said.get(text.fingerprint, Tally()), context.policy)]
