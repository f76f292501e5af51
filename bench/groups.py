"""``python -m bench.groups``: what a group's report and its picture take, alone with a million events and among many.

Builds two databases, unless ``--folder`` has them already: one group of ``--one`` events, and 20,000 groups of very
different sizes that have ``--many`` events together. Then asks for last week's report as the bot does, and draws its
picture. Machines are shared, so each is done in several rounds, and the round with the least median counts; processor
time, which others disturb less, stands beside it. ``--many 10000000`` takes some ten minutes and 5 GB to build, and
only a run of the full sizes writes the report. Exits non-zero where the target is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bench.groups_build import GROUP, NOW, Size, build
from bot.judge import judge
from bot.knowledge import Knowledge
from bot.period import DEFAULT_ZONE, Period, Span, last_week
from bot.reply.report_picture import report_picture
from bot.secret import Secret
from bot.service.service import open_service
from bot.service.types import Chat
from bot.store.engine import Store
from bot.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.service.service import Service

REPORT = Path(__file__).parent / "reports" / "groups.md"
ONE, MANY, GROUPS = 1_000_000, 10_000_000, 20_000
TARGET = 300.0
"""Milliseconds for a report and its picture, at the median."""
ROUNDS, RUNS = 3, 20
LARGEST = ("the only one", "largest")
SECRET = Secret("a secret for the bench alone, of no worth")
OWNER = "bench:owner"
_PERIOD = last_week(NOW, ZoneInfo(DEFAULT_ZONE))


class Database(NamedTuple):
    """A built database; ``seconds`` is how long that took, None where it was there."""

    path: Path
    size: Size
    seconds: float | None


class Found(NamedTuple):
    """What one group takes: milliseconds, the first time after a start and in the rounds that follow."""

    name: str
    events: int
    first: float
    report: float
    both: list[float]
    processor: float
    rounds: list[float]
    said: str


async def built(folder: Path, name: str, size: Size) -> Database:
    """The database of this name and size, made unless the folder has it."""
    path = folder / f"groups-{name}-{size.events}.db"
    seconds = None
    if not path.exists():
        half = path.with_suffix(".half")
        half.unlink(missing_ok=True)
        await (await Store.open(_url(half))).close()
        started = time.perf_counter()
        build(half, size)
        seconds = time.perf_counter() - started
        half.rename(path)
    await (await Store.open(_url(path))).close()  # an old one is migrated
    return Database(path, size, seconds)


def chosen(database: Database) -> dict[str, tuple[int, int]]:
    """Names of the groups that are looked at, each with its chat id and number of events."""
    with closing(sqlite3.connect(database.path)) as connection:
        query = "SELECT count(*), chat_id FROM event WHERE chat_id IS NOT NULL GROUP BY chat_id"
        groups = sorted(connection.execute(query).fetchall())
    if database.size.groups == 1:
        return {LARGEST[0]: (GROUP, groups[0][0])}
    mean = database.size.events / database.size.groups
    found = {
        LARGEST[1]: groups[-1],
        "of the mean size": min(groups, key=lambda group: abs(group[0] - mean)),
        "of the median size": groups[len(groups) // 2],
    }
    return {name: (chat_id, events) for name, (events, chat_id) in found.items()}


class Bench:
    """Measures on one database after the other."""

    def __init__(self) -> None:
        self._knowledge, self._texts = Knowledge.load(), Texts.load()
        self._draw = partial(report_picture, texts=self._texts, knowledge=self._knowledge)
        self.found: list[Found] = []
        self.plans: dict[str, str] = {}

    async def measure(self, database: Database) -> None:
        """All chosen groups of a database."""
        judged = partial(judge, knowledge=self._knowledge)
        for name, (chat_id, events) in chosen(database).items():
            # A service for each group: what one process remembers of another group helps nobody here.
            async with open_service(
                _url(database.path), SECRET, self._knowledge, lambda sms, seen: judged(sms, sightings=seen), [OWNER]
            ) as service:
                self.found.append(await self._group(service, name, Chat(chat_id, group=True), events))
                if name in LARGEST:
                    self.plans = await _plans(service, chat_id) | self.plans

    async def _group(self, service: Service, name: str, where: Chat, events: int) -> Found:
        first, *_ = await self._once(service, where)
        rounds = [[await self._once(service, where) for _ in range(RUNS)] for _ in range(ROUNDS)]
        best = min(rounds, key=lambda times: statistics.median(both for _, both, _ in times))
        report = await service.report(where, _PERIOD)
        return Found(
            name,
            events,
            first,
            report=statistics.median(alone for alone, _, _ in best),
            both=sorted(both for _, both, _ in best),
            processor=statistics.median(busy for times in rounds for _, _, busy in times),
            rounds=[statistics.median(both for _, both, _ in times) for times in rounds],
            said=f"{report.totals.checks:,} checks, {report.totals.scams} scams, {report.totals.repeats:,} repeats",
        )

    async def _once(self, service: Service, where: Chat) -> tuple[float, float, float]:
        """Milliseconds of the report, of it and the picture, and of the processor for both."""
        started, busy = time.perf_counter(), time.process_time()
        report = await service.report(where, _PERIOD)
        reported = time.perf_counter()
        await asyncio.to_thread(self._draw, report)
        ended = time.perf_counter()
        return (reported - started) * 1e3, (ended - started) * 1e3, (time.process_time() - busy) * 1e3


async def _plans(service: Service, chat_id: int) -> dict[str, str]:
    """The statements of one report, in short, each with how SQLite goes about it."""
    ran: dict[str, Any] = {}
    engine = service._context.store._reader.sync_engine  # noqa: SLF001  nobody else looks

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:  # noqa: ANN401
        ran.setdefault(statement, values)

    sa.event.listen(engine, "before_cursor_execute", note)
    await service.report(Chat(chat_id, group=True), _PERIOD)
    sa.event.remove(engine, "before_cursor_execute", note)
    plans = {}
    with closing(sqlite3.connect(service._context.store.name)) as connection:  # noqa: SLF001
        for statement, values in ran.items():
            steps = dict.fromkeys(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values))
            plans[" ".join(statement.split())] = "\n".join(steps)
    return plans


async def exported(database: Database) -> str:
    """How fast the largest group's events of four weeks are read out."""
    since = NOW - timedelta(days=28)
    period = Period(Span.MONTH, since.date(), since, NOW, ZoneInfo(DEFAULT_ZONE))
    knowledge = Knowledge.load()
    async with open_service(_url(database.path), SECRET, knowledge, lambda sms, _: judge(sms, knowledge)) as service:
        before, started, rows = _memory(), time.perf_counter(), 0
        async for _ in service.export(Chat(GROUP, group=True), period):
            rows += 1
        seconds = time.perf_counter() - started
    return f"{rows:,} events exported in {seconds:.1f} s, {_memory() - before:.0f} MB more memory at the most"


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _url(path: Path) -> str:
    return f"sqlite+aiosqlite:///{path}"


def _report(databases: Iterable[Database], bench: Bench, export: str) -> str:
    sizes = "\n".join(
        f"| {one.size.groups:,} | {one.size.events:,} | {one.path.stat().st_size / 1e9:.1f} GB "
        f"| {'was there' if one.seconds is None else f'{one.seconds:.0f} s'} |"
        for one in databases
    )
    groups = "\n".join(
        f"| {one.name} | {one.events:,} | {one.said} | {one.report:.0f} | {statistics.median(one.both):.0f} "
        f"| {one.both[int(len(one.both) * 0.95)]:.0f} | {one.processor:.0f} | {one.first:.0f} "
        f"| {', '.join(f'{median:.0f}' for median in one.rounds)} | {_met(one)} |"
        for one in bench.found
    )
    plans = "\n\n".join(f"```\n{statement}\n\n{plan}\n```" for statement, plan in bench.plans.items())
    return f"""# Reports of groups

Written by `python -m bench.groups`. Python {platform.python_version()}, SQLite {sqlite3.sqlite_version},
{os.cpu_count()} cores, shared with whatever else ran: load {", ".join(f"{load:.1f}" for load in os.getloadavg())}
over the last 1, 5 and 15 minutes.

| groups | events | size | built in |
|---|---|---|---|
{sizes}

Last week's report, with all eight weeks that it shows, and its picture, in milliseconds: medians and the 95th
percentile of {RUNS} runs with a warm cache, in the best of {ROUNDS} rounds; *processor* is what both took of it, over
all rounds; *first* is the report alone, the first time after a start, when nothing is remembered. The target is
{TARGET:.0f} ms for both at the median.

| group | events | the week | report | with picture | p95 | processor | first | medians of the rounds | met |
|---|---|---|---|---|---|---|---|---|---|
{groups}

{export}.

## How SQLite goes about it

The statements of one report of the only group and of the largest of the many, and the plan of each.

{plans}
"""


def _met(found: Found) -> str:
    return "yes" if statistics.median(found.both) < TARGET else "**no**"


async def main() -> int:
    """Builds, measures, prints, and writes the report of a full run; non-zero where the target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.groups", description=__doc__)
    parser.add_argument("--folder", type=Path, help="keeps the databases for the next run")
    parser.add_argument("--one", type=int, default=ONE, help="events of the one group")
    parser.add_argument("--many", type=int, default=MANY, help="events of the many groups together")
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="groups-") as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        databases = [
            await built(folder, "one", Size(given.one, 1, people=5_000, campaigns=1_200, days=365)),
            await built(folder, "many", Size(given.many, GROUPS, people=300_000, campaigns=6_000, days=90)),
        ]
        bench = Bench()
        for database in databases:
            await bench.measure(database)
        text = _report(databases, bench, await exported(databases[0]))
    print(text)
    if (given.one, given.many) == (ONE, MANY):
        given.report.parent.mkdir(exist_ok=True)
        given.report.write_text(text, encoding="utf-8")
    return int("**no**" in text)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
