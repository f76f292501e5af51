"""A group's record of a period."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bot.redact import mask_number
from bot.service.confirmed import for_everybody, in_group
from bot.service.types import Count, GroupReport
from bot.store import groups
from bot.store.schema import IndicatorKind, Kind
from bot.store.votes import Tally, tallies, words_in_group

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    import sqlalchemy as sa
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.service.context import Context
    from bot.service.types import Chat
    from bot.store.groups import Use
    from bot.store.votes import Word


async def report(context: Context, where: Chat, since: datetime, until: datetime) -> GroupReport:
    """Count what stands now of what happened then: a vote withdrawn since counts in no period."""
    period = (where.id, since, until)
    async with context.store.read() as connection:
        checks = await groups.count_checks(connection, *period)
        corrections = await groups.count_corrections(connection, *period)
        scams = await _confirmed(connection, context, where.id, groups.reported(*period))
        related = groups.sharing(*period)
        known = await _confirmed(connection, context, where.id, related)
        uses = await groups.uses(connection, where.id, related, until)
    reports = {
        fingerprint: inside
        for fingerprint, words in scams.items()
        if (inside := [w for w in words if w.kind is Kind.REPORT and since <= w.at < until])
    }
    latest = [inside[-1] for inside in reports.values()]
    new = _first_seen((use for use in uses if use.fingerprint in known), since)
    return GroupReport(
        since=since,
        until=until,
        checks=checks,
        scams=len(reports),
        repeats=sum(map(len, reports.values())) - len(reports),
        corrections=corrections,
        categories=_count(word.category for word in latest),
        institutions=_count(word.institution for word in latest),
        domains=tuple(value for kind, value in new if kind is IndicatorKind.DOMAIN),
        numbers=tuple(mask_number(value) for kind, value in new if kind is IndicatorKind.NUMBER),
    )


async def _confirmed(
    connection: AsyncConnection,
    context: Context,
    chat_id: int,
    fingerprints: sa.Select[str],
) -> dict[str, list[Word]]:
    """The words on those of the texts that count as scams in this group."""
    words = await words_in_group(connection, chat_id, fingerprints)
    everybody = await tallies(connection, fingerprints, context.owners)
    return {
        fingerprint: said
        for fingerprint, said in words.items()
        if in_group(
            said,
            everybody=for_everybody(everybody.get(fingerprint, Tally()), context.policy),
        )
    }


def _first_seen(uses: Iterable[Use], since: datetime) -> list[tuple[IndicatorKind, str]]:
    """What was named for the first time since then; ``uses`` are in the order of time."""
    first: dict[tuple[IndicatorKind, str], datetime] = {}
    for use in uses:
        first.setdefault((use.kind, use.value), use.at)
    return [key for key, at in first.items() if at >= since]


def _count(keys: Iterable[str | None]) -> tuple[Count, ...]:
    """How often each occurs, most frequent first, ties by name."""
    counted: Sequence[tuple[str, int]] = [*Counter(key for key in keys if key is not None).items()]
    return tuple(Count(key, count) for key, count in sorted(counted, key=lambda item: (-item[1], item[0])))
