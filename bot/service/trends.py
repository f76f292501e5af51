"""/trends: what everybody reports most, told so that nobody can be counted out of it.

Three things guard that. A kind of scam is told only once enough people reported it in enough chats, and so is the
institution within it. How many it were is told in bands, and within a band the order says nothing. And the answer is
made once an hour, for the seven days up to the last whole hour: who asks before and after a report, a withdrawal or a
/forget hears the same, and an hour later cannot tell which of that hour's reports moved a band.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.service.group_types import Band, Trend
from bot.store import trends as store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from bot.service.context import Context
    from bot.store.trends import Reported

DAYS = timedelta(days=7)
_BANDS = {Band.HUNDREDS: 200, Band.MANY: 50, Band.TENS: 10}
"""Bands and the fewest people of each, most first; below are few."""


class Trends:
    """The trends of the present hour. One for each process."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._hour: datetime | None = None
        self._told: tuple[Trend, ...] = ()
        self._counting = asyncio.Lock()

    async def now(self) -> tuple[Trend, ...]:
        """Return what was reported most in the seven days up to the last whole hour, most first.

        Raises:
            StoreError: The database fails.
        """
        hour = self._context.clock().replace(minute=0, second=0, microsecond=0)
        async with self._counting:
            if hour != self._hour:
                self._told = await self._count(hour)
                self._hour = hour
            return self._told

    async def _count(self, until: datetime) -> tuple[Trend, ...]:
        policy = self._context.policy
        async with self._context.store.read() as connection:
            found = await store.reported(
                connection, until - DAYS, until, people=policy.trend_people, chats=policy.trend_chats
            )
        return tuple(_ranked(found))


def band_of(people: int) -> Band:
    """Return the band that a number of people falls into."""
    return next((band for band, fewest in _BANDS.items() if people >= fewest), Band.FEW)


def _ranked(found: Iterable[Reported]) -> Iterator[Trend]:
    found = list(found)
    most: dict[str, Reported] = {}
    for row in found:
        if row.institution is not None:
            before = most.get(row.category)
            if before is None or (-row.people, row.institution) < (-before.people, before.institution):
                most[row.category] = row
    # Categories of one band by name, not by number.
    order = [*_BANDS, Band.FEW]
    kinds = [(order.index(band_of(row.people)), row.category) for row in found if row.institution is None]
    for at, category in sorted(kinds):
        leading = most.get(category)
        yield Trend(category, order[at], leading.institution if leading else None)
