"""The real guide and directory, and all cases that the tests of /rescue go through."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from itertools import chain, combinations
from typing import TYPE_CHECKING

from bot.hotlines import load_general_lines
from bot.institutions import Directory
from bot.paths import DATA
from bot.rescue.book import Book
from bot.rescue.case import Case, Page
from bot.rescue.schema import guide
from bot.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = int(datetime(2026, 11, 24, 15, 0, tzinfo=UTC).timestamp())
"""23:00 in Beijing."""
GUIDE = guide()
TEXTS = Texts.load()
MEANS: tuple[tuple[str, ...], ...] = (
    (),
    ("icbc",),
    ("icbc", "hsbank"),
    ("bank",),
    ("wechat",),
    ("alipay",),
    ("crypto",),
    ("giftcard",),
    ("cash",),
    ("sim",),
    ("icbc", "wechat", "alipay", "crypto", "giftcard", "cash"),
)
ABROAD = ("taiwan", "hongkong", "macau", "singapore", "malaysia", "elsewhere")


@cache
def book() -> Book:
    directory = Directory.load(DATA / "institutions")
    return Book(GUIDE, directory, load_general_lines(DATA / "general_lines.toml", directory))


def case(*situations: str, **more: object) -> Case:
    given: dict[str, object] = {"when": "hour", "at": NOW, "region": "mainland", "page": Page.PLAN, **more}
    return Case("token", situations=situations, **given)  # type: ignore[arg-type]


def subsets() -> Iterator[tuple[str, ...]]:
    """Every set of situations but the empty one."""
    names = tuple(GUIDE.situations)
    return chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1))


def all_cases() -> Iterator[Case]:
    """Every plan of the mainland that can come out: what happened, how, and whether it is fresh."""
    for situations in subsets():
        for means in MEANS:
            for when in ("hour", "older"):
                yield case(*situations, means=means, when=when)
