"""Random histories: a group's report equals what the raw rows give, counted in the plainest way.

The plain way asks of each row alone whether it stands (``bot.store.votes``), of each text whether it is confirmed
(``bot.service.confirmed``), and of each pair of texts whether they are near.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from service_world import OWNER, START, World, group, open_world, person, private

from bot.likeness import AT_LEAST
from bot.period import before, month_of, start_of, this_week, week_of, weeks_until
from bot.redact import mask_number
from bot.service import group_scams
from bot.service.confirmed import is_confirmed
from bot.service.group_types import Bar, Change, Confirmers, Count, Example, GroupReport, Totals
from bot.service.review import Decision
from bot.service.types import Chat
from bot.store import group_settings
from bot.store.schema import Kind, event, indicator, likeness
from bot.store.votes import STANDING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.period import Period

DAY = timedelta(days=1)
ZONE = ZoneInfo("Europe/London")
PEOPLE = [person(1), person(2), person(3), person(4), OWNER]
CHATS = [group(1), group(2), private(1)]
LONG = (
    "{level} category-{category} from-{bank} 尊敬的{name}您好，您名下的贷款服务费今天到期，请尽快登录 {site} "
    "办理关闭手续，逾期将影响您的征信记录，如有疑问请拨打客服专线 {number} 咨询处理"
)
TEXTS = [
    *(
        LONG.format(level=level, category="loan", bank="citic", name=name, site="aaa.top", number="13800138000")
        for level, name in (("scam", "张伟"), ("scam", "李小静"), ("suspicious", "欧阳敏"))
    ),
    LONG.format(level="scam", category="refund", bank="icbc", name="王芳", site="bbb.top", number="13800138000"),
    "scam category-prize 请登录 aaa.top",
    "verify 请登录 ccc.top",
]
AHEAD = [timedelta(minutes=5), timedelta(hours=7), timedelta(days=2), timedelta(days=8), timedelta(days=60)]


class Told(NamedTuple):
    """A row of a report that counts."""

    id: int
    at: datetime
    person: str
    fingerprint: str
    category: str | None
    institution: str | None


class Plain:
    """One group's report, from the rows."""

    def __init__(self, world: World, connection: AsyncConnection, chat_id: int, period: Period) -> None:
        self.context = world.service._context
        self.connection, self.chat_id, self.period = connection, chat_id, period
        self.told: list[Told] = []
        self.bands: dict[int, set[int]] = {}

    async def report(self) -> GroupReport:
        self.chat_id = await group_settings.current(self.connection, self.chat_id)
        await self.load()
        now, earlier = (self.scams(one.since, one.until) for one in (self.period, before(self.period)))
        latest, latest_before = ([max(scam) for scam in scams] for scams in (now, earlier))
        categories, gone = (Counter(one.category for one in found) for found in (latest, latest_before))
        changes = [Change(key, categories[key], gone[key]) for key in categories | gone if key is not None]
        banks = Counter(one.institution for one in latest if one.institution is not None)
        days = []
        for day in self.period.days:
            since, until = start_of(day, ZONE), min(start_of(day + DAY, ZONE), self.period.until)
            scams = sum(any(since <= one.at < until for one in scam) for scam in now)
            days.append(Bar(day, await self.count(Kind.CHECK, since, until), scams))
        weeks = [
            Bar(
                week.first,
                await self.count(Kind.CHECK, week.since, week.until),
                len(self.scams(week.since, week.until)),
            )
            for week in weeks_until(self.period)
        ]
        return GroupReport(
            period=self.period,
            totals=await self.totals(self.period),
            before=await self.totals(before(self.period)),
            categories=tuple(sorted(changes, key=lambda one: (-one.count, -one.before, one.key))),
            institutions=tuple(Count(key, n) for key, n in sorted(banks.items(), key=lambda one: (-one[1], one[0]))),
            domains=tuple(value for kind, value in await self.new() if kind == "domain"),
            numbers=tuple(mask_number(value) for kind, value in await self.new() if kind == "number"),
            days=tuple(days),
            weeks=tuple(weeks),
            example=self.example(now),
        )

    async def load(self) -> None:
        columns = [event.c[name] for name in Told._fields]
        query = sa.select(*columns).where(event.c.chat_id == self.chat_id, STANDING[Kind.REPORT])
        told = [Told(*row) for row in await self.connection.execute(query.order_by(event.c.at, event.c.id))]
        where = Chat(self.chat_id, group=True)
        texts = {one.fingerprint for one in told}
        counts = {text for text in texts if await is_confirmed(self.connection, self.context, text, where)}
        self.told = [one for one in told if one.fingerprint in counts]
        for event_id, band in await self.connection.execute(sa.select(likeness.c.event_id, likeness.c.band)):
            self.bands.setdefault(event_id, set()).add(band)

    def within(self, since: datetime, until: datetime) -> list[Told]:
        return [one for one in self.told if since <= one.at < until]

    def scams(self, since: datetime, until: datetime) -> list[list[Told]]:
        groups = [[one] for one in self.within(since, until)]
        while True:
            joined = next((pair for pair in combinations(groups, 2) if self.same(*pair)), None)
            if joined is None:
                return groups
            joined[0].extend(joined[1])
            groups.remove(joined[1])

    def same(self, some: Iterable[Told], others: Iterable[Told]) -> bool:
        others = [*others]
        return any(
            one.fingerprint == other.fingerprint
            or len(self.bands.get(one.id, set()) & self.bands.get(other.id, set())) >= AT_LEAST
            for one in some
            for other in others
        )

    async def count(self, kind: Kind, since: datetime, until: datetime) -> int:
        counted = STANDING.get(kind, event.c.kind == kind)
        here = (event.c.chat_id == self.chat_id, event.c.at >= since, event.c.at < until)
        return await self.connection.scalar(sa.select(sa.func.count()).where(counted, *here)) or 0

    async def totals(self, period: Period) -> Totals:
        span = (period.since, period.until)
        reports, scams = self.within(*span), len(self.scams(*span))
        return Totals(
            checks=await self.count(Kind.CHECK, *span),
            scams=scams,
            repeats=len(reports) - scams,
            reporters=len({one.person for one in reports}),
            corrections=await self.count(Kind.CORRECTION, *span),
        )

    async def new(self) -> list[tuple[str, str]]:
        first: dict[tuple[str, str], datetime] = {}
        for one in self.told:
            if one.at < self.period.until:
                query = sa.select(indicator.c.kind, indicator.c.value).where(indicator.c.event_id == one.id)
                for kind, value in sorted(map(tuple, (await self.connection.execute(query)).all())):
                    first.setdefault((kind, value), one.at)
        return [key for key, at in first.items() if at >= self.period.since]

    def example(self, scams: list[list[Told]]) -> Example | None:
        if not scams:
            return None
        top = max(scams, key=lambda scam: (len(scam), len({one.person for one in scam}), -min(scam).id))
        people = len({one.person for one in top})
        return Example(len(top), people, max(top).category, max(top).institution)


class Step(NamedTuple):
    what: str
    who: int
    where: int
    text: int
    admin: bool
    ahead: timedelta
    decision: Decision


STEP = st.builds(
    Step,
    st.sampled_from(["report"] * 8 + ["correction"] * 2 + ["forget", "review", "retain", "settings", "move"]),
    st.integers(0, len(PEOPLE) - 1),
    st.integers(0, len(CHATS) - 1),
    st.integers(0, len(TEXTS) - 1),
    st.sampled_from([False, False, True]),
    st.sampled_from([*AHEAD[:2] * 3, *AHEAD]),
    st.sampled_from(Decision),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(STEP, min_size=10, max_size=30))
def test_random_histories(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(group_scams, "WORTH", 1)  # what is remembered must never be wrong
        asyncio.run(_play(Path(folder) / "z.db", steps))


async def _play(path: Path, steps: list[Step]) -> None:
    async with open_world(path) as world:
        for number, step in enumerate(steps):
            await _do(world, step)
            if number % 7 == 6:
                await _compare(world)
        await _compare(world)


async def _do(world: World, step: Step) -> None:
    who, where, text = PEOPLE[step.who], CHATS[step.where], TEXTS[step.text]
    world.clock.now += step.ahead
    match step.what:
        case "report":
            await world.confirm(text, who, where, admin=step.admin)
        case "correction":
            await world.dispute(text, who, where, admin=step.admin)
        case "forget":
            await world.service.forget(who)
        case "retain":
            world.clock.now += timedelta(days=step.text * 40)
            await world.service.retain()
        case "settings":
            await world.service.groups.change(
                group(1).id, confirmers=Confirmers.ADMINS if step.admin else Confirmers.ALL
            )
        case "move":
            await world.service.groups.migrate(group(1).id, group(2).id)
        case "review":
            item = await world.service.next_review()
            if item is not None:
                await world.service.decide(OWNER, private(9), item.asked, step.decision)


async def _compare(world: World) -> None:
    now = world.clock.now + timedelta(minutes=1)
    today = now.astimezone(ZONE).date()
    for period in (this_week(now, ZONE), week_of(today - 7 * DAY, ZONE), month_of(today, ZONE, now)):
        for where in CHATS[:2]:
            found = await world.service.report(where, period)
            async with world.service._context.store.read() as connection:
                plain = await Plain(world, connection, where.id, period).report()
            if found.example is not None:  # its wording has tests of its own
                found = replace(found, example=replace(found.example, wording=None))
            assert found == plain


def test_the_texts_are_as_near_as_they_are_meant_to_be() -> None:
    """Else the histories show nothing of near copies."""

    async def numbers(path: Path) -> list[int]:
        async with open_world(path) as world:
            scams = []
            for number, text in enumerate(TEXTS):
                await world.confirm(text, person(number), group(1), admin=True)
                found = await world.service.report(group(1), month_of(START.date(), ZONE))
                scams.append(found.totals.scams)
        return scams

    with tempfile.TemporaryDirectory() as folder:
        assert asyncio.run(numbers(Path(folder) / "z.db")) == [1, 1, 1, 2, 3, 4]
