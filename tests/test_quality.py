"""The figures of docs/quality.md may not fall: judged anew on the corpus, with room for a row or two."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.judge import judge
from bot.model import Level, Sms

if TYPE_CHECKING:
    from bot.knowledge import Knowledge
    from bot.model import Verdict

CORPUS = Path(__file__).parent / "corpus"
NO_SIGN_OF_HOME = frozenset({"p3-256"})
"""Written in characters that both scripts share and naming nobody: nothing says that it is not from the mainland."""
Judged = list[tuple[dict[str, Any], "Verdict"]]


@pytest.fixture(scope="module")
def judged(knowledge: Knowledge) -> Judged:
    rows = [
        json.loads(line) for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    ]
    return [(row, judge(Sms(row["text"], row.get("sender")), knowledge)) for row in rows]


def share(judged: Judged, part: str, *, fraud: bool, level: Level | None = None) -> float:
    """How many of the part's rows are flagged, or stand at ``level``."""
    verdicts = [v for row, v in judged if row["id"].startswith(part) and row["fraud"] is fraud]
    return sum(v.level.flagged if level is None else v.level is level for v in verdicts) / len(verdicts)


def test_the_corpus_is_large_and_its_ids_are_unique(judged: Judged) -> None:
    rows = [row for row, _ in judged]
    assert sum(row["fraud"] for row in rows) >= 200
    assert sum(not row["fraud"] for row in rows) >= 200
    assert sum(row["script"] == "hant" for row in rows) >= 60
    assert len({row["id"] for row in rows}) == len({row["text"] for row in rows}) == len(rows)
    assert len({row["category"] for row in rows if row["fraud"]}) == 24


@pytest.mark.parametrize("part", ["p1", "p2", "p3", "p4", "p5"])
def test_scams_are_found_and_genuine_ones_are_not_accused(part: str, judged: Judged) -> None:
    assert share(judged, part, fraud=True) >= 0.92
    assert share(judged, part, fraud=True, level=Level.CLEAR) <= 0.015
    assert share(judged, part, fraud=False) <= 0.032
    assert share(judged, part, fraud=False, level=Level.SCAM) <= 0.012


def test_the_category_is_right(judged: Judged) -> None:
    flagged = [(row, v) for row, v in judged if row["fraud"] and row["id"].startswith("p5") and v.level.flagged]
    assert sum(v.category == row["category"] for row, v in flagged) / len(flagged) >= 0.85


def test_a_lawful_collector_is_never_called_a_scam(judged: Judged) -> None:
    lawful = [v for row, v in judged if row["kind"] in {"collection_genuine", "repayment_reminder"}]
    assert len(lawful) >= 100
    assert not [v for v in lawful if v.level is Level.SCAM]
    assert sum(v.level is Level.VERIFY for v in lawful) / len(lawful) >= 0.95


def test_no_mainland_number_is_printed_for_a_text_from_taiwan_or_hong_kong(
    judged: Judged, knowledge: Knowledge
) -> None:
    for row, verdict in judged:
        if row["region"] != "CN":
            regions = {knowledge.directory.get(h.institution).region for h in verdict.hotlines if h.institution}
            assert "CN" not in regions or row["id"] in NO_SIGN_OF_HOME
