"""A reply before any messenger's markup: lines of typed runs, numbers to copy, things to press."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_LINES = 12
MAX_UNITS = 4096
"""Telegram's limit for one message, in UTF-16 code units after entities are parsed."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Our own words."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """Our own words, to be seen first."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words from the SMS; already neutralised and cut, see :mod:`bot.reply.quotes`."""

    text: str


@dataclass(frozen=True, slots=True)
class HotlineNumber:
    """A number to call (or, where the sentence says so, to text). It and a block are all that may be tapped."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """Text to be copied as a whole and sent on, such as a report. Nothing in it may be tapped but the copying."""

    text: str


Run = Plain | Strong | Quote | HotlineNumber | Block
Line = tuple[Run, ...]


class Action(StrEnum):
    """What can be pressed under a reply."""

    CONFIRM = "confirm"
    DENY = "deny"
    VICTIM = "victim"
    MORE = "more"
    WRONG_NUMBER = "wrong-number"
    RECHECK = "recheck"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to press. ``data`` is at most 32 characters of ``[A-Za-z0-9_/-]``."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said.

    Attributes:
        lines: In order.
        copy: Numbers that get a copy button, in order of use.
        actions: What can be done about a verdict.
        choices: Answers to press, in rows.
    """

    lines: tuple[Line, ...]
    copy: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    choices: tuple[tuple[Choice, ...], ...] = ()


def units(lines: tuple[Line, ...]) -> int:
    """Length in UTF-16 code units, line breaks included."""
    text = "\n".join("".join(run.text for run in line) for line in lines)
    return len(text.encode("utf-16-le")) // 2
