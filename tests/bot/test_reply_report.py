"""A group's summary: complete, short, inert whatever was reported, with no number but the directory's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from summaries import FULL, MONTH, NOTHING, NOW, OPEN_MONTH, OPEN_WEEK, PERIODS, QUIET, WEEK, ZONE

from bot.examples import example_of
from bot.institutions import Directory
from bot.neutralise import JOINER, neutralise
from bot.period import parse, week_of
from bot.reply.model import MAX_UNITS, Block, HotlineNumber, Reply, Strong, units
from bot.reply.plain import render
from bot.reply.report import MAX_CATEGORIES, MAX_INSTITUTIONS, MAX_LISTED, TIPS, compose_report
from bot.service.group_types import Change, Count, Example, GroupReport, Totals
from bot.texts import Texts
from handlers.html import render_html
from sandbox.server import autolink

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge

TEXTS = Texts.load()
CAPTION = 1024


def compose(report: GroupReport, knowledge: Knowledge, **more: object) -> Reply:
    return compose_report(report, TEXTS, knowledge, knowledge.directory, **more)  # type: ignore[arg-type]


def said(reply: Reply) -> str:
    return render(reply).replace(JOINER, "")


def warning(reply: Reply) -> str:
    (block,) = [run.text for line in reply.lines for run in line if isinstance(run, Block)]
    return block


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_of_a_week(knowledge: Knowledge) -> None:
    assert said(compose(FULL, knowledge)).splitlines() == [
        "📊 本群防骗周报：11月16日至22日（2026年第47周）",
        "",
        "（括号里：和前一周比）",
        "· 确认诈骗：7 种（多了 3 种）",
        "· 同样的又报了：12 次（少了 2 次）",
        "· 报的人：9 人（一样多）",
        "· 查短信：32 次（多了 5 次）",
        "· 有人说“不是诈骗”：1 次（少了 2 次）",
        "",
        "都是什么骗局：",
        "· 冒充银行：3 种（多了 2 种）",
        "· ETC、交通罚款：2 种（一样多）",
        "· 虚假催收：1 种（少了 2 种）",
        "· 快递包裹：1 种（多了 1 种）",
        "上一段时间有、这次没有的：虚假中奖、积分兑换",
        "",
        "被冒充的机构。要核实，打官方电话：",
        "· 中信银行：95558",
        "· 中国工商银行：95588",
        "",
        "新出现的假网址，别点：zx-pay[.]top、etc-gov[.]cc",
        "新出现的骗子电话，别打：138****1234、400****567",
        "",
        "报得最多的一种（冒充银行）：报了 9 次，6 个人报的。",
        "原话：「【中信银行】您的信用卡逾期，请登录 hxxp://zx-pay[.]top 或致电[号码]处理」",
        "",
        "👇 可以转发给家里人，点一下就复制：",
        "【防骗提醒】最近有“冒充银行”的骗子短信，样子像这样（我们编的例子）：",
        f"「{example_of('bank_phishing').text}」",
        example_of("bank_phishing").advice,
        "别转钱，别点链接，别给验证码，别打短信里的电话。",
        "拿不准，打 96110 问（反诈专线）。已经转了钱，马上打 110。",
        "",
        "确认过的才算，差不多的短信算一种。谁报的，这里不写。",
    ]


def test_title_counts_and_headings_stand_out(knowledge: Knowledge) -> None:
    strong = [
        render(Reply((line,))) for line in compose(FULL, knowledge).lines if any(isinstance(r, Strong) for r in line)
    ]
    assert [line[:6] for line in strong] == [
        "📊 本群防骗",
        "· 确认诈骗",
        "都是什么骗局",
        "被冒充的机构",
        "报得最多的一",
        "👇 可以转发",
    ]


@pytest.mark.parametrize(
    ("name", "title", "against"),
    [
        ("week", "📊 本群防骗周报：11月16日至22日（2026年第47周）", "和前一周比"),
        ("open week", "📊 本群防骗周报：11月23日至24日（这周还没过完）", "和上周的同一段时间比"),
        ("month", "📊 本群防骗月报：2026年10月", "和前一个月比"),
        ("open month", "📊 本群防骗月报：11月1日至24日（这个月还没过完）", "和上个月的同一段时间比"),
    ],
)
def test_the_period_is_told_by_its_dates(name: str, title: str, against: str, knowledge: Knowledge) -> None:
    lines = said(compose(replace(FULL, period=PERIODS[name]), knowledge)).splitlines()
    assert lines[0] == title
    assert lines[2] == f"（括号里：{against}）"


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("2026-W49", "11月30日至12月6日（2026年第49周）"),
        ("2026-W53", "12月28日至1月3日（2026年第53周）"),
        ("2027-W01", "1月4日至10日（2027年第1周）"),
    ],
)
def test_weeks_over_the_ends_of_months_and_years(words: str, days: str, knowledge: Knowledge) -> None:
    period = parse(words, NOW.replace(year=2028), ZONE)
    assert period is not None
    assert said(compose(replace(FULL, period=period), knowledge)).startswith(f"📊 本群防骗周报：{days}\n")


def test_a_monday_alone_is_one_day(knowledge: Knowledge) -> None:
    monday = week_of(OPEN_WEEK.first, ZONE, NOW.replace(day=23))
    assert "：11月23日（这周还没过完）" in said(compose(replace(FULL, period=monday), knowledge))


def test_without_anything_before_nothing_is_compared(knowledge: Knowledge) -> None:
    text = said(compose(replace(FULL, before=Totals()), knowledge))
    assert "前面那段时间没有记录" in text
    assert "· 确认诈骗：7 种\n" in text
    assert "· 冒充银行：3 种\n" in text
    assert not re.search("多了|少了|一样多", text)


def test_every_part_stands_apart_though_another_is_missing(knowledge: Knowledge) -> None:
    text = said(compose(replace(FULL, domains=(), categories=FULL.categories[4:]), knowledge))
    assert "\n\n新出现的骗子电话" in text
    assert "\n\n上一段时间有" in text
    assert "都是什么骗局" not in text


def test_a_late_one_says_so(knowledge: Knowledge) -> None:
    assert said(compose(FULL, knowledge, late=True)).splitlines()[1].startswith("⏰ 这份该周一发，发晚了")
    assert "⏰" in said(compose(QUIET, knowledge, late=True))
    assert "⏰" not in said(compose(FULL, knowledge))


def test_a_million_of_everything(knowledge: Knowledge) -> None:
    million = Totals(*[10**6] * 5)
    text = said(compose(replace(FULL, totals=million, before=Totals(checks=1)), knowledge))
    assert "· 确认诈骗：1,000,000 种（多了 1,000,000 种）" in text
    assert "· 查短信：1,000,000 次（多了 999,999 次）" in text


def test_thirty_categories(knowledge: Knowledge) -> None:
    many = tuple(Change(key, 30 - at, 0) for at, key in enumerate((*knowledge.categories, *map(str, range(6)))))
    lines = said(compose(replace(FULL, categories=many), knowledge)).splitlines()
    start = lines.index("都是什么骗局：")
    assert lines[start + MAX_CATEGORIES].startswith("· 虚假贷款：26 种")
    assert lines[start + MAX_CATEGORIES + 1] == f"· 还有 25 类，共 {sum(range(1, 26))} 种"


def test_a_category_that_is_gone_from_our_data_is_not_shown_by_its_key(knowledge: Knowledge) -> None:
    odd = replace(FULL, categories=(Change("t.me/evil", 2, 0), Change("gone", 0, 1)))
    text = said(compose(odd, knowledge))
    assert "· 别的骗局：2 种" in text
    assert "evil" not in text
    assert "gone" not in text


# ── hotlines ─────────────────────────────────────────────────────────────────────────────────────────────


def test_numbers_are_the_directory_s(knowledge: Knowledge) -> None:
    everybody = tuple(Count(row.id, 1) for row in knowledge.directory)
    callable_ = {line.number for row in knowledge.directory for line in row.callable_lines}
    for at in range(0, len(everybody), MAX_INSTITUTIONS):
        reply = compose(replace(FULL, institutions=everybody[at : at + MAX_INSTITUTIONS]), knowledge)
        shown = {run.text for line in reply.lines for run in line if isinstance(run, HotlineNumber)}
        assert shown <= callable_
        assert units(reply.lines) <= MAX_UNITS


def test_an_unclear_name_gets_the_candidates(knowledge: Knowledge) -> None:
    unclear = next(row for row in knowledge.directory if row.id == "citic_financial" or row.name.startswith("中信金融"))
    text = said(compose(replace(FULL, institutions=(Count(unclear.id, 1),)), knowledge))
    assert "名字不清楚，可能是中信银行 95558、" in text
    assert "您用哪家就打哪家。" in text


def test_an_institution_without_a_number_sends_one_to_the_card(knowledge: Knowledge) -> None:
    row = next(row for row in knowledge.directory if not row.candidates and not row.callable_lines)
    text = said(compose(replace(FULL, institutions=(Count(row.id, 1),)), knowledge))
    assert f"· {row.name}：没有核实过的号码。打卡背面的电话，或在官方 App 里找。" in text


def test_a_withdrawn_number_is_not_shown(knowledge: Knowledge, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[change.icbc]\nwithdraw_numbers = ["95588"]\n', encoding="utf-8")
    directory = Directory.load(overlay=overlay)
    text = said(compose_report(FULL, TEXTS, knowledge, directory))
    assert "95588" not in text
    assert "· 中国工商银行：" in text


def test_more_institutions_than_anybody_reads(knowledge: Knowledge) -> None:
    rows = [row for row in knowledge.directory if row.callable_lines][: MAX_INSTITUTIONS + 3]
    lines = said(compose(replace(FULL, institutions=tuple(Count(row.id, 1) for row in rows)), knowledge)).splitlines()
    start = lines.index("被冒充的机构。要核实，打官方电话：")
    assert lines[start + MAX_INSTITUTIONS + 1] == "· 还有 3 家"


def test_an_institution_that_is_gone_from_the_directory_is_passed_over(knowledge: Knowledge) -> None:
    text = said(compose(replace(FULL, institutions=(Count("t.me/evil", 5), Count("icbc", 1))), knowledge))
    assert "evil" not in text
    assert "95588" in text
    assert "被冒充" not in said(compose(replace(FULL, institutions=(Count("gone", 5),)), knowledge))


# ── the warning to pass on ───────────────────────────────────────────────────────────────────────────────


def test_the_warning_stands_alone(knowledge: Knowledge) -> None:
    text = warning(compose(FULL, knowledge))
    assert text.startswith("【防骗提醒】最近有“冒充银行”")
    assert text.endswith("拿不准，打 96110 问（反诈专线）。已经转了钱，马上打 110。")
    assert autolink.find(text) == []
    for theirs in ("中信", "zx-pay", "138", "逾期，请登录"):
        assert theirs not in text


@pytest.mark.parametrize("category", ["other", "no-such", None])
def test_a_kind_that_says_nothing_gets_a_warning_without_an_example(category: str | None, knowledge: Knowledge) -> None:
    kinds = (Change(category, 1, 0),) if category else ()
    odd = replace(FULL, categories=kinds, example=Example(4, 3, category, None, "一段原话"))
    text = said(compose(odd, knowledge))
    assert "【防骗提醒】最近又有人收到骗子短信。" in text
    assert "编的例子" not in text
    assert "报得最多的一种：报了 4 次，3 个人报的。\n原话：「一段原话」" in text


def test_the_warning_is_about_the_most_frequent_kind_where_no_scam_stands_out(knowledge: Knowledge) -> None:
    reply = compose(replace(FULL, example=None), knowledge)
    assert "“冒充银行”" in warning(reply)
    assert "报得最多" not in said(reply)


@pytest.mark.parametrize("category", ["toll", "brushing", "account_takeover"])
def test_without_a_common_wording_our_own_example_is_shown_as_ours(category: str, knowledge: Knowledge) -> None:
    found = replace(FULL, example=Example(3, 2, category, None))
    text = said(compose(found, knowledge))
    assert "）：报了 3 次，2 个人报的。\n样子看下面，是我们编的例子。" in text
    assert f"（我们编的例子）：\n「{example_of(category).text}」\n{example_of(category).advice}" in text
    assert "原话" not in text


def test_every_kind_has_a_warning_that_is_inert(knowledge: Knowledge) -> None:
    for category in knowledge.categories:
        text = warning(compose(replace(FULL, example=Example(3, 2, category, None)), knowledge))
        assert autolink.find(text) == []
        assert set(re.findall(r"\d{5,}", text)) == {"96110"}


@pytest.mark.parametrize(
    ("region", "said_too"),
    [("TW", "打 165 问"), ("HK", "打 18222 问"), ("XX", "打 96110 问（反诈专线）。已经转了钱，马上打 110。")],
)
def test_lines_of_other_regions(region: str, said_too: str, knowledge: Knowledge) -> None:
    text = warning(compose(FULL, knowledge, region=region))
    assert said_too in text
    assert region == "XX" or "110" not in text


def test_withdrawn_general_lines_leave_the_warning_without_a_number(knowledge: Knowledge, tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('[change.antifraud96110]\nwithdraw_numbers = ["96110"]\n', encoding="utf-8")
    reply = compose_report(FULL, TEXTS, knowledge, Directory.load(overlay=overlay))
    assert warning(reply).endswith("别打短信里的电话。")


# ── quiet weeks ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_quiet_week_says_so_kindly(knowledge: Knowledge) -> None:
    lines = said(compose(QUIET, knowledge)).splitlines()
    assert lines[2:6] == [
        "🌿 这段时间没有确认的诈骗，真好。",
        "· 查短信：3 次",
        "· 有人说“不是诈骗”：1 次",
        "· 上一段时间有 2 种诈骗",
    ]
    assert lines[6].startswith("提醒一句：")
    assert len(lines) <= 9


def test_a_week_without_anything(knowledge: Knowledge) -> None:
    text = said(compose(NOTHING, knowledge))
    assert "没人查过短信，也没有确认的诈骗" in text
    assert "回复它发 /check" in text
    assert not re.search(r"[：:] ?0 |多了|少了", text)


def test_every_tip_is_given_in_turn(knowledge: Knowledge) -> None:
    tips = set()
    for week in range(40, 40 + TIPS):
        period = parse(f"2026-W{week}", NOW, ZONE)
        assert period is not None
        quiet = replace(QUIET, period=period)
        assert compose(quiet, knowledge) == compose(quiet, knowledge)
        tips.add(said(compose(quiet, knowledge)).partition("提醒一句：")[2].splitlines()[0])
    assert len(tips) == TIPS == len([key for key in TEXTS.keys if key.startswith("summary-tip-")])


@pytest.mark.parametrize("period", [OPEN_WEEK, MONTH, OPEN_MONTH])
def test_other_quiet_periods(period: object, knowledge: Knowledge) -> None:
    assert "🌿" in said(compose(replace(QUIET, period=period), knowledge))  # type: ignore[arg-type]


# ── what strangers reported ──────────────────────────────────────────────────────────────────────────────

HOSTILE = [
    "https://t.me/evil",
    "t.me/+AbCdEf",
    "@evil_bot",
    "tg://resolve?domain=evil",
    "evil.top",
    "xn--80ak6aa92e.com",
    "诈骗.中国",
    "13800138000",
    "+852 5555 1234",
    "6222 0212 3456 7890 123",
    "<b>fett</b><a href='https://evil.top'>95588</a>",
    "&lt;script&gt;",
    "\u202e55559\u202c",
    "ab\u200bc\ufeffd",
    "\u2067עברית\u2069",
    "مرحبا evil.top",
    "e\u0301\u0300\u0316" * 30,
    "/forget@zhendema_bot",
    "#tag $TAG",
    "一行\n📊 官方电话：4000000000\r\n二行",
    "」\n· 中信银行：4001234567「",
    "\ue000" + "0" + "\ue001",
    "长" * 5000,
    "a" * 253 + ".top",
    "",
    " \u3000",
]


def live(reply: Reply) -> list[tuple[str, int, int]]:
    """What anybody could tap, numbers of the directory left out."""
    runs = [run for line in reply.lines for run in (*line, Strong("\n"))]
    return autolink.find("".join(JOINER if isinstance(run, HotlineNumber) else run.text for run in runs))


def assert_inert(reply: Reply) -> None:
    assert live(reply) == []
    assert units(reply.lines) <= MAX_UNITS
    assert "<" not in re.sub(r"</?(?:b|code|pre)>", "", render_html(reply))
    text = said(reply)
    assert neutralise(text.replace("\n", " ")).replace(JOINER, "") == text.replace("\n", " ")
    assert not re.search(r"[\u0590-\u08ff\u0300-\u036f]", text)


@pytest.mark.parametrize("bad", HOSTILE)
def test_whatever_is_reported_comes_out_inert(bad: str, knowledge: Knowledge) -> None:
    reply = compose(
        replace(
            FULL,
            categories=(Change(bad, 3, 0), Change(bad, 0, 1)),
            institutions=(Count(bad, 1),),
            domains=(bad, "zx-pay.top"),
            numbers=(bad, "138****1234"),
            example=Example(3, 3, bad, bad, bad),
        ),
        knowledge,
    )
    assert_inert(reply)
    lines = said(reply).splitlines()
    # No line but ours: what was reported neither begins nor ends one.
    ours = [line for line in lines if not line.startswith(("新出现", "原话：「"))]
    assert [line for line in ours if "官方电话：4" in line or "4001234567" in line or "evil" in line] == []
    assert "zx-pay[.]top" in said(reply)
    assert [line for line in lines if line.startswith("原话")] == [
        line for line in lines if line.startswith("原话") and line.count("「") == line.count("」") == 1
    ]


@given(bad=st.lists(st.sampled_from(HOSTILE) | st.text(max_size=30), min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_mixture_of_it_too(knowledge: Knowledge, bad: list[str]) -> None:
    reply = compose(
        replace(FULL, domains=tuple(bad), numbers=tuple(bad), example=Example(3, 3, "toll", None, "".join(bad))),
        knowledge,
    )
    assert live(reply) == []
    assert units(reply.lines) <= MAX_UNITS


def test_long_lists_say_how_many_there_are(knowledge: Knowledge) -> None:
    many = tuple(f"bad-{n}.top" for n in range(30))
    text = said(compose(replace(FULL, domains=many), knowledge))
    assert f"bad-{MAX_LISTED - 1}[.]top 等 30 个" in text
    assert f"bad-{MAX_LISTED}" not in text


# ── length ───────────────────────────────────────────────────────────────────────────────────────────────

LONGEST = replace(
    FULL,
    totals=Totals(*[10**6] * 5),
    categories=tuple(
        Change(key, 10**6, 3) for key in ("fake_service", "dating", "app_install", "acquaintance", "authority")
    )
    + tuple(Change(key, 0, 3) for key in ("prize", "points", "toll", "loan", "other", "gaming", "ticket")),
    domains=tuple("a.b" * 40 + str(n) for n in range(30)),
    numbers=tuple("1" * 60 + str(n) for n in range(30)),
    example=Example(10**6, 10**6, "app_install", None, "一.1" * 500),
)
ORDER = ("上一段时间有", "骗子电话", "假网址", "报得最多", "都是什么骗局", "被冒充")
"""What goes first where there is no room."""


def test_the_longest_fits_into_one_message(knowledge: Knowledge) -> None:
    unclear = tuple(Count(row.id, 1) for row in knowledge.directory if row.candidates)[:MAX_INSTITUTIONS]
    reply = compose(replace(LONGEST, institutions=unclear), knowledge, late=True)
    assert units(reply.lines) <= MAX_UNITS
    assert [words for words in ORDER if words not in said(reply)] == []


def test_a_usual_one_fits_under_a_picture(knowledge: Knowledge) -> None:
    assert units(compose(FULL, knowledge, late=True).lines) <= CAPTION


def test_what_matters_least_goes_first_and_nothing_is_cut(knowledge: Knowledge) -> None:
    whole = compose(LONGEST, knowledge)
    known = set(whole.lines)
    gone: list[str] = []
    for room in range(units(whole.lines), 0, -20):
        reply = compose(LONGEST, knowledge, room=room)
        assert set(reply.lines) <= known
        missing = [words for words in ORDER if words not in said(reply)]
        assert missing == list(ORDER[: len(missing)])
        gone = missing if len(missing) > len(gone) else gone
        if len(missing) < len(ORDER):
            assert units(reply.lines) <= room
        assert (reply.lines[0], reply.lines[-1]) == (whole.lines[0], whole.lines[-1])
        assert warning(reply) == warning(whole)
        assert "· 确认诈骗：" in said(reply)
        assert "\n\n\n" not in said(reply)
    assert tuple(gone) == ORDER


def test_what_always_stays_is_short(knowledge: Knowledge) -> None:
    assert units(compose(LONGEST, knowledge, late=True, room=1).lines) <= 800


def test_nobody_is_named_and_no_button_is_there(knowledge: Knowledge) -> None:
    reply = compose(FULL, knowledge)
    assert (reply.copy, reply.actions, reply.choices) == ((), (), ())
    assert WEEK.name not in said(reply)
