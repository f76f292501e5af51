"""A chart as a PNG."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from bot.chart.layout import WIDTH, lay_out
from bot.typeface import font

if TYPE_CHECKING:
    from bot.chart.model import Chart
    from bot.chart.page import Page

WHITE = (255, 255, 255)


def draw(chart: Chart) -> bytes:
    """The chart as a PNG, 1080 pixels wide and at most 1350 high. Takes tens of milliseconds of processor time.

    Raises:
        ValueError: There are more kinds than :data:`bot.chart.MOST_KINDS`.
        DataError: The font is missing or damaged.
    """
    picture = paint(lay_out(chart))
    picture.save(out := BytesIO(), "PNG")
    return out.getvalue()


def paint(page: Page) -> Image.Image:
    """A page that has been laid out, in pixels."""
    picture = Image.new("RGB", (WIDTH, page.y), WHITE)
    brush = ImageDraw.Draw(picture)
    for mark in page.marks:
        left, top, right, bottom = mark.box
        brush.rectangle((left, top, right - 1, bottom - 1), fill=mark.colour)
    for words in page.words:
        face = words.face
        brush.text(words.at, words.text, words.colour, font(face.size), anchor="ls", stroke_width=face.stroke)
    return picture
