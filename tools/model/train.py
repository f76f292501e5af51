"""Makes ``data/weights/wording.tsv`` and ``subject.tsv``, the weights of the two linear models.

    python tools/model/train.py [--more FILE.jsonl ...] [--out FOLDER]

Trains on the SMS that the project's authors wrote (``tools/model/corpus/*.jsonl``, the rule files' examples) and on
further labelled files given with ``--more``; never on those of ``tests/corpus`` that measure it (docs/quality.md).
Needs scikit-learn, which is no dependency of the project: ``pip install scikit-learn`` into the environment first.

Prints how well the model separates rows that it has not seen: five folds, and whole kinds left out.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from bot.checks.wording import features  # noqa: E402
from bot.judge import analyse  # noqa: E402
from bot.knowledge import Knowledge  # noqa: E402
from bot.model import Sms  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CORPUS = Path(__file__).parent / "corpus"
OUT = ROOT / "data" / "weights"
STRENGTH = 0.6
"""Inverse strength of the L2 penalty: found by cross-validation; half and double change the result by under 1 %."""
RARE = 2
"""A word or pair seen in fewer rows is left out: it would be learnt by heart."""
SMALL = 0.04
"""Weights nearer to nothing are left out of the file."""
KINDS = {
    "etc_traffic": "toll",
    "fake_id": "other",
    "fake_refund": "fake_service",
    "flight_cancel": "ticket",
    "gambling_recruit": "gambling",
    "job_brush": "brushing",
    "link_lure": "app_install",
    "loan_offer": "loan",
    "parttime_brush": "brushing",
    "phishing_bank": "bank_phishing",
    "points_redeem": "points",
    "sim_telecom": "telecom",
    "stock_group": "investment",
    "trojan_link": "app_install",
}
"""Other files' names of our categories."""
SUBJECT_STRENGTH, SUBJECT_SMALL = 0.3, 0.15
"""As STRENGTH and SMALL, for the model of subjects."""
OWN, OTHER = 1.0, 0.6
"""A row of the authors' counts more than one of a file of old SMS, of which there are many alike."""


@dataclass(frozen=True)
class Row:
    """One labelled SMS as the model sees it."""

    seen: dict[str, float]
    scam: bool
    kind: str
    weight: float


def main(argv: Sequence[str] | None = None) -> int:
    """Trains, prints the diagnosis, writes the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--more", type=Path, nargs="*", default=[], help="further labelled files")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args(argv)
    knowledge = Knowledge.load()
    rows = [*_own(knowledge), *_read(arguments.more, knowledge, OTHER)]
    scams = sum(row.scam for row in rows)
    print(f"{len(rows)} rows, {scams} of them scams")
    _diagnose(rows)
    arguments.out.mkdir(exist_ok=True)
    _write_wording(rows, arguments.out / "wording.tsv")
    _write_subjects(
        [row for row in rows if row.scam and row.kind in knowledge.categories], arguments.out / "subject.tsv"
    )
    return 0


def _write_wording(rows: Sequence[Row], path: Path) -> None:
    vectorizer, model = _fit(rows)
    names = vectorizer.get_feature_names_out()
    kept = sorted((name, weight) for name, weight in zip(names, model.coef_[0], strict=True) if abs(weight) >= SMALL)
    remarks = [
        "# The wording check's weights (bot/checks/wording.py): feature TAB weight, natural logarithm of odds.",
        "# Made by tools/model/train.py; do not edit by hand.",
        f"# {len(rows)} rows, {sum(row.scam for row in rows)} scams; penalty 1/{STRENGTH}.",
    ]
    lines = [*remarks, f"bias\t{model.intercept_[0]:.4f}", *(f"{name}\t{weight:.3f}" for name, weight in kept)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(kept)} weights written to {path}")


def _write_subjects(rows: Sequence[Row], path: Path) -> None:
    counts = Counter(name for row in rows for name in row.seen)
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform(
        {name: 1.0 for name in row.seen if not name.startswith("b:") and counts[name] > RARE} for row in rows
    )
    model = LogisticRegression(C=SUBJECT_STRENGTH, max_iter=1000)
    model.fit(table, [row.kind for row in rows], sample_weight=[row.weight for row in rows])
    names = vectorizer.get_feature_names_out()
    lines = [
        "# The subject check's weights (bot/checks/subject.py): feature TAB category TAB weight.",
        f"# Made by tools/model/train.py from {len(rows)} scams; do not edit by hand.",
        *(f"bias\t{kind}\t{bias:.3f}" for kind, bias in zip(model.classes_, model.intercept_, strict=True)),
        *(
            f"{name}\t{kind}\t{weight:.2f}"
            for column, name in enumerate(names)
            for kind, weight in zip(model.classes_, model.coef_[:, column], strict=True)
            if abs(weight) >= SUBJECT_SMALL
        ),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} lines written to {path}")


def _own(knowledge: Knowledge) -> Iterable[Row]:
    yield from _read(sorted(CORPUS.glob("*.jsonl")), knowledge, OWN)
    for rule in knowledge.rules.values():
        for scam, examples in (
            (True, (*rule.example.scam, *rule.example.known_miss)),
            (False, (*rule.example.clear, *rule.example.known_alarm)),
        ):
            for example in examples:
                yield _row(example.text, example.sender, knowledge, scam, str(rule.category), OWN)


def _read(paths: Iterable[Path], knowledge: Knowledge, weight: float) -> Iterable[Row]:
    for path in paths:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                row: dict[str, Any] = json.loads(line)
                scam = row["truth"] == "scam" if "truth" in row else row["fraud"]
                if scam is None or (row.get("made_up") and not scam):
                    continue
                kind = str(row.get("kind") or row.get("category"))
                kind = KINDS.get(kind, kind)
                yield _row(row["text"], row.get("sender"), knowledge, bool(scam), kind, weight)


def _row(text: str, sender: str | None, knowledge: Knowledge, scam: bool, kind: str, weight: float) -> Row:  # noqa: FBT001
    found = analyse(Sms(text, sender), knowledge)
    return Row(dict.fromkeys(features(found.words, found.places), 1.0), scam, kind, weight)


def _fit(rows: Sequence[Row]) -> tuple[DictVectorizer, LogisticRegression]:
    counts: dict[str, int] = {}
    for row in rows:
        for name in row.seen:
            counts[name] = counts.get(name, 0) + 1
    vectorizer = DictVectorizer()
    table = vectorizer.fit_transform({n: v for n, v in row.seen.items() if counts[n] >= RARE} for row in rows)
    model = LogisticRegression(C=STRENGTH, max_iter=2000)
    model.fit(table, [row.scam for row in rows], sample_weight=[row.weight for row in rows])
    return vectorizer, model


def _diagnose(rows: Sequence[Row]) -> None:
    kinds = [row.kind for row in rows]
    for name, folds in (
        ("five folds", KFold(5, shuffle=True, random_state=1).split(rows)),
        ("whole kinds left out", GroupKFold(10).split(rows, groups=kinds)),
    ):
        logits = np.zeros(len(rows))
        for train, test in folds:
            vectorizer, model = _fit([rows[i] for i in train])
            logits[test] = model.decision_function(vectorizer.transform([rows[i].seen for i in test]))
        own = np.array([row.weight == OWN for row in rows])
        scam = np.array([row.scam for row in rows])
        genuine = np.sort(logits[own & ~scam])[::-1]
        for share in (0.01, 0.03, 0.05):
            limit = genuine[int(share * len(genuine))]
            found = (logits[own & scam] > limit).mean()
            print(f"  {name}: at {share:.0%} false alarms (logit {limit:+.2f}) finds {found:.1%} of the authors' scams")


if __name__ == "__main__":
    sys.exit(main())
