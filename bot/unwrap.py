"""Takes an SMS out of what a forwarding app or a person put around it.

The sender's number is kept, the owner's own SIM, number and device are dropped. What is not recognised is
left alone: the whole message is then the body.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bot.lexicon import load, section, words
from bot.model import Span
from bot.wrappers import ESCAPED, Found, find_wrapper, unescape

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """The SMS within the given text.

    Attributes:
        body: Where it stands.
        text: The body, unescaped.
        sender: The original sender (number, name or app), if the wrapper names one.
        received: When, as written.
        format: plain, lead, pasted, labelled, smsforwarder3, smsforwarder2, telegram-sms, dbus or air780e.
        offsets: Place in the given text of each character of ``text``, and of its end; None where nothing was
            escaped, so that ``text`` is ``given[body.start:body.end]``.
    """

    body: Span
    text: str
    sender: str | None = None
    received: str | None = None
    format: str = "plain"
    offsets: tuple[int, ...] | None = None

    @property
    def base(self) -> Sequence[int] | int:
        """What ``fold`` wants to know."""
        return self.body.start if self.offsets is None else self.offsets


_LEAD_WITHIN, _LEFT_OVER = 48, 6
"""A person's own sentence is no longer than this, and this much must follow it."""
_LEAD_END = re.compile(r"[:：](?!//)|[?？\n。!！]")
_AFTER_LEAD = "?？!！:：~ \n"


@cache
def _lead(key: str) -> tuple[str, ...]:
    return words(section(load("wrapper"), "lead", of="wrapper"), key, of="wrapper")


def unwrap(text: str) -> Unwrapped:
    """Finds the SMS in ``text``."""
    start = _skip_lead(text)
    found = find_wrapper(text, start)
    if found is not None:
        return _make(text, found)
    return _make(text, Found(start, len(text), "lead" if start else "plain"))


def _skip_lead(text: str) -> int:
    """Where the SMS begins after a person's own question or a mark of forwarding; 0 if there is none."""
    begin = at = len(text) - len(text.lstrip())
    end = _LEAD_END.search(text, at, at + _LEAD_WITHIN)
    if end:
        sentence = text[at : end.end()]
        if not sentence.startswith(("【", "[")) and any(ask in sentence for ask in _lead("asks")):
            stop = end.end()
            while stop < len(text) and text[stop] in _AFTER_LEAD:
                stop += 1
            if len(text) - stop >= _LEFT_OVER:
                at = stop
    low = text[at : at + 12].lower()
    mark = next((mark for mark in _lead("marks") if low.startswith(mark)), "")
    if len(text) - at - len(mark) > _LEFT_OVER:
        at += len(mark)
    return at if at > begin else 0


def _make(text: str, found: Found) -> Unwrapped:
    whole = text[found.start : found.end]
    body = whole.strip()
    start = found.start + len(whole) - len(whole.lstrip())
    span = Span(start, start + len(body))
    wrapped = found.style not in {"plain", "lead"}
    offsets: tuple[int, ...] | None = None
    if wrapped and ("&" in body or "\\" in body) and ESCAPED.search(body):
        body, offsets = _unescape(body, start)
    return Unwrapped(span, body, found.sender or None, found.received or None, found.style, offsets)


def _unescape(body: str, start: int) -> tuple[str, tuple[int, ...]]:
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in ESCAPED.finditer(body):
        plain = unescape(match)
        pieces += (body[at : match.start()], plain)
        places += range(start + at, start + match.start())
        places += [start + match.start()] * len(plain)
        at = match.end()
    pieces.append(body[at:])
    places += range(start + at, start + len(body) + 1)
    return "".join(pieces), tuple(places)
