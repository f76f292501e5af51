"""Make text from an SMS harmless to show: nothing in it may become a link, a call or a command.

Telegram and phones turn addresses, numbers, @names, #tags, $tags and /commands into things to tap, and a
frightened reader taps them. So links become ``hxxp://``, dots in anything like a domain become ``[.]``, and
an invisible word joiner (U+2060) breaks numbers and handles. Idempotent; safe in HTML after escaping, since
it adds no markup.
"""

from __future__ import annotations

import re
import unicodedata

JOINER = "\u2060"
_GROUP = 3
"""No more digits than this stand together in a number that was broken."""
_MIN_DIGITS = 5

_DOT_LIKE = "．｡。․"
"""Dots that browsers take for a full stop in a host name."""
_SEPARATORS = r" \t\u00a0\-‐‑‒–—―.·()（）+_/:："

_SCHEME = re.compile(r"\b(h)tt(ps?)(?=:[/\\])", re.IGNORECASE)
_OTHER_SCHEME = re.compile(r"(?<=[A-Za-z0-9])(?<!hxxp)(?<!hxxps)[:：](?=[/\\]{2})", re.IGNORECASE)
_FOREIGN_DOT = re.compile(rf"(?<=[0-9A-Za-z])[{_DOT_LIKE}](?=[0-9A-Za-z])")
_ANY = r"[\w\-\u0080-\U0010ffff]"
# Amounts and dates stay as people write them: a number alone is never a host.
_KEEP = r"(?<![\w.\-@/])(?:\d{1,12}\.\d{1,2}|\d{4}\.\d{1,2}\.\d{1,2})(?![0-9A-Za-z.\-@/_])"
_HAN = r"\u3400-\u9fff"
_KEEP_AFTER_HAN = rf"(?<=[{_HAN}¥￥:：,，])\d{{1,12}}\.\d{{1,2}}(?![0-9A-Za-z.\-@/_])"
_DOT = re.compile(rf"(?P<keep>{_KEEP_AFTER_HAN}|{_KEEP})|(?<![\s.\[])\.(?={_ANY})")
_HANDLE = re.compile(r"([@＠#＃$＄/\\])(?=[^\s@＠#＃$＄/\\])")
_CLOCK = re.compile(r"(?<=\d):(?=\d)")
_NUMBER = re.compile(rf"[+＋]?\d(?:[{_SEPARATORS}]*\d){{{_MIN_DIGITS - 1},}}")


def neutralise(text: str) -> str:
    """Return the text with nothing left in it that a phone or Telegram would make tappable."""
    text = "".join(_visible(character) for character in text)
    text = _SCHEME.sub(lambda found: f"{found[1]}xx{found[2]}", text)
    text = _OTHER_SCHEME.sub("[:]", text)
    text = _FOREIGN_DOT.sub("[.]", text)
    text = _DOT.sub(lambda found: found["keep"] or "[.]", text)
    text = _NUMBER.sub(lambda found: _broken(found[0]), text)
    text = _CLOCK.sub(f":{JOINER}", text)
    return _HANDLE.sub(rf"\1{JOINER}", text)


def _visible(character: str) -> str:
    """Drop what steers rendering unseen (bidi and zero-width marks); controls become spaces."""
    category = unicodedata.category(character)
    if character == "\n" or category not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return character
    return " " if category in {"Cc", "Zl", "Zp"} else ""


def _broken(number: str) -> str:
    """Put a joiner after every third digit and beside every separator."""
    parts: list[str] = []
    together = 0
    for character in number:
        if not character.isdigit():
            parts += [JOINER, character, JOINER]
            together = 0
            continue
        if together == _GROUP:
            parts.append(JOINER)
            together = 0
        parts.append(character)
        together += 1
    return "".join(parts)
