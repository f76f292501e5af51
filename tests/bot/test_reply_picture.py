"""What the picture of a summary says, and that it can be drawn whatever the record holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from summaries import FULL, MONTH, NOTHING, OPEN_WEEK, PERIODS, QUIET, WEEK

from bot.chart import Column, Figure, Kind, lay_out
from bot.chart.page import ELLIPSIS
from bot.knowledge import Category
from bot.period import month_of, weeks_until
from bot.reply.report_picture import chart_of, report_picture, short
from bot.service.group_types import Bar, Change, Totals
from bot.texts import Texts

if TYPE_CHECKING:
    from bot.knowledge import Knowledge
    from bot.service.group_types import GroupReport

TEXTS = Texts.load()
MILLION = 10**6


def words(report: GroupReport, knowledge: Knowledge) -> list[str]:
    return [word.text for word in lay_out(chart_of(report, TEXTS, knowledge)).words]


def test_a_week(knowledge: Knowledge) -> None:
    chart = chart_of(FULL, TEXTS, knowledge)
    assert (chart.title, chart.period) == ("本群防骗周报", "11月16日至22日（2026年第47周）")
    assert chart.compared == "多了、少了：和前一周比"
    assert chart.figures == (
        Figure("7", "种", "确认诈骗", "多了3"),
        Figure("12", "次", "同样的又报", "少了2"),
        Figure("9", "人", "报的人", "一样多"),
        Figure("32", "次", "查短信", "多了5"),
        Figure("1", "次", "说不是诈骗", "少了2"),
    )
    assert chart.days.columns[0] == Column("周一", 1, "1", 5, "5")
    assert chart.days.columns[1] == Column("周二", 0, "", 3, "3")
    assert [column.label for column in chart.days.columns] == [f"周{day}" for day in "一二三四五六日"]
    assert chart.kinds == (
        Kind("冒充银行", 3, "3"),
        Kind("ETC、交通罚款", 2, "2"),
        Kind("虚假催收", 1, "1"),
        Kind("快递包裹", 1, "1"),
    )
    assert [(c.label, c.dark, c.dark_text, c.past) for c in chart.weeks.columns][-3:] == [
        ("11/2", 2, "2", True),
        ("11/9", 4, "4", True),
        ("11/16", 7, "7", False),
    ]
    assert chart.foot == "拿不准，打 96110 问（反诈专线）。已经转了钱，马上打 110。"


def test_nothing_before_is_not_compared(knowledge: Knowledge) -> None:
    chart = chart_of(replace(FULL, before=Totals()), TEXTS, knowledge)
    assert chart.compared == ""
    assert {figure.note for figure in chart.figures} == {""}


def test_days_to_come_keep_their_place_and_stay_blank(knowledge: Knowledge) -> None:
    bars = tuple(Bar(day, 2, 1) for day in OPEN_WEEK.days)
    columns = chart_of(replace(FULL, period=OPEN_WEEK, days=bars), TEXTS, knowledge).days.columns
    assert [column.label for column in columns] == ["周一", "周二", "", "", "", "", ""]


def test_a_month_is_told_by_its_weeks(knowledge: Knowledge) -> None:
    bars = tuple(Bar(week.first, 2 * at, at) for at, week in enumerate(weeks_until(MONTH)))
    chart = chart_of(replace(FULL, period=MONTH, weeks=bars), TEXTS, knowledge)
    assert (chart.title, chart.period, chart.days.heading) == ("本群防骗月报", "2026年10月", "每周")
    assert [(c.label, c.light, c.dark) for c in chart.days.columns] == [
        ("9/28起", 6, 3),
        ("10/5起", 8, 4),
        ("10/12起", 10, 5),
        ("10/19起", 12, 6),
        ("10/26起", 14, 7),
    ]


def test_a_month_of_six_weeks_ends_with_a_week_of_one_day(knowledge: Knowledge) -> None:
    period = month_of(date(2026, 11, 1), WEEK.zone)
    bars = tuple(Bar(week.first, 1, 1) for week in weeks_until(period))
    labels = [c.label for c in chart_of(replace(FULL, period=period, weeks=bars), TEXTS, knowledge).days.columns]
    assert labels == ["10/26起", "11/2起", "11/9起", "11/16起", "11/23起", "11/30起"]


def test_of_thirty_kinds_eight_are_named_and_the_rest_summed_up(knowledge: Knowledge) -> None:
    many = tuple(Change(key, 30 - at, 0) for at, key in enumerate(knowledge.categories))
    kinds = chart_of(replace(FULL, categories=(*many, Change("prize", 0, 4))), TEXTS, knowledge).kinds
    assert len(kinds) == 9
    assert [kind.rest for kind in kinds] == [False] * 8 + [True]
    assert kinds[-1] == Kind("其余16类", sum(30 - at for at in range(8, 24)), "232", rest=True)
    nine = chart_of(replace(FULL, categories=many[:9]), TEXTS, knowledge).kinds
    assert [kind.count for kind in nine] == list(range(30, 21, -1))


def test_what_is_no_kind_of_ours_is_one_row(knowledge: Knowledge) -> None:
    odd = replace(FULL, categories=(Change("t.me/evil", 2, 0), Change("toll", 1, 0), Change("gone", 1, 0)))
    assert chart_of(odd, TEXTS, knowledge).kinds == (Kind("别的骗局", 3, "3"), Kind("ETC、交通罚款", 1, "1"))


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0"),
        (9999, "9999"),
        (10_000, "1万"),
        (12_345, "1.2万"),
        (99_960, "10万"),
        (999_000, "99.9万"),
        (999_999, "100万"),
        (MILLION, "100万"),
        (12_345_678, "1,235万"),
    ],
)
def test_large_counts_in_few_characters(count: int, shown: str) -> None:
    assert short(count, TEXTS) == shown


def test_every_label_of_ours_is_shown_whole(knowledge: Knowledge) -> None:
    keys = list(knowledge.categories)
    everything = Totals(*[MILLION] * 5)
    # The labels of December's weeks are the widest, and a month can have six of them.
    december = month_of(date(2029, 12, 3), WEEK.zone)
    for name, period in (
        *PERIODS.items(),
        ("december", december),
        ("september", month_of(date(2029, 9, 3), WEEK.zone)),
    ):
        for at in range(0, len(keys), 9):
            report = replace(
                FULL,
                period=period,
                totals=everything,
                before=Totals(*[567_890] * 5),
                categories=tuple(Change(key, MILLION, 0) for key in keys[at : at + 9]),
                days=tuple(Bar(day, MILLION, MILLION) for day in period.days),
                weeks=tuple(Bar(week.first, MILLION, MILLION) for week in weeks_until(period)),
            )
            shown = words(report, knowledge)
            assert [text for text in shown if ELLIPSIS in text] == [], name
            assert len(shown) >= 40


@pytest.mark.parametrize("name", ["\U00020bb7👍🏽", "很长的骗局名字" * 20, "\u202eabc\n", "", "一"])
def test_odd_names_are_drawn(name: str, knowledge: Knowledge) -> None:
    odd = replace(knowledge, categories={**knowledge.categories, "toll": Category(name)})
    image = Image.open(BytesIO(report_picture(FULL, TEXTS, odd)))
    assert image.width == 1080


@pytest.mark.parametrize("report", [FULL, QUIET, NOTHING], ids=["full", "quiet", "nothing"])
@pytest.mark.parametrize("period", PERIODS)
def test_every_kind_of_record_is_drawn_and_the_same_bytes_twice(
    report: GroupReport, period: str, knowledge: Knowledge
) -> None:
    report = replace(report, period=PERIODS[period])
    png = report_picture(report, TEXTS, knowledge)
    image = Image.open(BytesIO(png))
    assert (image.format, image.width) == ("PNG", 1080)
    assert 300 <= image.height <= 1350
    assert report_picture(report, TEXTS, knowledge) == png


def test_a_quiet_week_shows_what_there_is(knowledge: Knowledge) -> None:
    shown = words(NOTHING, knowledge)
    assert "没有人查短信，也没有确认的诈骗。" in shown
    assert "近八周都没有确认的诈骗。" in shown
    assert "都是什么骗局" not in shown


def test_lines_of_another_region(knowledge: Knowledge) -> None:
    foot = chart_of(FULL, TEXTS, knowledge, region="TW").foot
    assert "打 165 问" in foot
    assert "96110" not in foot
