"""Fill a Fluent message with typed runs, so that a translator may move them but never touch their markup."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from bot.reply.model import HotlineNumber, Line, Plain, Quote, Run, Strong

if TYPE_CHECKING:
    from bot.texts import Texts

# Private-use characters cannot come from an SMS: quotes are neutralised, which drops them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_SLOT = re.compile(f"{_OPEN}(\\d+){_CLOSE}")

Argument = str | int | Quote | HotlineNumber | Line
"""A line stands for its runs, one after the other."""


def lines(texts: Texts, key: str, /, **args: Argument) -> tuple[Line, ...]:
    """Return the message's lines."""
    runs: list[Line] = []
    values: dict[str, str | int] = {}
    for name, value in args.items():
        if isinstance(value, str | int):
            values[name] = value
        else:
            values[name] = f"{_OPEN}{len(runs)}{_CLOSE}"
            runs.append(value if isinstance(value, tuple) else (value,))
    said = texts(key, **values).split("\n")
    return tuple(_line(row, runs) for row in said)


def headed(texts: Texts, key: str, /, **args: Argument) -> tuple[Line, ...]:
    """Return the message's lines; our own words in the first one stand out."""
    first, *rest = lines(texts, key, **args)
    return strong(first), *rest


def strong(said: Line) -> Line:
    """Return a line with our own words in it standing out."""
    return tuple(Strong(run.text) if isinstance(run, Plain) else run for run in said)


def line(texts: Texts, key: str, /, **args: Argument) -> Line:
    """Return the message as one line; further lines are joined to it."""
    return tuple(run for part in lines(texts, key, **args) for run in part)


def _line(text: str, runs: list[Line]) -> Line:
    found = list(_SLOT.finditer(text))
    edges = [0, *(edge for slot in found for edge in slot.span()), len(text)]
    result: list[Run] = []
    for at, (start, end) in enumerate(pairwise(edges)):
        if at % 2:
            result.extend(runs[int(found[at // 2][1])])
        elif end > start:
            result.append(Plain(text[start:end]))
    return tuple(result)
