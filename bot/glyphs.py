"""Folds single characters: NFKC, marks and zero-width removed, lower case, Simplified, look-alikes.

One character at a time, so that the map to the original stays simple. The table fills itself as characters
turn up; whatever it yields is a fixed point, which makes the whole fold idempotent.
"""

from __future__ import annotations

import unicodedata
from functools import cache

import opencc

from bot.lexicon import load, section

_HAN_FIRST, _HAN_LAST = 0x3400, 0x9FFF
_EMPTY_CATEGORIES = frozenset({"Mn", "Me", "Cf", "Cc", "Cs"})
_MARKS = frozenset({"Mn", "Me"})
_KEPT_CONTROLS = {"\n": "\n", "\t": " ", "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"}
_LINE_BREAKS = {"\u2028": "\n", "\u2029": "\n"}
_BLANK_LETTERS = dict.fromkeys("\u115f\u1160\u3164\uffa0\u2800\u180e\ufffc", "")

# Looks, not sounds: Cyrillic er is p. Capitals fold to these by way of their lower case.
_CYRILLIC_GREEK = dict(zip("аеорсухкмнтвіјѕԁһԛԝгьαβεικνορτυχωγη", "aeopcyxkmhtbijsdhqwrbabeiknoptuxwyn", strict=True))
_ENCLOSED = {
    **{chr(0x1F150 + i): chr(ord("a") + i) for i in range(26)},
    **{chr(0x1F170 + i): chr(ord("a") + i) for i in range(26)},
    **{chr(0x2776 + i): str(i + 1) for i in range(10)},
    **{chr(0x2780 + i): str(i + 1) for i in range(10)},
    **{chr(0x278A + i): str(i + 1) for i in range(10)},
    "⓿": "0", "🄌": "0", "➕": "+", "✚": "+", "✛": "+", "✙": "+", "﹢": "+", "🔟": "10",
}  # fmt: skip
_SAME_SIGN = {
    **dict.fromkeys("♡♥💗💓💕💖💛💚💙🧡", "❤"),
    **dict.fromkeys("〜∼", "~"),
    **dict.fromkeys("–—―−‐‑﹣", "-"),
    **dict.fromkeys("‘’", "'"),
    **dict.fromkeys("“”", '"'),
    "‚": ",",
    "｡": "。",
    "⟦": "【",
    "⟧": "】",
}


@cache
def _scripts() -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """Traditional to Simplified by character; characters that only Traditional or only Simplified has."""
    han = [chr(code) for code in range(_HAN_FIRST, _HAN_LAST + 1)]
    lines = "\n".join(han)
    simplified = opencc.OpenCC("t2s").convert(lines).split("\n")
    traditional = opencc.OpenCC("s2t").convert(lines).split("\n")
    table = {char: plain for char, plain in zip(han, simplified, strict=True) if char != plain}
    only_simplified = frozenset(
        char for char, full in zip(han, traditional, strict=True) if char != full and char not in table
    )
    return table, frozenset(table), only_simplified


@cache
def _plain() -> dict[str, str]:
    """Every fixed single-character replacement."""
    table = {**_KEPT_CONTROLS, **_LINE_BREAKS, **_BLANK_LETTERS, **_CYRILLIC_GREEK, **_ENCLOSED, **_SAME_SIGN}
    for plain, written in section(load("variants"), "glyphs", of="variants").items():
        table.update(dict.fromkeys(str(written), plain))
    return table


def _step(char: str) -> str:
    fixed = _plain().get(char)
    if fixed is not None:
        return fixed
    if unicodedata.category(char) in _EMPTY_CATEGORIES:
        return ""
    simple = _scripts()[0].get(char)
    if simple is not None:
        return simple
    parts = unicodedata.normalize("NFKD", char).lower()
    return unicodedata.normalize("NFC", "".join(part for part in parts if unicodedata.category(part) not in _MARKS))


def _fixed_point(char: str) -> str:
    text = char
    for _ in range(8):
        following = "".join(map(_step, text))
        if following == text:
            break
        text = following
    return text


class _Table(dict[str, str]):
    """Character to its folded form, filled on demand; rare planes are not kept, so that it stays small."""

    def __missing__(self, char: str) -> str:
        folded = _fixed_point(char)
        if ord(char) < 0x10000 or 0x1D400 <= ord(char) < 0x1FB00:  # noqa: PLR2004 - plane and block bounds
            self[char] = folded
        return folded


TABLE = _Table()


def mostly_traditional(text: str) -> bool:
    """True where more characters are Traditional only than Simplified only."""
    _, traditional, simplified = _scripts()
    if traditional.isdisjoint(text):
        return False
    ours = sum(map(traditional.__contains__, text))
    return ours > sum(map(simplified.__contains__, text))


def _lookalikes() -> frozenset[str]:
    written = section(load("variants"), "glyphs", of="variants").values()
    martian = set("".join(map(str, written))) - _scripts()[1] - {"妳", "祢"}
    cyrillic_greek = {*_CYRILLIC_GREEK, *map(str.upper, _CYRILLIC_GREEK)}
    return frozenset(cyrillic_greek | set(_ENCLOSED) | martian)


LOOKALIKES = _lookalikes()
"""Foreign, enclosed and "Martian" signs that stand for a letter, a digit or a plain character."""
