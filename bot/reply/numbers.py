"""Which numbers a verdict's reply names: the claimed institution's, and the general lines.

The judge decides which ones (``Verdict.hotlines``); this only tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.model import Level

if TYPE_CHECKING:
    from bot.model import Hotline, Verdict

POLICE = "110"
ANTIFRAUD = "96110"
COMPLAINTS = "12378"
WECHAT_PAY = "95017"
ALIPAY = "95188"
TAIWAN = "165"
HONG_KONG = "18222"
SINGAPORE = "1799"
MALAYSIA = "997"
GENERAL = frozenset({POLICE, ANTIFRAUD, COMPLAINTS})
MAX_CANDIDATES = 3
_SELECT = ("白金", "贵宾", "钻石", "企业", "商户", "港澳", "境外", "海外")


@dataclass(frozen=True, slots=True)
class Numbers:
    """A verdict's numbers by use. ``own`` are the institution's or the labelled candidates."""

    own: tuple[Hotline, ...]
    general: frozenset[str]


def sort_numbers(verdict: Verdict) -> Numbers:
    """Split a verdict's hotlines: the institution's come first, general lines follow."""
    own = tuple(
        hotline
        for hotline in verdict.hotlines
        if hotline.number not in GENERAL
        or (verdict.institution is not None and hotline.institution == verdict.institution)
    )
    shown = {hotline.number for hotline in own}
    general = frozenset(hotline.number for hotline in verdict.hotlines) & GENERAL or _fitting(verdict)
    return Numbers(own, general - shown)


def is_for_everybody(hotline: Hotline) -> bool:
    """Return True unless the number serves the holders of some card only."""
    return bool(hotline.purpose) and not any(word in hotline.purpose for word in _SELECT)


def _fitting(verdict: Verdict) -> frozenset[str]:
    """Which general lines fit, where the verdict does not say."""
    complaints = {COMPLAINTS} if verdict.collection is not None and verdict.collection.faults else set()
    if verdict.level is Level.SCAM:
        return frozenset({POLICE, ANTIFRAUD, *complaints})
    if verdict.level is Level.SUSPICIOUS or (verdict.level is Level.VERIFY and not verdict.hotlines):
        return frozenset({ANTIFRAUD, *complaints})
    return frozenset(complaints)
