"""The words of the terminal chat (``texts.toml``)."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def load() -> dict[str, Any]:
    """The whole file."""
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))


def say(section: str, key: str, **values: object) -> str:
    """One sentence, with its values filled in."""
    sentence: str = load()[section][key]
    return sentence.format(**values)
