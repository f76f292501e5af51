"""Reads the word lists in ``data/lexicon``; each file says at its top what it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.datafile import read_toml
from bot.errors import DataError
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER = DATA / "lexicon"


def load(name: str) -> dict[str, object]:
    """The whole of ``data/lexicon/<name>.toml``."""
    return read_toml(FOLDER / f"{name}.toml")


def words(table: Mapping[str, object], key: str, *, of: str) -> tuple[str, ...]:
    """``table[key]`` as a tuple of strings. ``of`` names the file for the error message."""
    value = table.get(key)
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        raise DataError(f"data/lexicon/{of}.toml: {key}: must be a list of non-empty strings")
    return tuple(value)


def section(table: Mapping[str, object], key: str, *, of: str) -> dict[str, object]:
    """``table[key]`` as a table of its own."""
    value = table.get(key)
    if not isinstance(value, dict):
        raise DataError(f"data/lexicon/{of}.toml: [{key}] is missing")
    return value
