"""From SMS to verdict, end to end: level, institution, hotline, and evidence that points at the right characters."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from judge_samples import SAMPLES, Sample

from bot.judge import judge
from bot.model import Level, Sightings, Sms, Verdict

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

EACH = pytest.mark.parametrize("sample", SAMPLES, ids=[sample.name for sample in SAMPLES])


def verdict_on(sample: Sample, knowledge: Knowledge) -> Verdict:
    return judge(Sms(sample.text, sample.sender), knowledge)


def why(verdict: Verdict) -> str:
    return f"{verdict.level} {verdict.score}: {[(e.rule, e.points) for e in verdict.evidence]}"


@EACH
def test_level(sample: Sample, knowledge: Knowledge) -> None:
    verdict = verdict_on(sample, knowledge)
    assert verdict.level.value in sample.levels, why(verdict)


@EACH
def test_institution_and_hotline(sample: Sample, knowledge: Knowledge) -> None:
    verdict = verdict_on(sample, knowledge)
    assert verdict.institution == sample.institution
    if sample.hotline is not None:
        assert next((line.number for line in verdict.hotlines), "") == sample.hotline


@EACH
def test_category(sample: Sample, knowledge: Knowledge) -> None:
    verdict = verdict_on(sample, knowledge)
    assert verdict.category is None or verdict.category in knowledge.categories
    if sample.category:
        assert verdict.category == sample.category, why(verdict)
    if verdict.level is Level.CLEAR:
        assert verdict.category is None


@EACH
def test_evidence_is_ordered_and_within_the_text(sample: Sample, knowledge: Knowledge) -> None:
    verdict = verdict_on(sample, knowledge)
    assert 0 < verdict.score < 1
    weights = [(not e.hard, -abs(e.points)) for e in verdict.evidence]
    assert weights == sorted(weights)
    for evidence in verdict.evidence:
        assert evidence.why or evidence.points < 0
        assert evidence.span is None or 0 <= evidence.span.start < evidence.span.end <= len(sample.text)


@EACH
def test_a_flagged_sms_has_a_reason_to_show(sample: Sample, knowledge: Knowledge) -> None:
    verdict = verdict_on(sample, knowledge)
    if verdict.level.flagged:
        assert any(e.why and e.points > 0 for e in verdict.evidence)


@EACH
def test_the_same_input_has_the_same_verdict(sample: Sample, knowledge: Knowledge) -> None:
    assert verdict_on(sample, knowledge) == verdict_on(sample, knowledge)


# ── evidence points at the characters as given ───────────────────────────────────────────────────────────


def quoted(text: str, knowledge: Knowledge) -> set[str]:
    return {text[e.span.start : e.span.end] for e in judge(Sms(text), knowledge).evidence if e.span}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("【工商银行】您的网银已过期，请登录 icbc-t8.top 更新", "icbc-t8.top"),
        ("【工商銀行】您的網銀已過期，請登錄 icbc-t8.top 更新", "icbc-t8.top"),
        ("【工商银行】您的网银已过期，请登录ｉｃｂｃ－ｔ８．ｔｏｐ更新", "ｉｃｂｃ－ｔ８．ｔｏｐ"),
        ("【工商银行】您的网银已过\u200b期，请登录 icbc\u200b-t8.top 更新", "icbc\u200b-t8.top"),
        ("帮我看看这条是真的吗？\n【工商银行】您的网银已过期，请登录 icbc-t8.top 更新", "icbc-t8.top"),
        (
            "10690012345678\n【工商银行】网银已过期，\n请登录 icbc-t8.top 更新\nSIM1_\nSubId：1\n2026-01-15 10:21:33",
            "icbc-t8.top",
        ),
        (
            "短信转发\n发信电话:10690012345678\n短信内容:【工商银行】网银已过期，登录 icbc-t8.top/a?b=1&amp;c=2 更新",
            "icbc-t8.top/a?b=1&amp;c=2",
        ),
        ("😀😀【工商银行】您的网银已过期，请登录 icbc-t8.top 更新", "icbc-t8.top"),
        ("公安局：请将资金转入安.全.账.户，配合清查", "安.全.账.户"),
        ("公安局：請將資金轉入安全帳戶，配合清查", "安全帳戶"),
        ("公安局:请将资金转入安 全 账 户,配合清查", "安 全 账 户"),
    ],
)
def test_evidence_quotes_the_original(text: str, words: str, knowledge: Knowledge) -> None:
    assert words in quoted(text, knowledge)


def test_the_body_is_told_apart_from_its_wrapper(knowledge: Knowledge) -> None:
    body = "【招商银行】您的验证码是 583920，5分钟内有效，请勿告诉他人。"
    text = f"95555\n{body}\nSIM1_备用_13800001111\nSubId：1\n2026-01-15 10:21:33"
    verdict = judge(Sms(text), knowledge)
    assert text[verdict.body.start : verdict.body.end] == body
    assert verdict.sender == "95555"
    assert verdict.one_time_code
    assert verdict == judge(Sms(text), knowledge)


def test_a_sender_that_was_given_goes_before_the_wrappers(knowledge: Knowledge) -> None:
    text = "95555\n【招商银行】您好，本行网点调整\nSIM1_备用\nSubId：1\n2026-01-15 10:21:33"
    assert judge(Sms(text, "+85512345678"), knowledge).sender == "+85512345678"


def test_the_wrapper_changes_no_verdict(knowledge: Knowledge) -> None:
    for sample in SAMPLES:
        plain = judge(Sms(sample.text, "10690012345678"), knowledge)
        wrapped = judge(Sms(f"10690012345678\n{sample.text}\nSIM1_备用\nSubId：1\n2026-01-15 10:21:33"), knowledge)
        assert (wrapped.level, wrapped.score, wrapped.institution) == (plain.level, plain.score, plain.institution)


# ── single answers ───────────────────────────────────────────────────────────────────────────────────────


def test_a_hidden_link_is_judged_too(knowledge: Knowledge) -> None:
    text = "【工商银行】您的网银已过期，请立即更新，逾期冻结"
    hidden = judge(Sms(text, links=("https://icbc-t8.top/a",)), knowledge)
    assert hidden.level is Level.SCAM
    assert hidden.indicators.domains == ("icbc-t8.top",)


def test_indicators_are_the_strangers_alone(knowledge: Knowledge) -> None:
    text = "【工商银行】网银已冻结，请登录 icbc-t8.top 或 icbc.com.cn，致电 13900002222 或 95588 解除"
    found = judge(Sms(text), knowledge).indicators
    assert found.domains == ("icbc-t8.top",)
    assert found.numbers == ("13900002222",)


def test_an_ambiguous_name_is_marked(knowledge: Knowledge) -> None:
    verdict = judge(Sms("【中信金融】您的贷款已逾期，请今日还款"), knowledge)
    assert verdict.ambiguous
    assert verdict.institution == "citic_finance_ambiguous"
    assert {line.institution for line in verdict.hotlines[:2]} == {"citic_bank", "citic_card"}


def test_only_collection_is_checked_as_collection(knowledge: Knowledge) -> None:
    assert judge(Sms("【中信金融】您的贷款已逾期，请今日还款"), knowledge).collection is not None
    assert judge(Sms("【招商银行】您好，本行网点调整"), knowledge).collection is None


@pytest.mark.parametrize("text", ["", " ", "\n", "。", "？！", "1", "嗯", "\u200b", "\x00", "\ud800"])
def test_next_to_nothing_is_clear(text: str, knowledge: Knowledge) -> None:
    verdict = judge(Sms(text), knowledge)
    assert (verdict.level, verdict.evidence, verdict.hotlines) == (Level.CLEAR, (), ())


def test_sightings_are_taken(knowledge: Knowledge) -> None:
    text = "周末一起去公园走走吧"
    assert judge(Sms(text), knowledge, Sightings(3, 2)).body == (0, len(text))


# ── pure ─────────────────────────────────────────────────────────────────────────────────────────────────


def _no(*_: Any, **__: Any) -> NoReturn:
    raise AssertionError("judging is offline and knows no clock")


def test_judging_needs_no_network_and_no_clock(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    before = [verdict_on(sample, knowledge) for sample in SAMPLES]
    with monkeypatch.context() as patch:
        patch.setattr(socket, "socket", _no)
        patch.setattr(socket, "getaddrinfo", _no)
        patch.setattr(time, "time", lambda: 0.0)
        patch.setattr(time, "time_ns", lambda: 0)
        after = [verdict_on(sample, knowledge) for sample in SAMPLES]
    assert after == before


def test_judging_does_not_depend_on_what_was_judged_before(knowledge: Knowledge) -> None:
    forwards = {sample.name: verdict_on(sample, knowledge) for sample in SAMPLES}
    backwards = {sample.name: verdict_on(sample, knowledge) for sample in reversed(SAMPLES)}
    assert backwards == forwards
