"""A message as lines for the terminal."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from sandbox.server import utf16
from sandbox.texts import say

if TYPE_CHECKING:
    from sandbox.server import Message

_RESET = "\033[0m"
_LINK = "\033[4;34m"
_STYLES = {
    "bold": "\033[1m",
    "italic": "\033[3m",
    "underline": "\033[4m",
    "strikethrough": "\033[9m",
    "spoiler": "\033[7m",
    "code": "\033[36m",
    "pre": "\033[36m",
    "blockquote": "\033[2m",
    "expandable_blockquote": "\033[2m",
}
_DIM = "\033[2m"


def styled(message: Message, *, colour: bool) -> str:
    """The text with bold, code and everything clickable made visible."""
    body = message.body
    if not colour:
        return body
    at = utf16.offsets(body)
    index = {offset: place for place, offset in enumerate(at)}
    borders = {0, len(body)}
    spans: list[tuple[int, int, str]] = []
    for entity in message.entities:
        start = index.get(entity["offset"], 0)
        end = index.get(entity["offset"] + entity["length"], len(body))
        spans.append((start, end, _STYLES.get(entity["type"], _LINK)))
        borders |= {start, end}
    places = sorted(borders)
    pieces = []
    for start, end in itertools.pairwise(places):
        codes = "".join(code for left, right, code in spans if left <= start and end <= right)
        pieces.append(f"{codes}{body[start:end]}{_RESET}" if codes else body[start:end])
    return "".join(pieces)


def _media(message: Message) -> str:
    if message.photo is not None:
        return say("chat", "picture")
    if message.document is not None:
        return say("chat", "file", name=message.document.name or "")
    if message.special is not None:
        return say("chat", "special", kind=next(iter(message.special)))
    return ""


def _from(message: Message) -> str:
    if message.from_bot:
        return say("chat", "bot")
    if message.sender_chat is not None:
        return message.sender_chat.title or ""
    return message.sender.first_name if message.sender is not None else ""


def _origin(message: Message) -> str:
    origin = message.origin or {}
    name = origin.get("sender_user_name") or (origin.get("sender_user") or {}).get("first_name")
    name = name or (origin.get("sender_chat") or origin.get("chat") or {}).get("title")
    return f" ({say('chat', 'forwarded', name=name)})" if name else ""


def _rows(message: Message) -> list[list[str]]:
    """The labels of the buttons, row by row: inline ones, else those of a reply keyboard."""
    rows = message.inline_keyboard or (message.keyboard or {}).get("keyboard", [])
    return [[raw if isinstance(raw, str) else raw["text"] for raw in row] for row in rows]


def shown(message: Message, number: int, room: str, *, colour: bool, edited: bool = False) -> str:
    """Heading, text and numbered buttons."""
    mark = f" ({say('chat', 'edited')})" if edited else ""
    head = f"[{number}] {room} · {_from(message)}{_origin(message)}{mark}"
    lines = [f"{_DIM}{head}{_RESET}" if colour else head]
    body = " ".join(part for part in (_media(message), styled(message, colour=colour)) if part)
    lines += [f"    {line}" for line in body.splitlines()]
    numbers = itertools.count(1)
    lines += ["    " + "  ".join(f"({next(numbers)}) {label}" for label in row) for row in _rows(message)]
    return "\n".join(lines)
