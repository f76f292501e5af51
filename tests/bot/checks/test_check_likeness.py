"""What the judge makes of votes: they flag what leads to a stranger, condemn nothing, and leave genuine notices be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks.likeness import RULE
from bot.judge import judge
from bot.model import NO_SIGHTINGS, Evidence, Level, Sightings, Sms, Verdict
from bot.service.context import LEAST_CHATS, LEAST_PEOPLE, Policy

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

PLAIN = "各位业主，小区电梯改造的意见登记表在 dianti-dengji.com 上，周五前填写即可"
WITH_MOBILE = "您好，上次您看的那套家具到货了，方便的时候打我电话13800138000"
WITH_CHAT = "周末的同学聚会改到下午三点，还没有进群的同学加微信 tongxue2026"
ENOUGH = Sightings(people=3, chats=2)
CROWD = Sightings(people=1000, chats=400, owner=True)

GENUINE = [
    "【招商银行】您的验证码是 583920，5分钟内有效，请勿告诉他人。",
    "【招商银行】您账户8888于11月05日消费人民币35.00元，余额1204.30元。",
    "【工商银行】您的信用卡账单已出，请登录 www.icbc.com.cn 查询，如有疑问请致电95588。",
    "【中国移动】您本月话费账单已生成，详情请登录 10086.cn 或致电10086。",
    "【顺丰速运】您的快件已到达驿站，取件码 3-2-8812，如有疑问致电95338。",
    "您尾号8888的账户11月5日支出100.00元，余额2034.10元",
    "【阳光小学】各位家长，明天下午三点召开家长会，请准时参加。",
    "【顺丰速运】您的快件正在派送，可点 t.cn/A6abc 查看位置",
]


def why(verdict: Verdict) -> list[str]:
    return [evidence.why for evidence in verdict.evidence if evidence.rule == RULE]


def found(verdict: Verdict) -> Evidence:
    (one,) = (evidence for evidence in verdict.evidence if evidence.rule == RULE)
    return one


@pytest.mark.parametrize("text", [PLAIN, WITH_MOBILE, WITH_CHAT])
def test_what_no_rule_knows_is_flagged_and_no_more(text: str, knowledge: Knowledge) -> None:
    assert not judge(Sms(text), knowledge).level.flagged
    for sightings in (ENOUGH, Sightings(owner=True), CROWD):
        verdict = judge(Sms(text), knowledge, sightings)
        assert verdict.level is Level.SUSPICIOUS
        assert not found(verdict).hard
        assert found(verdict).span is None


def test_it_makes_no_scam_of_what_is_suspicious(knowledge: Knowledge) -> None:
    text = "【招商银行】您的信用卡存在异常消费已被冻结，请立即联系客服专员 13900002222 解除。"
    before = judge(Sms(text), knowledge)
    after = judge(Sms(text), knowledge, CROWD)
    assert after.level is (Level.SCAM if before.level is Level.SCAM else Level.SUSPICIOUS)
    assert after.score >= before.score


def test_a_scam_stays_one_and_says_so(knowledge: Knowledge) -> None:
    text = "【工商银行】您的网银已过期，请登录 icbc-t8.top 更新，逾期冻结"
    before, after = judge(Sms(text), knowledge), judge(Sms(text), knowledge, CROWD)
    assert (after.level, after.score, after.category) == (Level.SCAM, before.score, before.category)
    assert why(after) == ["和一条诈骗短信几乎一样，100 人以上举报过"]
    weights = [(not e.hard, -abs(e.points)) for e in after.evidence]
    assert weights == sorted(weights)


@pytest.mark.parametrize("text", GENUINE)
@pytest.mark.parametrize("sightings", [ENOUGH, CROWD])
def test_a_genuine_notice_that_accounts_confirm_is_left_alone(
    text: str, sightings: Sightings, knowledge: Knowledge
) -> None:
    before = judge(Sms(text), knowledge)
    assert not before.level.flagged
    assert judge(Sms(text), knowledge, sightings) == before


COURIER = "您好，我是顺丰快递员，您的快件放在小区门口快递柜，有问题打我电话13800138000"
SCHOOL = "各位家长，明天下午三点在学校礼堂召开家长会，请准时参加。"
DRILL = "小区周六上午做消防演练，听到警报请不要惊慌，按楼层有序下楼。"


@pytest.mark.parametrize("text", [*GENUINE, COURIER, SCHOOL, DRILL])
def test_of_what_looks_genuine_a_crowd_says_nothing(text: str, knowledge: Knowledge) -> None:
    before = judge(Sms(text), knowledge)
    assert before.guarded is (text != DRILL), "of plain talk reports may confirm what they like: it is not flagged"
    assert not before.level.flagged
    assert judge(Sms(text), knowledge, Sightings(people=1000, chats=400)) == before


@pytest.mark.parametrize("text", [COURIER, SCHOOL, DRILL])
def test_an_owner_does_where_it_may_be_anybodys(text: str, knowledge: Knowledge) -> None:
    assert why(judge(Sms(text), knowledge, Sightings(owner=True)))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        WITH_MOBILE,
        WITH_CHAT,
        "验证码 583920，请勿告诉他人，如非本人操作请致电4006778899取消",
        "您尾号8888的账户11月5日消费9800.00元，余额34.10元，非本人操作请致电02155667788",
        SCHOOL + "详情见 jiazhanghui-tongzhi.com",
        SCHOOL + "进群加微信 laoshi2026",
        DRILL + "名单见 t.cn/A6abc",
        COURIER.replace("有问题打我电话", "加我微信 kuaidi8899 领双倍赔偿，或打"),
    ],
)
def test_a_strangers_contact_takes_the_guard_away(text: str, knowledge: Knowledge) -> None:
    assert not judge(Sms(text), knowledge).guarded
    assert why(judge(Sms(text), knowledge, ENOUGH))


def test_what_is_flagged_anyway_is_not_guarded(knowledge: Knowledge) -> None:
    verdict = judge(Sms("【工商银行】您的网银已过期，请登录 icbc-t8.top 更新，逾期冻结"), knowledge)
    assert verdict.level.flagged
    assert not verdict.guarded


def test_its_forgery_is_not(knowledge: Knowledge) -> None:
    forged = GENUINE[2].replace("www.icbc.com.cn", "icbc-bill.net")
    assert why(judge(Sms(forged), knowledge, ENOUGH))
    added = GENUINE[2].replace("95588", "13900002222")
    assert why(judge(Sms(added), knowledge, ENOUGH))


def test_another_institutions_own_link_is_no_strangers(knowledge: Knowledge) -> None:
    text = "您的包裹已发出，物流详情请见 www.jd.com，祝您购物愉快"
    assert not why(judge(Sms(text), knowledge, CROWD))


def test_no_contact_and_no_name_is_telling(knowledge: Knowledge) -> None:
    assert why(judge(Sms("妈，我换号码了，以后打这个，有急事先回我"), knowledge, ENOUGH))


def test_a_shortener_tells_only_where_no_institution_speaks(knowledge: Knowledge) -> None:
    assert why(judge(Sms("你要的照片都在这里了 t.cn/A6abc 自己看吧"), knowledge, ENOUGH))


@pytest.mark.parametrize(
    "too_few",
    [NO_SIGHTINGS, Sightings(1, 1), Sightings(2, 2), Sightings(2, 9), Sightings(3, 1), Sightings(99, 1)],
)
def test_too_few_count_for_nothing(too_few: Sightings, knowledge: Knowledge) -> None:
    assert judge(Sms(PLAIN), knowledge, too_few) == judge(Sms(PLAIN), knowledge)


@pytest.mark.parametrize(
    ("sightings", "number"),
    [
        (Sightings(1, 1, owner=True), None),
        (Sightings(3, 2), None),
        (Sightings(4, 4), None),
        (Sightings(5, 2), "5 人以上"),
        (Sightings(19, 2), "5 人以上"),
        (Sightings(20, 2), "20 人以上"),
        (Sightings(99, 50), "20 人以上"),
        (Sightings(100, 50), "100 人以上"),
        (Sightings(123456, 50), "100 人以上"),
    ],
)
def test_numbers_are_told_from_five_on_and_in_bands(
    sightings: Sightings, number: str | None, knowledge: Knowledge
) -> None:
    (said,) = why(judge(Sms(PLAIN), knowledge, sightings))
    if number is None:
        assert not any(char.isdigit() for char in said)
    else:
        assert f"，{number}举报过" in said


def test_the_judge_and_the_service_count_alike(knowledge: Knowledge) -> None:
    likeness = knowledge.thresholds.likeness
    assert (Policy().people, Policy().chats) == (likeness.people, likeness.chats) == (LEAST_PEOPLE, LEAST_CHATS)


def test_every_step_alone_is_suspicious_and_more_people_weigh_more(knowledge: Knowledge) -> None:
    limits = knowledge.thresholds
    points = [step.points for step in limits.likeness.step]
    assert points == sorted(points)
    assert all(limits.suspicious <= one < limits.scam for one in points)


@settings(deadline=None)
@given(
    text=st.sampled_from([PLAIN, WITH_MOBILE, WITH_CHAT, *GENUINE]),
    sightings=st.builds(Sightings, st.integers(0, 500), st.integers(0, 500), owner=st.booleans()),
)
def test_votes_never_condemn_and_never_clear(text: str, sightings: Sightings, knowledge: Knowledge) -> None:
    before, after = judge(Sms(text), knowledge), judge(Sms(text), knowledge, sightings)
    assert after.level is not Level.SCAM
    assert after.score >= before.score
    assert after.level.rank >= before.level.rank
