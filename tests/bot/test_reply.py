"""What a reply says: decision and action first, reasons with the words, an official way to verify, always short."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.judge import judge
from bot.model import CollectionCheck, Evidence, Hotline, Level, Sms, Span, Verdict
from bot.neutralise import JOINER
from bot.reply import Action, HotlineNumber, Quote, Reply, Strong, compose_verdict
from bot.reply.model import MAX_LINES, MAX_UNITS, units
from bot.reply.plain import render
from bot.texts import Texts
from handlers.html import render_html
from sandbox.server import autolink

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

TEXTS = Texts.load()
TEXT = "【中信银行】您的信用卡逾期，请登录 zx-pay.top/h5 或致电13800138000处理"
CITIC = (Hotline("中信银行", "95558", "客服", "citic_bank"), Hotline("中信银行", "4008895558", "信用卡", "citic_bank"))
GENERAL = (Hotline("公安报警电话", "110", "报警", "police110"), Hotline("反诈专线", "96110", "咨询", "antifraud96110"))


def place(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def because(why: str, words: str | None = None, points: float = 50, *, hard: bool = False) -> Evidence:
    return Evidence("test/sign", why, points, place(words) if words else None, hard=hard)


REASONS = (
    because("网址不是这家银行的。", "zx-pay.top/h5", 110, hard=True),
    because("电话不是这家银行的。", "13800138000", 60),
    because("另一句话，同样的字。", "13800138000", 55),
    because("催得很急。", "逾期", 40),
    because("没有地方的理由。", None, 30),
    because("又一个理由。", "请登录", 20),
    because("鸡毛蒜皮。", "信用卡", 2),
)


def verdict(level: Level = Level.SCAM, **more: object) -> Verdict:
    base = Verdict(level, 0.97, "bank_phishing", REASONS, "citic_bank", CITIC + GENERAL, Span(0, len(TEXT)))
    return dataclasses.replace(base, **more)  # type: ignore[arg-type]


def said(found: Reply) -> list[str]:
    return render(found).replace(JOINER, "").splitlines()


def compose(found: Verdict, knowledge: Knowledge, text: str = TEXT, *, more: bool = False) -> Reply:
    return compose_verdict(Sms(text), found, TEXTS, knowledge, more=more)


@pytest.mark.parametrize(
    ("level", "first"),
    [
        (Level.SCAM, "🔴 这很可能是诈骗"),
        (Level.SUSPICIOUS, "🟠 可疑，先别照做"),
        (Level.VERIFY, "🟡 光看短信分不出真假，请先核实"),
        (Level.CLEAR, "⚪ 没发现诈骗特征（不等于安全）"),
    ],
)
@pytest.mark.parametrize("more", [False, True])
def test_first_line_is_decision_and_action(level: Level, first: str, knowledge: Knowledge, *, more: bool) -> None:
    found = compose(verdict(level), knowledge, more=more)
    line = said(found)[0]
    assert line.startswith(first)
    assert len(line) > len(first) + 5
    assert all(isinstance(run, Strong) for run in found.lines[0])


def test_at_most_four_reasons_each_with_its_words_and_none_twice(knowledge: Knowledge) -> None:
    lines = said(compose(verdict(), knowledge))
    assert [line for line in lines if line.startswith("·")] == [
        "· 「zx-pay[.]top/h5」：网址不是这家银行的。",
        "· 「13800138000」：电话不是这家银行的。",
        "· 「逾期」：催得很急。",
        "· 没有地方的理由。",
    ]


def test_trifles_are_shown_where_there_is_nothing_else(knowledge: Knowledge) -> None:
    lines = said(compose(verdict(Level.VERIFY, evidence=REASONS[-1:]), knowledge))
    assert "· 「信用卡」：鸡毛蒜皮。" in lines


def test_official_hotline(knowledge: Knowledge) -> None:
    found = compose(verdict(), knowledge)
    text = "\n".join(said(found))
    assert "要核实，请打中信银行官方电话 95558，信用卡 4008895558（不要拨短信里的号码）。" in text
    assert "已经转了钱？现在就打 110" in text
    assert "拿不准，打 96110 问（反诈专线）" in text
    assert found.copy == ("95558", "4008895558", "110", "96110")
    assert found.actions == (Action.CONFIRM, Action.DENY, Action.VICTIM, Action.MORE, Action.WRONG_NUMBER)


def test_ambiguous_name(knowledge: Knowledge) -> None:
    many = tuple(Hotline(f"候选{at}", f"9555{at}", "客服", f"x{at}") for at in range(6))
    lines = said(compose(verdict(ambiguous=True, hotlines=many + GENERAL, institution="y"), knowledge))
    assert any("名字不清楚" in line for line in lines)
    assert [line for line in lines if line.startswith("· 候选")] == ["· 候选0 95550", "· 候选1 95551", "· 候选2 95552"]


@pytest.mark.parametrize("level", list(Level))
def test_every_verdict_says_how_to_verify(level: Level, knowledge: Knowledge) -> None:
    unknown = verdict(level, institution=None, hotlines=())
    assert "卡背面的电话，别的事打官方 App" in render(compose(unknown, knowledge))
    nameless = verdict(level, institution=None, hotlines=(), ambiguous=True)
    assert "银行卡背面的电话" in render(compose(nameless, knowledge))


def test_sms_that_claims_to_be_the_police(knowledge: Knowledge) -> None:
    police = verdict(institution="antifraud96110", hotlines=GENERAL[1:])
    assert "要核实，请打反诈专线官方电话 96110" in render(compose(police, knowledge))


def test_lines_of_other_regions(knowledge: Knowledge) -> None:
    lines = verdict(institution=None, hotlines=knowledge.directory.hotlines(("tw165",))[:1])
    text = render(compose(lines, knowledge))
    assert "165" in text
    assert "96110" not in text
    assert "12378" not in text


def test_collection_block(knowledge: Knowledge) -> None:
    check = CollectionCheck(("creditor", "amount"), ("principal",), ("threat", "private_account"))
    text = render(compose(verdict(collection=check), knowledge))
    assert "催款该写清的，有：欠哪家、欠多少；没有：本金。" in text
    assert "合法催收不会这样：吓唬您、让您转到私人账户。" in text
    assert "只问官方 App 或官方电话" in text
    assert "12378" in text


def test_every_id_of_the_collection_check_has_words() -> None:
    from bot.checks.collection import DETAILS, FAULTS

    assert all(f"collection-detail-{name}" in TEXTS for name in DETAILS)
    assert all(f"collection-fault-{name}" in TEXTS for name in FAULTS)


@pytest.mark.parametrize(
    ("present", "missing", "words"),
    [((), ("amount",), "一样也没写"), (("amount",), (), "写得全也可能是假的"), ((), (), "只问官方 App")],
)
def test_collection_extremes(
    present: tuple[str, ...], missing: tuple[str, ...], words: str, knowledge: Knowledge
) -> None:
    found = verdict(Level.VERIFY, collection=CollectionCheck(present, missing, ()))
    assert words in render(compose(found, knowledge))


CODES = [
    "【招商银行】验证码583920，请勿告诉他人",
    "您的动态码为 58 39 20，五分钟有效",
    "Your verification code is G-583920.",
    "校验码：a5B8c3，登录用",
    "驗證碼 583-920",
    "验证码五八三九二零",
]


@pytest.mark.parametrize("text", CODES)
@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("recognised", [False, True])
def test_a_code_is_never_echoed(text: str, level: Level, knowledge: Knowledge, *, more: bool, recognised: bool) -> None:
    whole = Span(0, len(text))
    evidence = (Evidence("a/b", f"这条里有 {text}", 50, whole), Evidence("a/c", "x", 40, Span(5, len(text) - 2)))
    found = verdict(level, evidence=evidence, body=whole, one_time_code=recognised)
    shown = render(compose(found, knowledge, text, more=more)).replace(JOINER, "")
    for code in ("583920", "58 39 20", "583-920", "a5B8c3", "五八三九二零", "8392"):
        assert code not in shown
    assert not recognised or "验证码不要转给任何人，包括我" in shown


def test_clear_names_what_it_judged_and_is_no_badge(knowledge: Knowledge) -> None:
    lines = said(compose(verdict(Level.CLEAR, evidence=()), knowledge))
    assert lines[1] == "我只看了这一条：「【中信银行】您的信用卡逾期，请登录 z…」"
    assert "不算数" in lines[2]


def test_more_lists_all_with_weights(knowledge: Knowledge) -> None:
    kind = because("像真的。", "处理", -30)
    silent = because("", "处理", -20)
    text = "\n".join(said(compose(verdict(evidence=(*REASONS, kind, silent)), knowledge, more=True)))
    for words in ("〔铁证〕", "〔重〕", "〔中〕", "〔轻〕", "〔反而像真的〕", "鸡毛蒜皮", "97%", "95558"):
        assert words in text
    assert text.count("：\n") <= 1


def test_more_of_nothing(knowledge: Knowledge) -> None:
    assert "没有找到" in render(compose(verdict(Level.CLEAR, evidence=()), knowledge, more=True))


def test_more_is_cut_to_one_message(knowledge: Knowledge) -> None:
    many = tuple(because(f"第{at}条理由" + "很长" * 30, "逾期", 50) for at in range(300))
    found = compose(verdict(evidence=many), knowledge, more=True)
    assert units(found.lines) <= MAX_UNITS
    assert "没有列出" in render(found)


def test_likelihood_is_never_certain(knowledge: Knowledge) -> None:
    for score in (0.0, 1.0):
        text = render(compose(verdict(score=score), knowledge, more=True))
        assert "100%" not in text
        assert " 0%" not in text


def test_quote_is_cut_and_cannot_end_its_bracket(knowledge: Knowledge) -> None:
    text = "「」" + "长" * 60
    found = verdict(evidence=(Evidence("a/b", "理由", 50, Span(0, len(text))),), body=Span(0, len(text)))
    quotes = [run for line in compose(found, knowledge, text).lines for run in line if isinstance(run, Quote)]
    assert quotes
    assert all(len(quote.text) <= 24 and "「" not in quote.text and "」" not in quote.text for quote in quotes)


WORDS = [
    "http://a.top/x",
    "www.b.cn",
    "@abcdef",
    "#tag",
    "/start",
    "13800138000",
    "<b>",
    "&amp;",
    "\u202e",
    "\ue0000\ue001",
]
WORDS += ["6222 0212 3456 7890 123", "验证码", "583920", "【中信银行】", "\n", "您的", "逾期"]
NASTY = st.lists(st.sampled_from(WORDS) | st.text(max_size=8), min_size=1, max_size=30).map("".join)
SHARES = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=8, max_size=8)


def test_any_text_gives_a_harmless_reply(knowledge: Knowledge) -> None:
    @given(text=NASTY, level=st.sampled_from(list(Level)), shares=SHARES, flags=st.tuples(*[st.booleans()] * 4))
    @settings(max_examples=300, deadline=None)
    def holds(text: str, level: Level, shares: list[tuple[float, float]], flags: tuple[bool, bool, bool, bool]) -> None:
        more, ambiguous, code, collects = flags
        places = [sorted((int(one * len(text)), int(other * len(text)))) for one, other in shares]
        found = verdict(
            level,
            evidence=tuple(
                Evidence("a/b", f"理由{at}：{text[:40]}", 90 - 10 * at, Span(*place)) for at, place in enumerate(places)
            ),
            body=Span(0, len(text)),
            collection=CollectionCheck(("amount",), ("principal",), ("threat",)) if collects else None,
            ambiguous=ambiguous,
            one_time_code=code,
        )
        reply = compose(found, knowledge, text, more=more)
        assert more or len(reply.lines) <= MAX_LINES
        assert units(reply.lines) <= MAX_UNITS
        runs = [run for line in reply.lines for run in (*line, Strong("\n"))]
        assert not autolink.entities("".join(JOINER if isinstance(run, HotlineNumber) else run.text for run in runs))
        assert "<" not in re.sub(r"</?(?:b|code)>", "", render_html(reply))

    holds()


@pytest.mark.parametrize(
    "text",
    [
        "【中信银行】您的信用卡已逾期3天，欠款5231.20元，请联系专员王先生13800138000处理，否则起诉",
        "您的快递丢失，请加客服微信 abc8899 办理双倍理赔，点 kd-lp.cc/x 登记银行卡",
        "【中信金融】您的贷款逾期，请点 http://zx-pay.top/a 处理",
        "周末一起去公园走走吧，我把相机带上",
        "【招商银行】您的验证码是 583920，5分钟内有效，请勿告诉他人。",
    ],
)
@pytest.mark.parametrize("more", [False, True])
def test_real_verdicts(text: str, knowledge: Knowledge, *, more: bool) -> None:
    sms = Sms(text)
    reply = compose_verdict(sms, judge(sms, knowledge), TEXTS, knowledge, more=more)
    assert more or len(reply.lines) <= MAX_LINES
    numbers = {run.text for line in reply.lines for run in line if isinstance(run, HotlineNumber)}
    callable_ = {line.number for row in knowledge.directory for line in row.callable_lines}
    assert numbers <= callable_
    assert "13800138000" not in numbers
