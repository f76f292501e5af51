"""``bot.neutralise``: nothing to tap is left, and doing it twice changes nothing."""

from __future__ import annotations

import re

from bench.fuzz.sms import decode
from bot.neutralise import neutralise
from sandbox.server import autolink

_NUMBER = re.compile(r"\d(?:[ \-()+]*\d){4,}")


def run(data: bytes) -> str:
    """What is timed."""
    return neutralise(decode(data))


def check(data: bytes) -> None:
    """Raises where something that always holds does not."""
    safe = run(data)
    assert not autolink.entities(safe, []), "something to tap"
    assert not _NUMBER.search(safe), "a number to call"
    assert neutralise(safe) == safe, "not idempotent"
    safe.encode()
