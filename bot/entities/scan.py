"""What the finders share: a hit in folded text, and blanking what is taken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T", bound=tuple[Any, ...])

BLANK = "\x00"
"""Stands for a character that an earlier finder took. No folded text contains it."""


class Hit(NamedTuple):
    """``text[start:end]`` of the folded text, and what it says."""

    start: int
    end: int
    value: str


def blank(text: str, taken: Iterable[tuple[int, int]]) -> str:
    """``text`` with the given ranges blanked, as long as before. Ranges must be in order."""
    pieces: list[str] = []
    at = 0
    for start, end in taken:
        if start < at:
            continue
        pieces += (text[at:start], BLANK * (end - start))
        at = end
    if not pieces:
        return text
    pieces.append(text[at:])
    return "".join(pieces)


def apart(hits: list[T]) -> list[T]:
    """The hits in order, without those that begin inside an earlier one."""
    kept: list[T] = []
    end = 0
    for hit in sorted(hits):
        if hit[0] >= end:
            kept.append(hit)
            end = hit[1]
    return kept


CUE = re.compile(
    r"电话|致电|来电|电联|电询|去电|回电|速电|拨|热线|专线|客服|联系|咨询|垂询|询|手机|tel|phone|call|mob|☎|📞|📱|联:|联;|联;|电:|电;|电$|内线|"
    r"短信至|发送至|到短|号码|报警|举报|本机|呼叫|打给|找我|固话|座机|服务电|whatsapp|微信同|同号"
)


def cued(text: str, start: int, width: int = 14) -> bool:
    """True where a word for telephoning stands shortly before ``start``."""
    return CUE.search(text, max(0, start - width), start) is not None
