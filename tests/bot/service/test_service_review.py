"""The owners' queue: what is in it and in which order, and what each decision does to later checks."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import OWNER, SECRET, START, Clock, World, group, open_world, period, person, private

from bot.model import Sightings, Sms
from bot.service.review import Asked, Decided, Decision, Result
from bot.service.types import Confirmation, Outcome
from bot.store.engine import Store
from bot.store.schema import Kind, event, mute, report_text, review

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

    from bot.service.review import Item

SCAM = "scam category-loan from-citic 请致电13800138000或登录 evil.top/a"
VERIFY = "verify 请到营业厅核对您的资料 other.top/b"
CLEAR = "您好，您名下的老房子加装电梯意见登记表请于周五前填写完毕，见 lift.top/c"
COPY = "您好，您名下的老房子加装电梯意见登记表请于周五前填写完毕，谢谢配合，见 lift.top/c"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as made:
        yield made


async def complain(world: World, text: str, number: int) -> None:
    check_id = await world.check(text, person(0), private(number))
    assert await world.service.complain(check_id, person(number), private(number), world.source()) is Outcome.RECORDED


async def shown(world: World, after: int | None = None) -> Item:
    item = await world.service.next_review(after)
    assert item is not None
    return item


async def decide(world: World, decision: Decision, item: Item | None = None) -> Result:
    asked = (item or await shown(world)).asked
    return (await world.service.decide(OWNER, private(999), asked, decision)).result


async def sees(world: World, text: str) -> Sightings:
    """What the judge is told; the world's judge has the number of people in its score."""
    return await world.service.sightings(Sms(text))


async def test_an_empty_queue(world: World) -> None:
    assert await world.service.next_review() is None
    await world.confirm(SCAM, person(1), private(1))
    await world.dispute(CLEAR, person(1), private(1))
    assert await world.service.next_review() is None, "judged as they say: nothing to see"


async def test_the_worst_comes_first_then_the_oldest(world: World) -> None:
    await world.dispute(SCAM, person(1), private(1))
    await complain(world, SCAM, 2)
    await world.confirm(VERIFY, person(3), private(3))
    await world.confirm(CLEAR.replace("电梯", "水表"), person(4), private(4))
    await world.confirm(CLEAR, person(5), private(5))
    seen, after = [], None
    for _ in range(6):
        item = await shown(world, after)
        assert item.waiting == 5
        seen.append((item.kind, item.level, "水表" in (item.text or "")))
        after = item.asked.first
    assert seen == [
        (Kind.REPORT, "clear", True),
        (Kind.REPORT, "clear", False),
        (Kind.REPORT, "verify", False),
        (Kind.COMPLAINT, "scam", False),
        (Kind.CORRECTION, "scam", False),
        (Kind.REPORT, "clear", True),
    ]


async def test_an_item_says_what_happened(world: World) -> None:
    check_id = await world.check(SCAM, person(0), group(1))
    await world.dispute(SCAM, person(1), group(1), check_id=check_id)
    world.clock.ahead(days=1)
    await world.dispute(SCAM, person(2), private(2))
    await world.dispute(SCAM, person(2), group(2))
    item = await shown(world)
    assert (item.people, item.at, item.check_id, item.waiting) == (2, START, check_id, 1)
    assert (item.level, item.score, item.category, item.institution) == ("scam", 0.9, "loan", "citic")
    assert item.rules == ("fake/sign",)
    assert item.text is None, "a correction keeps no text"
    await world.confirm(SCAM, person(3), private(3))
    assert "evil[.]top" in ((await shown(world)).text or ""), "but somebody's report of the same text does"


async def test_what_the_person_takes_back_or_forgets_does_not_wait(world: World) -> None:
    await world.confirm(CLEAR, person(1), private(1))
    await world.dispute(CLEAR, person(1), private(1))
    await world.confirm(VERIFY, person(2), private(2))
    item = await shown(world)
    assert item.level == "verify"
    await world.service.forget(person(2))
    assert await world.service.next_review() is None
    assert await decide(world, Decision.CONFIRM, item) is Result.GONE


@pytest.mark.parametrize("text", [CLEAR, VERIFY])
async def test_a_confirmed_miss_counts_for_everybody(world: World, text: str) -> None:
    await world.confirm(text, person(1), private(1))
    assert await decide(world, Decision.CONFIRM) is Result.DONE
    assert await world.service.next_review() is None
    assert await sees(world, text) == Sightings(2, 2, owner=True)
    assert (await world.confirm(text, person(5), private(5))) == Confirmation(Outcome.RECORDED, confirmed=True)
    assert await world.service.next_review() is None, "the owners said so already"


async def test_a_confirmed_miss_reaches_near_copies_and_outlives_its_reporter(world: World) -> None:
    await world.confirm(CLEAR, person(1), private(1))
    await decide(world, Decision.CONFIRM)
    await world.service.forget(person(1))
    assert (await sees(world, COPY)).owner
    assert (await sees(world, CLEAR)) == Sightings(1, 1, owner=True)


async def test_a_confirmed_correction_silences_the_people(world: World) -> None:
    for number in (1, 2, 3):
        await world.confirm(SCAM, person(number), private(number))
    await world.dispute(SCAM, person(4), private(4))
    assert (await sees(world, SCAM)).people == 3
    assert await decide(world, Decision.CONFIRM) is Result.DONE
    assert await sees(world, SCAM) == Sightings()
    assert not (await world.confirm(SCAM, person(5), private(5))).confirmed
    await world.dispute(SCAM, person(6), private(6))
    assert await world.service.next_review() is None


async def test_a_decision_is_the_owners_last_word(world: World) -> None:
    await world.confirm(CLEAR, OWNER, private(999))
    await world.dispute(CLEAR, OWNER, group(1))
    await world.confirm(CLEAR, person(1), private(1))
    assert not (await sees(world, CLEAR)).owner
    assert await decide(world, Decision.CONFIRM) is Result.DONE
    assert (await sees(world, CLEAR)).owner


async def test_a_confirmed_complaint_is_only_handled(world: World) -> None:
    await complain(world, SCAM, 1)
    asked = (await shown(world)).asked
    done = await world.service.decide(OWNER, private(999), asked, Decision.CONFIRM)
    assert done == Decided(Result.DONE, Kind.COMPLAINT, "citic")
    assert await world.service.next_review() is None
    assert await sees(world, SCAM) == Sightings()


async def test_a_rejected_report_counts_nowhere(world: World) -> None:
    for number in (1, 2, 3):
        await world.confirm(CLEAR, person(number), group(number))
    assert (await sees(world, CLEAR)).people == 3
    assert await decide(world, Decision.REJECT) is Result.DONE
    assert await sees(world, CLEAR) == Sightings()
    assert await world.service.next_review() is None
    assert (await world.confirm(CLEAR, person(1), group(1))).outcome is Outcome.ALREADY
    assert await sees(world, CLEAR) == Sightings()


async def test_a_rejected_correction_lets_the_groups_record_stand(world: World) -> None:
    await world.confirm(SCAM, person(1), group(1))
    await world.dispute(SCAM, person(2), group(1), admin=True)
    assert not (await world.confirm(SCAM, person(3), group(1))).confirmed
    await decide(world, Decision.REJECT)
    assert (await world.confirm(SCAM, person(4), group(1))).confirmed


async def test_a_rejected_complaint_leaves(world: World) -> None:
    await complain(world, SCAM, 1)
    await decide(world, Decision.REJECT)
    assert await world.service.next_review() is None


async def test_who_speaks_after_the_owner_looked_is_not_decided_on(world: World) -> None:
    await world.confirm(CLEAR, person(1), private(1))
    looked = await shown(world)
    await world.confirm(CLEAR, person(2), private(2))
    assert await decide(world, Decision.REJECT, looked) is Result.DONE
    left = await shown(world)
    assert left.people == 1
    assert left.asked.first > looked.asked.last
    assert (await sees(world, CLEAR)).people == 1


async def test_muting_takes_three_people_down_to_two(world: World) -> None:
    for number in (1, 2, 3):
        await world.confirm(CLEAR, person(number), private(number))
    assert (await world.confirm(CLEAR, person(1), private(1))).confirmed
    assert await decide(world, Decision.MUTE) is Result.DONE
    assert await sees(world, CLEAR) == Sightings(2, 2)
    assert not (await world.confirm(CLEAR, person(2), private(2))).confirmed
    assert (await shown(world)).people == 2, "the others still wait"
    assert (await world.confirm(CLEAR, person(4), private(4))).confirmed


async def test_a_muted_person_counts_nowhere_and_opens_nothing(world: World) -> None:
    await world.confirm(CLEAR, person(1), private(1))
    await world.dispute(SCAM, person(1), private(1))
    await complain(world, SCAM, 1)
    await decide(world, Decision.MUTE)
    await world.confirm(VERIFY, person(1), private(1))
    await world.confirm(SCAM, person(1), group(1), admin=True)
    await world.dispute(SCAM + "，第二条", person(1), private(1))
    await complain(world, VERIFY, 1)
    assert await world.service.next_review() is None
    assert await sees(world, VERIFY) == Sightings()
    found = await world.service.report(group(1), period(START.replace(year=2025), START.replace(year=2027)))
    assert found.totals.scams == 0


async def test_forgetting_does_not_unmute(world: World) -> None:
    await world.confirm(CLEAR, person(1), private(1))
    await decide(world, Decision.MUTE)
    await world.service.forget(person(1))
    await world.confirm(VERIFY, person(1), private(1))
    assert await sees(world, VERIFY) == Sightings()
    assert await world.service.next_review() is None


async def test_an_owner_cannot_be_muted(world: World) -> None:
    await complain(world, SCAM, 999)
    assert await decide(world, Decision.MUTE) is Result.OWNER
    assert (await shown(world)).people == 1
    assert await decide(world, Decision.CONFIRM) is Result.DONE


@pytest.mark.parametrize("first", list(Decision))
async def test_the_first_decision_counts(world: World, first: Decision) -> None:
    await world.confirm(CLEAR, person(1), private(1))
    item = await shown(world)
    assert await decide(world, first, item) is Result.DONE
    for decision in Decision:
        again = await world.service.decide(OWNER, private(999), item.asked, decision)
        assert again == Decided(Result.ALREADY, Kind.REPORT, None, first)
    assert (await sees(world, CLEAR)).owner is (first is Decision.CONFIRM)


async def test_racing_decisions_are_one(world: World) -> None:
    await world.confirm(CLEAR, person(1), private(1))
    item = await shown(world)
    done = await asyncio.gather(*(decide(world, decision, item) for decision in list(Decision) * 5))
    assert (done.count(Result.DONE), done.count(Result.ALREADY)) == (1, 14)


async def test_a_decision_after_a_restart(database: Database) -> None:
    async with open_world(database) as world:
        await world.confirm(CLEAR, person(1), private(1))
        item = await shown(world)
    async with open_world(database) as world:
        assert await decide(world, Decision.CONFIRM, item) is Result.DONE
        assert (await sees(world, CLEAR)).owner


@pytest.mark.parametrize("asked", [Asked(0, 0), Asked(10**13, 10**13), Asked(1, 1)])
async def test_an_event_that_is_nothing_to_decide(world: World, asked: Asked) -> None:
    await world.check(CLEAR, person(1), private(1))
    done = await world.service.decide(OWNER, private(999), asked, Decision.REJECT)
    assert done == Decided(Result.GONE)


async def test_only_an_owner_decides(world: World) -> None:
    await world.confirm(CLEAR, person(1), private(1))
    asked = (await shown(world)).asked
    with pytest.raises(PermissionError):
        await world.service.decide(person(1), private(1), asked, Decision.CONFIRM)
    assert not world.service.is_owner(person(1))
    assert not (await sees(world, CLEAR)).owner


async def test_the_log_only_grows_and_an_owner_can_be_forgotten(database: Database) -> None:
    async with open_world(database, Clock()) as world:
        await world.confirm(CLEAR, person(1), private(1))
        await world.confirm(VERIFY, person(2), private(2))
        await decide(world, Decision.REJECT)
        await decide(world, Decision.CONFIRM)
        await complain(world, SCAM, 3)
        await decide(world, Decision.MUTE)
        await world.service.forget(OWNER)
    store = await Store.open(database.url)
    async with store.read() as connection:
        kinds = list(await connection.scalars(sa.select(event.c.kind).order_by(event.c.id)))
        undone = list(await connection.scalars(sa.select(event.c.target).where(event.c.kind == Kind.UNDO)))
        decided = list(await connection.execute(sa.select(review.c.event_id, review.c.decision, review.c.person)))
        muted = list(await connection.scalars(sa.select(mute.c.person)))
        texts = list(await connection.scalars(sa.select(report_text.c.event_id).order_by(report_text.c.event_id)))
    await store.close()
    assert kinds == ["check", "report", "check", "report", "undo", "report", "check", "complaint"]
    assert undone == [2]
    assert decided == [(2, "reject", ""), (4, "confirm", ""), (8, "mute", "")]
    assert muted == [SECRET.person(person(3).key)]
    assert texts == [2, 4], "the owner's report keeps no text of its own"
