"""Writes the lists of features and concepts at the end of ``docs/rules.md``.

Run: ``.venv/bin/python tools/list_terms.py``. A test fails when the lists are out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.concepts import load_concepts
from bot.datafile import read_toml
from bot.features import FEATURES
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "rules.md"
MARK = "<!-- The rest is written by tools/list_terms.py; a test compares. -->\n"


def main() -> int:
    """Rewrites everything behind the mark."""
    DOCUMENT.write_text(complete(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


def complete(text: str) -> str:
    """``text`` up to the mark, with the present lists behind it."""
    head, mark, _ = text.partition(MARK)
    if not mark:
        raise SystemExit(f"docs/rules.md: the line {MARK.strip()!r} is missing; put it before the lists")
    return head + mark + "\n".join(_lists()) + "\n"


def _lists() -> Iterator[str]:
    yield from ("## Features", "")
    yield from _table(("feature", "is there where the SMS has"), FEATURES.items())
    yield from ("", "## Groups", "")
    groups = read_toml(DATA / "judgement" / "groups.toml")
    yield from _table(("group", "stands for"), ((f"${name}", _code(terms)) for name, terms in groups.items()))
    yield from ("", "## Concepts", "")
    concepts = load_concepts(DATA / "lexicon" / "concepts")
    yield from _table(
        ("concept", "means"),
        (
            (f"@{name}", concept.about + (" (negatable)" if concept.negatable else ""))
            for name, concept in sorted(concepts.items())
        ),
    )


def _table(head: tuple[str, str], rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"| {head[0]} | {head[1]} |"
    yield "|---|---|"
    yield from (f"| `{name}` | {about} |" for name, about in rows)


def _code(terms: Iterable[str]) -> str:
    return " ".join(f"`{term}`" for term in terms)


if __name__ == "__main__":
    sys.exit(main())
