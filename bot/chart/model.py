"""What a chart says: counts for the bars, and every word and number as it is to be read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A count in large type: ``7``, ``种``, 确认诈骗, 多了3."""

    value: str
    unit: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A day or a week. The texts stand over the bars; an empty one does not.

    Attributes:
        past: Set back against the others.
    """

    label: str
    dark: int = 0
    dark_text: str = ""
    light: int = 0
    light_text: str = ""
    past: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """Columns over time; a kind of bar that none of them has is left out.

    Attributes:
        empty: What stands in place of the columns where all are zero.
        legend: What the dark and the light bars are, where there are light ones.
        note: A remark on what stands below the columns.
    """

    heading: str
    columns: tuple[Column, ...]
    empty: str
    legend: tuple[str, str] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A row with a bar that lies.

    Attributes:
        rest: The sum of what has no row: without a bar, which would dwarf the others.
    """

    label: str
    count: int
    text: str
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """All that the picture says.

    Attributes:
        compared: What the notes of the figures compare with.
        figures: The first counts most.
        kinds: At most :data:`bot.chart.MOST_KINDS`; without any they and their heading are left out.
        foot: The last line; may be empty.
    """

    title: str
    period: str
    compared: str
    figures: tuple[Figure, ...]
    days: Plot
    kinds_heading: str
    kinds: tuple[Kind, ...]
    weeks: Plot
    foot: str
