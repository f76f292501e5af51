"""What counts of a group's reports."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING

from bot.service.confirmed import confirmers_of, for_everybody, in_group
from bot.service.context import LEAST_CHATS
from bot.store import group_words
from bot.store.dialect import listed, packed
from bot.store.schema import Kind, event, microseconds
from bot.store.votes import Tally, tallies

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.context import Context
    from bot.store.group_counts import Span
    from bot.store.group_words import Said

_SORT = attrgetter("kind", "admin", "level")
_TIME = attrgetter("at", "id")


@dataclass(frozen=True, slots=True)
class Record:
    """A group's reports that stand, on texts that count as scams there.

    Attributes:
        span: When they were made.
        reports: Oldest first.
        moments: When each of them was made, in microseconds since 1970.
    """

    span: Span
    reports: tuple[Said, ...]
    moments: tuple[int, ...]

    def between(self, span: Span) -> tuple[Said, ...]:
        """Those made in this stretch of time."""
        start, stop = (bisect_left(self.moments, microseconds(moment)) for moment in span)
        return self.reports[start:stop]


async def load(connection: AsyncConnection, context: Context, chat_id: int, span: Span) -> Record:
    """What the group has of reports made in this stretch of time, as far as it counts now."""
    words = await group_words.on_reported(connection, chat_id, *span)
    texts = await confirmed(connection, context, chat_id, words)
    since, until = map(microseconds, span)
    reports = [word for text in texts for word in words[text] if word.kind is Kind.REPORT and since <= word.at < until]
    reports.sort(key=_TIME)
    return Record(span, tuple(reports), tuple(word.at for word in reports))


async def confirmed(
    connection: AsyncConnection, context: Context, chat_id: int, words: Mapping[str, list[Said]]
) -> set[str]:
    """Those of the texts that count as scams in the group, which said these standing words on them."""
    confirmers = await confirmers_of(connection, chat_id)
    # Thousands of texts, of which most have one of few sorts of words: what decides is looked at once for each sort.
    sorts: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for text, said in words.items():
        sorts[tuple(map(_SORT, said))].append(text)
    found, open_ = set[str](), set[str]()
    for texts in sorts.values():
        said = words[texts[0]]
        if in_group(said, everybody=False, confirmers=confirmers):
            found.update(texts)
        elif in_group(said, everybody=True, confirmers=confirmers):
            open_.update(texts)
    # What everybody says is asked for only where the group's own words leave it open, and somebody else can say more:
    # an owner, or another chat that reported it too.
    reports = await group_words.reports_everywhere(connection, open_)
    left = [text for text in open_ if _is_open(words[text], reports.get(text, 0), context)]
    if left:
        among = listed("texts", event.c.fingerprint).params(texts=packed(left))
        said_by_all = await tallies(connection, among, context.owners)
        found |= {text for text in left if for_everybody(said_by_all.get(text, Tally()), context.policy)}
    return found


def _is_open(said: Sequence[Said], reports: int, context: Context) -> bool:
    """Whether a text may count for everybody of which the group said this, and of which there are so many reports."""
    elsewhere = reports - sum(word.kind is Kind.REPORT for word in said)
    return elsewhere > 0 or context.policy.chats < LEAST_CHATS or any(word.person in context.owners for word in said)
