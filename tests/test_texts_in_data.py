"""What a person reads stands in data files, not in code."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
HAN = re.compile(r"[\u3400-\u9fff]")
SENTENCE = re.compile(r"[\u3400-\u9fff]{2,}.*[，。！？]")
PATTERNS = {
    "bot/entities/": "regular expressions: the shapes of numbers, sums, dates, accounts in Chinese text",
    "bot/tokens.py": "the ends of the range of Han characters",
    "bot/spelling.py": "regular expressions and the spelling of digits",
    "bot/glyphs.py": "single characters that look like others",
    "bot/disguise.py": "single characters between which filler stands",
    "bot/wrappers.py": "regular expressions: the shapes of forwarding apps",
    "bot/features.py": "a regular expression: where a link was taken out",
    "bot/institutions/": "regular expressions and cues: how a sender names itself",
    "bot/redact/": "regular expressions: names, addresses, plates in Chinese text",
    "bot/checks/identity.py": "the domain suffix of authorities",
    "bot/judge.py": "the word 信用卡, which chooses the card centre's number",
    "bot/period.py": "the words with which people name a period",
    "bot/service/wording.py": "the range of Han characters, and punctuation",
    "bot/reply/": "the words that tell a number for some card holders, and punctuation",
    "handlers/cli/": "the command line's own English and Chinese help",
}
"""Where Han characters may stand in code, and as what. Whole sentences may not, save on the command line."""
SPEAKS = "handlers/cli/"


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """The string literals of a module with their lines, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value


MODULES = [path for folder in ("bot", "handlers", "api") for path in sorted((ROOT / folder).rglob("*.py"))]
NAMES = [path.relative_to(ROOT).as_posix() for path in MODULES]


@pytest.mark.parametrize("path", MODULES, ids=NAMES)
def test_no_sentence_stands_in_code(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    found = [(line, text) for line, text in strings(path) if HAN.search(text)]
    if not name.startswith(tuple(PATTERNS)):
        assert found == [], "put it in data/texts or data/lexicon"
    if not name.startswith(SPEAKS):
        assert [entry for entry in found if SENTENCE.search(entry[1]) and "[" not in entry[1]] == []


def test_every_exception_is_still_needed() -> None:
    spoken = {name for path, name in zip(MODULES, NAMES, strict=True) if any(HAN.search(t) for _, t in strings(path))}
    assert [prefix for prefix in PATTERNS if not any(name.startswith(prefix) for name in spoken)] == []
