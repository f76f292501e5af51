"""The documents say what the program does: their lists are complete, their examples run."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.errors import ZhendemaError
from bot.judge import judge
from bot.knowledge import load_categories
from bot.model import Sms
from bot.paths import DATA
from bot.rules.match import RuleSet
from bot.rules.schema import Sign, parse_rule_file
from handlers.cli.batch import answer

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"


def block(document: str, kind: str) -> str:
    """The code block of ``document`` that begins with three back-ticks and ``kind``."""
    found = re.search(
        rf"^```{kind}\n(.*?)^```", (DOCS / document).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    assert found, f"docs/{document}: no block ```{kind}"
    return found[1]


def test_the_lists_of_terms_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    sys.modules.pop("list_terms", None)
    import list_terms

    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    assert list_terms.complete(text) == text, "run: .venv/bin/python tools/list_terms.py"


def test_every_key_of_a_sign_is_explained() -> None:
    text = (DOCS / "rules.md").read_text(encoding="utf-8")
    explained = set(
        re.findall(r"^\| `(\w+)` \|", text.partition("## Keys of a sign")[2].partition("\n## ")[0], re.MULTILINE)
    )
    assert explained == set(Sign.__struct_fields__)


def test_the_example_of_a_rule_file_is_one(knowledge: Knowledge) -> None:
    rule = parse_rule_file("docs/rules.md", tomllib.loads(block("rules.md", "toml rule")))
    assert rule.category in knowledge.categories
    known = re.findall(r"^\| `([@#]\S+)` \|", (DOCS / "rules.md").read_text(encoding="utf-8"), re.MULTILINE)
    groups = tomllib.loads((DATA / "judgement" / "groups.toml").read_text(encoding="utf-8"))
    assert RuleSet({"toll": rule}, known, groups).signs
    for kind, flagged in (("scam", True), ("clear", False)):
        for example in getattr(rule.example, kind):
            assert judge(Sms(example.text), knowledge).level.flagged is flagged


def test_the_batch_example_is_what_comes_out(knowledge: Knowledge) -> None:
    row = block("batch.md", "json row").encode()
    found = json.loads(answer((1, row), knowledge)[0])
    shown = json.loads(block("batch.md", "json answer"))
    assert shown.keys() == found.keys()
    for key in ("id", "level", "category", "institution"):
        assert shown[key] == found[key]
    assert shown["hotlines"][0] == found["hotlines"][0]
    spans = {(e["rule"], e["start"], e["end"]) for e in found["evidence"]}
    assert {(e["rule"], e["start"], e["end"]) for e in shown["evidence"]} <= spans


def test_the_batch_error_is_what_comes_out(knowledge: Knowledge) -> None:
    shown = json.loads(block("batch.md", "json error"))
    assert json.loads(answer((3, b"oops"), knowledge)[0]) == shown


@pytest.mark.parametrize("name", load_categories(DATA / "categories.toml"))
def test_every_category_is_explained(name: str) -> None:
    assert f"`{name}`" in (DOCS / "facts" / "taxonomy.md").read_text(encoding="utf-8")


def test_facts_that_the_code_cites_are_there() -> None:
    for path in (*(ROOT / "bot").rglob("*.py"), *DATA.rglob("*.toml")):
        for document, section in re.findall(r"(docs/[\w/-]+\.md)(?: §(\d+))?", path.read_text(encoding="utf-8")):
            target = ROOT / document
            assert target.exists(), f"{path.name} cites {document}"
            if section:
                assert f"## §{section} " in target.read_text(encoding="utf-8"), (
                    f"{path.name} cites {document} §{section}"
                )


def test_every_error_of_the_tree_is_drawn() -> None:
    import bot.errors

    drawn = bot.errors.__doc__ or ""
    classes = [c for c in vars(bot.errors).values() if isinstance(c, type) and issubclass(c, ZhendemaError)]
    assert all(c.__name__ in drawn for c in classes)
