from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from service_world import OWNER, START, World, group, open_world, person, private

from bot.model import Sightings, Sms
from bot.service.types import Count, Forgotten, Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.service.types import GroupReport

LOAN = "scam category-loan from-citic 请致电13800138000或登录 evil.top/a"
REFUND = "scam category-refund from-citic 请登录 bad.top/b 退款"
PRIZE = "scam category-prize 恭喜中奖请登录 evil.top/prize"
DAY = timedelta(days=1)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path / "z.db") as made:
        yield made


async def _report(world: World, number: int = 1) -> GroupReport:
    return await world.service.report(group(number), START - DAY, START + 99 * DAY)


async def test_an_empty_group(world: World) -> None:
    found = await _report(world)
    assert (found.checks, found.scams, found.repeats, found.corrections) == (0, 0, 0, 0)
    assert found.categories == found.institutions == ()
    assert found.domains == found.numbers == ()


async def test_a_private_chat_has_none(world: World) -> None:
    with pytest.raises(ValueError, match="group"):
        await world.service.report(private(1), START, START + DAY)


async def test_all_fields_of_one_group_only(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.confirm(LOAN.replace("0", "7"), person(2), group(1))
    await world.confirm(REFUND, person(1), group(1))
    await world.confirm(PRIZE, person(1), group(2))
    await world.confirm(PRIZE, person(1), private(1))
    await world.dispute(PRIZE, person(4), group(1))
    found = await _report(world)
    assert (found.checks, found.scams, found.repeats, found.corrections) == (4, 2, 1, 1)
    assert found.categories == (Count("loan", 1), Count("refund", 1))
    assert found.institutions == (Count("citic", 2),)
    assert found.domains == ("evil.top", "bad.top")
    assert found.numbers == ("138****8000", "138****8777")


async def test_the_period_has_its_start_and_not_its_end(world: World) -> None:
    world.clock.now = START
    await world.confirm(LOAN, person(1), group(1))
    world.clock.now = START + DAY
    await world.confirm(REFUND, person(1), group(1))
    first = await world.service.report(group(1), START, START + DAY)
    second = await world.service.report(group(1), START + DAY, START + 2 * DAY)
    before = await world.service.report(group(1), START - DAY, START)
    assert (first.checks, first.scams, first.domains) == (1, 1, ("evil.top",))
    assert (second.checks, second.scams, second.domains) == (1, 1, ("bad.top",))
    assert (before.checks, before.scams, before.domains) == (0, 0, ())


async def test_repeats_are_counted_in_the_period_in_which_they_come(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    world.clock.ahead(days=7)
    await world.confirm(LOAN, person(2), group(1))
    await world.confirm(LOAN, person(3), group(1))
    second = await world.service.report(group(1), START + DAY, START + 9 * DAY)
    assert (second.scams, second.repeats) == (1, 1)


async def test_an_indicator_is_new_once_in_a_group(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    world.clock.ahead(days=7)
    await world.confirm(PRIZE, person(1), group(1))  # another scam, the same domain
    await world.confirm(PRIZE, person(1), group(2))
    week = (START + DAY, START + 9 * DAY)
    assert (await world.service.report(group(1), *week)).domains == ()
    assert (await world.service.report(group(1), *week)).scams == 1
    assert (await world.service.report(group(2), *week)).domains == ("evil.top",)


async def test_an_unconfirmed_report_makes_no_indicator_old(world: World) -> None:
    doubtful = LOAN.replace("scam", "verify")
    await world.confirm(doubtful, person(1), group(1))
    assert (await _report(world)).domains == ()
    world.clock.ahead(days=7)
    await world.confirm(PRIZE, person(1), group(1))
    week = (START + DAY, START + 9 * DAY)
    assert (await world.service.report(group(1), *week)).domains == ("evil.top",)


async def test_a_correction_takes_the_scam_and_its_indicators_out(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.dispute(LOAN, person(2), group(1), admin=True)
    found = await _report(world)
    assert (found.scams, found.categories, found.domains, found.numbers) == (0, (), (), ())


# ── /forget ──


async def test_forgetting_takes_votes_texts_and_indicators_and_is_idempotent(world: World) -> None:
    await world.check(LOAN, person(1), group(1))
    await world.check(LOAN, person(1), private(1))
    await world.confirm(LOAN, person(1), group(1))
    await world.dispute(REFUND, person(1), group(1))
    assert await world.service.forget(person(1)) == Forgotten(checks=2, reports=1, corrections=1)
    found = await _report(world)
    # Three checks were person 0's and person 1's: they stay, without the person.
    assert (found.checks, found.scams, found.corrections) == (3, 0, 0)
    assert (found.domains, found.numbers) == ((), ())
    assert await world.service.sightings(Sms(LOAN)) == Sightings()
    assert await world.service.forget(person(1)) == Forgotten(0, 0, 0)


async def test_what_others_support_stays(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    world.clock.ahead(days=7)
    await world.confirm(LOAN, person(2), group(1))
    await world.service.forget(person(1))
    found = await world.service.report(group(1), START + DAY, START + 9 * DAY)
    assert (found.scams, found.repeats, found.domains) == (1, 0, ("evil.top",))


async def test_confirmations_fall_below_the_threshold(world: World) -> None:
    text = LOAN.replace("scam", "suspicious")
    for number in (1, 2, 3):
        await world.confirm(text, person(number), group(number))
    assert (await _report(world)).scams == 1
    await world.service.forget(person(3))
    assert (await _report(world)).scams == 0
    assert await world.service.sightings(Sms(text)) == Sightings(2, 2)


async def test_an_admins_word_goes_with_the_admin(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.dispute(LOAN, person(2), group(1), admin=True)
    await world.service.forget(person(2))
    assert (await _report(world)).scams == 1


async def test_forgetting_and_reporting_again_gives_one_vote(world: World) -> None:
    text = LOAN.replace("scam", "suspicious")
    for _ in range(4):
        assert (await world.confirm(text, person(1), group(1))).outcome is Outcome.RECORDED
        await world.service.forget(person(1))
    await world.confirm(text, person(1), group(1))
    assert await world.service.sightings(Sms(text)) == Sightings(1, 1)


async def test_a_repeated_update_does_not_bring_a_forgotten_vote_back(world: World) -> None:
    check_id = await world.check(LOAN, person(1), group(1))
    await world.confirm(LOAN, person(1), group(1), check_id=check_id, source="update:r")
    await world.service.forget(person(1))
    await world.confirm(LOAN, person(1), group(1), check_id=check_id, source="update:r")
    assert (await _report(world)).scams == 0


async def test_others_may_still_press_below_a_forgotten_persons_check(world: World) -> None:
    check_id = await world.check(LOAN, person(1), group(1))
    await world.service.forget(person(1))
    assert (await world.confirm(LOAN, person(2), group(1), check_id=check_id)).confirmed is True


async def test_an_owner_is_forgotten_like_anybody(world: World) -> None:
    await world.confirm(LOAN.replace("scam", "verify"), OWNER, private(9))
    await world.service.forget(OWNER)
    assert await world.service.sightings(Sms(LOAN.replace("scam", "verify"))) == Sightings()
