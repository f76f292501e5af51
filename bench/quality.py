"""``make quality``: how well SMS are judged, on the project's own corpus and, where it is there, on ../shared/data.

A row counts as flagged at level scam or suspicious, as hard at level scam. Intervals are Wilson's at 95 %.
``--errors N`` prints N wrongly judged rows of each file with the signs that fired.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.judge import analyse
from bot.knowledge import Knowledge
from bot.model import Level, Sms

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "tests" / "corpus"
BINS = (0, 0.02, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.01)
SHARED = ROOT.parent / "shared" / "data"


@dataclass
class Tally:
    """How often each level came out, by kind of row."""

    levels: dict[str, Counter[Level]] = field(default_factory=lambda: defaultdict(Counter))
    right_category: int = 0
    categorised: int = 0

    def line(self, name: str) -> str:
        """One line of the table."""
        total = Counter[Level]()
        for levels in self.levels.values():
            total += levels
        n = total.total()
        flagged = total[Level.SCAM] + total[Level.SUSPICIOUS]
        low, high = wilson(flagged, n)
        macro = sum((c[Level.SCAM] + c[Level.SUSPICIOUS]) / c.total() for c in self.levels.values()) / len(self.levels)
        text = (
            f"  {name:8} n={n:<5} flagged {flagged / n:6.1%} [{low:.1%}, {high:.1%}]  hard {total[Level.SCAM] / n:6.1%}"
            f"  verify {total[Level.VERIFY] / n:6.1%}  clear {total[Level.CLEAR] / n:6.1%}  macro {macro:.1%}"
        )
        if self.categorised:
            text += f"  category {self.right_category / self.categorised:.1%} of {self.categorised}"
        return text


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share."""
    if not n:
        return 0.0, 0.0
    p, d = hits / n, 1 + z * z / n
    centre, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / d, (centre + half) / d


def truth(row: dict[str, Any]) -> bool | None:
    """Whether the row is a scam; None where it is not scored."""
    if row.get("made_up") and row.get("fraud") is False:
        return None
    if "truth" in row:
        return bool(row["truth"] == "scam")
    fraud = row["fraud"]
    return None if fraud is None else bool(fraud)


def main(argv: list[str] | None = None) -> int:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=int, default=0, metavar="N")
    parser.add_argument("--kinds", action="store_true", help="one line a kind besides")
    parser.add_argument("--reliability", action="store_true", help="how often texts of a score are scams")
    parser.add_argument("files", nargs="*", type=Path)
    arguments = parser.parse_args(argv)
    files = arguments.files or [*sorted(CORPUS.glob("*.jsonl")), *sorted(SHARED.glob("*.jsonl"))]
    knowledge = Knowledge.load()
    scores: list[tuple[float, bool]] = []
    for path in files:
        scores += _score(path, knowledge, arguments.errors, kinds=arguments.kinds)
    if arguments.reliability:
        _reliability(scores)
    return 0


def _reliability(scores: list[tuple[float, bool]]) -> None:
    print("score          texts   mean score   scams among them")
    for low, high in pairwise(BINS):
        inside = [(score, fraud) for score, fraud in scores if low <= score < high]
        if inside:
            mean = sum(score for score, _ in inside) / len(inside)
            share = sum(fraud for _, fraud in inside) / len(inside)
            print(f"{low:.2f} to {high:.2f}   {len(inside):5}   {mean:10.3f}   {share:.3f}")


def _score(path: Path, knowledge: Knowledge, errors: int, *, kinds: bool) -> list[tuple[float, bool]]:
    scores: list[tuple[float, bool]] = []
    tallies = {True: Tally(), False: Tally()}
    wrong: list[str] = []
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    for row in rows:
        fraud = truth(row)
        if fraud is None:
            continue
        total = (found := analyse(Sms(row["text"], row.get("sender")), knowledge)).total
        scores.append((total.score, fraud))
        tally = tallies[fraud]
        tally.levels[str(row.get("kind") or row.get("category"))][total.level] += 1
        if fraud and total.level.flagged and row.get("category") in knowledge.categories:
            tally.categorised += 1
            tally.right_category += total.category == row["category"]
        if total.level.flagged is not fraud:
            signs = ", ".join(f"{m.sign.id} {m.sign.sign.points}" for m in found.matches)
            kind = "MISSED" if fraud else "ALARM"
            wrong.append(f"    {kind} {total.level} {total.points:.0f} [{signs}] {row['text'][:150]!r}")
    print(f"{path.name}: {len(rows)} rows")
    for fraud, name in ((True, "scam"), (False, "genuine")):
        if tallies[fraud].levels:
            print(tallies[fraud].line(name))
            if kinds:
                for kind, levels in sorted(tallies[fraud].levels.items()):
                    shown = "  ".join(f"{level} {levels[level]}" for level in Level if levels[level])
                    print(f"      {kind:22} n={levels.total():<4} {shown}")
    for text in wrong[:errors]:
        print(text)
    return scores


if __name__ == "__main__":
    sys.exit(main())
