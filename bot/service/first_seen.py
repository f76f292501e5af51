"""Which domains and numbers a group saw in its confirmed scams for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.service.group_record import confirmed
from bot.store import group_words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.context import Context
    from bot.service.group_record import Record
    from bot.store.group_words import Use

_MORE = 8
"""By how much more is looked at in each round."""


async def uses(
    connection: AsyncConnection, context: Context, chat_id: int, record: Record, since: datetime
) -> list[Use]:
    """What the record's reports name that no report before ``since`` did, in the order in which it came up.

    Args:
        connection: To read with.
        context: As everywhere.
        chat_id: The group.
        record: Its reports up to the end of the period, from any moment before ``since`` on.
        since: When the period began.
    """
    now = record.between((since, record.span[1]))
    earlier = record.between((record.span[0], since))
    named = await group_words.uses_of(connection, (word.id for word in now))
    new = dict.fromkeys(use for word in now for use in named.get(word.id, ()))
    # Most of what is not new is known from the weeks at hand; only for the rest the group's whole past is looked at.
    old = await group_words.used(connection, (word.id for word in earlier), new)
    rest = [use for use in new if use not in old]
    if rest:
        texts = await group_words.earlier_uses(connection, chat_id, rest, before=record.span[0])
        old |= await _confirmed(connection, context, chat_id, texts)
    return [use for use in rest if use not in old]


async def _confirmed(
    connection: AsyncConnection, context: Context, chat_id: int, texts: Mapping[Use, list[str]]
) -> set[Use]:
    """Those of which one of the texts counts as a scam in the group. One is enough, so not all are looked at."""
    found: set[Use] = set()
    start, stop = 0, 1
    while asked := {text for use, named in texts.items() if use not in found for text in named[start:stop]}:
        words = await group_words.on_these(connection, chat_id, asked)
        scams = await confirmed(connection, context, chat_id, words)
        found |= {use for use, named in texts.items() if not scams.isdisjoint(named[start:stop])}
        start, stop = stop, stop * _MORE
    return found
