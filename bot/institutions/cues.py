"""Where in a text a name stands: in a signature, where a sender names itself, or merely mentioned."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.institutions.types import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.institutions.schema import Stop

_SIGNATURE = re.compile(r"【([^【】]{1,30})】")
# Other brackets sign only at the very start or end of a text.
_EDGE = re.compile(
    r"^\s*[\[「《(<]([^\[\]「」《》()<>]{1,30})[\]」》)>]|[\[「《(<]([^\[\]「」《》()<>]{1,30})[\]」》)>]\s*$"
)
_HAN_RUN = 16
"""How far before a name a place name is looked for."""
_EARLY = 24
"""How many greeting characters may stand before a name at the start, or signs behind one at the end."""
_STOP = ":,,!。!;;"
_BRANCH = r"(?:[\u4e00-\u9fff]{1,6}(?:分行|支行|分公司|分局|支队|大队|派出所|中心支公司))?"


@dataclass(frozen=True, slots=True)
class Brackets:
    """The insides of the brackets of one text: ``(start, end, sure)``, sure for 【】, which only sign.

    Attributes:
        sure: 【】, in the order of the text.
        edge: Other brackets, at the start or the end.
    """

    sure: tuple[tuple[int, int, bool], ...]
    edge: tuple[tuple[int, int, bool], ...]

    def around(self, start: int, end: int) -> tuple[int, int, bool] | None:
        """The brackets that hold ``text[start:end]``."""
        last = bisect_right(self.sure, start, key=itemgetter(0))
        for span in (*self.sure[max(0, last - 1) : last], *self.edge):
            if span[0] <= start and end <= span[1]:
                return span
        return None


def find_brackets(text: str) -> Brackets:
    """The signatures of a folded text."""
    spans = [(*match.span(1), True) for match in _SIGNATURE.finditer(text)] if "【" in text else []
    edge = [(*match.span(1 if match[1] is not None else 2), False) for match in _EDGE.finditer(text)]
    return Brackets(tuple(spans), tuple(edge))


class Cues:
    """The words by which senders name themselves (``stop.toml``), compiled."""

    def __init__(self, stop: Stop) -> None:
        self._tails = stop.tails
        self._short_tails = (*stop.tails, *stop.short_tails)
        self._places = stop.places
        self._intro = stop.intro
        self._dear = stop.dear
        self._yours = stop.yours
        self._yours_tails = stop.yours_tails
        titles = _any(stop.titles)
        self._rest = re.compile(rf"[\s\-·|/]*(?:{titles}[\s\-·|/]*)*{_BRANCH}(?:{titles})*\s*")
        self._speech = re.compile(rf"(?:{titles}){{0,3}}(?:{_any(stop.speech)})")
        self._sign_speech = re.compile(rf"(?:{titles}){{0,2}}(?:{_any(stop.sign_speech)})")
        self._dear_tail = re.compile(rf"(?:{titles}){{0,2}}(?:{_any(stop.dear_tails)})")
        self._stop = re.compile(rf"(?:{titles}){{0,3}}\s?[{_STOP}]")
        # 我是平安的小王, not 我是友邦吊顶的.
        self._after_intro = re.compile(rf"(?:{titles})|{_BRANCH}(?:的|做|无抵押|小[\u4e00-\u9fff]|[^\u4e00-\u9fff]|$)")
        self._greeting = re.compile(rf"^(?:[\s【】\[\]()《》「」<>~*#!:,。-]|{_any(stop.greetings)})*$")

    def other_body(self, text: str, end: int, *, short: bool) -> bool:
        """True where the words behind a name make it another body's."""
        return text.startswith(self._short_tails if short else self._tails, end)

    def place(self, text: str, start: int, end: int, brackets: Brackets, *, style: str) -> Place:
        """How ``text[start:end]`` stands.

        Args:
            text: Folded text.
            start: First character of the name.
            end: One past its last.
            brackets: The text's signatures.
            style: ``anywhere``, ``claim``, ``sign`` or ``office``, as reviewed.
        """
        left = self._with_place(text, start) if style == "office" else start
        around = brackets.around(start, end)
        if around is not None:
            return self._in_brackets(text, left, end, around, style)
        if self._is_self(text, left, end, style):
            return Place.SELF
        if style == "anywhere":
            return self._loose(text, left, end)
        if style == "sign":
            return Place.TEXT
        if left <= _EARLY and self._stop.match(text, end) and self._greeting.match(text[:left]):
            return Place.START
        return Place.YOURS if self._is_yours(text, left, end) else Place.TEXT

    def _in_brackets(self, text: str, left: int, end: int, around: tuple[int, int, bool], style: str) -> Place:
        """A signature is a name with titles around it: 【平安集团客服】, not 【平安夜】 or (工行二楼)."""
        first, last, sure = around
        if style == "anywhere" and sure:
            return Place.SIGNATURE
        bare = not text[first:left].strip()
        return Place.SIGNATURE if bare and self._rest.fullmatch(text, end, last) else Place.TEXT

    def _is_self(self, text: str, left: int, end: int, style: str) -> bool:
        before = text[max(0, left - 8) : left]
        if before.endswith(self._intro) and (style == "anywhere" or self._after_intro.match(text, end)):
            return True
        if before.endswith(self._dear) and self._dear_tail.match(text, end):
            return True
        speech = self._sign_speech if style == "sign" else self._speech
        return not (before and before[-1].isalnum()) and bool(speech.match(text, end))

    def _is_yours(self, text: str, left: int, end: int) -> bool:
        before = text[max(0, left - 8) : left]
        return before.endswith(self._yours) and text.startswith(self._yours_tails, end)

    def _loose(self, text: str, left: int, end: int) -> Place:
        """The place of a long name, which needs no stop behind it."""
        if left <= _EARLY and self._greeting.match(text[:left]):
            return Place.START
        if self._is_yours(text, left, end):
            return Place.YOURS
        return Place.TEXT if text[end : end + _EARLY].strip(" .,!。】])>") else Place.END

    def _with_place(self, text: str, start: int) -> int:
        """Where the place name before a name of scope office begins: 北京市公安局."""
        left = start
        while left > 0 and start - left < _HAN_RUN and "\u4e00" <= text[left - 1] <= "\u9fff":
            left -= 1
        run = text[left:start]
        for word in (*self._intro, *self._dear):
            at = run.rfind(word)
            if at >= 0:
                left += at + len(word)
                run = run[at + len(word) :]
        return left if run and run.endswith(self._places) else start


def _any(words: Iterable[str]) -> str:
    longest_first: Sequence[str] = sorted(set(words), key=len, reverse=True)
    return "|".join(map(re.escape, longest_first))
