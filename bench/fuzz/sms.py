"""Bytes of the fuzzer as an SMS, and back."""

from __future__ import annotations

from itertools import pairwise

LONGEST = 4096
"""Characters of one Telegram message."""
FIELD = "\x1e"
"""Parts the text from the sender, and the sender from hidden links, for targets that want them."""


def decode(data: bytes) -> str:
    """The text that ``data`` stands for: UTF-8, lone surrogates allowed, cut to one message."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    return text[:LONGEST]


def encode(text: str) -> bytes:
    """The opposite of :func:`decode`."""
    return text.encode("utf-8", "surrogatepass")


def fields(data: bytes) -> tuple[str, str | None, tuple[str, ...]]:
    """Text, sender and hidden links."""
    text, *more = decode(data).split(FIELD)
    return text, (more[0] or None) if more else None, tuple(more[1:4])


def covers(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    """True where every span has a length and lies within ``start`` and ``end``."""
    return all(start <= first < last <= end for first, last in spans)


def in_order(numbers: list[int] | range) -> bool:
    """True where no number is less than the one before it."""
    return all(one <= other for one, other in pairwise(numbers))
