"""/stats as a reply: counts and times, nobody's name."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING

from bot.model import Level
from bot.neutralise import neutralise
from bot.reply.fill import headed, line
from bot.reply.model import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.reply.model import Line
    from bot.service.latency import Quantiles
    from bot.service.stats import Stats
    from bot.texts import Texts

BEIJING = timezone(timedelta(hours=8))
BAR = 10
_FULL = "▇"
LEVELS = {
    Level.CLEAR: "level-clear",
    Level.VERIFY: "level-verify",
    Level.SUSPICIOUS: "level-suspicious",
    Level.SCAM: "level-scam",
}
"""Short names of the verdicts."""


def compose_stats(stats: Stats, texts: Texts) -> Reply:
    """Say how the bot is used and how it fares."""
    since, until = date(stats.since, texts), date(stats.until, texts)
    return Reply(
        (
            *headed(texts, "stats-title", since=since, until=until),
            line(
                texts,
                "stats-seen",
                people=_number(stats.recent.people),
                groups=_number(stats.recent.groups),
                people_ever=_number(stats.ever.people),
                groups_ever=_number(stats.ever.groups),
            ),
            *_days(stats, texts),
            *_said(stats, texts),
            line(texts, "stats-inbox", backlog=_number(stats.backlog), dead=_number(stats.dead)),
            line(texts, "stats-review", waiting=_number(stats.waiting)),
            *_latencies(stats, texts),
        )
    )


def date(moment: datetime, texts: Texts) -> str:
    """The day in Beijing, in words that no phone takes for a number."""
    local = moment.astimezone(BEIJING)
    return texts("owner-date", month=str(local.month), day=str(local.day))


def _days(stats: Stats, texts: Texts) -> Iterator[Line]:
    most = max(*stats.days, 1)
    for day, count in enumerate(stats.days):
        bar = _FULL * -(-count * BAR // most)
        yield line(
            texts, "stats-day", date=date(stats.since + timedelta(days=day), texts), bar=bar, count=_number(count)
        )


def _said(stats: Stats, texts: Texts) -> Iterator[Line]:
    if stats.checks:
        counts = {found.key: found.count for found in stats.levels}
        shares = [
            texts("stats-level", name=texts(name), percent=f"{100 * counts.get(level, 0) / stats.checks:.0f}")
            for level, name in LEVELS.items()
        ]
        yield line(texts, "stats-levels", list=texts("list-joiner").join(shares))
    yield line(
        texts,
        "stats-said",
        reports=_number(stats.reports),
        corrections=_number(stats.corrections),
        complaints=_number(stats.complaints),
    )
    if stats.checks:
        yield line(texts, "stats-rate", rate=f"{100 * stats.corrections / stats.checks:.1f}")


def _latencies(stats: Stats, texts: Texts) -> Iterator[Line]:
    if stats.since_start is None:
        yield line(texts, "stats-no-latency")
        return
    yield line(texts, "stats-since-start", **_times(stats.since_start))
    if stats.last_hour is not None:
        yield line(texts, "stats-last-hour", **_times(stats.last_hour))


def _times(found: Quantiles) -> dict[str, str]:
    return {
        "count": _number(found.count),
        "p50": f"{found.p50:.1f}",
        "p95": f"{found.p95:.1f}",
        "p99": f"{found.p99:.1f}",
    }


def _number(number: int) -> str:
    return neutralise(str(number))
