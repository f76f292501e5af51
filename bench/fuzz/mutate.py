"""Makes new input out of old as people make SMS: by words, links, numbers, disguises and wrappers.

Bytes changed one at a time rarely form a Han word, and never a long text of one pattern, which is where slow
code shows. Knows the data files, never ``bot``: that is imported after this, under instrumentation.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from bench.fuzz.pieces import PARTS, TOML
from bench.fuzz.sms import FIELD, LONGEST, decode, encode

DATA = Path(__file__).parent.parent.parent / "data"
_SIGNS = ".*_-/\\^~`'|+·★☆●→@#$%&= \u200b\u2060\ufe0f\u0301\n"
_MOST_CHARACTERS = 12
Change = Callable[[random.Random, str], str]


@cache
def _words() -> tuple[str, ...]:
    """Words of the concepts, the wrappers, the variants and institutions' names."""
    found: list[str] = []
    for path in sorted((DATA / "lexicon").rglob("*.toml")):
        found += _strings(tomllib.loads(path.read_text(encoding="utf-8")))
    for line in (DATA / "institutions" / "institutions.tsv").read_text(encoding="utf-8").splitlines()[1:]:
        columns = line.split("\t")
        found += (columns[1], *(part.split(":")[0] for cell in columns[5:10] for part in cell.split("|")))
    return tuple(dict.fromkeys(word for word in found if 0 < len(word) <= _MOST_CHARACTERS))


def _strings(value: Any) -> list[str]:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [*map(str, value), *(text for part in value.values() for text in _strings(part))]
    return [text for part in value for text in _strings(part)] if isinstance(value, list) else []


def _piece(dice: random.Random) -> str:
    return dice.choice(_words()) if dice.random() < 0.4 else dice.choice(PARTS)  # noqa: PLR2004 - a little under half


def _two(dice: random.Random, text: str) -> tuple[int, int]:
    start = dice.randint(0, len(text))
    return start, min(len(text), start + int(dice.expovariate(0.1)) + 1)


def _insert(dice: random.Random, text: str) -> str:
    at = dice.randint(0, len(text))
    return text[:at] + _piece(dice) + text[at:]


def _replace(dice: random.Random, text: str) -> str:
    start, end = _two(dice, text)
    return text[:start] + _piece(dice) + text[end:]


def _drop(dice: random.Random, text: str) -> str:
    start, end = _two(dice, text)
    return text[:start] + text[end:]


def _move(dice: random.Random, text: str) -> str:
    start, end = _two(dice, text)
    rest = text[:start] + text[end:]
    at = dice.randint(0, len(rest))
    return rest[:at] + text[start:end] + rest[at:]


def _repeat(dice: random.Random, text: str) -> str:
    start, end = _two(dice, text)
    return text[:start] + text[start:end] * dice.choice((2, 3, 8, 40, 400, 4000)) + text[end:]


def _stretch(dice: random.Random, text: str) -> str:
    start, end = _two(dice, text)
    return text[:start] + dice.choice(_SIGNS).join(text[start:end]) + text[end:]


def _character(dice: random.Random, text: str) -> str:
    at = dice.randint(0, len(text))
    first, last = dice.choice(((0x20, 0x7F), (0x4E00, 0x9FA5), (0xFF01, 0xFF5E), (0x2000, 0x2FFF), (0, 0x10FFFF)))
    return text[:at] + chr(dice.randint(first, last)) + text[at + dice.randint(0, 1) :]


def _wide(dice: random.Random, text: str) -> str:
    start, end = _two(dice, text)
    wide = "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text[start:end])
    return text[:start] + wide + text[end:]


def _wrap(dice: random.Random, text: str) -> str:
    number = dice.choice(("13800138000", "95588", "1069012345", "+85251234567", "com.icbc", "张三"))
    return dice.choice((
        f"{number}\n{text}\nSIM1_中国移动_13900139000\nSubId：1\n2026-01-02 10:20:30\nPixel",
        f"{number}\n{text}\n2026-01-02 10:20:30",
        f"发件人：{number}\n短信内容：{text}\n时间：2026-01-02 10:20",
        f"[SIM1 Receive SMS]\nFrom: {number}\nContent: {text}",
        f"帮我看看：{text}",
        f"{text}\n{number}",
        f"{text}{FIELD}{number}{FIELD}http://a.top/x",
    ))  # fmt: skip


_CHANGES: tuple[Change, ...] = (
    *(_insert, _insert, _insert, _insert, _insert, _insert, _replace, _replace, _replace, _replace),
    *(_character, _character, _character, _drop, _drop, _drop, _move, _move, _repeat, _repeat),
    *(_stretch, _wide, _wrap),
)


def mutate_sms(data: bytes, most: int, seed: int) -> bytes:
    """A changed SMS of at most ``most`` bytes."""
    dice = random.Random(seed)
    text = decode(data)
    for _ in range(dice.choice((1, 1, 1, 2, 3, 5))):
        text = dice.choice(_CHANGES)(dice, text)[:LONGEST]
    return encode(text)[:most]


def mutate_toml(data: bytes, most: int, seed: int) -> bytes:
    """A changed rule file."""
    dice = random.Random(seed)
    text = decode(data)
    for _ in range(dice.choice((1, 1, 2, 4))):
        if dice.random() < 0.5:  # noqa: PLR2004 - half of them
            at = dice.randint(0, len(text))
            text = text[:at] + dice.choice(TOML) + text[at:]
        else:
            text = dice.choice((_drop, _move, _repeat, _character))(dice, text)
    return encode(text[:LONGEST])[:most]
