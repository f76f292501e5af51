"""Cases, drafts and follow-ups on a real database: kept over a restart, one person's own, and gone when due."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from itertools import count
from typing import TYPE_CHECKING

import pytest
from service_world import SECRET, Clock, FakeFacts, fake_judge, person, private

from bot.hotlines import load_general_lines
from bot.institutions import Directory
from bot.model import Sms
from bot.paths import DATA
from bot.rescue.book import Book
from bot.rescue.case import Case, Page
from bot.rescue.moves import Move, Verb
from bot.rescue.schema import guide
from bot.rescue.sheet import Draft
from bot.rescue.told import Told
from bot.service.jobs import Fate
from bot.service.rescue import FOLLOW_UP, Awaited, Rescue, View
from bot.service.service import Service, open_service
from bot.service.types import Checked

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

    from bot.service.types import Chat
    from bot.store.jobs import Job

WANG, LI = person(1), person(2)
SOURCES = count()
HOME = private(1)


@pytest.fixture(scope="module")
def book() -> Book:
    directory = Directory.load(DATA / "institutions")
    return Book(guide(), directory, load_general_lines(DATA / "general_lines.toml", directory))


@asynccontextmanager
async def opened(database: Database, book: Book, clock: Clock) -> AsyncIterator[tuple[Service, Rescue]]:
    async with open_service(database.url, SECRET, FakeFacts(), fake_judge, [], clock) as service:
        yield service, service.rescue(book)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def rescue(database: Database, book: Book, clock: Clock) -> AsyncIterator[Rescue]:
    async with opened(database, book, clock) as (_, made):
        yield made


async def moved(rescue: Rescue, view: View, verb: Verb, argument: str = "", where: Chat = HOME) -> View:
    after = await rescue.move(WANG, Move(view.case.token, verb, argument), where)
    assert after is not None
    return after


async def planned(rescue: Rescue) -> View:
    view = await rescue.open(WANG, Told(("money",), when="hour"))
    return await moved(rescue, view, Verb.MEANS, "icbc")


async def test_a_case_outlives_a_restart(database: Database, book: Book, clock: Clock) -> None:
    async with opened(database, book, clock) as (_, rescue):
        view = await moved(rescue, await planned(rescue), Verb.TICK, "police-money")
    clock.ahead(days=3)
    async with opened(database, book, clock) as (_, rescue):
        found = await rescue.open(WANG)
        assert found.case == view.case
        assert found.case.done == ("police-money",)
        assert await moved(rescue, found, Verb.UNTICK, "police-money")


async def test_a_case_is_its_persons_own(rescue: Rescue) -> None:
    view = await planned(rescue)
    assert await rescue.current(LI) is None
    assert await rescue.move(LI, Move(view.case.token, Verb.TICK, "cut")) is None
    other = await rescue.open(LI)
    assert other.case.token != view.case.token
    assert await rescue.move(LI, Move(view.case.token, Verb.TICK, "cut")) is None


async def test_restart_makes_old_buttons_old(rescue: Rescue) -> None:
    view = await planned(rescue)
    after = await moved(rescue, view, Verb.RESTART)
    assert after.case == Case(after.case.token)
    assert await rescue.move(WANG, Move(view.case.token, Verb.TICK, "cut")) is None


async def test_presses_at_the_same_time_are_all_kept(rescue: Rescue) -> None:
    view = await rescue.open(WANG)
    wanted = ("money", "code", "app", "link", "lent", "debt")
    await asyncio.gather(*(moved(rescue, view, Verb.ADD, found) for found in wanted))
    found = await rescue.current(WANG)
    assert found is not None
    assert set(found.case.situations) == set(wanted)


async def test_what_is_told_within_a_day_is_added(rescue: Rescue, clock: Clock) -> None:
    first = await rescue.open(WANG, Told(("code",), when="hour"))
    second = await rescue.open(WANG, Told(("money",), ("wechat",), helper=True))
    assert second.case.token == first.case.token
    assert second.case.situations == ("money", "code")
    assert second.case.means == ("wechat",)
    assert second.case.when == "hour"
    assert second.case.helper
    assert second.case.page is Page.PLAN
    clock.ahead(hours=25)
    third = await rescue.open(WANG, Told(("link",)))
    assert third.case.token != first.case.token
    assert third.case.situations == ("link",)


async def test_the_region_is_asked_once(rescue: Rescue, clock: Clock) -> None:
    view = await moved(rescue, await rescue.open(WANG), Verb.REGION, "mainland")
    view = await moved(rescue, view, Verb.RESTART)
    clock.ahead(hours=25)
    assert (await rescue.open(WANG, Told(("link",)))).case.region == "mainland"


async def test_by_bank_is_still_asked_which(rescue: Rescue) -> None:
    assert (await rescue.open(WANG, Told(("money",), ("bank",), when="six"))).case.page is Page.MEANS


async def test_category_and_institution_come_along(database: Database, book: Book, clock: Clock) -> None:
    async with opened(database, book, clock) as (service, rescue):
        checked = await service.check(Sms("scam category-loan from-hsbank"), WANG, HOME, "u1")
        assert isinstance(checked, Checked)
        view = await rescue.open(WANG, check_id=checked.check_id)
        assert (view.case.category, view.case.institution) == ("loan", "hsbank")
        assert book.bank_buttons(view.case)[0][0] == "hsbank"
        clock.ahead(hours=1)
        assert (await rescue.open(WANG, check_id="made-up")).case == view.case


async def test_the_bank_by_its_name(rescue: Rescue) -> None:
    view = await rescue.open(WANG, Told(("code",), when="hour"))
    assert await rescue.awaits(WANG, "now") is Awaited.BANK
    for text in ("", "农村信用社", "你好", "工商银行 95588", "支付宝", "我的卡是招商银行的那张白金卡对不对啊"):
        assert await rescue.name_bank(WANG, text) is None, text
    named = await rescue.name_bank(WANG, " 徽商银行 ")
    assert named is not None
    assert named.case.means == ("hsbank",)
    assert named.case.page is Page.PLAN
    assert await rescue.awaits(WANG, "now") is None
    assert view.case.means == ()


async def test_whoever_is_asked_nothing_is_not_listened_to(rescue: Rescue) -> None:
    assert await rescue.awaits(WANG, "now") is None
    await rescue.open(WANG)
    assert await rescue.awaits(WANG, "now") is None


# ── the draft ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_draft_lasts_an_hour_from_the_last_answer(rescue: Rescue, clock: Clock) -> None:
    await planned(rescue)
    await rescue.change_draft(WANG, str(next(SOURCES)), lambda _before: Draft({"account": "6222000011"}, "time"))
    assert await rescue.awaits(WANG, "now") is Awaited.BLANK
    clock.ahead(minutes=59)
    await rescue.change_draft(WANG, str(next(SOURCES)), lambda before: before)
    clock.ahead(minutes=59)
    assert await rescue.draft(WANG) is not None
    clock.ahead(minutes=1)
    assert await rescue.draft(WANG) is None
    assert await rescue.awaits(WANG, "now") is None
    seen: list[Draft | None] = []
    await rescue.change_draft(WANG, str(next(SOURCES)), seen.append)
    assert seen == [None]


async def test_the_same_message_twice_is_one_answer(rescue: Rescue) -> None:
    await planned(rescue)
    calls: list[Draft | None] = []

    def change(before: Draft | None) -> Draft:
        calls.append(before)
        return Draft({"amount": "5"}, "time")

    first = await rescue.change_draft(WANG, "u7", change)
    assert await rescue.change_draft(WANG, "u7", change) == first
    assert len(calls) == 1
    await rescue.change_draft(WANG, "u8", lambda _before: Draft({"amount": "5"}, None))
    assert await rescue.awaits(WANG, "u9") is None
    assert await rescue.awaits(WANG, "u8") is Awaited.BLANK, "its last answer is given again"


async def test_what_is_swept_is_gone(database: Database, book: Book, clock: Clock) -> None:
    async with opened(database, book, clock) as (_, rescue):
        await planned(rescue)
        await rescue.change_draft(WANG, str(next(SOURCES)), lambda _before: Draft({"account": "6222000011"}, "time"))
        assert b"6222000011" in await database.dump()
        clock.ahead(minutes=61)
        await rescue.sweep()
        assert b"6222000011" not in await database.dump()
        assert await rescue.current(WANG) is not None
        clock.ahead(days=31)
        await rescue.sweep()
        assert await rescue.current(WANG) is None


# ── follow-ups ──────────────────────────────────────────────────────────────────────────────────────────


async def due(service: Service) -> list[Job]:
    jobs: list[Job] = []

    async def take(job: Job) -> Fate:
        jobs.append(job)
        return Fate.DONE

    await service.ticker({FOLLOW_UP: take}).tick()
    return jobs


async def test_follow_ups_come_after_a_day_and_after_three(database: Database, book: Book, clock: Clock) -> None:
    async with opened(database, book, clock) as (service, rescue):
        view = await planned(rescue)
        for _ in range(2):
            await moved(rescue, view, Verb.REMIND, "1")
        clock.ahead(hours=23)
        assert await due(service) == []
        clock.ahead(hours=1)
        [first] = await due(service)
        assert (first.chat_id, first.payload) == (HOME.id, '"day"')
        assert await rescue.follow_up(first) is not None
        clock.ahead(hours=48)
    async with opened(database, book, clock) as (service, rescue):
        [last] = await due(service)
        assert last.payload == '"days"'
        await rescue.followed_up(last, last=True)
        found = await rescue.current(WANG)
        assert found is not None
        assert not found.case.reminders
        clock.ahead(days=9)
        assert await due(service) == []


async def test_follow_ups_are_called_off(database: Database, book: Book, clock: Clock) -> None:
    async with opened(database, book, clock) as (service, rescue):
        view = await moved(rescue, await planned(rescue), Verb.REMIND, "1")
        view = await moved(rescue, view, Verb.REMIND, "0")
        view = await moved(rescue, view, Verb.REMIND, "1")
        await moved(rescue, view, Verb.RESTART)
        clock.ahead(days=4)
        assert await due(service) == []
        view = await moved(rescue, await planned(rescue), Verb.REMIND, "1")
        assert (await service.forget(WANG)).rescue
        clock.ahead(days=4)
        assert await due(service) == []
        assert not (await service.forget(WANG)).rescue


async def test_nobody_is_asked_once_all_is_done(database: Database, book: Book, clock: Clock) -> None:
    async with opened(database, book, clock) as (service, rescue):
        view = await moved(rescue, await planned(rescue), Verb.REMIND, "1")
        for step in ("police-money", "bank-money", "evidence", "passwords"):
            view = await moved(rescue, view, Verb.TICK, step)
        clock.ahead(hours=24)
        [job] = await due(service)
        assert await rescue.follow_up(job) is None
