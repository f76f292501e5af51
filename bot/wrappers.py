"""The shapes of wrapped SMS: what forwarding apps write before and after the body (docs/facts/forwarder-formats.md).

Each ``_by_*`` answers for one shape: where the body stands and who sent it, or None.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import NamedTuple

from bot.lexicon import load, section, words


class Found(NamedTuple):
    """A body within the text, ``text[start:end]``, and what the wrapper says of it."""

    start: int
    end: int
    style: str
    sender: str | None = None
    received: str | None = None


class _Line(NamedTuple):
    start: int
    end: int
    text: str
    """Stripped and unescaped."""
    kind: str
    """sender, received, body, title, owner; head for a line that only announces; "" for any other."""
    value: str
    """What follows the label."""


ESCAPED = re.compile(
    r"\\([_*\[\]()~`>#+\-=|{}.!\\])|&(?:amp|lt|gt|quot|apos|nbsp|#\d{1,6}|#x[0-9a-f]{1,5});", re.IGNORECASE
)
"""A backslash escape of Telegram's MarkdownV2 or an HTML entity."""
_LABEL = re.compile(r"[#*\-•]{0,2} ?([^:：\n]{1,20}?) ?[:：]\s*(.*)", re.DOTALL)
_TIME = re.compile(r"\d{2,4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]?\s*(?:\d{1,2}:\d{2}(?::\d{2})?)?")
_SIM = re.compile(r"SIM ?\d?(?:_.*|\s*[:：].*)?|卡\d(?:_.*)?", re.IGNORECASE)
_SUB = re.compile(r"(?:SubId|UID)\s*[:：]\s*-?\d+", re.IGNORECASE)
_NUMBER = re.compile(r"[+＋]?\(?[0-9][0-9() \-]{1,24}[0-9]")
_PACKAGE = re.compile(r"[a-z][a-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*){1,6}")
_PORT = re.compile(
    r"(?:106\d{5,17}|95\d{3,10}|100\d{2,8}|12\d{3,8}|96\d{3,4}|\+?(?:86)?1[3-9]\d{9}|\+\d{7,15}|00\d{8,15})"
)
"""A number that can send an SMS."""
_HEADED = re.compile(rf"(?:来自|來自)? ?({_PORT.pattern}) ?[:：]?\s*(?=[【\[])")
_NUMBER_SIGNS = re.compile(r"[ ()\-]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[】\]。！!）)]$")
_PROSE = re.compile(r"[，。！？【】:：]")
_BRACKETED = re.compile(r"\[[^\]\n]{3,40}\]")
_NAME_LENGTH, _DEVICE_LENGTH, _CODE_LENGTH = 20, 40, 24
_SHORT_WRAPPER = 3
"""Lines of the shortest wrapped SMS without labels: sender, body, time."""


@cache
def _labels() -> dict[str, str]:
    table = section(load("wrapper"), "labels", of="wrapper")
    return {_key(word): kind for kind in table for word in words(table, kind, of="wrapper")}


@cache
def _heads(key: str) -> tuple[str, ...]:
    return words(section(load("wrapper"), "heads", of="wrapper"), key, of="wrapper")


@cache
def _code_line() -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(_heads('code'))})\s*[:：]?\s*[a-z0-9\-]{{4,8}}")


def _key(label: str) -> str:
    return label.replace(" ", "").lower()


def unescape(match: re.Match[str]) -> str:
    """The character that an escape stands for."""
    return match[1] or html.unescape(match[0]).replace("\xa0", " ")


def find_wrapper(text: str, start: int) -> Found | None:
    """The body of a wrapped SMS in ``text[start:]``; None where there is no wrapper."""
    whole = text[start:]
    start += len(whole) - len(whole.lstrip())
    if "\n" not in whole.strip():
        return _by_beginning(text, start)
    lines = _lines(text, start)
    return _by_order(lines) or _by_labels(text, lines) or _by_number(text, lines)


def _by_beginning(text: str, start: int) -> Found | None:
    """One line: 发件人：106… 【…】…, or the number alone before the signature."""
    if match := _HEADED.match(text, start):
        return Found(match.end(), len(text), "pasted", match[1])
    match = _LABEL.match(text, start, start + 64)
    kind = _labels().get(_key(match[1])) if match else None
    if match and kind == "body" and match[1] not in {"短信", "内容", "正文"}:
        return Found(match.start(2), len(text), "labelled")
    if match and kind == "sender":
        number = _NUMBER.match(text, match.start(2))
        if number and _PORT.fullmatch(_NUMBER_SIGNS.sub("", number[0])):
            rest = number.end()
            while rest < len(text) and text[rest] in " ,，;；。:：)）":
                rest += 1
            inner = _LABEL.match(text, rest, rest + 24)
            if inner and _labels().get(_key(inner[1])) == "body":
                rest = inner.start(2)
            if rest < len(text):
                return Found(rest, len(text), "pasted", number[0].strip())
    return None


# ── several lines ────────────────────────────────────────────────────────────────────────────────────────


def _lines(text: str, start: int) -> list[_Line]:
    lines, at = [], start
    for piece in text[start:].split("\n"):
        shown = (ESCAPED.sub(unescape, piece) if "\\" in piece or "&" in piece else piece).strip()
        lines.append(_Line(at, at + len(piece), shown, *_kind(shown)))
        at += len(piece) + 1
    while lines and not lines[-1].text:
        lines.pop()
    while lines and not lines[0].text:
        lines.pop(0)
    return lines


def _kind(line: str) -> tuple[str, str]:
    """What a line is to a wrapper, and the value after its label."""
    low = line.lower()
    if low.rstrip(":：") in _heads("lines"):
        return "head", ""
    if line[:1] == "[" and _BRACKETED.fullmatch(line) and any(word in low for word in _heads("bracketed")):
        return "head", ""
    if len(low) <= _CODE_LENGTH and _code_line().fullmatch(low):
        return "head", ""
    match = _LABEL.fullmatch(line)
    return (_labels().get(_key(match[1]), ""), match[2]) if match else ("", "")


def _by_order(lines: list[_Line]) -> Found | None:
    """SmsForwarder: sender, body, SIM line, ``SubId：N``, time, device; all but the first two and the time optional."""
    if len(lines) < _SHORT_WRAPPER or not _can_send(lines[0].text):
        return None
    last = len(lines) - 1
    if not _TIME.fullmatch(lines[last].text) and len(lines[last].text) <= _DEVICE_LENGTH:
        last -= 1
    if not _TIME.fullmatch(lines[last].text):
        return None
    received = lines[last].text
    last -= 1
    sub = bool(_SUB.fullmatch(lines[last].text))
    last -= sub
    slot = bool(_SIM.fullmatch(lines[last].text)) or (sub and bool(_PACKAGE.fullmatch(lines[0].text)) and last > 1)
    last -= slot
    if last < 1 or not (sub or slot or _NUMBER.fullmatch(lines[0].text)):
        return None
    style = "smsforwarder3" if sub else "smsforwarder2"
    return Found(lines[1].start, lines[last].end, style, lines[0].text, received)


def _can_send(line: str) -> bool:
    """True for a number, an app's package or a contact's name."""
    return bool(
        _NUMBER.fullmatch(line)
        or _PACKAGE.fullmatch(line)
        or (0 < len(line) <= _NAME_LENGTH and not _PROSE.search(line))
    )


def _by_labels(text: str, lines: list[_Line]) -> Found | None:
    """Lines with labels before and after the body, in any order."""
    first, before = _leading(lines)
    last, after = _trailing(lines, first, before)
    known = after | before
    style = _style(lines[:first] + lines[last + 1 :])
    begin, end = lines[first].start if first < len(lines) else len(text), lines[last].end
    if first < len(lines) and lines[first].kind == "body":
        if style == "labelled" and not known and first:
            return None
        begin += len(text[begin:end]) - len(text[begin:end].lstrip())
        label = _LABEL.match(text, begin)
        begin = label.start(2) if label else begin
    elif style == "labelled":
        sender = known.get("sender", "")
        if not (_PORT.fullmatch(_NUMBER_SIGNS.sub("", sender)) or _PACKAGE.fullmatch(sender)):
            return None
        style = "pasted" if len(known) == 1 else style
    elif "sender" not in known and style != "telegram-sms":
        return None
    return Found(begin, end, style, known.get("sender"), known.get("received")) if begin < end else None


def _leading(lines: list[_Line]) -> tuple[int, dict[str, str]]:
    """Index of the line with which the body begins, and the labels before it."""
    known: dict[str, str] = {}
    for index, line in enumerate(lines):
        if line.kind == "body" or (line.text and not line.kind) or (line.kind in known and line.kind != "owner"):
            return index, known
        if line.kind and line.kind != "head":
            known[line.kind] = line.value
    return len(lines), known


def _trailing(lines: list[_Line], first: int, before: dict[str, str]) -> tuple[int, dict[str, str]]:
    """Index of the body's last line, and the labels after it. A label that came before is the body's own."""
    known: dict[str, str] = {}
    for index in range(len(lines) - 1, first, -1):
        line = lines[index]
        repeated = line.kind != "owner" and (line.kind in before or line.kind in known)
        announces = line.kind == "head" and line.text.lower() != "#sms"
        if (line.text and not line.kind) or line.kind == "body" or repeated or announces:
            return index, known
        if line.kind and line.kind != "head":
            known[line.kind] = line.value
    return min(first, len(lines) - 1), known


def _style(around: list[_Line]) -> str:
    for line in around:
        if line.kind == "head":
            if line.text.startswith("["):
                return "telegram-sms"
            return "air780e" if line.text.lower() == "#sms" else "dbus"
    return "labelled"


def _by_number(text: str, lines: list[_Line]) -> Found | None:
    """The number alone on the first line, or on the last one after a finished sentence."""
    if len(lines) > 1:
        for own, body in ((lines[0], lines[1:]), (lines[-1], lines[:-1])):
            if (
                _PORT.fullmatch(_NUMBER_SIGNS.sub("", own.text))
                and _HAN.search(text, body[0].start, body[-1].end)
                and (own is lines[0] or _SENTENCE_END.search(body[-1].text))
            ):
                return Found(body[0].start, body[-1].end, "pasted", own.text)
    return None
