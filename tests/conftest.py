"""What all tests share."""

from __future__ import annotations

import pytest

from bot.knowledge import Knowledge


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The real knowledge, loaded once: it is immutable."""
    return Knowledge.load()
