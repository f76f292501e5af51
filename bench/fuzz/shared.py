"""What several targets need, loaded once."""

from __future__ import annotations

from functools import cache

from bot.knowledge import Knowledge
from bot.texts import Texts


@cache
def knowledge() -> Knowledge:
    """The real knowledge."""
    return Knowledge.load()


@cache
def texts() -> Texts:
    """The sentences of replies."""
    return Texts.load()
