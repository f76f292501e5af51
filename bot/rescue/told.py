"""What a person tells of a scam in their own words: what happened, how, when, to whom, and whether a life is in danger.

Pure. The patterns stand in ``data/rescue/told.toml``; they see folded text, each clause a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Self

from bot.datafile import read_toml
from bot.errors import DataError
from bot.fold import fold
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_FILE = DATA / "rescue" / "told.toml"


class Danger(StrEnum):
    """What must be answered before anything else."""

    LIFE = "life"
    """Somebody speaks of ending their life, or of one who does."""
    MINOR = "minor"
    """A child is blackmailed with pictures."""


@dataclass(frozen=True, slots=True)
class Told:
    """What was told.

    Attributes:
        situations: Ids of ``data/rescue/told.toml``, in its order.
        means: How the money went: bank, wechat, alipay, crypto, giftcard, cash.
        when: hour (just now), six (one to six hours ago), day (today or yesterday), older; None if not said.
        helper: True where it happened to somebody else.
        danger: Set where a life or a child is in danger.
    """

    situations: tuple[str, ...] = ()
    means: tuple[str, ...] = ()
    when: str | None = None
    helper: bool = False
    danger: Danger | None = None


@dataclass(frozen=True, slots=True)
class Cry:
    """What decides how a text is answered.

    Attributes:
        danger: As in :class:`Told`.
        harm: True where the speaker tells of harm done to them or theirs.
    """

    danger: Danger | None
    harm: bool


def read(text: str) -> Told:
    """Tell what happened, for a text that is taken to be a cry for help."""
    patterns = _patterns()
    heard = _clauses(text[: patterns.longest_told])
    return Told(
        situations=patterns.situations(heard),
        means=tuple(name for name, shape in patterns.means if shape.search(heard)),
        when=next((name for name, shape in patterns.when if shape.search(heard)), None),
        helper=patterns.helper.search(heard) is not None,
        danger=patterns.danger(heard),
    )


def listen(text: str) -> Cry:
    """Tell whether a text is a cry for help at all: no SMS, no warning, no news, no question before anything was done.

    Args:
        text: As the person wrote it; neither a forward nor anything with a signature or a link.
    """
    patterns = _patterns()
    heard = _clauses(text[: patterns.longest_told])
    return Cry(patterns.danger(heard), len(heard) <= patterns.longest_cry and patterns.cries(heard))


@dataclass(frozen=True, slots=True)
class _Situation:
    name: str
    shape: re.Pattern[str]
    everything: bool
    first: bool


@dataclass(frozen=True, slots=True)
class _Patterns:
    sum: re.Pattern[str]
    sign: str
    undone: re.Pattern[str]
    cry: re.Pattern[str]
    strangers: re.Pattern[str]
    ordinary: re.Pattern[str]
    unless: re.Pattern[str]
    longest_cry: int
    longest_told: int
    order: tuple[str, ...]
    sought: tuple[_Situation, ...]
    means: tuple[tuple[str, re.Pattern[str]], ...]
    when: tuple[tuple[str, re.Pattern[str]], ...]
    helper: re.Pattern[str]
    life: re.Pattern[str]
    life_undone: re.Pattern[str]
    shame: re.Pattern[str]
    child: re.Pattern[str]
    no_child: re.Pattern[str]

    @classmethod
    def load(cls, file: Path) -> Self:
        data = read_toml(file)
        words, tells, life, minor = data["words"], data["tells"], data["life"], data["minor"]

        def shape(*patterns: str) -> re.Pattern[str]:
            return _compiled(patterns, words)

        situations = tuple(
            _Situation(each["id"], shape(*each["shapes"]), each.get("all", False), each.get("first", False))
            for each in data["situation"]
        )
        return cls(
            sum=shape(data["sum"]["shape"]),
            sign=words["big"],
            undone=shape(*data["undone"]["shapes"]),
            cry=shape(*tells["cries"]),
            strangers=shape(tells["not"]),
            ordinary=shape(tells["ordinary"]),
            unless=shape(tells["unless"]),
            longest_cry=tells["longest"],
            longest_told=tells["longest_told"],
            order=tuple(dict.fromkeys(each.name for each in situations)),
            sought=tuple(sorted(situations, key=lambda each: not each.first)),
            means=tuple((name, shape(pattern)) for name, pattern in data["means"].items()),
            when=tuple((name, shape(pattern)) for name, pattern in data["when"].items()),
            helper=shape(data["helper"]["shapes"]),
            life=shape(*life["shapes"]),
            life_undone=shape(*life["undone"]),
            shame=shape(minor["shame"]),
            child=shape(minor["child"]),
            no_child=shape(minor["not"]),
        )

    def situations(self, heard: str) -> tuple[str, ...]:
        found = set(self._found(self.sum.sub(self.sign, heard)))
        return tuple(name for name in self.order if name in found)

    def _found(self, heard: str) -> Iterator[str]:
        done = self.undone.sub("_", heard)
        for each in self.sought:
            if each.first:
                done, count = each.shape.subn("_", done)
                if count:
                    yield each.name
            elif each.shape.search(heard if each.everything else done):
                yield each.name

    def cries(self, heard: str) -> bool:
        if self.strangers.search(heard):
            return False
        if self.ordinary.search(heard) and not self.unless.search(heard):
            return False
        summed = self.sum.sub(self.sign, heard)
        return self.cry.search(self.undone.sub("_", summed)) is not None or any(self._found(summed))

    def danger(self, heard: str) -> Danger | None:
        letters = heard.replace("\n", "")
        if self.life.search(self.life_undone.sub("_", letters)):
            return Danger.LIFE
        if self.shame.search(letters) and self.child.search(letters) and not self.no_child.search(letters):
            return None if self.strangers.search(heard) else Danger.MINOR
        return None


# Fold closes the gaps between Han characters, but many people write a space where a comma belongs.
_GAP = re.compile(r"(?<=[\u3400-\u9fff\d]{2})[^\S\n]+(?=[\u3400-\u9fff\d]{2})")
_PUNCTUATION = re.compile(r"[\W_]+")
_NAMED = re.compile(r"<([a-z]+)>")
_LATIN_GAP = re.compile(r"(?<=[a-z\d])[^\S\n]+|[^\S\n]+(?=[a-z\d])")


def _clauses(text: str) -> str:
    """The folded letters, digits and Han of a text, each clause on a line."""
    folded = fold(_GAP.sub("\n", text.strip())).text.lower()
    return _PUNCTUATION.sub("\n", _LATIN_GAP.sub("", folded)).strip("\n")


def _compiled(patterns: Iterable[str], words: Mapping[str, Any]) -> re.Pattern[str]:
    """One pattern out of several, with ``<name>`` replaced by the words of that name.

    Raises:
        DataError: There are no words of that name.
    """
    whole = "|".join(f"(?:{pattern})" for pattern in patterns).replace("\n", "")
    while named := _NAMED.search(whole):
        if named[1] not in words:
            raise DataError(f"{_FILE.name}: {named[0]} has no words; add them under [words]")
        whole = whole.replace(named[0], words[named[1]])
    return re.compile(whole, re.MULTILINE)


@cache
def _patterns() -> _Patterns:
    return _Patterns.load(_FILE)
