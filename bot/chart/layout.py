"""Where everything of a chart goes: title, figures, bars by time, bars by kind, trend, last line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.chart.page import Box, Page, baseline, pitch, width
from bot.typeface import INK, Face

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.chart.model import Chart, Column, Figure, Kind, Plot
    from bot.chart.page import Colour

WIDTH, TALLEST = 1080, 1350
"""Telegram shows a photo of this shape in full; a taller one is made smaller, and its type with it."""
SMALLEST = 30
"""A phone shows 1080 pixels at a third of the size: nothing is set in type that comes out under 10."""
MARGIN, GAP = 56, 26
LEFT, RIGHT = MARGIN, WIDTH - MARGIN
TOP, BOTTOM = 36, 22
MOST_KINDS = 9

# Far apart in lightness, so that they stay apart for whoever sees no colours, and on a dimmed screen.
DARK, PAST, LIGHT = (158, 42, 20), (205, 150, 134), (168, 200, 224)
RULE, HAIR = (INK, INK, INK), (200, 200, 200)
GREY = 92
TITLE, HEADING, LABEL = Face(56, INK, 1), Face(36, INK, 1), Face(32, INK)
COUNT, SMALL = Face(32, INK, 1), Face(SMALLEST, GREY)
NUMERALS = tuple(Face(size, INK, 2) for size in (76, 66, 58, 50, 44))
"""The largest in which every figure fits is taken for all of them."""
SQUARE = 24
ROW, BAR = 41, 26
"""Height of a row of kinds, and of the bar in it."""
LABELS = 360
"""What the labels of the kinds may take: eleven characters."""
PLOT, TREND = 220, 130
"""Height of the bars by time, where there is room for it."""
OVER = 40
"""Height of the number over a bar."""
PAIRED, SINGLE = 60, 72
"""Width of a bar beside another one, and alone."""
LEAST_BAR = 3
"""What is not nothing shows, however little it is beside the rest."""


def lay_out(chart: Chart) -> Page:
    """Where every word and every bar goes.

    Raises:
        ValueError: There are more kinds than :data:`MOST_KINDS`.
    """
    if len(chart.kinds) > MOST_KINDS:
        raise ValueError(f"a chart has at most {MOST_KINDS} kinds, not {len(chart.kinds)}; sum up the rest")
    page = _set(chart, PLOT, TREND)
    over = page.y - TALLEST
    if over <= 0:
        return page
    # The bars by time share what is too much: type stays as large as it is.
    share = over * PLOT // (PLOT + TREND)
    return _set(chart, PLOT - share, TREND - (over - share))


def _set(chart: Chart, plot: int, trend: int) -> Page:
    page = Page(TOP)
    _head(page, chart)
    _figures(page, chart.figures)
    _plot(page, chart.days, plot)
    _kinds(page, chart.kinds_heading, chart.kinds)
    _plot(page, chart.weeks, trend)
    _foot(page, chart.foot)
    return page


def _head(page: Page, chart: Chart) -> None:
    below = page.y + pitch(TITLE) + 8
    title = page.put(chart.title, TITLE, Box(LEFT, page.y, RIGHT, below))
    left = title.right + GAP
    # Two lines stand beside the title, the second on its baseline; one alone stands there.
    last = page.y + baseline(TITLE) - baseline(SMALL)
    if chart.compared:
        page.put(chart.period, LABEL, Box(left, last - pitch(LABEL), RIGHT, last), "right")
        page.put(chart.compared, SMALL, Box(left, last, RIGHT, last + pitch(SMALL)), "right")
    else:
        last = page.y + baseline(TITLE) - baseline(LABEL)
        page.put(chart.period, LABEL, Box(left, last, RIGHT, last + pitch(LABEL)), "right")
    page.mark(Box(LEFT, below, RIGHT, below + 4), RULE)
    page.y = below + 4 + 10


def _figures(page: Page, figures: Sequence[Figure]) -> None:
    slots = [_slot(at, len(figures)) for at in range(len(figures))]
    rooms = [
        right - left - width(figure.unit, LABEL) - GAP for figure, (left, right) in zip(figures, slots, strict=True)
    ]
    fits = [
        face
        for face in NUMERALS
        if all(width(figure.value, face) <= room for figure, room in zip(figures, rooms, strict=True))
    ]
    face = fits[0] if fits else NUMERALS[-1]
    base = page.y + baseline(face)
    label = base + 10
    note = label + pitch(LABEL) - 4
    end = note + (pitch(SMALL) if any(figure.note for figure in figures) else 4)
    for at, (figure, (left, right), room) in enumerate(zip(figures, slots, rooms, strict=True)):
        if at:
            page.mark(Box(left - 16, page.y + 24, left - 14, end - 8), HAIR)
        page.put(figure.value, face, Box(left, page.y, left + room, label), colour=None if at else DARK)
        start = left + min(room, width(figure.value, face)) + 8
        page.put(figure.unit, LABEL, Box(start, base - baseline(LABEL), right - 16, label))
        page.put(figure.label, LABEL, Box(left, label, right - 16, label + pitch(LABEL)))
        page.put(figure.note, SMALL, Box(left, note, right - 16, note + pitch(SMALL)))
    page.y = end + GAP - 6


def _heading(page: Page, text: str, note: str = "", legend: Sequence[tuple[str, Colour]] = ()) -> None:
    top, right = page.y, RIGHT
    lowered = top + baseline(HEADING) - baseline(SMALL)
    line = Box(LEFT, lowered, right, lowered + pitch(SMALL))
    if note:
        right = page.put(note, SMALL, line, "right").left - GAP
    middle = lowered + baseline(SMALL) - round(SMALL.size * 0.36)
    for label, colour in reversed(legend):
        edge = page.put(label, SMALL, line._replace(right=right), "right").left - 12
        page.mark(Box(edge - SQUARE, middle - SQUARE // 2, edge, middle + SQUARE // 2), colour)
        right = edge - SQUARE - GAP
    page.put(text, HEADING, Box(LEFT, top, right, top + pitch(HEADING)))
    page.y = top + pitch(HEADING)


def _plot(page: Page, plot: Plot, height: int) -> None:
    dark, light = any(column.dark for column in plot.columns), any(column.light for column in plot.columns)
    if not dark and not light:
        _heading(page, plot.heading)
        page.put(plot.empty, LABEL, Box(LEFT, page.y, RIGHT, page.y + pitch(LABEL)))
        page.y += pitch(LABEL) + GAP - 8
        return
    legend = zip(plot.legend or (), (DARK, LIGHT), (dark, light), strict=False)
    _heading(page, plot.heading, plot.note, [(label, colour) for label, colour, there in legend if there])
    base = page.y + OVER + height
    if dark and light:
        _pairs(page, plot.columns, base, height)
    else:
        _singles(page, plot.columns, base, height)
    for at, column in enumerate(plot.columns):
        left, right = _slot(at, len(plot.columns))
        page.put(column.label, SMALL, Box(left, base + 4, right, base + 4 + pitch(SMALL)), "center")
    page.mark(Box(LEFT, base, RIGHT, base + 2), HAIR)
    page.y = base + 4 + pitch(SMALL) + GAP - 6


def _singles(page: Page, columns: Sequence[Column], base: int, height: int) -> None:
    """One bar a column, dark or light."""
    most = max(max(column.dark, column.light) for column in columns)
    for at, column in enumerate(columns):
        left, right = _slot(at, len(columns))
        bar = min(SINGLE, right - left - 12)
        start = (left + right - bar) // 2
        colour = LIGHT if column.light else PAST if column.past else DARK
        count = column.dark or column.light
        top = _bar(page, Box(start, base - height, start + bar, base), count, most, colour)
        text, face = (column.dark_text, COUNT) if column.dark_text else (column.light_text, SMALL)
        _over(page, text, face, Box(left, top - OVER, right, top), start + bar // 2)


def _pairs(page: Page, columns: Sequence[Column], base: int, height: int) -> None:
    """A dark bar and a light one beside each other, with a number over each."""
    most = max(max(column.dark, column.light) for column in columns)
    half = (RIGHT - LEFT) // len(columns) // 2
    bar = min(PAIRED, half - 6)
    # Where numbers are too wide to stand beside each other, the dark bars' stand over both, and the light have none.
    beside = all(width(text, COUNT) <= half - 2 for column in columns for text in (column.dark_text, column.light_text))
    for at, column in enumerate(columns):
        left, right = _slot(at, len(columns))
        middle = (left + right) // 2
        colour = PAST if column.past else DARK
        dark = _bar(page, Box(middle - bar - 3, base - height, middle - 3, base), column.dark, most, colour)
        light = _bar(page, Box(middle + 3, base - height, middle + 3 + bar, base), column.light, most, LIGHT)
        if beside:
            _over(page, column.light_text, SMALL, Box(middle, light - OVER, right, light), middle + 3 + bar // 2)
        fits = width(column.dark_text, COUNT) <= half - 2
        over = (
            Box(left, dark - OVER, middle, dark)
            if fits
            else Box(left, min(dark, light) - OVER, right, min(dark, light))
        )
        _over(page, column.dark_text, COUNT, over, middle - 3 - bar // 2)


def _bar(page: Page, room: Box, count: int, most: int, colour: Colour) -> int:
    """A bar that stands; its top."""
    if not count:
        return room.bottom
    top = room.bottom - max(LEAST_BAR, round(count / most * (room.bottom - room.top)))
    page.mark(room._replace(top=top), colour, count)
    return top


def _over(page: Page, text: str, face: Face, room: Box, middle: int) -> None:
    """A number on top of a bar: centred over it, moved aside only as far as its room wants."""
    wide = width(text, face)
    if wide > room.right - room.left:
        return
    left = min(max(room.left, middle - wide // 2), room.right - wide)
    top = room.bottom - 6 - baseline(face)
    page.put(text, face, Box(left, top, left + wide, room.bottom))


def _kinds(page: Page, heading: str, kinds: Sequence[Kind]) -> None:
    if not kinds:
        return
    _heading(page, heading)
    labels = min(LABELS, max(width(kind.label, LABEL) for kind in kinds))
    counts = max(width(kind.text, COUNT) for kind in kinds)
    start = LEFT + labels + 20
    most, room = max((kind.count for kind in kinds if not kind.rest), default=1), RIGHT - counts - 14 - start
    for kind in kinds:
        page.put(kind.label, LABEL, Box(LEFT, page.y, LEFT + labels, page.y + ROW), "right")
        long = max(LEAST_BAR, round(kind.count / most * room)) if kind.count and not kind.rest else 0
        if long:
            top = page.y + (ROW - BAR) // 2 + 2
            page.mark(Box(start, top, start + long, top + BAR), DARK, kind.count)
        left = start + long + (14 if long else 0)
        page.put(kind.text, COUNT, Box(left, page.y, RIGHT, page.y + ROW))
        page.y += ROW
    page.y += GAP - 4


def _foot(page: Page, text: str) -> None:
    if text:
        page.mark(Box(LEFT, page.y, RIGHT, page.y + 2), HAIR)
        page.y += 2 + 10
        page.put(text, LABEL, Box(LEFT, page.y, RIGHT, page.y + pitch(LABEL)))
        page.y += pitch(LABEL)
    page.y += BOTTOM


def _slot(at: int, count: int) -> tuple[int, int]:
    """The left and the right edge of one of ``count`` equal columns."""
    return LEFT + at * (RIGHT - LEFT) // count, LEFT + (at + 1) * (RIGHT - LEFT) // count
