"""Our own example of each scam category, for where no wording of a report may be shown (``data/examples.toml``)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from bot.datafile import read_toml
from bot.errors import DataError
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

OTHER = "other"
"""The category of what is in no other."""


class Sample(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An SMS of our own writing and one sentence of advice, in Simplified Chinese.

    Nothing in ``text`` can be called, added or opened; it still goes through :func:`bot.neutralise.neutralise`
    before it is shown.
    """

    text: str
    advice: str


def example_of(category: str | None) -> Sample:
    """The example of a category; where it is none of ours, that of the other scams."""
    return examples().get(category or OTHER) or examples()[OTHER]


@cache
def examples() -> Mapping[str, Sample]:
    """Category id → example."""
    return load_examples(DATA / "examples.toml")


def load_examples(path: Path) -> dict[str, Sample]:
    """Read a file of examples.

    Raises:
        DataError: The file is malformed, or has no example for other scams.
    """
    try:
        found = msgspec.convert(read_toml(path), dict[str, Sample])
    except msgspec.ValidationError as error:
        raise DataError(f"{path.name}: {error}") from None
    if OTHER not in found:
        raise DataError(f"{path.name}: [{OTHER}] is missing; every unknown category falls back to it")
    return found
