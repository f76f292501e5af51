"""``bot.fold``: a fixed point, with a way back to every original character."""

from __future__ import annotations

from bench.fuzz.sms import decode, in_order
from bot.fold import Folded, fold


def run(data: bytes) -> Folded:
    """What is timed."""
    return fold(decode(data))


def check(data: bytes) -> None:
    """Raises where something that always holds does not."""
    text = decode(data)
    found = run(data)
    check_map(found, 0, len(text))
    again = fold(found.text)
    assert again.text == found.text, "not idempotent"
    assert not any(char < " " and char != "\n" for char in found.text), "a control sign is left"
    for trick in found.tricks:
        assert 0 <= trick.span.start < trick.span.end <= len(text), "a trick outside the text"
        assert trick.shown == text[slice(*trick.span)], "a trick shown elsewhere"
    moved = fold(text, range(7, len(text) + 8))
    assert moved.text == found.text, "the base changes the text"
    assert list(moved.offsets) == [at + 7 for at in found.offsets], "offsets do not follow the base"
    assert list(moved.ends) == [at + 7 for at in found.ends], "ends do not follow the base"
    assert list(fold(text, 7).offsets) == list(moved.offsets), "a number and a range of offsets differ"


def check_map(found: Folded, start: int, end: int) -> None:
    """The map back to the original, which lies from ``start`` to ``end``."""
    offsets, ends = list(found.offsets), list(found.ends)
    assert len(offsets) == len(found.text) + 1, "an offset for each character and the end"
    assert len(ends) >= len(found.text), "an end for each character"
    assert offsets[-1] == end, "the end is not the end"
    assert in_order(offsets), "offsets go back"
    assert in_order(ends), "ends go back"
    assert all(start <= at < to <= end for at, to in zip(offsets, ends[: len(found.text)], strict=False)), (
        "a character without an original"
    )
