from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from service_world import OWNER, START, World, group, open_world, period, person, private

from bot.model import Sightings, Sms
from bot.neutralise import JOINER
from bot.period import this_week, week_of
from bot.service.group_types import Change, Confirmers, Count, Example, Totals
from bot.service.types import Forgotten, Outcome

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

    from bot.service.group_types import GroupReport

LOAN = "scam category-loan from-citic 请致电13800138000或登录 evil.top/a"
REFUND = "scam category-refund from-citic 请登录 bad.top/b 退款"
PRIZE = "scam category-prize 恭喜中奖请登录 evil.top/prize"
COPY = (
    "scam category-loan 【金融服务】尊敬的{name}您好，您名下的贷款服务费今天到期，请尽快登录 evil.top/u 办理关闭手续，"
    "逾期将影响您的征信记录，如有疑问请拨打客服专线 13800138000 咨询处理"
)
NAMES = ("张伟", "李小静", "欧阳敏", "王芳")
DAY = timedelta(days=1)


def copy(name: str) -> str:
    return COPY.format(name=name)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as made:
        yield made


ALWAYS = period(START - DAY, START + 99 * DAY)
SECOND_WEEK = period(START + DAY, START + 9 * DAY)


async def _report(world: World, number: int = 1) -> GroupReport:
    return await world.service.report(group(number), ALWAYS)


async def test_an_empty_group(world: World) -> None:
    found = await _report(world)
    assert found.totals == found.before == Totals()
    assert (found.categories, found.institutions) == ((), ())
    assert found.domains == found.numbers == ()
    assert found.example is None
    assert [bar.scams + bar.checks for bar in (*found.days, *found.weeks)] == [0] * (101 + 8)


async def test_a_private_chat_has_none(world: World) -> None:
    with pytest.raises(ValueError, match="group"):
        await world.service.report(private(1), ALWAYS)


async def test_all_fields_of_one_group_only(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.confirm(LOAN.replace("0", "7"), person(2), group(1))
    await world.confirm(REFUND, person(1), group(1))
    await world.confirm(PRIZE, person(1), group(2))
    await world.confirm(PRIZE, person(1), private(1))
    await world.dispute(PRIZE, person(4), group(1))
    found = await _report(world)
    assert found.period == ALWAYS
    assert found.totals == Totals(checks=4, scams=2, repeats=1, reporters=2, corrections=1)
    assert found.before == Totals()
    assert found.categories == (Change("loan", 1, 0), Change("refund", 1, 0))
    assert found.institutions == (Count("citic", 2),)
    assert found.domains == ("evil.top", "bad.top")
    assert found.numbers == ("138****8000", "138****8777")
    assert found.example == Example(reports=2, people=2, category="loan", institution="citic")


async def test_the_period_has_its_start_and_not_its_end(world: World) -> None:
    world.clock.now = START
    await world.confirm(LOAN, person(1), group(1))
    world.clock.now = START + DAY
    await world.confirm(REFUND, person(1), group(1))
    first = await world.service.report(group(1), period(START, START + DAY))
    second = await world.service.report(group(1), period(START + DAY, START + 2 * DAY))
    before = await world.service.report(group(1), period(START - DAY, START))
    assert (first.totals.checks, first.totals.scams, first.domains) == (1, 1, ("evil.top",))
    assert (second.totals.checks, second.totals.scams, second.domains) == (1, 1, ("bad.top",))
    assert (before.totals, before.domains) == (Totals(), ())


async def test_repeats_are_counted_in_the_period_in_which_they_come(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    world.clock.ahead(days=7)
    await world.confirm(LOAN, person(2), group(1))
    await world.confirm(LOAN, person(3), group(1))
    second = await world.service.report(group(1), SECOND_WEEK)
    assert (second.totals.scams, second.totals.repeats, second.totals.reporters) == (1, 1, 2)


async def test_an_indicator_is_new_once_in_a_group(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    world.clock.ahead(days=7)
    await world.confirm(PRIZE, person(1), group(1))  # another scam, the same domain
    await world.confirm(PRIZE, person(1), group(2))
    assert (await world.service.report(group(1), SECOND_WEEK)).domains == ()
    assert (await world.service.report(group(1), SECOND_WEEK)).totals.scams == 1
    assert (await world.service.report(group(2), SECOND_WEEK)).domains == ("evil.top",)


async def test_an_indicator_of_long_ago_is_not_new(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    world.clock.ahead(days=200)
    await world.confirm(PRIZE, person(1), group(1))
    await world.confirm(REFUND, person(1), group(1))
    now = world.clock.now
    assert (await world.service.report(group(1), period(now - DAY, now + DAY))).domains == ("bad.top",)


async def test_an_unconfirmed_report_makes_no_indicator_old(world: World) -> None:
    doubtful = LOAN.replace("scam", "verify")
    await world.confirm(doubtful, person(1), group(1))
    assert (await _report(world)).domains == ()
    world.clock.ahead(days=7)
    await world.confirm(PRIZE, person(1), group(1))
    assert (await world.service.report(group(1), SECOND_WEEK)).domains == ("evil.top",)


async def test_however_many_earlier_texts_were_not_confirmed_one_that_was_is_found(world: World) -> None:
    for number in range(20):
        words = "".join(chr(0x4E00 + 7 * number + at) for at in range(5))
        level = "scam" if number == 17 else "verify"
        await world.confirm(f"{level} {words} 请登录 evil.top", person(number), group(1))
    world.clock.ahead(days=200)
    await world.confirm(PRIZE, person(1), group(1))
    now = world.clock.now
    assert (await world.service.report(group(1), period(now - DAY, now + DAY))).domains == ()
    await world.service.forget(person(17))
    assert (await world.service.report(group(1), period(now - DAY, now + DAY))).domains == ("evil.top",)


async def test_a_correction_takes_the_scam_and_its_indicators_out(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.dispute(LOAN, person(2), group(1), admin=True)
    found = await _report(world)
    assert (found.totals.scams, found.categories, found.domains, found.numbers) == (0, (), (), ())


async def test_where_only_admins_confirm_a_members_report_counts_for_nothing(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.confirm(REFUND, person(1), group(1), admin=True)
    assert (await _report(world)).totals.scams == 2
    await world.service.groups.change(group(1).id, confirmers=Confirmers.ADMINS)
    found = await _report(world)
    assert (found.totals.scams, found.domains) == (1, ("bad.top",))


async def test_an_owners_word_counts_in_the_group_in_which_it_was_said(world: World) -> None:
    await world.confirm(LOAN.replace("scam", "verify"), OWNER, group(1))
    assert (await _report(world)).totals.scams == 1
    await world.dispute(LOAN.replace("scam", "verify"), OWNER, group(1))
    assert (await _report(world)).totals.scams == 0


async def test_members_who_correct_keep_nothing_out_that_counts_for_everybody(world: World) -> None:
    text = LOAN.replace("scam", "suspicious")
    for number in (1, 2, 3):
        await world.confirm(text, person(number), group(number))
    for number in (4, 5, 6):
        await world.dispute(text, person(number), group(1))
    assert (await _report(world)).totals == Totals(checks=4, scams=1, reporters=1, corrections=3)


async def test_what_admins_say_of_one_text_decides_nothing_of_another(world: World) -> None:
    for text in (LOAN, REFUND):
        await world.confirm(text, person(1), group(1))
    await world.confirm(LOAN, person(2), group(1), admin=True)
    await world.dispute(REFUND, person(2), group(1), admin=True)
    found = await _report(world)
    assert (found.totals.scams, found.categories) == (1, (Change("loan", 1, 0),))


async def test_a_group_that_moved_has_its_record_under_both_ids(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.service.groups.migrate(group(1).id, group(2).id)
    assert (await _report(world, 1)).totals == (await _report(world, 2)).totals
    assert (await _report(world, 2)).totals.scams == 1


# ── the period before, days and weeks ──


async def test_categories_with_their_change_and_those_that_are_gone_last(world: World) -> None:
    monday = datetime(2026, 11, 2, tzinfo=UTC)
    for day, texts in (
        (1, (LOAN, REFUND, REFUND.replace("bad", "worse"))),
        (8, (LOAN, PRIZE, PRIZE.replace("evil", "bad"))),
    ):
        world.clock.now = monday + day * DAY
        for text in texts:
            await world.confirm(text, person(day), group(1))
    found = await world.service.report(group(1), week_of(date(2026, 11, 9), ZoneInfo("UTC")))
    assert found.categories == (Change("prize", 2, 0), Change("loan", 1, 1), Change("refund", 0, 2))
    assert found.before == Totals(checks=3, scams=3, reporters=1)
    assert found.institutions == (Count("citic", 1),)


async def test_days_and_weeks_are_the_groups_own(world: World) -> None:
    """Sunday evening in Shanghai is Sunday morning in New York; midnight is not midnight."""
    shanghai, york = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
    world.clock.now = datetime(2026, 11, 8, 23, 30, tzinfo=shanghai)
    await world.confirm(LOAN, person(1), group(1))
    world.clock.now = datetime(2026, 11, 9, 0, 30, tzinfo=shanghai)
    await world.confirm(LOAN, person(2), group(1))
    await world.confirm(REFUND, person(2), group(1))
    second = await world.service.report(group(1), week_of(date(2026, 11, 9), shanghai))
    assert [(bar.first, bar.checks, bar.scams) for bar in second.days] == [
        (date(2026, 11, 9), 2, 2),
        *((date(2026, 11, day), 0, 0) for day in range(10, 16)),
    ]
    assert [bar.first for bar in second.weeks] == [date(2026, 9, 21) + n * 7 * DAY for n in range(8)]
    # The loan was reported in both weeks, and counts in both.
    assert [(bar.checks, bar.scams) for bar in second.weeks] == [(0, 0)] * 6 + [(1, 1), (2, 2)]
    assert (second.before.scams, second.totals.scams, second.totals.repeats) == (1, 2, 0)
    first = await world.service.report(group(1), week_of(date(2026, 11, 8), york))
    assert [(bar.checks, bar.scams) for bar in first.days] == [(0, 0)] * 6 + [(3, 2)]
    assert (first.totals.scams, first.totals.repeats) == (2, 1)


async def test_a_scam_counts_on_each_day_on_which_it_was_reported(world: World) -> None:
    for day in range(3):
        world.clock.now = datetime(2026, 11, 2 + day, 12, tzinfo=UTC)
        await world.confirm(LOAN, person(day), group(1))
    found = await world.service.report(group(1), week_of(date(2026, 11, 2), ZoneInfo("UTC")))
    assert [bar.scams for bar in found.days] == [1, 1, 1, 0, 0, 0, 0]
    assert (found.totals.scams, found.totals.repeats) == (1, 2)


async def test_an_open_week_has_the_days_so_far_and_is_compared_with_as_many(world: World) -> None:
    for day in (2, 6, 9):
        world.clock.now = datetime(2026, 11, day, 12, tzinfo=UTC)
        await world.confirm(LOAN, person(day), group(1))
    world.clock.now = datetime(2026, 11, 11, 6, tzinfo=UTC)
    found = await world.service.report(group(1), this_week(world.clock.now, ZoneInfo("UTC")))
    assert [bar.scams for bar in found.days] == [1, 0, 0]
    assert (found.totals.checks, found.before.checks) == (1, 1)
    assert [bar.scams for bar in found.weeks[-2:]] == [1, 1]


# ── near copies, and the example ──


async def test_near_copies_count_once(world: World) -> None:
    for number, name in enumerate(NAMES):
        await world.confirm(copy(name), person(number), group(1))
    await world.confirm(REFUND, person(1), group(1))
    found = await _report(world)
    assert (found.totals.scams, found.totals.repeats, found.totals.reporters) == (2, 3, 4)
    assert found.example is not None
    assert (found.example.reports, found.example.people, found.example.category) == (4, 4, "loan")


async def test_a_near_copy_with_another_address_is_another_scam(world: World) -> None:
    await world.confirm(copy("张伟"), person(1), group(1))
    await world.confirm(copy("李静").replace("evil.top", "bad.top"), person(2), group(1))
    assert (await _report(world)).totals.scams == 2


async def test_a_near_copy_that_is_not_confirmed_adds_nothing(world: World) -> None:
    await world.confirm(copy("张伟"), person(1), group(1))
    await world.confirm(copy("李静").replace("scam", "verify"), person(2), group(1))
    assert (await _report(world)).totals == Totals(checks=2, scams=1, reporters=1)


async def _brought(world: World, text: str, number: int, reporter: int | None = None) -> None:
    """Somebody brings the SMS that they got, and it is reported."""
    check_id = await world.check(text, person(100 + number), group(1))
    await world.confirm(text, person(number if reporter is None else reporter), group(1), check_id=check_id)


async def _wording(world: World) -> str | None:
    found = (await _report(world)).example
    assert found is not None
    return found.wording


async def test_what_three_people_got_is_shown_without_what_only_one_got(world: World) -> None:
    for number, name in enumerate(NAMES[:3]):
        await _brought(world, copy(name), number)
    shown = await _wording(world)
    assert shown is not None
    assert "今天到期，请尽快登录" in shown
    assert not [name for name in NAMES if name in shown]
    assert "evil[.]top" in shown
    assert "13800138000" not in shown.replace(JOINER, "")


@pytest.mark.parametrize("people", [1, 2])
async def test_fewer_than_three_copies_show_no_wording(world: World, people: int) -> None:
    for number in range(4):
        await _brought(world, copy(NAMES[number]), number % people, number)
    assert await _wording(world) is None


async def test_three_who_press_below_one_persons_sms_are_no_three_copies(world: World) -> None:
    check_id = await world.check(copy("张伟"), person(100), group(1))
    for number in range(5):
        await world.confirm(copy("张伟"), person(number), group(1), check_id=check_id)
    found = (await _report(world)).example
    assert found == Example(reports=5, people=5, category="loan", institution=None, wording=None)


async def test_one_who_reports_what_three_got_is_no_three_people(world: World) -> None:
    for number in range(3):
        await _brought(world, copy(NAMES[number]), number, 7)
    assert await _wording(world) is None


async def test_a_forgotten_copy_takes_the_wording_with_it(world: World) -> None:
    for number in range(3):
        await _brought(world, copy(NAMES[number]), number)
    assert await _wording(world) is not None
    await world.service.forget(person(101))  # who only brought it: no more known to be another
    assert await _wording(world) is None
    await world.service.forget(person(2))
    found = (await _report(world)).example
    assert (found and found.reports, await _wording(world)) == (2, None)


# ── /forget ──


async def test_forgetting_takes_votes_texts_and_indicators_and_is_idempotent(world: World) -> None:
    await world.check(LOAN, person(1), group(1))
    await world.check(LOAN, person(1), private(1))
    await world.confirm(LOAN, person(1), group(1))
    await world.dispute(REFUND, person(1), group(1))
    assert await world.service.forget(person(1)) == Forgotten(checks=2, reports=1, corrections=1)
    found = await _report(world)
    # Three checks were person 0's and person 1's: they stay, without the person.
    assert (found.totals.checks, found.totals.scams, found.totals.corrections) == (3, 0, 0)
    assert (found.domains, found.numbers) == ((), ())
    assert await world.service.sightings(Sms(LOAN)) == Sightings()
    assert await world.service.forget(person(1)) == Forgotten(0, 0, 0)


async def test_what_others_support_stays(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    world.clock.ahead(days=7)
    await world.confirm(LOAN, person(2), group(1))
    await world.service.forget(person(1))
    found = await world.service.report(group(1), SECOND_WEEK)
    assert (found.totals.scams, found.totals.repeats, found.domains) == (1, 0, ("evil.top",))


async def test_confirmations_fall_below_the_threshold(world: World) -> None:
    text = LOAN.replace("scam", "suspicious")
    for number in (1, 2, 3):
        await world.confirm(text, person(number), group(number))
    assert (await _report(world)).totals.scams == 1
    await world.service.forget(person(3))
    assert (await _report(world)).totals.scams == 0
    assert await world.service.sightings(Sms(text)) == Sightings(2, 2)


async def test_an_admins_word_goes_with_the_admin(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.dispute(LOAN, person(2), group(1), admin=True)
    await world.service.forget(person(2))
    assert (await _report(world)).totals.scams == 1


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
    assert (await _report(world)).totals.scams == 0


async def test_others_may_still_press_below_a_forgotten_persons_check(world: World) -> None:
    check_id = await world.check(LOAN, person(1), group(1))
    await world.service.forget(person(1))
    assert (await world.confirm(LOAN, person(2), group(1), check_id=check_id)).confirmed is True


async def test_an_owner_is_forgotten_like_anybody(world: World) -> None:
    await world.confirm(LOAN.replace("scam", "verify"), OWNER, private(9))
    await world.service.forget(OWNER)
    assert await world.service.sightings(Sms(LOAN.replace("scam", "verify"))) == Sightings()
