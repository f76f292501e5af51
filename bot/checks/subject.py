"""What a scam is about, by a linear model: backs the choice of the category and nothing else.

The signs and topics of the rules name the subject; the model decides between several, and where none is named. Its
weights are a data file made by ``tools/model/train.py``.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from bot.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

BIAS = "bias"
_COLUMNS = 3


class Subjects(NamedTuple):
    """The categories, what each weighs without any feature, and feature → places among them with their weights."""

    categories: Sequence[str]
    biases: Sequence[float]
    weights: Mapping[str, Sequence[tuple[int, float]]]


def load_subjects(path: Path, categories: Collection[str]) -> Subjects:
    """Reads a table of ``feature TAB category TAB weight`` lines; lines that begin with ``# `` are remarks.

    Raises:
        DataError: The file cannot be read, a line is malformed or names no category; names the line and the mend.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path.name}: {error}; make it anew with tools/model/train.py") from None
    biases: dict[str, float] = {}
    weights: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for number, line in enumerate(lines, 1):
        if not line or line.startswith("# "):
            continue
        columns = line.split("\t")
        try:
            feature, category, weight = columns[0], columns[1], float(columns[2])
        except (IndexError, ValueError):
            raise DataError(
                f"{path.name}: line {number}: no 'feature TAB category TAB weight'; make it with train.py"
            ) from None
        if len(columns) != _COLUMNS or category not in categories:
            raise DataError(f"{path.name}: line {number}: {category!r} is no category; make it with train.py")
        if feature == BIAS:
            biases[category] = weight
        else:
            weights[feature].append((category, weight))
    place = {category: at for at, category in enumerate(biases)}
    for found in weights.values():
        for category, _ in found:
            if category not in place:
                raise DataError(f"{path.name}: no bias for {category!r}; make it with train.py")
    table = {feature: tuple((place[c], weight) for c, weight in found) for feature, found in weights.items()}
    return Subjects(tuple(biases), tuple(biases.values()), table)


def subject_logits(seen: Iterable[str], subjects: Subjects) -> dict[str, float]:
    """Category → how much the features of a text speak for it; only differences mean something."""
    logits = list(subjects.biases)
    weights = subjects.weights
    for feature in seen:
        for at, weight in weights.get(feature, ()):
            logits[at] += weight
    return dict(zip(subjects.categories, logits, strict=True))
