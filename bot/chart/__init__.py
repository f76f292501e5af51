"""Counts as one picture to read on a phone: big figures, bars by time, bars by kind. Pure: same chart, same bytes.

``model`` is what a picture says, ``layout`` where everything goes, ``paint`` the PNG. The layout is a value of its
own, so that tests can hold every label against its room and every bar against its count.
"""

from __future__ import annotations

from bot.chart.layout import MOST_KINDS, lay_out
from bot.chart.model import Chart, Column, Figure, Kind, Plot
from bot.chart.paint import draw

__all__ = ["MOST_KINDS", "Chart", "Column", "Figure", "Kind", "Plot", "draw", "lay_out"]
