from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import pytest
import sqlalchemy as sa
from service_world import OWNER, START, Clock, World, group, open_world, period, person, private

from bot.model import Level, Sightings, Sms
from bot.service.context import Policy
from bot.service.group_types import Confirmers
from bot.service.types import Checked, Confirmation, Limited, Outcome
from bot.store.schema import spent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

SCAM = "scam category-loan from-citic 请致电13800138000或登录 evil.top/a"
SUSPICIOUS = "suspicious category-refund 请登录 bad.top/b 办理"
RECORDED_HERE = Confirmation(Outcome.RECORDED, confirmed=True)
RECORDED_ONLY = Confirmation(Outcome.RECORDED, confirmed=False)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as made:
        yield made


async def _report(world: World, number: int = 1) -> tuple[int, int, int, int]:
    found = await world.service.report(group(number), period(START - timedelta(days=1), START + timedelta(days=99)))
    totals = found.totals
    return totals.checks, totals.scams, totals.repeats, totals.corrections


# ── checks ──


async def test_a_check_is_recorded_once_a_source(world: World) -> None:
    first = await world.check(SCAM, person(1), group(1), "update:a")
    assert await world.check(SCAM, person(1), group(1), "update:a") == first
    assert await world.check(SCAM, person(1), group(1), "update:b") != first
    assert (await _report(world))[0] == 2
    assert len(first) <= 22


async def test_the_same_source_at_the_same_time_is_one_check(world: World) -> None:
    ids = await asyncio.gather(*(world.check(SCAM, person(1), group(1), "update:a") for _ in range(20)))
    assert len(set(ids)) == 1
    assert (await _report(world))[0] == 1


async def test_judging_again_records_nothing(world: World) -> None:
    assert (await world.service.judge(Sms(SCAM))).level is Level.SCAM
    assert await _report(world) == (0, 0, 0, 0)


async def test_no_more_than_twenty_a_minute_and_one_answer_a_burst(database: Database) -> None:
    clock = Clock()
    async with open_world(database, clock, policy=Policy()) as world:
        done = [await world.service.check(Sms(SCAM), person(1), private(1), f"update:{i}") for i in range(25)]
        assert [isinstance(one, Checked) for one in done] == [True] * 20 + [False] * 5
        assert done[20:] == [Limited(60, first=True)] + [Limited(60, first=False)] * 4
        assert isinstance(await world.service.check(Sms(SCAM), person(2), private(2), "update:other"), Checked)
        again = await world.service.check(Sms(SCAM), person(1), private(1), "update:3")
        assert isinstance(again, Checked), "a repeated update is answered, not limited"
        clock.ahead(seconds=61)
        assert isinstance(await world.service.check(Sms(SCAM), person(1), private(1), "update:later"), Checked)


# ── reports ──


@pytest.mark.parametrize("text", [SCAM, SUSPICIOUS])
async def test_an_admin_confirms_for_the_group(world: World, text: str) -> None:
    assert await world.confirm(text, person(1), group(1), admin=True) == RECORDED_HERE
    assert (await _report(world))[1:] == (1, 0, 0)


async def test_a_member_confirms_only_what_was_judged_a_scam(world: World) -> None:
    assert await world.confirm(SCAM, person(1), group(1)) == RECORDED_HERE
    assert await world.confirm(SUSPICIOUS, person(1), group(1)) == RECORDED_ONLY
    assert (await _report(world))[1:] == (1, 0, 0)


async def test_admin_means_nothing_in_a_private_chat(world: World) -> None:
    assert await world.confirm(SCAM, person(1), private(1), admin=True) == RECORDED_ONLY


async def test_pressing_again_is_already_and_counts_once(world: World) -> None:
    check_id = await world.check(SCAM, person(1), group(1))
    assert (await world.confirm(SCAM, person(1), group(1), check_id=check_id)).outcome is Outcome.RECORDED
    again = await world.confirm(SCAM, person(1), group(1), check_id=check_id)
    assert again == Confirmation(Outcome.ALREADY, confirmed=True)
    # Another check of the same scam, digits and path changed, is the same text.
    assert (
        await world.confirm(SCAM.replace("13800138000", "13911112222"), person(1), group(1))
    ).outcome is Outcome.ALREADY
    assert (await _report(world))[1:] == (1, 0, 0)


async def test_fifty_racing_presses_of_one_person_are_one_report(world: World) -> None:
    check_id = await world.check(SCAM, person(1), group(1))
    outcomes = await asyncio.gather(*(world.confirm(SCAM, person(1), group(1), check_id=check_id) for _ in range(50)))
    said = [one.outcome for one in outcomes]
    assert (said.count(Outcome.RECORDED), said.count(Outcome.ALREADY)) == (1, 49)
    assert (await _report(world))[1:] == (1, 0, 0)


async def test_two_people_racing_are_two_reports(world: World) -> None:
    check_id = await world.check(SCAM, person(1), group(1))
    outcomes = await asyncio.gather(
        *(world.confirm(SCAM, person(i % 2), group(1), check_id=check_id) for i in range(20))
    )
    assert [one.outcome for one in outcomes].count(Outcome.RECORDED) == 2
    assert (await _report(world))[1:] == (1, 1, 0)


async def test_a_press_repeated_with_its_source_is_told_the_same(world: World) -> None:
    check_id = await world.check(SCAM, person(1), group(1))
    for _ in range(3):
        result = await world.confirm(SCAM, person(1), group(1), check_id=check_id, source="update:x")
        assert result == RECORDED_HERE
    assert (await _report(world))[1:] == (1, 0, 0)


async def test_a_press_after_a_restart(database: Database) -> None:
    async with open_world(database) as world:
        check_id = await world.check(SCAM, person(1), group(1))
    async with open_world(database) as world:
        assert await world.confirm(SCAM, person(1), group(1), check_id=check_id) == RECORDED_HERE


@pytest.mark.parametrize("made_up", ["", "nope", "x" * 22, "' or 1=1 --", "a\0b", "\ud800"])
async def test_an_unknown_check(world: World, made_up: str) -> None:
    service = world.service
    unknown = Confirmation(Outcome.UNKNOWN)
    sms = Sms(SCAM)
    assert await service.confirm(made_up, sms, person(1), group(1), admin=True, source="a") == unknown
    assert await service.dispute(made_up, sms, person(1), group(1), admin=True, source="b") == unknown
    assert await service.complain(made_up, person(1), group(1), "c") is Outcome.UNKNOWN


async def test_a_check_id_is_not_the_id_of_a_report(world: World) -> None:
    await world.confirm(SCAM, person(1), group(1), source="update:r")
    assert (await world.confirm(SCAM, person(2), group(1), check_id="update:r")).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "other",
    [SCAM.replace("evil.top", "other.top"), SCAM.replace("13800138000", "微信号abcdef"), "", SUSPICIOUS],
)
async def test_another_text_than_the_one_checked(world: World, other: str) -> None:
    check_id = await world.check(SCAM, person(1), group(1))
    other_text = Confirmation(Outcome.OTHER_TEXT)
    assert await world.confirm(other, person(1), group(1), admin=True, check_id=check_id) == other_text
    assert await world.dispute(other, person(1), group(1), admin=True, check_id=check_id) == other_text
    assert (await _report(world))[1:] == (0, 0, 0)


async def test_twenty_reports_a_day(world: World) -> None:
    texts = [f"scam 请登录 {'abcdefghijklmnopqrstuvwxy'[i]}site.top" for i in range(22)]
    done = [(await world.confirm(text, person(1), group(1))).outcome for text in texts[:21]]
    assert done == [Outcome.RECORDED] * 20 + [Outcome.QUOTA]
    assert (await world.confirm(texts[0], person(1), group(1))).outcome is Outcome.ALREADY
    assert (await world.confirm(texts[21], person(2), group(1))).outcome is Outcome.RECORDED
    world.clock.ahead(hours=25)
    assert (await world.confirm(texts[20], person(1), group(1))).outcome is Outcome.RECORDED


async def test_the_policy_says_how_many_reports_a_day(database: Database) -> None:
    texts = [f"scam 请登录 {'abcdefg'[i]}site.top" for i in range(5)]
    async with open_world(database, policy=Policy(checks_per_minute=1000, reports_per_day=2)) as world:
        done = [(await world.confirm(text, person(1), group(1))).outcome for text in texts]
        assert done == [Outcome.RECORDED] * 2 + [Outcome.QUOTA] * 3


async def test_the_quota_outlives_a_forget_for_a_day(world: World) -> None:
    texts = [f"scam 请登录 {'abcdefghijklmnopqrstuvwxyz'[i]}site.top" for i in range(26)]
    for text in texts[:12]:
        await world.confirm(text, person(1), group(1))
    world.clock.ahead(hours=23)
    await world.service.forget(person(1))
    world.clock.ahead(hours=2)  # the twelve are older than a day, but who knows that now?
    for text in texts[12:20]:
        assert (await world.confirm(text, person(1), group(1))).outcome is Outcome.RECORDED
    assert (await world.confirm(texts[20], person(1), group(1))).outcome is Outcome.QUOTA
    await world.service.forget(person(1))
    await world.service.forget(person(1))
    assert (await world.confirm(texts[20], person(1), group(1))).outcome is Outcome.QUOTA
    assert (await world.confirm(texts[20], person(2), group(1))).outcome is Outcome.RECORDED
    await world.service.retain()
    assert (await world.confirm(texts[20], person(1), group(1))).outcome is Outcome.QUOTA
    world.clock.ahead(hours=24)
    assert (await world.confirm(texts[20], person(1), group(1))).outcome is Outcome.RECORDED
    await world.service.retain()
    async with world.database.looked_into() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(spent)) == 0


async def test_the_quota_holds_in_a_race(world: World) -> None:
    texts = [f"scam 请登录 {'abcdefghijklmnopqrstuvwxyz'[i]}site.top" for i in range(26)]
    done = await asyncio.gather(*(world.confirm(text, person(1), group(1)) for text in texts))
    assert [one.outcome for one in done].count(Outcome.RECORDED) == 20


# ── everybody ──


async def test_three_people_in_two_chats_confirm_for_everybody(world: World) -> None:
    assert (await world.confirm(SUSPICIOUS, person(1), group(1))).confirmed is False
    assert (await world.confirm(SUSPICIOUS, person(2), group(1))).confirmed is False
    assert (await world.confirm(SUSPICIOUS, person(3), private(3))).confirmed is True
    assert await world.service.sightings(Sms(SUSPICIOUS)) == Sightings(people=3, chats=2)
    assert (await _report(world))[1:] == (1, 1, 0)


async def test_neither_three_people_in_one_chat_nor_one_person_in_many_is_enough(world: World) -> None:
    for number in (1, 2, 3, 4):
        assert (await world.confirm(SUSPICIOUS, person(number), group(1))).confirmed is False
    for number in (1, 2, 3, 4, 5):
        assert (await world.confirm(SCAM, person(1), group(number))).outcome is Outcome.RECORDED
    assert (await world.confirm(SCAM, person(1), private(1))).confirmed is False
    assert await world.service.sightings(Sms(SCAM)) == Sightings(people=1, chats=6)


async def test_an_owner_confirms_for_everybody_and_takes_it_back(world: World) -> None:
    assert await world.confirm(SUSPICIOUS, OWNER, private(9)) == RECORDED_HERE
    assert await world.service.sightings(Sms(SUSPICIOUS)) == Sightings(1, 1, owner=True)
    assert (await world.confirm(SUSPICIOUS, person(1), group(1))).confirmed is True
    await world.dispute(SUSPICIOUS, OWNER, private(9))
    assert await world.service.sightings(Sms(SUSPICIOUS)) == Sightings()
    assert (await _report(world))[1:] == (0, 0, 0)


async def test_sightings_do_not_mix_texts(world: World) -> None:
    await world.confirm(SCAM, person(1), group(1))
    assert await world.service.sightings(Sms(SUSPICIOUS)) == Sightings()
    assert await world.service.sightings(Sms(SCAM.replace("/a", "/zzz"))) == Sightings(1, 1)


# ── whose word confirms ──


class _Case(NamedTuple):
    """Who said what of a text in group 1 so far, oldest first, and whether that makes it a scam there."""

    text: str
    said: str
    all_confirm: bool
    admins_confirm: bool


_CASES = [
    # m: a member reports, a: an admin; M and A: one says 不是诈骗; 3: three people in three other chats, o: an owner,
    # O: an owner says 不是诈骗.
    _Case(SCAM, "m", all_confirm=True, admins_confirm=False),
    _Case(SCAM, "mM", all_confirm=True, admins_confirm=False),
    _Case(SCAM, "a", all_confirm=True, admins_confirm=True),
    _Case(SCAM, "mA", all_confirm=False, admins_confirm=False),
    _Case(SCAM, "maA", all_confirm=False, admins_confirm=False),
    _Case(SCAM, "Aa", all_confirm=True, admins_confirm=True),
    _Case(SCAM, "M", all_confirm=False, admins_confirm=False),
    _Case(SCAM, "m3", all_confirm=True, admins_confirm=True),
    _Case(SCAM, "m3A", all_confirm=False, admins_confirm=False),
    _Case(SCAM, "m3O", all_confirm=True, admins_confirm=False),
    _Case(SCAM, "mo", all_confirm=True, admins_confirm=True),
    _Case(SUSPICIOUS, "m", all_confirm=False, admins_confirm=False),
    _Case(SUSPICIOUS, "mm", all_confirm=False, admins_confirm=False),
    _Case(SUSPICIOUS, "a", all_confirm=True, admins_confirm=True),
    _Case(SUSPICIOUS, "am", all_confirm=True, admins_confirm=True),
    _Case(SUSPICIOUS, "aA", all_confirm=False, admins_confirm=False),
    _Case(SUSPICIOUS, "m3", all_confirm=True, admins_confirm=True),
    _Case(SUSPICIOUS, "m3O", all_confirm=False, admins_confirm=False),
    _Case(SUSPICIOUS, "ao", all_confirm=True, admins_confirm=True),
    _Case(SUSPICIOUS, "aO", all_confirm=True, admins_confirm=True),
    _Case(SUSPICIOUS, "oA", all_confirm=False, admins_confirm=False),
]


@pytest.mark.parametrize("confirmers", list(Confirmers))
@pytest.mark.parametrize("case", _CASES, ids=lambda case: f"{case.text[:4]}-{case.said}")
async def test_whose_word_makes_a_scam_in_a_group(world: World, case: _Case, confirmers: Confirmers) -> None:
    await world.service.groups.change(group(1).id, confirmers=confirmers)
    for at, letter in enumerate(case.said):
        if letter == "3":
            for number in (1, 2, 3):
                await world.confirm(case.text, person(100 + number), group(100 + number))
        elif letter in "oO":
            await (world.confirm if letter == "o" else world.dispute)(case.text, OWNER, private(999))
        else:
            say = world.confirm if letter.islower() else world.dispute
            await say(case.text, person(10 + at), group(1), admin=letter in "aA")
    confirmed = case.all_confirm if confirmers is Confirmers.ALL else case.admins_confirm
    # What a press is told, and what the group's record says: one and the same. A member's 不是诈骗 changes neither.
    assert (await world.dispute(case.text, person(50), group(1))).confirmed is confirmed
    scams = (await _report(world))[1]
    reported_here = any(letter in "ma" for letter in case.said)
    assert scams == (1 if confirmed and reported_here else 0)


async def test_who_may_confirm_is_each_groups_own_choice(world: World) -> None:
    await world.service.groups.change(group(1).id, confirmers=Confirmers.ADMINS)
    assert not (await world.confirm(SCAM, person(1), group(1))).confirmed
    assert (await world.confirm(SCAM, person(1), group(2))).confirmed
    await world.service.groups.change(group(1).id, confirmers=Confirmers.ALL)
    assert (await world.confirm(SCAM, person(2), group(1))).confirmed, "what was reported before counts then"


@pytest.mark.parametrize(("people", "chats"), [(3, 2), (4, 2), (3, 3), (6, 4)])
async def test_the_policy_says_how_many_are_enough(database: Database, people: int, chats: int) -> None:
    async with open_world(database, policy=Policy(checks_per_minute=1000, people=people, chats=chats)) as world:
        for number in range(1, 9):
            said = await world.confirm(SUSPICIOUS, person(number), group(min(number, chats)))
            assert said.confirmed is (number >= people and min(number, chats) >= chats)


# ── corrections ──


async def test_a_members_correction_is_counted_and_changes_nothing_else(world: World) -> None:
    await world.confirm(SCAM, person(1), group(1))
    result = await world.dispute(SCAM, person(2), group(1))
    assert result == RECORDED_HERE
    assert (await _report(world))[1:] == (1, 0, 1)
    assert (await world.dispute(SCAM, person(2), group(1))).outcome is Outcome.ALREADY


async def test_an_admins_correction_withdraws_the_groups_confirmation_until_an_admin_says_otherwise(
    world: World,
) -> None:
    await world.confirm(SCAM, person(1), group(1))
    await world.confirm(SCAM, person(1), group(2))
    assert await world.dispute(SCAM, person(5), group(1), admin=True) == RECORDED_ONLY
    assert (await world.confirm(SCAM, person(2), group(1))).confirmed is False
    assert (await _report(world, 1))[1:] == (0, 0, 1)
    assert (await _report(world, 2))[1:] == (1, 0, 0)
    assert (await world.confirm(SCAM, person(6), group(1), admin=True)).confirmed is True
    assert (await _report(world, 1))[1:] == (1, 2, 1)


async def test_an_admins_correction_holds_against_everybody(world: World) -> None:
    for number in (1, 2, 3):
        await world.confirm(SUSPICIOUS, person(number), group(number))
    assert (await _report(world, 1))[1:] == (1, 0, 0)
    await world.dispute(SUSPICIOUS, person(8), group(1), admin=True)
    assert (await _report(world, 1))[1:] == (0, 0, 1)
    assert (await _report(world, 2))[1:] == (1, 0, 0)


async def test_changing_ones_mind_leaves_the_last_word(world: World) -> None:
    for _ in range(3):
        assert (await world.confirm(SCAM, person(1), group(1))) == RECORDED_HERE
        assert (await _report(world))[1:] == (1, 0, 0)
        assert (await world.dispute(SCAM, person(1), group(1))) == RECORDED_ONLY
        assert (await _report(world))[1:] == (0, 0, 1)


async def test_a_correction_needs_no_text(world: World) -> None:
    check_id = await world.check(SCAM, person(1), group(1))
    result = await world.service.dispute(check_id, None, person(1), group(1), admin=False, source="u")
    assert result == RECORDED_ONLY


async def test_a_complaint_about_a_number(world: World) -> None:
    check_id = await world.check(SCAM, person(1), group(1))
    complain = world.service.complain
    assert await complain(check_id, person(1), group(1), "u:1") is Outcome.RECORDED
    assert await complain(check_id, person(1), group(1), "u:1") is Outcome.RECORDED
    assert await complain(check_id, person(1), group(1), "u:2") is Outcome.ALREADY
    assert await complain(check_id, person(2), group(1), "u:3") is Outcome.RECORDED
    assert (await _report(world))[1:] == (0, 0, 0)
