"""Tells what is said in a group from an SMS that somebody brought along.

Pure. The judge was made for SMS; of people's own talk ("@小李 你的快递到了", "视频在这 https://…") it makes scams, and
nobody asked it. So a typed message is looked at only if it leads somewhere (a link, a number, an account) and is more
than a few words; what is forwarded, signed 【…】 or wrapped by a forwarding app, in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Self

from bot.datafile import read_toml
from bot.entities import extract
from bot.fold import fold
from bot.paths import DATA
from bot.triage import Kind, signed, triage
from bot.unwrap import unwrap

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bot.model import Entities

SHORTEST = 8
"""Characters of the shortest text that is looked at."""
_FILE = DATA / "overheard.toml"
_HAN = re.compile(r"[\u3400-\u9fff]")
_BY_HAND = ("plain", "lead")
"""Formats of :mod:`bot.unwrap` in which no app speaks."""


def is_brought(text: str, links: Sequence[str] = (), *, forwarded: bool = False) -> bool:
    """Tell whether a text that was written in a group may be an SMS.

    Args:
        text: As it was written.
        links: Addresses that it hides.
        forwarded: True if somebody else wrote it.
    """
    if len(text) < SHORTEST or not (links or forwarded or _HAN.search(text)):
        return False
    if triage(text, forwarded=forwarded) is not Kind.SMS:
        return False
    if forwarded or signed(text):
        return True
    unwrapped = unwrap(text)
    if unwrapped.format not in _BY_HAND:
        return True
    return _limits().leads_on(text, extract(fold(unwrapped.text, unwrapped.base), links))


@dataclass(frozen=True, slots=True)
class _Limits:
    least_words: int
    about_scams: re.Pattern[str]

    @classmethod
    def load(cls, file: Path) -> Self:
        data = read_toml(file)
        return cls(int(data["least_words"]), re.compile(data["about_scams"].replace("\n", "")))

    def leads_on(self, text: str, found: Entities) -> bool:
        """Whether it is more than talk: it says enough, and where to turn to."""
        if not (found.links or found.numbers or found.accounts or found.card_numbers) or self.about_scams.search(text):
            return False
        spans = sorted((link.span for link in found.links if link.span), key=lambda span: -span.start)
        for span in spans:
            text = text[: span.start] + text[span.end :]
        return len(_HAN.findall(text)) >= self.least_words


@cache
def _limits() -> _Limits:
    return _Limits.load(_FILE)
