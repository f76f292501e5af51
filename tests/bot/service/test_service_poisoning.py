"""Attempts to make the bot warn of a genuine notice, or to make one person many; with the real judge.

Whoever has three accounts can have fifty. So what people say of a genuine notice changes no verdict anywhere and
confirms nothing for other groups: it is for the owners to see, and for a group's own admins to settle in their group.
"""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from databases import sqlite_at
from service_world import OWNER, SECRET, Clock, group, person, private

from bot.checks.likeness import RULE
from bot.judge import judge
from bot.model import NO_SIGHTINGS, Level, Sightings, Sms, Verdict
from bot.service.context import Policy
from bot.service.review import Decision
from bot.service.service import Service, open_service
from bot.service.types import Chat, Checked, Confirmation, Outcome, Person
from bot.store.schema import Kind

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from databases import Database

    from bot.knowledge import Knowledge
    from bot.opened import Opened

GENUINE = {
    "balance": "【招商银行】您账户8888于11月05日消费人民币{}.00元，余额1204.30元，如有疑问请致电95555。",
    "balance, no bank named": "您尾号8888的账户11月5日支出{}.00元，余额2034.10元",
    "balance of a small bank": "【江南农商银行】您尾号3321账户支出{}.00元，余额88.00元，客服96005。",
    "one-time code": "【招商银行】您的验证码是 5839{}，5分钟内有效，请勿告诉他人。",
    "code alone": "验证码 7742{}，您正在登录，若非本人操作请忽略。",
    "parcel locker": "【丰巢】您有申通快递到了，取件码 8821{}，请到2号柜领取，详询4000633333",
    "pick-up point": "【菜鸟驿站】您的圆通快递已到阳光小区店，取件码 3-2-10{}，请于20:00前取件。",
    "courier's own mobile": "您好，我是顺丰快递员，您的快件放在小区门口快递柜{}号，有问题打我电话13800138000",
    "own website": "【工商银行】您的信用卡本期账单32{}.50元已出，请登录 www.icbc.com.cn 查询，如有疑问请致电95588。",
    "repayment due": "【招商银行】信用卡还款提醒：您尾号8888本期应还32{}.00元，到期还款日11月20日，如已还款请忽略。",
    "authority": "【国家税务总局】20{}年度个税汇算清缴已开始，请登录个人所得税App办理，服务热线12366。",
    "utility": "【国网电力】您户号尾号22{}本月电费123.40元，余额不足，请及时缴费，详询95598。",
    "ticket": "【12306】您购买的G1{}次11月5日车票已出票，检票口A12。",
    "fire drill": "小区周六上午{}点做消防演练，听到警报请不要惊慌，按楼层有序下楼。",
    "school": "各位家长，下周三下午{}点在学校礼堂召开家长会，请准时参加。",
}
TALK = "fire drill"
"""No notice with a sender of its own: reports by enough people confirm it, and still it is flagged nowhere."""
NEAR = ("王先生您好！", "温馨提示：")
"""What makes a near copy of each."""
MISSED = "您好，您名下的老房子加装电梯意见登记表在 dianti-dengji.com 上，请于周五前填写完毕"
SCAM = "【工商银行】您的网银已过期，请登录 icbc-t{}.top 更新，逾期冻结"


@asynccontextmanager
async def opened(database: Database, knowledge: Knowledge, policy: Policy | None = None) -> AsyncIterator[Service]:
    def judged(opened: Opened, sightings: Sightings) -> Verdict:
        return judge(opened, knowledge, sightings)

    async with open_service(database.url, SECRET, knowledge, judged, [OWNER.key], Clock(), policy) as service:
        yield service


async def say(
    service: Service,
    text: str,
    who: Person,
    where: Chat,
    *,
    admin: bool = False,
    round_: int = 0,
    dispute: bool = False,
) -> Confirmation:
    """Check a text and report it, as one person with one message does."""
    source = f"{who.key}:{where.id}:{text}:{round_}:{dispute}"
    done = await service.check(Sms(text), who, where, source)
    assert isinstance(done, Checked)
    use = service.dispute if dispute else service.confirm
    return await use(done.check_id, Sms(text), who, where, admin=admin, source=f"press:{source}")


async def seen(service: Service, text: str) -> tuple[Level, float, list[str]]:
    verdict = await service.judge(Sms(text))
    return verdict.level, verdict.score, [found.rule for found in verdict.evidence]


# ── many accounts on one genuine notice ──


@pytest.mark.parametrize("kind", sorted(GENUINE))
async def test_no_number_of_accounts_changes_what_is_said_of_a_genuine_notice(
    tmp_path: Path, knowledge: Knowledge, kind: str
) -> None:
    texts = [GENUINE[kind].format(number) for number in range(20, 26)]
    texts += [start + texts[0] for start in NEAR]
    async with opened(sqlite_at(tmp_path / "z.db"), knowledge) as service:
        before = [await seen(service, text) for text in texts]
        assert not any(level.flagged for level, _, _ in before), "or it is no genuine notice to us"
        for number in range(50):
            # In two groups and in private chats, half of them on near copies.
            where = private(number) if number % 3 == 2 else group(number % 3)
            said = await say(service, texts[number % len(texts)], person(number), where)
            assert said.outcome is Outcome.RECORDED
            assert not said.confirmed or kind == TALK
            if number + 1 in {3, 10, 50}:
                assert [await seen(service, text) for text in texts] == before
        victim = await service.check(Sms(texts[0]), person(1000), group(7), "elsewhere")
        assert isinstance(victim, Checked)
        assert not victim.verdict.level.flagged
        # A slip of the finger in another group confirms nothing there; it is for the owners to see.
        assert (await say(service, texts[0], person(1001), group(7))).confirmed is (kind == TALK)
        waiting = await service.next_review()
        assert waiting is not None
        assert waiting.kind is Kind.REPORT
        assert waiting.people > 1


async def test_an_owners_word_counts_even_where_a_crowds_does_not(database: Database, knowledge: Knowledge) -> None:
    """A courier's notice with a stranger's mobile may be anybody's; only an owner says so for everybody."""
    text = GENUINE["courier's own mobile"].format(20)
    async with opened(database, knowledge) as service:
        for number in range(5):
            await say(service, text, person(number), group(number % 2))
        item = await service.next_review()
        assert item is not None
        assert item.people == 5
        await service.decide(OWNER, private(999), item.asked, Decision.CONFIRM)
        assert RULE in (await seen(service, text))[2]
        assert (await say(service, text, person(50), group(9))).confirmed


async def test_a_group_admins_word_stays_in_the_group(database: Database, knowledge: Knowledge) -> None:
    notice, scam = GENUINE["balance"].format(20), SCAM.format(8)
    async with opened(database, knowledge) as service:
        before = await seen(service, notice)
        assert (await say(service, notice, person(1), group(1), admin=True)).confirmed
        assert (await say(service, notice, person(2), group(1))).confirmed
        assert not (await say(service, notice, person(3), group(2))).confirmed
        assert await seen(service, notice) == before
        assert not (await say(service, scam, person(1), group(1), admin=True, dispute=True)).confirmed
        assert not (await say(service, scam, person(2), group(1))).confirmed
        assert (await say(service, scam, person(3), group(2))).confirmed
        assert (await seen(service, scam))[0] is Level.SCAM


async def test_a_crowd_still_warns_of_what_copies_a_genuine_notice(database: Database, knowledge: Knowledge) -> None:
    """The same words with a stranger's number are no genuine notice, and votes on them do not reach it."""
    notice = GENUINE["balance"].format(20)
    forged = notice.replace("95555", "13900002222")
    async with opened(database, knowledge) as service:
        before = await seen(service, notice)
        for number in range(5):
            await say(service, forged, person(number), group(number % 2))
        assert await service.sightings(Sms(forged)) == Sightings(5, 2)
        assert RULE in (await seen(service, forged))[2]
        assert await seen(service, notice) == before


async def test_a_guarded_near_copy_takes_no_weight_from_a_scam(database: Database, knowledge: Knowledge) -> None:
    """Nor can a scammer report a harmless variant to keep the crowd from being heard about his own."""
    scam = "妈，我换号码了，以后打这个，旧的号码不用了，有急事先回我这个号码，我在外面不方便接电话"
    harmless = scam + "，祝您中秋快乐"
    async with opened(database, knowledge) as service:
        assert (await service.judge(Sms(harmless))).guarded
        assert not (await service.judge(Sms(scam))).guarded
        for number in range(6):
            await say(service, harmless, person(100 + number), group(number))
        for number in range(3):
            await say(service, scam, person(number), group(number % 2))
        assert await service.sightings(Sms(scam)) == Sightings(3, 2)
        assert (await say(service, scam, person(9), private(9))).confirmed


# ── one person as many ──


async def test_one_person_in_many_groups_is_one(database: Database, knowledge: Knowledge) -> None:
    text = MISSED
    async with opened(database, knowledge) as service:
        for number in range(8):
            said = await say(service, text, person(1), group(number))
            assert said == Confirmation(Outcome.RECORDED, confirmed=False)
        for number in range(8):
            assert (await say(service, text, person(1), group(number), round_=1)).outcome is Outcome.ALREADY
        assert await service.sightings(Sms(text)) == Sightings(1, 8)
        assert not (await seen(service, text))[0].flagged


async def test_to_be_forgotten_between_reports_makes_nobody_two(database: Database, knowledge: Knowledge) -> None:
    text = MISSED
    async with opened(database, knowledge, Policy(reports_per_day=100, checks_per_minute=1000)) as service:
        for round_ in range(6):
            said = await say(service, text, person(1), group(round_), round_=round_)
            assert said == Confirmation(Outcome.RECORDED, confirmed=False)
            assert await service.sightings(Sms(text)) == Sightings(1, 1)
            assert not (await seen(service, text))[0].flagged
            await service.forget(person(1))
            assert await service.sightings(Sms(text)) == NO_SIGHTINGS
        for number in (2, 3):
            await say(service, text, person(number), group(number))
        assert not (await seen(service, text))[0].flagged, "two people stand by it, however often a third did"


async def test_to_be_forgotten_gives_nobody_a_second_days_worth(database: Database, knowledge: Knowledge) -> None:
    notice = GENUINE["balance"].format(20)
    async with opened(database, knowledge, Policy(reports_per_day=4, checks_per_minute=1000)) as service:
        done = []
        for round_ in range(4):
            done += [(await say(service, notice, person(1), group(at), round_=round_)).outcome for at in (1, 2)]
            await service.forget(person(1))
        assert done == [Outcome.RECORDED] * 4 + [Outcome.QUOTA] * 4
        assert (await say(service, notice, person(2), group(1))).outcome is Outcome.RECORDED


# ── anonymous admins ──


def anonymous(number: int) -> Person:
    """An anonymous admin of a group: the messenger names one user for all of them everywhere."""
    return Person(f"telegram-anonymous:{group(number).id}")


async def test_anonymous_admins_of_two_groups_share_no_quota(database: Database, knowledge: Knowledge) -> None:
    async with opened(database, knowledge, Policy(reports_per_day=3, checks_per_minute=1000)) as service:
        done = [
            (await say(service, SCAM.format(number), anonymous(1), group(1), admin=True)).outcome for number in range(5)
        ]
        assert done == [Outcome.RECORDED] * 3 + [Outcome.QUOTA] * 2
        for number in range(3):
            said = await say(service, SCAM.format(number), anonymous(2), group(2), admin=True)
            assert said.outcome is Outcome.RECORDED


async def test_anonymous_admins_of_two_groups_share_no_limit_on_checks(
    database: Database, knowledge: Knowledge
) -> None:
    async with opened(database, knowledge, Policy(checks_per_minute=2)) as service:
        for number in range(2):
            assert isinstance(await service.check(Sms("您好"), anonymous(1), group(1), f"a:{number}"), Checked)
        assert not isinstance(await service.check(Sms("您好"), anonymous(1), group(1), "a:9"), Checked)
        assert isinstance(await service.check(Sms("您好"), anonymous(2), group(2), "b"), Checked)


async def test_muting_the_anonymous_admin_of_one_group_mutes_no_other(database: Database, knowledge: Knowledge) -> None:
    notice = GENUINE["balance"].format(20)
    async with opened(database, knowledge) as service:
        assert (await say(service, notice, anonymous(1), group(1), admin=True)).confirmed
        item = await service.next_review()
        assert item is not None
        await service.decide(OWNER, private(999), item.asked, Decision.MUTE)
        assert not (await say(service, notice, person(5), group(1))).confirmed, "the word of the muted one is gone"
        assert (await say(service, notice, anonymous(2), group(2), admin=True)).confirmed


# ── what is kept of all this ──


async def test_what_is_left_of_a_forgotten_persons_day_leads_to_nothing(
    database: Database, knowledge: Knowledge
) -> None:
    notice = GENUINE["balance"].format(20)
    async with opened(database, knowledge) as service:
        await say(service, notice, person(1), group(1))
        await service.forget(person(1))
    hashed = SECRET.person(person(1).key)
    async with database.looked_into() as connection:
        ((person_, reports, _until),) = (await connection.execute(sa.text("SELECT * FROM spent"))).all()
        moments = set(await connection.scalars(sa.text("SELECT at FROM event")))
    assert reports == 1
    assert person_ != hashed
    dump = await database.dump()
    assert hashed.encode() not in dump
    # Only in its own table, and with no moment of an event.
    assert dump.count(person_.encode()) >= 1
    async with database.looked_into() as connection:
        columns = ("source", "person", "place", "check_id", "fingerprint", "claim")
        for column in columns:
            query = sa.text(f"SELECT count(*) FROM event WHERE {column} = :hash")
            assert await connection.scalar(query, {"hash": person_}) == 0
    assert _until not in moments
