"""The picture of a summary: every label whole and in its place, every bar as long as its count, measured in pixels."""

from __future__ import annotations

import time
from dataclasses import replace
from io import BytesIO
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pace import slack
from PIL import Image, ImageChops

from bot import typeface
from bot.chart import MOST_KINDS, Chart, Column, Figure, Kind, Plot, draw, lay_out
from bot.chart.layout import DARK, LEAST_BAR, LEFT, LIGHT, PAST, RIGHT, SMALLEST, TALLEST, WIDTH
from bot.chart.page import Box, Mark, Page
from bot.chart.paint import WHITE, paint

BUDGET = 0.12
"""Seconds of processor time for a full picture, on the machine where budgets were set."""
BARS = {DARK, LIGHT, PAST}
LEGEND = ("确认的诈骗（种）", "查短信（次）")
RARE = "\U00020bb7👍🏽龘\u202eabc\u0301שלום"


def column(label: str, dark: int, light: int = 0, **more: bool) -> Column:
    return Column(label, dark, str(dark) if dark else "", light, str(light) if light else "", **more)


def days(*pairs: tuple[int, int]) -> Plot:
    names = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
    columns = tuple(column(name, *pair) for name, pair in zip(names, pairs, strict=False))
    return Plot("每天", columns, "没有人查短信，也没有确认的诈骗。", LEGEND)


def weeks(*counts: int) -> Plot:
    columns = tuple(
        Column(f"{9 + at // 4}/{7 * (at % 4) + 1}", count, str(count), past=at < 7) for at, count in enumerate(counts)
    )
    return Plot("近八周确认的诈骗", columns, "近八周都没有确认的诈骗。", note="日期是那周的周一")


def kinds(*counts: int, label: str = "冒充公检法或政府") -> tuple[Kind, ...]:
    return tuple(Kind(label, count, str(count)) for count in counts)


def figures(*values: str, note: str = "多了3") -> tuple[Figure, ...]:
    labels = ("确认诈骗", "同样的又报", "报的人", "查短信", "说不是诈骗")
    return tuple(Figure(value, "次", label, note) for value, label in zip(values, labels, strict=True))


NORMAL = Chart(
    title="本群防骗周报",
    period="11月16日至22日（2026年第47周）",
    compared="多了、少了：和前一周比",
    figures=figures("7", "12", "9", "32", "1"),
    days=days((1, 5), (0, 3), (2, 8), (1, 6), (0, 2), (3, 7), (0, 1)),
    kinds_heading="都是什么骗局",
    kinds=kinds(3, 2, 1, 1),
    weeks=weeks(2, 0, 3, 5, 1, 2, 4, 7),
    foot="拿不准，打 96110 问（反诈专线）。已经转了钱，马上打 110。",
)
HUGE = "100万"
CHARTS = {
    "normal": NORMAL,
    "first of its kind": replace(NORMAL, compared="", figures=figures("7", "12", "9", "32", "1", note="")),
    "all rows": replace(NORMAL, kinds=(*kinds(*range(12, 4, -1)), Kind("其余16类", 90, "90", rest=True))),
    "only the rest": replace(NORMAL, kinds=(Kind("其余16类", 90, "90", rest=True),)),
    "one row": replace(NORMAL, kinds=kinds(1), weeks=weeks(0, 0, 0, 0, 0, 0, 0, 1), days=days((1, 1))),
    "no scams": replace(NORMAL, kinds=(), days=days((0, 1), (0, 0), (0, 2)), weeks=weeks(2, 0, 0, 0, 0, 0, 0, 0)),
    "no checks": replace(NORMAL, days=days((1, 0), (0, 0), (2, 0))),
    "all zero": replace(NORMAL, kinds=(), days=days(*[(0, 0)] * 7), weeks=weeks(*[0] * 8)),
    "nothing": replace(NORMAL, kinds=(), figures=(), days=days(), weeks=weeks(), foot="", compared=""),
    "huge": replace(
        NORMAL,
        figures=figures(HUGE, "43.2万", HUGE, "99.9万", HUGE, note="少了56.8万"),
        days=Plot("每天", tuple(Column("周一", 10**6, HUGE, 10**6 - n, HUGE) for n in range(7)), "", LEGEND),
        kinds=tuple(Kind("冒充公检法或政府", 10**6 - n, HUGE) for n in range(MOST_KINDS)),
        weeks=Plot("近八周", tuple(Column("12/28", 10**6, HUGE) for _ in range(8)), ""),
    ),
    "few beside many": replace(NORMAL, days=days(*[(n + 1, 10_000 + n) for n in range(7)])),
    "long names": replace(
        NORMAL,
        title="很长的标题" * 9,
        period="很长的时间" * 9,
        compared="很长的比较" * 9,
        foot="很长的一句话" * 9,
        kinds_heading="很长的标题" * 9,
        figures=tuple(Figure("1234567890", "很长的单位", "很长的标签" * 5, "很长的注" * 5) for _ in range(5)),
        kinds=kinds(3, 2, label="很长的骗局名字" * 9),
        days=replace(
            days((1, 1)), heading="很长的标题" * 9, columns=tuple(column("很长的星期", 1, 1) for _ in range(7))
        ),
        weeks=replace(
            weeks(1), note="很长的注" * 4, columns=tuple(Column("很长的日期" * 3, 3, "3" * 9) for _ in range(8))
        ),
    ),
    "rare": replace(NORMAL, title=RARE, period=RARE, kinds=kinds(2, 1, label=RARE), foot=RARE, kinds_heading=RARE),
    "month": replace(
        NORMAL,
        days=Plot("每周", tuple(column(f"{n}至{n + 6}日", n, 3 * n) for n in (1, 8, 15, 22, 29, 31)), "", LEGEND),
    ),
    "many columns": replace(
        NORMAL, days=Plot("每天", tuple(column(str(n), n, 31 - n) for n in range(1, 32)), "", LEGEND)
    ),
}


def opened(png: bytes) -> Image.Image:
    image = Image.open(BytesIO(png))
    assert image.format == "PNG"
    return image.convert("RGB")


def ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around all that is not paper."""
    return ImageChops.difference(image, Image.new("RGB", image.size, WHITE)).getbbox()


def alone(page: Page, at: int) -> Image.Image:
    """One line of type of a page, without anything else."""
    one = Page(page.y)
    one.words = [page.words[at]]
    return paint(one)


def inside(inner: tuple[int, int, int, int], outer: Box) -> bool:
    return inner[0] >= outer.left and inner[1] >= outer.top and inner[2] <= outer.right and inner[3] <= outer.bottom


def apart(one: Box, other: Box) -> bool:
    return one.right <= other.left or other.right <= one.left or one.bottom <= other.top or other.bottom <= one.top


def run(image: Image.Image, colour: tuple[int, int, int], box: Box, *, upright: bool) -> int:
    """How many pixels of a colour follow each other through the middle of a box, the whole picture long."""
    middle = (box.left + box.right) // 2 if upright else (box.top + box.bottom) // 2
    length = image.height if upright else image.width
    line = [image.getpixel((middle, at) if upright else (at, middle)) == colour for at in range(length)]
    start = box.top if upright else box.left
    assert line[start]
    first = last = start
    while first and line[first - 1]:
        first -= 1
    while last + 1 < length and line[last + 1]:
        last += 1
    return last - first + 1


def bars(page: Page, chart: Chart) -> tuple[list[Mark], list[Mark], list[Mark]]:
    """The bars by day, by kind and by week, as they are set from top to bottom."""
    found = [mark for mark in page.marks if mark.value is not None]
    first = sum((one.dark > 0) + (one.light > 0) for one in chart.days.columns)
    second = first + sum(kind.count > 0 and not kind.rest for kind in chart.kinds)
    return found[:first], found[first:second], found[second:]


@pytest.fixture(params=CHARTS)
def chart(request: pytest.FixtureRequest) -> Chart:
    return CHARTS[request.param]


# ── labels ───────────────────────────────────────────────────────────────────────────────────────────────


def test_no_label_is_cut(chart: Chart) -> None:
    page = lay_out(chart)
    for at, words in enumerate(page.words):
        found = ink(alone(page, at))
        assert found is not None, words.text
        assert inside(found, words.box), words.text
        assert inside((words.box.left, 0, words.box.right, 0), words.room._replace(top=0)), words.text
        assert inside(found, Box(LEFT, 0, RIGHT, page.y)), words.text


def test_nothing_overlaps(chart: Chart) -> None:
    page = lay_out(chart)
    placed = [(words.text, words.box) for words in page.words] + [(str(mark), mark.box) for mark in page.marks]
    assert [(a[0], b[0]) for a, b in combinations(placed, 2) if not apart(a[1], b[1])] == []


def test_type_is_large_enough_for_a_phone(chart: Chart) -> None:
    assert min((words.face.size for words in lay_out(chart).words), default=SMALLEST) >= 30


def test_every_word_of_a_usual_chart_is_there_whole() -> None:
    for name in ("normal", "all rows", "month", "huge"):
        chart = CHARTS[name]
        shown = [words.text for words in lay_out(chart).words]
        wanted = [chart.title, chart.period, chart.compared, chart.foot, chart.kinds_heading, *LEGEND]
        wanted += [text for figure in chart.figures for text in (figure.value, figure.unit, figure.label, figure.note)]
        wanted += [text for kind in chart.kinds for text in (kind.label, kind.text)]
        wanted += [text for one in (*chart.days.columns, *chart.weeks.columns) for text in (one.label, one.dark_text)]
        assert sorted(set(wanted) - set(shown) - {""}) == [], name


def test_what_is_too_long_ends_in_an_ellipsis() -> None:
    texts = [words.text for words in lay_out(CHARTS["long names"]).words]
    assert [text for text in texts if text.startswith("很长的骗局")] == ["很长的骗局名字很长的…"] * 2


def test_a_number_too_wide_for_its_column_is_left_out_rather_than_cut() -> None:
    plot = Plot("每天", tuple(Column(str(n), 1234567890, "1234567890") for n in range(31)), "")
    texts = [words.text for words in lay_out(replace(NORMAL, weeks=plot)).words]
    assert not [text for text in texts if text.startswith("123")]


@pytest.mark.parametrize("name", ["rare", "normal"])
def test_no_box_stands_for_a_character(name: str) -> None:
    page = lay_out(CHARTS[name])
    said = "".join(words.text for words in page.words)
    assert typeface._covered().issuperset(map(ord, said))
    assert (typeface.MISSING in said) is (name == "rare")


def test_the_ink_is_dark_on_white() -> None:
    image = opened(draw(NORMAL))
    assert image.getpixel((0, 0)) == WHITE
    for words in lay_out(NORMAL).words:
        assert sum(words.colour) / 3 <= 92


# ── bars ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_bars_are_as_long_as_their_counts(chart: Chart) -> None:
    page = lay_out(chart)
    image = paint(page)
    for group, upright in zip(bars(page, chart), (True, False, True), strict=True):
        if not group:
            continue
        most = max(group, key=lambda mark: mark.value or 0)
        longest = run(image, most.colour, most.box, upright=upright)
        assert longest >= 40
        for mark in group:
            assert mark.value is not None
            assert most.value is not None
            long = run(image, mark.colour, mark.box, upright=upright)
            assert long == (mark.box.bottom - mark.box.top if upright else mark.box.right - mark.box.left)
            assert abs(long - max(LEAST_BAR, longest * mark.value / most.value)) <= 1


def test_every_count_but_zero_has_a_bar() -> None:
    page = lay_out(NORMAL)
    values = sorted(mark.value for mark in page.marks if mark.value is not None)
    assert values == sorted([1, 5, 3, 2, 8, 1, 6, 2, 3, 7, 1, 3, 2, 1, 1, 2, 3, 5, 1, 2, 4, 7])
    assert {mark.colour for mark in page.marks if mark.value is not None} == BARS


def test_light_and_dark_stay_apart_without_colours() -> None:
    grey = {colour: Image.new("RGB", (1, 1), colour).convert("L").tobytes()[0] for colour in BARS}
    assert grey[LIGHT] - grey[DARK] > 100
    assert grey[PAST] - grey[DARK] > 80


def test_the_rest_has_no_bar_that_dwarfs_the_others() -> None:
    page = lay_out(CHARTS["all rows"])
    assert 90 not in {mark.value for mark in page.marks}
    assert "90" in {words.text for words in page.words}


def test_a_plot_of_zeros_says_so_in_words() -> None:
    page = lay_out(CHARTS["all zero"])
    assert [mark for mark in page.marks if mark.value is not None] == []
    assert {"没有人查短信，也没有确认的诈骗。", "近八周都没有确认的诈骗。"} <= {words.text for words in page.words}


@pytest.mark.parametrize(("name", "missing"), [("no scams", LEGEND[0]), ("no checks", LEGEND[1])])
def test_the_legend_names_only_what_is_there(name: str, missing: str) -> None:
    shown = {words.text for words in lay_out(CHARTS[name]).words}
    assert set(LEGEND) - shown == {missing}


def test_numbers_stand_over_their_own_bars() -> None:
    page = lay_out(NORMAL)
    by_day, _, by_week = bars(page, NORMAL)
    for mark in (*by_day, *by_week):
        middle = (mark.box.left + mark.box.right) // 2
        over = [w for w in page.words if w.text == str(mark.value) and 0 <= mark.box.top - w.box.bottom <= 12]
        assert any(abs((w.box.left + w.box.right) // 2 - middle) <= 4 for w in over), mark


# ── the picture ──────────────────────────────────────────────────────────────────────────────────────────


def test_size(chart: Chart) -> None:
    image = opened(draw(chart))
    assert image.width == WIDTH == 1080
    assert image.height <= TALLEST == 1350
    assert image.width <= 20 * image.height


def test_the_same_chart_makes_the_same_bytes(chart: Chart) -> None:
    first = draw(chart)
    typeface.font.cache_clear()
    typeface._bounds.cache_clear()
    typeface._blank.cache_clear()
    assert draw(chart) == first


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 9 kinds, not 10"):
        draw(replace(NORMAL, kinds=kinds(*range(10))))


def test_it_is_drawn_in_time() -> None:
    taken = []
    for _ in range(3):
        started = time.process_time()
        draw(CHARTS["all rows"])
        taken.append(time.process_time() - started)
    assert min(taken) <= BUDGET * slack()


NUMBERS = st.integers(0, 1_000_000)
LABELS = st.text(st.sampled_from("汉字，。（“JfÅ 1/万👍\U00020bb7\u202e\n"), max_size=14)


@given(
    pairs=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=7),
    trend=st.lists(NUMBERS, max_size=8),
    rows=st.lists(st.tuples(LABELS, NUMBERS), max_size=MOST_KINDS),
    texts=st.tuples(LABELS, LABELS, LABELS, LABELS),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_put_in_nothing_overlaps_and_all_is_on_the_page(
    pairs: list[tuple[int, int]], trend: list[int], rows: list[tuple[str, int]], texts: tuple[str, str, str, str]
) -> None:
    chart = replace(
        NORMAL,
        title=texts[0],
        compared=texts[1],
        figures=figures(*(str(pair[0]) for pair in [*pairs, *[(0, 0)] * 5][:5]), note=texts[2]),
        foot=texts[3],
        days=days(*pairs),
        kinds=tuple(Kind(label, count, str(count)) for label, count in rows),
        weeks=weeks(*trend),
    )
    page = lay_out(chart)
    boxes = [words.box for words in page.words] + [mark.box for mark in page.marks]
    assert [(a, b) for a, b in combinations(boxes, 2) if not apart(a, b)] == []
    assert [box for box in boxes if not inside(box, Box(LEFT, 0, RIGHT, page.y))] == []
    assert page.y <= TALLEST
