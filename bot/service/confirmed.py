"""When a reported text counts as a confirmed scam.

In one group: by its admins' last word, else by a report on a text that was judged ``scam`` (unless the group lets only
admins confirm), else where it counts for everybody. For everybody: by an owner's last word, else by enough distinct
people in enough distinct chats. An admin's 不是诈骗 keeps a text out of the group's record until an admin says
otherwise; it changes nothing elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.model import Level, Sightings
from bot.service.group_types import Confirmers
from bot.store import group_settings
from bot.store.schema import Kind
from bot.store.votes import tally_of, words_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.context import Context, Policy
    from bot.service.types import Chat
    from bot.store.group_words import Said
    from bot.store.votes import Tally, Word


def for_everybody(tally: Tally, policy: Policy) -> bool:
    """Whether the text counts as a scam in all chats."""
    if tally.owner is not None:
        return tally.owner is Kind.REPORT
    return tally.people >= policy.people and tally.chats >= policy.chats


def in_group(words: Iterable[Word | Said], *, everybody: bool, confirmers: Confirmers = Confirmers.ALL) -> bool:
    """Whether the text counts as a scam in the group that said these words (oldest first)."""
    words = list(words)
    admins = [word.kind for word in words if word.admin]
    if admins:
        return admins[-1] is Kind.REPORT
    if everybody or confirmers is Confirmers.ADMINS:
        return everybody
    return any(word.kind is Kind.REPORT and word.level == Level.SCAM for word in words)


def sightings(tally: Tally) -> Sightings:
    """Who confirmed a text so far. An owner's 不是诈骗 silences the people's votes."""
    if tally.owner is Kind.CORRECTION:
        return Sightings()
    return Sightings(tally.people, tally.chats, owner=tally.owner is Kind.REPORT)


async def confirmers_of(connection: AsyncConnection, chat_id: int) -> Confirmers:
    """Whose reports confirm a scam in the group."""
    chosen = await group_settings.find(connection, chat_id)
    return Confirmers.ALL if chosen is None else Confirmers(chosen.confirmers)


async def is_confirmed(connection: AsyncConnection, context: Context, fingerprint: str, where: Chat) -> bool:
    """Whether one text counts as a confirmed scam in this chat."""
    everybody = for_everybody(await tally_of(connection, fingerprint, context.owners), context.policy)
    if not where.group:
        return everybody
    words = await words_on(connection, where.id, fingerprint)
    return in_group(words, everybody=everybody, confirmers=await confirmers_of(connection, where.id))
