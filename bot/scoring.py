"""From signs that fired to points, level, score and category."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import msgspec

from bot.checks.likeness import Likeness  # noqa: TC001  msgspec reads it at run time
from bot.checks.wording import Scale  # noqa: TC001  likewise
from bot.datafile import read_toml
from bot.errors import DataError
from bot.model import Level

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    from bot.rules.match import Match


class Thresholds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``data/judgement/thresholds.toml``, in points; the reasons stand there."""

    verify: float
    suspicious: float
    scam: float
    hard_floor: float
    repeat_share: float
    middle: float
    width: float
    subject_slope: float
    likeness: Likeness
    wording: Scale

    @classmethod
    def load(cls, path: Path) -> Thresholds:
        """Reads the file.

        Raises:
            DataError: A key is missing, unknown or no number, or the thresholds are out of order.
        """
        try:
            found = msgspec.convert(read_toml(path), cls)
        except msgspec.ValidationError as error:
            raise DataError(f"{path.name}: {error}") from None
        if not 0 < found.verify < found.suspicious < found.scam <= found.hard_floor:
            raise DataError(f"{path.name}: need 0 < verify < suspicious < scam <= hard_floor")
        if not (0 <= found.repeat_share <= 1 and found.width > 0 and found.subject_slope >= 0):
            raise DataError(f"{path.name}: need 0 <= repeat_share <= 1, width > 0 and subject_slope >= 0")
        fault = found.likeness.fault(found.scam) or found.wording.fault(found.scam)
        if fault:
            raise DataError(f"{path.name}: {fault}")
        return found


class Sum(msgspec.Struct, frozen=True):
    """The arithmetic of one verdict."""

    points: float
    level: Level
    score: float
    category: str | None


def add_up(
    matches: Iterable[Match],
    thresholds: Thresholds,
    *,
    likeness: float = 0.0,
    wording: float = 0.0,
    subjects: Callable[[], Mapping[str, float]] = dict,
) -> Sum:
    """Adds the points of all signs that fired.

    The strongest sign of a file counts whole and the others a share, since they see the same words. Genuine signs
    are subtracted, but never lower the sum below what a hard sign demands. Likeness to confirmed scams comes last
    and lifts the sum to its ceiling at most.

    Args:
        matches: The signs that fired.
        thresholds: The numbers.
        likeness: Points for likeness to confirmed scams.
        wording: Points of the wording check, for or against.
        subjects: Gives the subject model's logits by category; asked only where the text is flagged.
    """
    matches = list(matches)
    groups: dict[str, list[float]] = defaultdict(list)
    categories: dict[str, list[float]] = defaultdict(list)
    lowered = 0.0
    hard = settled = False
    asked = set[str]()
    topics: dict[str, int] = defaultdict(int)
    for match in matches:
        sign = match.sign.sign
        asked.add(sign.verify)
        settled = settled or sign.settles
        if match.sign.category:
            topics[match.sign.category] += sign.topic
        if sign.points < 0:
            lowered += sign.points
        elif sign.points:
            groups[match.sign.group].append(sign.points)
            hard = hard or sign.hard
            if match.sign.category:
                categories[match.sign.category].append(sign.points)
    points = sum(_shared(values, thresholds.repeat_share) for values in groups.values()) + lowered
    # Against a scam the wording takes back at most what the signs gave.
    points = points + wording if wording > 0 else max(points + wording, min(points, 0.0))
    if hard:
        points = max(points, thresholds.hard_floor)
    points = max(points, min(points + likeness, thresholds.likeness.ceiling))
    if points >= thresholds.scam:
        level = Level.SCAM
    elif points >= thresholds.suspicious:
        level = Level.SUSPICIOUS
    elif points >= thresholds.verify or _open(asked, wording, thresholds, settled=settled):
        level = Level.VERIFY
    else:
        level = Level.CLEAR
    score = 1 / (1 + math.exp(min((thresholds.middle - points) / thresholds.width, _STEEPEST)))
    logits = subjects() if level.flagged else {}
    category = _category(categories, topics, logits, thresholds) if level is not Level.CLEAR else None
    return Sum(points, level, round(min(max(score, 0.001), 0.999), 4), category)


_STEEPEST = 50
"""Beyond this the score is 0 to all its digits."""


def _open(asked: Collection[str], wording: float, thresholds: Thresholds, *, settled: bool) -> bool:
    """Whether a question of ``data/judgement/verify.toml`` stays open, see :attr:`Sign.verify`."""
    if "always" in asked:
        return True
    if settled:
        return False
    return "firm" in asked or ("weak" in asked and wording > thresholds.wording.settled)


def _category(
    categories: Mapping[str, list[float]],
    topics: Mapping[str, int],
    logits: Mapping[str, float],
    thresholds: Thresholds,
) -> str | None:
    """What the SMS is about weighs more than how hard it pushes: a false ETC notice also imitates a bank."""
    ranked = {category: thresholds.subject_slope * logit for category, logit in logits.items()}
    for category, weight in topics.items():
        if weight:
            ranked[category] = ranked.get(category, 0.0) + weight
    for category, values in categories.items():
        ranked[category] = ranked.get(category, 0.0) + _shared(values, thresholds.repeat_share)
    return min(ranked, key=lambda c: (-ranked[c], c)) if ranked else None


def _shared(values: list[float], share: float) -> float:
    strongest = max(values)
    return strongest + share * (sum(values) - strongest)
