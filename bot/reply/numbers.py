"""Which numbers a reply names, and what each is for.

The judge decides which ones a verdict carries (``Verdict.hotlines``); this only tells them apart. The constants
are for the sentences that name a line whatever the verdict; a test holds them against the directory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.institutions import Institution, Line
    from bot.model import Hotline, Verdict
    from bot.reply.knows import Knows

POLICE = "110"
EMERGENCY = "120"
"""Ambulance."""
ANTIFRAUD = "96110"
COMPLAINTS = "12378"

MAX_CANDIDATES = 3
_CARD = "信用卡"
_LOCAL = ("本地", "异地", "区号", "省内", "市内")
_SELECT = ("白金", "贵宾", "钻石", "企业", "商户", "港澳", "境外", "海外")
"""Words in a number's purpose that say it serves some people only."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """A verdict's numbers by use.

    Attributes:
        own: The claimed institution's, or the labelled candidates.
        emergency: Whom to call where money may have moved.
        advice: Whom to ask before acting.
    """

    own: tuple[Hotline, ...]
    emergency: Hotline | None = None
    advice: Hotline | None = None

    @property
    def mainland(self) -> bool:
        """True where the reply names the mainland's lines."""
        return self.advice is not None and self.advice.number == ANTIFRAUD


def sort_numbers(verdict: Verdict, knowledge: Knows) -> Numbers:
    """Split a verdict's hotlines: the institution's come first, the general lines of the region follow."""
    emergencies = {lines.emergency for lines in knowledge.general_lines.values() if lines.emergency}
    advisers = {lines.advice for lines in knowledge.general_lines.values()}
    complaints = {lines.complaints for lines in knowledge.general_lines.values() if lines.complaints}
    own: list[Hotline] = []
    emergency = advice = None
    for hotline in verdict.hotlines:
        # An SMS may claim to be the police itself: then theirs is the number to verify with.
        claimed = verdict.institution is not None and hotline.institution == verdict.institution
        if not claimed and hotline.institution in emergencies:
            emergency = hotline
        elif not claimed and hotline.institution in advisers:
            advice = hotline
        elif claimed or hotline.institution not in complaints:
            own.append(hotline)
    return Numbers(tuple(own), emergency, advice)


def main_line(row: Institution) -> Line | None:
    """Return the number for whoever holds any account there, wherever they are.

    Not the one for credit cards and not a local one, where there is another.
    """
    lines = sorted(row.callable_lines, key=lambda line: (line.purpose.startswith(_CARD), is_local(line)))
    return lines[0] if lines else None


def is_local(line: Line) -> bool:
    """Return True for a number that belongs to somebody else in another city (docs/facts/numbering.md §3)."""
    return any(word in line.purpose for word in _LOCAL)


def is_for_everybody(hotline: Hotline) -> bool:
    """Return True unless the number serves the holders of some card only."""
    return bool(hotline.purpose) and not any(word in hotline.purpose for word in _SELECT)
