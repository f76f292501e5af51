"""What a message is before anything is judged: an SMS, a greeting, a question, a cry for help.

Pure. Only an ``SMS`` ever gets a level. The words stand in ``data/triage.toml``, those of a cry for help in
``data/rescue/told.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Self

from bot.datafile import read_toml
from bot.fold import fold
from bot.paths import DATA
from bot.rescue.told import listen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

_FILE = DATA / "triage.toml"


class Kind(StrEnum):
    """What a message is."""

    SMS = "sms"
    LEAD_IN = "lead_in"
    """ "帮我看看": the SMS follows or came before."""
    NUMBER = "number"
    """A number alone: most likely the sender of the SMS before or after."""
    GREETING = "greeting"
    QUESTION = "question"
    DANGER = "danger"
    """A life is in danger, or a child is blackmailed: no level, and this before all else."""
    VICTIM = "victim"
    """Someone tells of money or codes given away: no level, but help at once."""
    TOO_SHORT = "too_short"
    BUTTON = "button"

    @property
    def waits(self) -> bool:
        """True for what may be half of something, so that it waits for its companion."""
        return self not in (Kind.SMS, Kind.DANGER, Kind.VICTIM, Kind.BUTTON)


def triage(text: str, *, buttons: Collection[str] = (), forwarded: bool = False) -> Kind:
    """Tell what a message is.

    Args:
        text: As it came.
        buttons: The labels of the reply keyboard.
        forwarded: True if it was forwarded: then somebody else wrote it, and it is judged if at all possible.
    """
    return _words().kind(text, buttons, forwarded=forwarded)


def signed(text: str) -> bool:
    """Tell whether a text names its sender in brackets, as an SMS does and what a person types does not."""
    return _SIGNATURE.search(text) is not None


def sender_in(text: str) -> str | None:
    """The number in a message that is a number alone, without separators; else None."""
    return _words().sender(text)


# A signature or an address: nobody writes these to a bot about themselves. Nor a longer number, unless they tell of
# the account they paid to.
_SIGNATURE = re.compile(r"[【\[［].{1,30}?[】\]］]")
_ADDRESS = re.compile(r"[a-z]://|www\.|[a-z0-9\-*]{2}\.[a-z]{2}", re.IGNORECASE)
_LONG_NUMBER = re.compile(r"\d(?:[\s\-]?\d){6,}")
_NUMBER = r"[+＋]?[(（]?\d[\d\s\-()（）‐–—]{1,24}\d|[+＋]?\d{3}"
_MAIL = r"[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)+"
_CLAUSES = re.compile(r"[,，。!！;；\n]")
_MIN_SENDER, _MAX_SENDER = 3, 20
_SEVERAL = 2


class _MadeOf:
    """Texts that are nothing but words of a list.

    No pattern: 看 and 看看 both being words, ``(看|看看)+`` would try every way to cut 看看看看….
    """

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lengths = sorted(set(map(len, self._words)))

    def fits(self, text: str) -> bool:
        """True where ``text`` can be cut into such words."""
        reached = {0}
        furthest = 0
        for at in range(len(text)):
            if at in reached:
                ends = [at + size for size in self._lengths if text[at : at + size] in self._words]
                reached.update(ends)
                furthest = max(furthest, *ends, 0)
            if furthest <= at:
                return False
        return bool(text) and len(text) in reached


@dataclass(frozen=True, slots=True)
class _Words:
    greeting: _MadeOf
    lead_in: _MadeOf
    lead_in_anchor: re.Pattern[str]
    question_start: re.Pattern[str]
    question_end: re.Pattern[str]
    question_not: re.Pattern[str]
    longest_question: int
    longest_end: int
    mood: re.Pattern[str]
    number: re.Pattern[str]
    least: int
    least_forwarded: int

    @classmethod
    def load(cls, file: Path) -> Self:
        data = read_toml(file)
        question, number = data["question"], data["number"]
        return cls(
            greeting=_MadeOf(data["greeting"]["words"]),
            lead_in=_MadeOf(data["lead_in"]["words"]),
            lead_in_anchor=re.compile(data["lead_in"]["anchors"]),
            question_start=_shape(question["starts"]),
            question_end=_shape(question["ends"]),
            question_not=_shape(question["not"]),
            longest_question=question["longest"],
            longest_end=question["longest_end"],
            mood=re.compile(rf"[\[［](?:{data['mood']['words']})[\]］]"),
            number=re.compile(
                rf"\s*(?:(?:{number['before']})\s*[:：]?\s*)?(?P<number>{_NUMBER}|{_MAIL})\s*(?:{number['after']})?\s*",
                re.IGNORECASE,
            ),
            least=data["too_short"]["least"],
            least_forwarded=data["too_short"]["least_forwarded"],
        )

    def kind(self, text: str, buttons: Collection[str], *, forwarded: bool) -> Kind:
        stripped = text.strip()
        if stripped in buttons:
            return Kind.BUTTON
        if self.sender(stripped) is not None:
            return Kind.NUMBER
        core = _core(stripped)
        if forwarded and len(core) >= self.least_forwarded:
            return Kind.SMS
        marked = _SIGNATURE.search(self.mood.sub("", stripped)) or _ADDRESS.search(stripped)
        if core and not marked and (cry := _cry(stripped)) is not None:
            return cry
        if core and (marked or _LONG_NUMBER.search(stripped)):
            return Kind.SMS
        return self._small_talk(stripped, core)

    def _small_talk(self, text: str, core: str) -> Kind:
        if not core:
            return Kind.TOO_SHORT
        if self.greeting.fits(core):
            return Kind.GREETING
        if self.lead_in.fits(core) and self.lead_in_anchor.search(core):
            return Kind.LEAD_IN
        if self._is_question(text, core):
            return Kind.QUESTION
        return Kind.TOO_SHORT if len(core) < self.least else Kind.SMS

    def sender(self, text: str) -> str | None:
        found = self.number.fullmatch(text)
        if found is None:
            return None
        raw = found["number"]
        if "@" in raw:
            return raw
        digits = "".join(character for character in unicodedata.normalize("NFKC", raw) if character.isdecimal())
        if not _MIN_SENDER <= len(digits) <= _MAX_SENDER:
            return None
        return f"+{digits}" if raw[0] in "+＋" else digits

    def _is_question(self, text: str, core: str) -> bool:
        if len(core) > self.longest_question or self.question_not.search(core):
            return False
        if self.question_start.search(core):
            return True
        asks = self.question_end.search(core) is not None or text[-1] in "?？"
        several = len(_CLAUSES.findall(text.rstrip("。!！?？"))) >= _SEVERAL
        return asks and len(core) <= self.longest_end and not several


def _cry(text: str) -> Kind | None:
    heard = listen(text)
    if heard.danger is not None:
        return Kind.DANGER
    return Kind.VICTIM if heard.harm else None


def _core(text: str) -> str:
    """Letters, digits and Han only, in simplified characters and half width."""
    return re.sub(r"[\W_]+", "", fold(text).text).lower()


def _shape(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("\n", ""), re.IGNORECASE)


@cache
def _words() -> _Words:
    return _Words.load(_FILE)
