"""/stats: how the bot is used and how it fares, for its owners."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from bot.service.group_types import Count
from bot.store import review, stats
from bot.store.schema import Kind

if TYPE_CHECKING:
    from datetime import datetime

    from bot.service.context import Context
    from bot.service.latency import Latencies, Quantiles
    from bot.store.stats import Seen

DAYS = 7
_BEIJING = timezone(timedelta(hours=8))
_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts of the last seven days in Beijing, today's hours among them, unless something else is said.

    Attributes:
        since: Midnight of the first day; ``until`` is now.
        recent: People and groups seen; ``ever`` in all that is kept.
        days: Checks a day, oldest first.
        levels: Checks by level.
        reports: 确认是诈骗; ``corrections`` 不是诈骗; ``complaints`` 号码不对: as pressed, withdrawn or not.
        backlog: Updates that wait in the inbox now; ``dead`` were given up.
        waiting: Texts in the owners' queue.
        since_start: How long answers took, in seconds, since this process began; ``last_hour`` of late.
    """

    since: datetime
    until: datetime
    recent: Seen
    ever: Seen
    days: tuple[int, ...]
    levels: tuple[Count, ...]
    reports: int
    corrections: int
    complaints: int
    backlog: int
    dead: int
    waiting: int
    since_start: Quantiles | None
    last_hour: Quantiles | None

    @property
    def checks(self) -> int:
        """Checks of all seven days."""
        return sum(self.days)


async def gather(context: Context, latencies: Latencies) -> Stats:
    """Count everything at one moment."""
    now = context.clock()
    midnight = now.astimezone(_BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    since = midnight - timedelta(days=DAYS - 1)
    async with context.store.read() as connection:
        recent, ever = await stats.seen(connection, since), await stats.seen(connection)
        found = await stats.events(connection, since)
        backlog, dead = await stats.in_state(connection, "new"), await stats.in_state(connection, "dead")
        waiting = len(await review.queue(connection, context.owners))
    days, levels, kinds = Counter[int](), Counter[str](), Counter[Kind]()
    for row in found:
        kinds[row.kind] += row.total
        if row.kind is Kind.CHECK:
            days[min(row.day, DAYS - 1)] += row.total  # one of the future, after a clock was set back
            levels[row.level or ""] += row.total
    return Stats(
        since=since,
        until=now,
        recent=recent,
        ever=ever,
        days=tuple(days[day] for day in range(DAYS)),
        levels=tuple(Count(level, count) for level, count in levels.most_common()),
        reports=kinds[Kind.REPORT],
        corrections=kinds[Kind.CORRECTION],
        complaints=kinds[Kind.COMPLAINT],
        backlog=backlog,
        dead=dead,
        waiting=waiting,
        since_start=latencies.quantiles(None),
        last_hour=latencies.quantiles(now.timestamp() - _HOUR),
    )
