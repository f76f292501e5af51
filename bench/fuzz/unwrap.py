"""``bot.unwrap``: the body lies within the text, and the way back from unescaped text is kept."""

from __future__ import annotations

from bench.fuzz.sms import decode, in_order
from bot.triage import Kind, sender_in, triage
from bot.unwrap import Unwrapped, unwrap


def run(data: bytes) -> Unwrapped:
    """What is timed; with it what kind of message it is, which the bot asks first."""
    text = decode(data)
    assert triage(text) in Kind, "no kind"
    sender_in(text)
    return unwrap(text)


def check(data: bytes) -> None:
    """Raises where something that always holds does not."""
    text = decode(data)
    found = run(data)
    start, end = found.body
    assert 0 <= start <= end <= len(text), "body outside the text"
    if found.offsets is None:
        assert found.text == text[start:end], "not the body"
    else:
        assert len(found.offsets) == len(found.text) + 1, "an offset for each character and the end"
        assert in_order(list(found.offsets)), "offsets go back"
        assert found.offsets[0] >= start, "offsets begin before the body"
        assert found.offsets[-1] == end, "offsets end elsewhere than the body"
    assert found.sender is None or found.sender.strip(), "blank sender"
    assert found == run(data), "another answer the second time"
