"""/trends: bands, our own examples, real hotlines; never a word that anybody reported."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.examples import example_of
from bot.neutralise import JOINER
from bot.reply.model import MAX_UNITS, HotlineNumber, Reply, Strong, units
from bot.reply.plain import render
from bot.reply.trends import MAX_TRENDS, compose_trends
from bot.service.group_types import Band, Trend
from bot.texts import Texts
from sandbox.server import autolink

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

TEXTS = Texts.load()


def compose(knowledge: Knowledge, *trends: Trend, region: str = "CN") -> Reply:
    return compose_trends(trends, TEXTS, knowledge, knowledge.directory, region=region)


def test_the_whole_of_a_week(knowledge: Knowledge) -> None:
    reply = compose(knowledge, Trend("bank_phishing", Band.TENS, "citic_bank"), Trend("toll", Band.FEW))
    bank, toll = example_of("bank_phishing"), example_of("toll")
    assert render(reply).splitlines() == [
        "📈 最近七天，大家报得最多的骗局",
        "",
        "· 冒充银行（10 到 49 人报过）",
        f"样子像这样（我们编的例子）：「{bank.text}」",
        f"怎么办：{bank.advice}",
        "常冒充中信银行。要核实，打官方电话 95558。",
        "",
        "· ETC、交通罚款（不到 10 人报过）",
        f"样子像这样（我们编的例子）：「{toll.text}」",
        f"怎么办：{toll.advice}",
        "",
        "拿不准，打 96110 问（反诈专线）。已经转了钱，马上打 110。",
        "好几个群里有人报、报的人又够多的，才列在这里。",
        "私聊里报的，本人同意了才算。看不出是谁报的。",
    ]
    numbers = [run.text for line in reply.lines for run in line if isinstance(run, HotlineNumber)]
    assert numbers == ["95558", "96110", "110"]
    assert sum(isinstance(line[0], Strong) for line in reply.lines if line) == 3


def test_nothing_to_show_says_so_honestly(knowledge: Knowledge) -> None:
    text = render(compose(knowledge))
    assert "还没有哪种骗局有足够多的人报过" in text
    assert "不等于没有骗子" in text


@pytest.mark.parametrize(
    ("band", "words"),
    [
        (Band.FEW, "不到 10 人报过"),
        (Band.TENS, "10 到 49 人报过"),
        (Band.MANY, "50 到 199 人报过"),
        (Band.HUNDREDS, "200 人以上报过"),
    ],
)
def test_bands_never_say_how_many(band: Band, words: str, knowledge: Knowledge) -> None:
    assert words in render(compose(knowledge, Trend("toll", band)))


def test_every_kind_at_once_is_inert_and_fits(knowledge: Knowledge) -> None:
    for institution in ("citic_bank", None):
        every = [Trend(category, Band.HUNDREDS, institution) for category in knowledge.categories]
        for at in range(0, len(every), MAX_TRENDS):
            reply = compose(knowledge, *every[at:], *every[:at])
            assert units(reply.lines) <= MAX_UNITS
            text = "\n".join(
                "".join(JOINER if isinstance(run, HotlineNumber) else run.text for run in line) for line in reply.lines
            )
            assert autolink.find(text) == []
            assert f"还有 {len(every) - MAX_TRENDS} 种，也要小心。" in text
            for trend in (*every[at:], *every[:at])[:MAX_TRENDS]:
                assert trend.category == "other" or example_of(trend.category).advice in text


def test_more_than_fit_are_counted(knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    every = [Trend(category, Band.FEW) for category in knowledge.categories]
    whole = compose(knowledge, *every[:MAX_TRENDS])
    room = units(whole.lines) - 1
    monkeypatch.setattr("bot.reply.trends.MAX_UNITS", room)
    reply = compose(knowledge, *every[:MAX_TRENDS])
    assert units(reply.lines) <= room
    assert set(reply.lines) - set(whole.lines) == {line for line in reply.lines if "还有" in render(Reply((line,)))}
    left = re.search(r"还有 (\d+) 种", render(reply))
    assert left
    assert render(reply).count("人报过") + int(left[1]) == MAX_TRENDS


def test_an_unclear_or_unknown_institution_is_left_out(knowledge: Knowledge) -> None:
    unclear = next(row for row in knowledge.directory if row.candidates)
    for institution in (unclear.id, "t.me/evil"):
        text = render(compose(knowledge, Trend("collection", Band.FEW, institution)))
        assert "常冒充" not in text
        assert "evil" not in text


def test_an_institution_without_a_number_sends_one_to_the_card(knowledge: Knowledge) -> None:
    row = next(row for row in knowledge.directory if not row.candidates and not row.callable_lines)
    text = render(compose(knowledge, Trend("collection", Band.FEW, row.id)))
    assert f"常冒充{row.name}。要核实，打卡背面或官方 App 里的电话。" in text


@pytest.mark.parametrize("category", ["other", "t.me/evil"])
def test_a_kind_that_says_nothing_has_no_example(category: str, knowledge: Knowledge) -> None:
    text = render(compose(knowledge, Trend(category, Band.FEW)))
    assert "例子" not in text
    assert "骗局（不到 10 人报过）" in text
    assert "evil" not in text


def test_lines_of_another_region(knowledge: Knowledge) -> None:
    text = render(compose(knowledge, Trend("toll", Band.FEW), region="TW"))
    assert "打 165 问" in text
    assert "96110" not in text
