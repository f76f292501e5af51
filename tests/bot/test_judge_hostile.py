"""Whatever is sent: no exception, nothing out of bounds, and no text that takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from judge_samples import SAMPLES
from pace import slack

from bot.judge import judge
from bot.knowledge import Knowledge
from bot.model import Sms, Verdict

LONGEST = 4096
BUDGET = 0.05
"""Seconds for one text, the best of some rounds: machines are shared. Measured alone, the slowest take 25 ms."""
ROUNDS = 12
_SHARED: list[Knowledge] = []


def shared() -> Knowledge:
    """For hypothesis, which would otherwise complain of the fixture's scope."""
    if not _SHARED:
        _SHARED.append(Knowledge.load())
    return _SHARED[0]


def check(text: str, sender: str | None = None, links: tuple[str, ...] = ()) -> Verdict:
    verdict = judge(Sms(text, sender, links), shared())
    assert 0 <= verdict.score <= 1
    assert 0 <= verdict.body.start <= verdict.body.end <= len(text)
    for evidence in verdict.evidence:
        if evidence.span is not None:
            assert 0 <= evidence.span.start <= evidence.span.end <= len(text)
    return verdict


PIECES = [
    *(sample.text[:40] for sample in SAMPLES),
    "【", "】", "http://", "www.", ".top", "***.cn", "13800138000", "+852", "95588", "加微信", "验证码", "583920",
    "尾号", "安.全.账.户", "安 全", "\u200b", "1️⃣", "①", "О", "SIM1_", "SubId：1", "发件人：", "短信内容：",
    "\n", "&amp;", "\\.", "請點擊", "請勿", "，", "。", "6222021234567890123", "￥1,000.00",
    "\ud800", "\x00", "\ufeff", "é", "e\u0301",
]  # fmt: skip


@settings(deadline=None, max_examples=150)
@example("\ud800", None)
@example("【" * 40, "+")
@example("ſ②㎡ⅷ﷽", "@")
@given(st.text(st.characters(), max_size=LONGEST), st.none() | st.text(st.characters(), max_size=40))
def test_any_text(text: str, sender: str | None) -> None:
    check(text, sender)


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.lists(st.text(max_size=60), max_size=3))
def test_pieces_of_sms_in_any_order(pieces: list[str], links: list[str]) -> None:
    check("".join(pieces)[:LONGEST], links=tuple(links))


def repeated(piece: str) -> str:
    return (piece * (LONGEST // len(piece) + 1))[:LONGEST]


WORST = {
    "click": repeated("点击"),
    "everything": repeated("点击链接加微信验证码转账安全账户逾期冻结法院请勿"),
    "negations": repeated("请勿"),
    "negated": repeated("请勿点击"),
    "filler": repeated("安.全.账.户"),
    "blanks": repeated("贷 款 "),
    "spaces": " " * LONGEST,
    "newlines": "\n" * LONGEST,
    "lines": repeated("13800138000\n"),
    "labels": repeated("发件人：106\n"),
    "digits": repeated("1380013"),
    "ones": "1" * LONGEST,
    "masked-digits": repeated("138****"),
    "amounts": repeated("1,000.00元"),
    "commas": repeated("1,"),
    "brackets": repeated("【"),
    "signatures": repeated("【工商银行】"),
    "institutions": repeated("工商银行"),
    "links": repeated("a.top/ "),
    "dots": repeated("a."),
    "slashes": repeated("http://"),
    "one-link": "http://" + repeated("a-b.")[: LONGEST - 20] + ".top/x",
    "long-label": "http://" + "icbc" * 1000 + ".top",
    "dashes": repeated("icbc-") + ".top",
    "stars": "*" * LONGEST,
    "mails": repeated("a@b.c "),
    "at": "@" * LONGEST,
    "wechat": repeated("微信:"),
    "chats": repeated("加微信abc88990 "),
    "cards": repeated("6222 0212 3456 7890 "),
    "dates": repeated("12月3日"),
    "emoji": repeated("1️⃣"),
    "zero-width": repeated("贷\u200b款"),
    "combining": "点" + "\u0301" * (LONGEST - 1),
    "traditional": repeated("請點擊連結驗證碼"),
    "homophones": repeated("威心薇信徽信"),
    "escapes": "短信内容：" + repeated("&amp;\\."),
    "latin": "a" * LONGEST,
    "rare": repeated("㐀㐁㐂"),
    "samples": "".join(sample.text for sample in SAMPLES)[:LONGEST],
}


@pytest.mark.parametrize("name", WORST)
def test_the_worst_texts_are_fast(name: str) -> None:
    text = WORST[name][:LONGEST]
    best = float("inf")
    for _ in range(ROUNDS):
        best = min(best, _timed(text))
        if best < BUDGET * slack():
            return
    pytest.fail(f"{best * 1000:.0f} ms at best of {ROUNDS}")


def _timed(text: str) -> float:
    shared()
    started = time.process_time()
    check(text)
    return time.process_time() - started
