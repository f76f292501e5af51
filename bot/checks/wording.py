"""The wording check: how much the words look like those of scams, by a small linear model.

Rules name what a scam is; the model catches wordings that no rule foresaw. It sees words and the concepts and features
that rules see, never names of institutions, and its weights are a data file made by ``tools/model/train.py``. It may
add or take some points, and decides nothing alone: no weight is hard.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from bot.errors import DataError
from bot.model import Evidence
from bot.tokens import PLACEHOLDER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from bot.fold import Folded
    from bot.institutions import Mention

RULE = "wording/model"
BIAS = "bias"
_MARKS = ("w:", "b:", "t:")


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[wording]`` of ``data/judgement/thresholds.toml``; the reasons stand there.

    Points are ``slope * (logit - middle)``, none within ``quiet`` points of nothing, and never beyond ``lowest`` and
    ``highest``. At ``settled`` or below, a sign that merely asks for checking is answered.
    """

    slope: float
    middle: float
    quiet: float
    lowest: float
    highest: float
    settled: float
    why_scam: str
    why_genuine: str

    def fault(self, scam: float) -> str | None:
        """What is wrong with the numbers, if anything."""
        if self.slope <= 0 or self.quiet < 0:
            return "need wording.slope > 0 and wording.quiet >= 0"
        if not self.lowest <= 0 <= self.highest < scam:
            return "need wording.lowest <= 0 <= wording.highest < scam: the model condemns nobody alone"
        if not self.lowest <= self.settled <= 0:
            return "need wording.lowest <= wording.settled <= 0"
        if not (self.why_scam and self.why_genuine):
            return "wording.why_scam and wording.why_genuine must be sentences"
        return None


class Weights(NamedTuple):
    """Feature → weight, in natural logarithms of odds; ``bias`` is the one of a text without any."""

    bias: float
    weights: Mapping[str, float]


def load_weights(path: Path) -> Weights:
    """Reads a table of ``feature TAB weight`` lines; lines that begin with ``#`` are remarks.

    Raises:
        DataError: The file cannot be read or a line is malformed; names the line and the mend.
    """
    table: dict[str, float] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: {error}; make it anew with tools/model/train.py") from None
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("# "):
            continue
        feature, _, weight = line.partition("\t")
        try:
            table[feature] = float(weight)
        except ValueError:
            raise DataError(f"{path.name}: line {number}: no 'feature TAB weight'; make it with train.py") from None
    if BIAS not in table or any(not f.startswith(_MARKS) for f in table if f != BIAS):
        raise DataError(f"{path.name}: needs one 'bias' and features in w:, b: or t:; make it with train.py")
    return Weights(table.pop(BIAS), table)


def hide_names(tokens: Sequence[str], mentions: Iterable[Mention]) -> list[str]:
    """``tokens`` with the names of institutions blanked: who is named is no reason, and scams name the best known."""
    spans = sorted((mention.start, mention.end) for mention in mentions)
    hidden = list(tokens)
    at = index = 0
    for start, stop in spans:
        while index < len(hidden) and at < stop:
            end = at + len(hidden[index])
            if end > start:
                hidden[index] = PLACEHOLDER * len(hidden[index])
            at = end
            index += 1
    return hidden


def features(tokens: Sequence[str], terms: Iterable[str]) -> set[str]:
    """What the models see of one text.

    Args:
        tokens: Of the folded text with links and numbers masked.
        terms: The concepts (``@``) and features (``#``) that occur; other terms are left out.
    """
    kept = [token for token in tokens if token.isalpha() and (not token.isascii() or len(token) <= _LATIN)]
    seen = {"w:" + token for token in kept}
    seen.update([f"b:{first} {second}" for first, second in pairwise(kept)])
    seen.update(["t:" + term for term in terms if term[0] in "@#" and not term.startswith(_UNSEEN)])
    return seen


def check_wording(
    seen: Collection[str], tokens: Sequence[str], folded: Folded, weights: Weights, scale: Scale
) -> Evidence | None:
    """The evidence, or None where the words tell little; it quotes the word of two characters or more that weighs most.

    Args:
        seen: The :func:`features` of the text.
        tokens: Its tokens, for the quotation.
        folded: The folded text.
        weights: The model.
        scale: From its logit to points.
    """
    table = weights.weights
    known = [table[feature] for feature in seen if feature in table]
    if len(known) < _KNOWN:
        return None
    raw = scale.slope * (weights.bias + sum(known) - scale.middle)
    points = round(min(max(raw, scale.lowest), scale.highest), 1)
    if abs(points) <= scale.quiet:
        return None
    if points < 0:
        return Evidence(rule=RULE, why=scale.why_genuine, points=points)
    place = _heaviest(tokens, table)
    span = folded.span(*place) if place else None
    return Evidence(rule=RULE, why=scale.why_scam, points=points, span=span)


def _heaviest(tokens: Sequence[str], weights: Mapping[str, float]) -> tuple[int, int] | None:
    best = 0.0
    place: tuple[int, int] | None = None
    at = 0
    for token in tokens:
        weight = weights.get("w:" + token, 0.0)
        if weight > best and len(token) > 1:
            best, place = weight, (at, at + len(token))
        at += len(token)
    return place


_UNSEEN = ("#sender", "#traditional")
"""Who gave the training SMS decides whether they have a sender, and script is no sign of fraud."""
_LATIN = 8
"""Latin words up to this length count: app, line, otp; longer ones are accounts."""
_KNOWN = 3
"""A text with fewer features that the model knows tells it nothing: the bias alone is no evidence."""
