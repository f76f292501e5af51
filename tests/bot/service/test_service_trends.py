"""/trends: only what many say in several chats, told in bands, the same for everybody for an hour."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import OWNER, Clock, World, group, open_world, person, private

from bot.service.context import Policy
from bot.service.group_types import Band, Trend
from bot.service.review import Decision
from bot.service.trends import band_of
from bot.store import trends as store
from bot.store.engine import Store
from bot.store.schema import Kind, event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable
    from pathlib import Path

    from databases import Database

    from bot.service.types import Chat

MONDAY = datetime(2026, 11, 16, 2, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOAN = "scam category-loan 您的贷款逾期请点 evil.top/a"


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY)


@pytest.fixture
async def world(database: Database, clock: Clock) -> AsyncIterator[World]:
    async with open_world(database, clock) as made:
        yield made


async def reports(world: World, people: Iterable[int], *places: Chat, text: str = LOAN) -> None:
    """Everybody reports a text of their own, in the places by turns."""
    for at, number in enumerate(people):
        await world.confirm(f"{text} {number}号", person(number), places[at % len(places)])


async def next_hour(world: World) -> tuple[Trend, ...]:
    world.clock.now += HOUR
    return await world.service.trends()


async def test_nothing_yet(world: World) -> None:
    assert await world.service.trends() == ()


async def test_five_people_in_two_groups_are_told_and_not_before_the_hour_is_over(world: World) -> None:
    await reports(world, range(1, 6), group(1), group(2))
    assert await world.service.trends() == ()
    assert await next_hour(world) == (Trend("loan", Band.FEW),)


@pytest.mark.parametrize(
    ("people", "places"),
    [
        (range(1, 5), [group(1), group(2)]),
        (range(1, 30), [group(1)]),
        ([1, 2, 3, 4] * 3, [group(1), group(2), group(3)]),
    ],
    ids=["four people", "one group", "four people many times"],
)
async def test_too_few_are_not_told(world: World, people: Iterable[int], places: list[Chat]) -> None:
    await reports(world, people, *places)
    assert await next_hour(world) == ()


async def test_one_text_counts_as_its_people_do(world: World) -> None:
    for number in range(1, 6):
        await world.confirm(LOAN, person(number), group(number % 2))
    assert await next_hour(world) == (Trend("loan", Band.FEW),)


async def test_the_limits_are_set_in_the_policy(database: Database, clock: Clock) -> None:
    policy = Policy(checks_per_minute=1_000_000, trend_people=2, trend_chats=1)
    async with open_world(database, clock, policy=policy) as world:
        await reports(world, [1], group(1))
        assert await next_hour(world) == ()
        await reports(world, [2], group(1))
        assert await next_hour(world) == (Trend("loan", Band.FEW),)


async def test_most_first_by_band_and_by_name_within_one(world: World) -> None:
    told = {"bank": ("银行卡冻结", 6), "refund": ("快递丢了赔钱", 9), "loan": ("贷款到账", 12), "zoo": ("门票中奖", 5)}
    for category, (words, people) in told.items():
        await reports(world, range(people), group(1), group(2), text=f"scam category-{category} {words}点 evil.top")
    assert [(trend.category, trend.band) for trend in await next_hour(world)] == [
        ("loan", Band.TENS),
        ("bank", Band.FEW),
        ("refund", Band.FEW),
        ("zoo", Band.FEW),
    ]


@pytest.mark.parametrize(
    ("people", "band"),
    [
        (5, Band.FEW),
        (9, Band.FEW),
        (10, Band.TENS),
        (49, Band.TENS),
        (50, Band.MANY),
        (199, Band.MANY),
        (200, Band.HUNDREDS),
        (9_999_999, Band.HUNDREDS),
    ],
)
def test_bands(people: int, band: Band) -> None:
    assert band_of(people) is band


async def test_the_institution_must_pass_the_limits_alone(world: World) -> None:
    icbc, citic = f"{LOAN} from-icbc", f"{LOAN} from-citic"
    await reports(world, range(1, 5), group(1), group(2), text=icbc)
    await reports(world, range(5, 9), group(1), group(2), text=citic)
    assert await next_hour(world) == (Trend("loan", Band.FEW),)
    await reports(world, range(9, 15), group(1), text=citic)
    assert await next_hour(world) == (Trend("loan", Band.TENS, "citic"),)
    await reports(world, range(20, 28), group(1), group(2), text=icbc)
    assert await next_hour(world) == (Trend("loan", Band.TENS, "icbc"),)


async def test_what_was_not_judged_a_scam_is_no_trend_however_many_say_so(world: World) -> None:
    for level in ("suspicious", "verify", "clear"):
        await reports(world, range(40), *map(group, range(9)), text=f"{level} category-bank 余额变动通知")
    assert await next_hour(world) == ()


async def test_a_scam_of_no_category_is_not_told(world: World) -> None:
    await reports(world, range(9), group(1), group(2), text="scam 点 evil.top")
    assert await next_hour(world) == ()


# ── whose word counts ──


async def test_private_reports_join_with_consent_only(world: World) -> None:
    await reports(world, range(1, 4), group(1))
    for number in (7, 8):
        await reports(world, [number], private(number))
    assert await next_hour(world) == ()
    await world.service.groups.set_consent(person(7), agreed=True)
    assert await next_hour(world) == ()
    await world.service.groups.set_consent(person(8), agreed=True)
    assert await next_hour(world) == (Trend("loan", Band.FEW),)
    await world.service.groups.set_consent(person(7), agreed=False)
    assert await next_hour(world) == ()


async def test_forgotten_muted_undone_and_taken_back_words_are_out(world: World) -> None:
    await reports(world, range(1, 6), group(1), group(2))
    await reports(world, [6], group(2))
    assert await next_hour(world) == (Trend("loan", Band.FEW),)
    await world.service.forget(person(1))
    assert await next_hour(world) == (Trend("loan", Band.FEW),)
    await world.dispute(f"{LOAN} 2号", person(2), group(2))
    assert await next_hour(world) == ()
    await reports(world, [9], group(1))
    assert await next_hour(world) == (Trend("loan", Band.FEW),)
    await world.dispute("scam 别的短信说别的事", person(9), group(1))
    earlier = await world.service.next_review()
    assert earlier is not None
    item = await world.service.next_review(earlier.asked.first)
    assert item is not None
    await world.service.decide(OWNER, private(999), item.asked, Decision.MUTE)
    assert await next_hour(world) == ()


async def test_an_undone_report_is_out(world: World) -> None:
    await reports(world, range(1, 6), group(1), group(2))
    assert await next_hour(world) == (Trend("loan", Band.FEW),)
    await insert(world, Kind.UNDO, target=(await ids_of_reports(world))[0], source="u")
    assert await next_hour(world) == ()


async def test_what_looks_genuine_is_out(world: World) -> None:
    await reports(world, range(1, 6), group(1), group(2))
    async with world.database.looked_into() as connection:
        await connection.execute(sa.update(event).values(guarded=True))
    assert await next_hour(world) == ()


# ── seven days, an hour at a time ──


async def test_seven_days_and_no_more(world: World) -> None:
    world.clock.now = MONDAY.replace(minute=0)
    await reports(world, range(1, 6), group(1), group(2))
    assert await next_hour(world) == (Trend("loan", Band.FEW),)
    world.clock.now = MONDAY.replace(minute=59) + timedelta(days=7)
    assert await world.service.trends() == (Trend("loan", Band.FEW),)
    assert await next_hour(world) == ()


async def test_within_the_hour_nothing_moves_whatever_happens(world: World) -> None:
    await reports(world, range(1, 10), group(1), group(2))
    told = await next_hour(world)
    await reports(world, range(20, 80), group(1), group(2))
    await world.service.forget(person(1))
    world.clock.ahead(minutes=29)
    assert await world.service.trends() == told == (Trend("loan", Band.FEW),)
    assert await next_hour(world) == (Trend("loan", Band.MANY),)


async def test_after_a_restart_within_the_hour_new_reports_still_wait(database: Database, clock: Clock) -> None:
    async with open_world(database, clock) as world:
        await reports(world, range(1, 10), group(1), group(2))
        told = await next_hour(world)
        await reports(world, range(20, 80), group(1), group(2))
    async with open_world(database, clock) as world:
        assert await world.service.trends() == told == (Trend("loan", Band.FEW),)


async def test_many_askers_are_counted_for_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, count = [], store.reported

    async def noted(*args: object, **more: object) -> list[store.Reported]:
        counted.append(args)
        await asyncio.sleep(0)
        return await count(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "reported", noted)
    await reports(world, range(1, 6), group(1), group(2))
    world.clock.now += HOUR
    answers = await asyncio.gather(*(world.service.trends() for _ in range(20)))
    assert set(answers) == {(Trend("loan", Band.FEW),)}
    assert len(counted) == 1


# ── the way to the rows ──


async def test_a_week_is_read_by_the_index_and_not_all_that_is_kept(tmp_path: Path) -> None:
    database = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'z.db'}")
    async with database.read() as connection:
        compiled = store._REPORTED.compile(dialect=connection.dialect)
        values = compiled.construct_params({"since": 0, "before": 0, "until": 0, "people": 5, "chats": 2})
        query = f"EXPLAIN QUERY PLAN {compiled}"
        rows = await connection.exec_driver_sql(query, tuple(values[name] for name in compiled.positiontup or ()))
        plan = [str(row.detail) for row in rows]
    await database.close()
    assert any(re.search(r"SEARCH event USING INDEX ix_event_kind_level_id \(.*id>\?\)", step) for step in plan)
    assert not [step for step in plan if step.startswith("SCAN") and step != "SCAN words"]


async def ids_of_reports(world: World) -> list[int]:
    async with world.database.looked_into() as connection:
        found = await connection.scalars(sa.select(event.c.id).where(event.c.kind == Kind.REPORT).order_by(event.c.id))
        return list(found)


async def insert(world: World, kind: Kind, **values: object) -> None:
    async with world.database.looked_into() as connection:
        await connection.execute(event.insert().values(kind=kind, at=world.clock(), admin=False, **values))
