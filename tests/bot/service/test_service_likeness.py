"""Near copies through the service with the real judge: three people in two chats, one text each."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import OWNER, SECRET, Clock, group, person, private

from bot.checks.likeness import RULE
from bot.judge import judge
from bot.model import NO_SIGHTINGS, Level, Sightings, Sms, Verdict
from bot.secret import Secret
from bot.service.context import Policy
from bot.service.service import Service, open_service
from bot.service.types import Chat, Checked, Outcome, Person
from bot.store.engine import Store
from bot.store.schema import likeness

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database, Fresh

    from bot.knowledge import Knowledge
    from bot.opened import Opened

NAMES = ("张伟", "王秀英", "欧阳小明", "刘洋", "陈静", "杨敏", "赵磊")
PLAIN = "{}您好，您名下的老房子加装电梯意见登记表在 dianti-dengji.com/{} 上，请于周五前填写完毕"
NOTICE = "【招商银行】{}您好，您的信用卡账单{}元已出，请登录 cmbchina.com 查询，如有疑问请致电95555。"
PLACES = (group(1), group(1), private(3), group(2), private(5), private(6), group(3))


def plain(number: int) -> str:
    return PLAIN.format(NAMES[number], number)


@asynccontextmanager
async def opened(
    database: Database, knowledge: Knowledge, secret: Secret = SECRET, policy: Policy | None = None
) -> AsyncIterator[Service]:
    def judged(opened: Opened, sightings: Sightings) -> Verdict:
        return judge(opened, knowledge, sightings)

    async with open_service(database.url, secret, knowledge, judged, [OWNER.key], Clock(), policy) as service:
        yield service


async def say(service: Service, text: str, who: Person, where: Chat, *, dispute: bool = False) -> None:
    source = f"{who.key}:{where.id}:{text}:{dispute}"
    done = await service.check(Sms(text), who, where, source)
    assert isinstance(done, Checked)
    use = service.dispute if dispute else service.confirm
    said = await use(done.check_id, Sms(text), who, where, admin=False, source=f"press:{source}")
    assert said.outcome is Outcome.RECORDED


async def level(service: Service, text: str) -> Level:
    return (await service.judge(Sms(text))).level


async def rows(database: Database) -> list[tuple[int, int]]:
    store = await Store.open(database.url)
    async with store.read() as connection:
        found = [tuple(row) for row in await connection.execute(sa.select(likeness))]
    await store.close()
    return found


async def test_three_people_in_two_chats_flag_the_fourth_copy(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        for number in range(3):
            assert not (await level(service, plain(3))).flagged
            await say(service, plain(number), person(number), PLACES[number])
        assert await service.sightings(Sms(plain(3))) == Sightings(3, 2)
        assert await level(service, plain(3)) is Level.SUSPICIOUS
        done = await service.check(Sms(plain(4)), person(9), private(9), "fifth")
        assert isinstance(done, Checked)
        assert RULE in [found.rule for found in done.verdict.evidence]
        # The same wording with another link, or with no link and another contact, is another text.
        assert not (await level(service, plain(3).replace("dianti-dengji.com", "wuye-guanli.com"))).flagged
        assert not (await level(service, plain(3).replace("在 dianti-dengji.com/3 上", "打13800138000"))).flagged


async def test_numbers_are_told_from_five_people_on(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        for number in range(5):
            await say(service, plain(number), person(number), PLACES[number])
            said = "".join(found.why for found in (await service.judge(Sms(plain(6)))).evidence)
            assert ("5 人以上举报过" in said) == (number == 4)


async def test_three_people_in_one_chat_or_one_in_many_do_not(fresh: Fresh, knowledge: Knowledge) -> None:
    async with opened(await fresh(), knowledge) as service:
        for number in range(4):
            await say(service, plain(number), person(number), group(1))
        for number in range(1, 5):
            await say(service, plain(5), person(1), group(1 + number))
        assert await service.sightings(Sms(plain(6))) == Sightings(4, 5)
    async with opened(await fresh(), knowledge) as service:
        for number in range(4):
            await say(service, plain(number), person(number), group(1))
        for number in range(4):
            await say(service, plain(number), person(1), group(1 + number) if number else private(1))
        assert (await service.sightings(Sms(plain(6)))).people == 4
    async with opened(await fresh(), knowledge) as service:
        for number in range(4):
            await say(service, plain(number), person(number), group(1))
        assert not (await level(service, plain(6))).flagged
    async with opened(await fresh(), knowledge) as service:
        for number in range(6):
            await say(service, plain(number), person(1), group(number))
        assert not (await level(service, plain(6))).flagged


async def test_the_policy_decides_what_is_enough(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge, policy=Policy(people=4)) as service:
        for number in range(3):
            await say(service, plain(number), person(number), PLACES[number])
        assert not (await level(service, plain(6))).flagged
        await say(service, plain(3), person(3), PLACES[3])
        assert (await level(service, plain(6))).flagged


async def test_a_genuine_notice_that_accounts_confirm_stays_unflagged(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        for number in range(7):
            await say(service, NOTICE.format(NAMES[number], number), person(number), PLACES[number])
        await say(service, NOTICE.format("客户", 8), OWNER, private(99))
        # People's reports of it weigh nothing; the owner's is one, and yet does not outweigh what is the bank's own.
        assert await service.sightings(Sms(NOTICE.format("周杰", 9))) == Sightings(owner=True)
        verdict = await service.judge(Sms(NOTICE.format("周杰", 9)))
        assert not verdict.level.flagged
        assert RULE not in [found.rule for found in verdict.evidence]


async def test_votes_on_the_forgery_do_not_reach_the_genuine_notice(database: Database, knowledge: Knowledge) -> None:
    forged = NOTICE.replace("cmbchina.com", "cmb-zhangdan.top")
    async with opened(database, knowledge) as service:
        for number in range(4):
            await say(service, forged.format(NAMES[number], number), person(number), PLACES[number])
        assert await service.sightings(Sms(NOTICE.format("周杰", 9))) == NO_SIGHTINGS
        assert (await service.sightings(Sms(forged.format("周杰", 9)))).people == 4


async def test_a_vote_taken_back_counts_no_more(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        for number in range(3):
            await say(service, plain(number), person(number), PLACES[number])
        assert (await level(service, plain(6))).flagged
        await say(service, plain(1), person(1), PLACES[1], dispute=True)
        assert await service.sightings(Sms(plain(6))) == Sightings(2, 2)
        assert not (await level(service, plain(6))).flagged


async def test_forgetting_takes_the_vote_and_its_traces(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        for number in range(3):
            await say(service, plain(number), person(number), PLACES[number])
        before = await rows(database)
        await service.forget(person(1))
        after = await rows(database)
        assert await service.sightings(Sms(plain(6))) == Sightings(2, 2)
        assert not (await level(service, plain(6))).flagged
        assert len({event for event, _ in before}) == 3
        assert len({event for event, _ in after}) == 2
        await service.forget(person(0))
        await service.forget(person(2))
        assert await rows(database) == []
        assert await service.sightings(Sms(plain(6))) == NO_SIGHTINGS


async def test_what_others_reported_keeps_its_bands(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        for number in range(4):
            await say(service, plain(0), person(number), PLACES[number])
        await service.forget(person(0))
        assert await service.sightings(Sms(plain(6))) == Sightings(3, 3)


async def test_an_owners_word_settles_near_copies_too(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        await say(service, plain(0), OWNER, private(99))
        assert await service.sightings(Sms(plain(6))) == Sightings(1, 1, owner=True)
        assert (await level(service, plain(6))).flagged
        for number in range(1, 4):
            await say(service, plain(number), person(number), PLACES[number])
        await say(service, plain(0), OWNER, private(99), dispute=True)
        assert await service.sightings(Sms(plain(6))) == NO_SIGHTINGS
        assert not (await level(service, plain(6))).flagged


async def test_an_owners_word_on_the_very_text_goes_first(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        await say(service, plain(0), OWNER, private(99))
        await say(service, plain(1), OWNER, private(99), dispute=True)
        assert (await service.sightings(Sms(plain(0)))).owner
        assert await service.sightings(Sms(plain(1))) == NO_SIGHTINGS


async def test_a_check_and_a_correction_keep_no_bands(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge) as service:
        await say(service, plain(0), person(0), group(1), dispute=True)
    assert await rows(database) == []


async def test_the_stored_bands_are_hashes_under_the_secret(fresh: Fresh, knowledge: Knowledge) -> None:
    kept = []
    for secret in (SECRET, SECRET, Secret("another-secret-of-thirty-two-characters")):
        database = await fresh()
        async with opened(database, knowledge, secret) as service:
            await say(service, plain(0), person(0), group(1))
        kept.append({band for _, band in await rows(database)})
    assert kept[0] == kept[1]
    assert not kept[0] & kept[2]
    assert all(0 <= band < 2**48 for bands in kept for band in bands)


@pytest.mark.parametrize("copies", [3, 7])
async def test_exact_copies_still_count(database: Database, knowledge: Knowledge, copies: int) -> None:
    short = "快看 dianti-dengji.com"
    async with opened(database, knowledge) as service:
        for number in range(copies):
            await say(service, short, person(number), PLACES[number])
        assert (await service.sightings(Sms(short))).people == copies
    assert await rows(database) == []
