"""Telegram counts in UTF-16 code units; Python in code points."""

from __future__ import annotations

from itertools import accumulate

_BMP = 0xFFFF


def length(text: str) -> int:
    """Length of ``text`` in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def offsets(text: str) -> list[int]:
    """For each code point, and the end, its UTF-16 offset."""
    if text.isascii():
        return list(range(len(text) + 1))
    return list(accumulate((1 + (ord(char) > _BMP) for char in text), initial=0))


def cut(text: str, offset: int, count: int) -> str:
    """The part of ``text`` that an entity covers."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * offset : 2 * (offset + count)].decode("utf-16-le", "surrogatepass")
