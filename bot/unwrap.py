"""Takes an SMS out of what a forwarding app or a person put around it.

The sender's number is kept, the owner's own SIM, number and device are dropped. What is not recognised is
left alone: the whole message is then the body.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from bot.lexicon import load, section, words
from bot.model import Span

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


class _Line(NamedTuple):
    start: int
    end: int
    text: str
    """Stripped and unescaped."""


_ESCAPED = re.compile(
    r"\\([_*\[\]()~`>#+\-=|{}.!\\])|&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE
)
_LABEL = re.compile(r"\s*[#*\-•]{0,2}\s*([^:：\n]{1,20}?)\s*[:：]\s*(.*)", re.DOTALL)
_TIME = re.compile(r"\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?")
_SIM = re.compile(r"SIM ?\d?(?:_.*|\s*[:：].*)?|卡\d(?:_.*)?", re.IGNORECASE)
_SUB = re.compile(r"(?:SubId|UID)\s*[:：]\s*-?\d+", re.IGNORECASE)
_NUMBER = re.compile(r"[+＋]?\(?[0-9][0-9() \-]{1,24}[0-9]")
_PACKAGE = re.compile(r"[a-z][a-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*){1,6}")
_PORT = re.compile(
    r"(?:106\d{5,17}|95\d{3,10}|100\d{2,8}|12\d{3,8}|96\d{3,4}|\+?(?:86)?1[3-9]\d{9}|\+\d{7,15}|00\d{8,15})"
)
_HEADED = re.compile(rf"\s*(?:来自|來自)?\s*({_PORT.pattern})\s*[:：]?\s*(?=[【\[])")
_HAN = re.compile(r"[\u3400-\u9fff]")
_BRACKETED = re.compile(r"\[([^\]\n]{3,40})\]")
_LEAD_END = re.compile(r"[:：?？\n。!！]")


@cache
def _labels() -> dict[str, str]:
    table = section(load("wrapper"), "labels", of="wrapper")
    return {_key(word): kind for kind in table for word in words(table, kind, of="wrapper")}


@cache
def _list(part: str, key: str) -> tuple[str, ...]:
    return words(section(load("wrapper"), part, of="wrapper"), key, of="wrapper")


def _key(label: str) -> str:
    return label.replace(" ", "").lower()


def unwrap(text: str) -> Unwrapped:
    """Finds the SMS in ``text``."""
    start, lead = _skip_lead(text)
    if "\n" in text[start:].strip():
        found = _by_lines(text, start)
    else:
        found = _one_line(text, start)
    if found is not None:
        return found
    start, end = _trim(text, start, len(text))
    return Unwrapped(Span(start, end), text[start:end], format="lead" if lead else "plain")


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _skip_lead(text: str) -> tuple[int, bool]:
    """Where the SMS begins after a person's own question or a mark of forwarding."""
    at = 0
    while at < len(text) and text[at].isspace():
        at += 1
    begin = at
    head = text[at : at + 48]
    end = _LEAD_END.search(head)
    if end and any(ask in head[: end.end()] for ask in _list("lead", "asks")):
        stop = at + end.end()
        while stop < len(text) and text[stop] in "?？!！:：~ \n":
            stop += 1
        if len(text) - stop >= 6 and not text[at:stop].startswith(("【", "[")):
            at = stop
    low = text[at : at + 12].lower()
    for mark in _list("lead", "marks"):
        if low.startswith(mark) and len(text) - at - len(mark) > 6:
            at += len(mark)
            break
    return (at, True) if at > begin else (0, False)


def _one_line(text: str, start: int) -> Unwrapped | None:
    match = _HEADED.match(text, start)
    if match:
        return _make(text, match.end(), len(text), "pasted", sender=match[1])
    match = _LABEL.match(text, start, start + 64)
    if match and _labels().get(_key(match[1])) == "sender":
        number = _NUMBER.match(text, match.start(2))
        if number and _PORT.fullmatch(re.sub(r"[ ()\-]", "", number[0])):
            rest = number.end()
            while rest < len(text) and text[rest] in " ,，;；。:：)）":
                rest += 1
            inner = _LABEL.match(text, rest, rest + 24)
            if inner and _labels().get(_key(inner[1])) == "body":
                rest = inner.start(2)
            if len(text) - rest >= 4:
                return _make(text, rest, len(text), "pasted", sender=number[0].strip())
    if match and _labels().get(_key(match[1])) == "body" and len(_key(match[1])) > 2:
        return _make(text, match.start(2), len(text), "labelled")
    return None


# ── several lines ────────────────────────────────────────────────────────────────────────────────────────


def _lines(text: str, start: int) -> list[_Line]:
    lines, at = [], start
    for piece in text[start:].split("\n"):
        shown = _ESCAPED.sub(_plain, piece).strip() if "\\" in piece or "&" in piece else piece.strip()
        lines.append(_Line(at, at + len(piece), shown))
        at += len(piece) + 1
    while lines and not lines[-1].text:
        lines.pop()
    while lines and not lines[0].text:
        lines.pop(0)
    return lines


def _by_lines(text: str, start: int) -> Unwrapped | None:
    lines = _lines(text, start)
    return _smsforwarder(text, lines) or _labelled(text, lines) or _bare_number(text, lines)


def _smsforwarder(text: str, lines: list[_Line]) -> Unwrapped | None:
    """Sender, body, SIM line, ``SubId：N``, time, device: the last four at the end, the middle two optional."""
    if len(lines) < 3 or not _sender_like(lines[0].text):
        return None
    last = len(lines) - 1
    if not _TIME.fullmatch(lines[last].text):
        if last < 3 or not _TIME.fullmatch(lines[last - 1].text) or len(lines[last].text) > 40:
            return None
        last -= 1
    received = lines[last].text
    last -= 1
    sub = bool(_SUB.fullmatch(lines[last].text))
    if sub:
        last -= 1
    sim = bool(_SIM.fullmatch(lines[last].text))
    package = bool(_PACKAGE.fullmatch(lines[0].text))
    if last > 1 and (sim or (sub and package)):
        last -= 1
    elif not (sub or sim) and not _NUMBER.fullmatch(lines[0].text):
        return None
    if last < 1:
        return None
    return _make(
        text, lines[1].start, lines[last].end, "smsforwarder3" if sub else "smsforwarder2",
        sender=lines[0].text, received=received,
    )  # fmt: skip


def _sender_like(line: str) -> bool:
    return bool(
        _NUMBER.fullmatch(line)
        or _PACKAGE.fullmatch(line)
        or (len(line) <= 20 and not re.search(r"[，。！？【】:：]", line))
    )


def _labelled(text: str, lines: list[_Line]) -> Unwrapped | None:
    """Lines with labels before and after the body, in any order."""
    kinds = [_kind(line.text) for line in lines]
    first = 0
    seen: dict[str, str] = {}
    style = "labelled"
    body_at: int | None = None
    while first < len(lines):
        kind, value = kinds[first]
        if kind == "head":
            style = "telegram-sms" if lines[first].text.startswith("[") else "dbus"
        elif kind == "body":
            body_at = first
            break
        elif kind == "" and lines[first].text:
            break
        elif kind:
            if kind in seen and kind != "owner":
                break
            seen[kind] = value
        first += 1
    last = len(lines) - 1
    tail: dict[str, str] = {}
    while last > first:
        kind, value = kinds[last]
        if kind == "" and lines[last].text:
            break
        if kind == "body" or (kind in {"sender", "received", "title"} and (kind in seen or kind in tail)):
            break
        if kind == "head" and lines[last].text.lower() == "#sms":
            style = "air780e"
        elif kind == "head":
            break
        if kind:
            tail[kind] = value
        last -= 1
    seen = {**tail, **seen}
    if body_at is None and "sender" not in seen and style != "telegram-sms":
        return None
    if body_at is None and len(seen) == 1 and style == "labelled":
        if not _PORT.fullmatch(re.sub(r"[ ()\-]", "", seen["sender"])):
            return None
        style = "pasted"
    if body_at is not None and not seen and style == "labelled" and body_at != 0:
        return None
    begin = lines[first].start if first < len(lines) else len(text)
    if body_at is not None:
        label = _LABEL.match(text, begin)
        begin = label.start(2) if label else begin
    end = lines[min(last, len(lines) - 1)].end
    if begin >= end:
        return None
    return _make(text, begin, end, style, sender=seen.get("sender"), received=seen.get("received"))


def _kind(line: str) -> tuple[str, str]:
    """What a line is to a wrapper, and the value after its label."""
    low = line.lower()
    if low.rstrip(":：") in _list("heads", "lines"):
        return "head", ""
    bracketed = _BRACKETED.fullmatch(line)
    if bracketed and any(word in low for word in _list("heads", "bracketed")):
        return "head", ""
    match = _LABEL.fullmatch(line)
    if not match:
        return ("head", "") if _is_code(low) else ("", "")
    kind = _labels().get(_key(match[1]), "")
    if not kind and _is_code(low):
        return "head", ""
    return kind, match[2].strip()


def _is_code(low: str) -> bool:
    return len(low) <= 24 and any(
        re.fullmatch(rf"{word}\s*[:：]?\s*[a-z0-9\-]{{4,8}}", low) for word in _list("heads", "code")
    )


def _bare_number(text: str, lines: list[_Line]) -> Unwrapped | None:
    """The number alone on the first or the last line."""
    if len(lines) < 2:
        return None
    for own, first, last in ((0, 1, len(lines) - 1), (len(lines) - 1, 0, len(lines) - 2)):
        number = re.sub(r"[ ()\-]", "", lines[own].text)
        if not _PORT.fullmatch(number):
            continue
        begin, end = lines[first].start, lines[last].end
        if not _HAN.search(text, begin, end):
            continue
        if own and not re.search(r"[】\]。！!）)]$", lines[last].text):
            continue
        return _make(text, begin, end, "pasted", sender=lines[own].text)
    return None


# ── the body ─────────────────────────────────────────────────────────────────────────────────────────────


def _plain(match: re.Match[str]) -> str:
    return match[1] or html.unescape(match[0]).replace("\xa0", " ")


def _make(
    text: str, start: int, end: int, style: str, *, sender: str | None = None, received: str | None = None
) -> Unwrapped:
    start, end = _trim(text, start, end)
    body = text[start:end]
    offsets: tuple[int, ...] | None = None
    if ("&" in body or "\\" in body) and _ESCAPED.search(body):
        pieces: list[str] = []
        places: list[int] = []
        at = 0
        for match in _ESCAPED.finditer(body):
            pieces.append(body[at : match.start()])
            places += range(start + at, start + match.start())
            plain = _plain(match)
            pieces.append(plain)
            places += [start + match.start()] * len(plain)
            at = match.end()
        pieces.append(body[at:])
        places += range(start + at, end + 1)
        body, offsets = "".join(pieces), tuple(places)
    return Unwrapped(Span(start, end), body, sender or None, received or None, style, offsets)
