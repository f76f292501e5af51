"""``zhendema rules test FILE``: is the file well formed, and do its examples come out as it promises?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ZhendemaError
from bot.judge import judge
from bot.knowledge import Knowledge, load_categories, load_rule
from bot.model import Sms
from bot.paths import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.rules.schema import RuleFile

PROMISES = {"scam": True, "clear": False, "known_miss": False, "known_alarm": True}
"""Kind of example → whether it is flagged; a known miss that is found must lose its note."""
LEAST = 4


def run(name: str) -> int:
    """Tests the file ``name``; 1 if an example comes out otherwise, else 0.

    Raises:
        ZhendemaError: There is no such file, or it is malformed.
    """
    path = Path(name)
    if not path.is_file():
        raise ZhendemaError(f"{name}: no such file; name one of data/rules/*.toml")
    rule = load_rule(path, load_categories(DATA / "categories.toml"))
    knowledge = Knowledge.load(extra_rules={path.stem: rule})
    faults = [*check(rule, knowledge)]
    for fault in faults:
        print(f"{path.name}: {fault}")  # noqa: T201
    count = sum(len(getattr(rule.example, kind)) for kind in PROMISES)
    print(f"{path.name}: {count} examples, {len(faults)} faults")  # noqa: T201
    return int(bool(faults))


def check(rule: RuleFile, knowledge: Knowledge) -> Iterator[str]:
    """What is wrong with the file's examples, one line each."""
    for kind in ("scam", "clear"):
        if len(getattr(rule.example, kind)) < LEAST:
            yield f"example.{kind}: write at least {LEAST}"
    for kind, flagged in PROMISES.items():
        for number, example in enumerate(getattr(rule.example, kind), 1):
            verdict = judge(Sms(example.text, example.sender), knowledge)
            if verdict.level.flagged is not flagged:
                signs = ", ".join(f"{e.rule} {e.points:+.0f}" for e in verdict.evidence) or "no sign"
                yield f"example.{kind} {number} is {verdict.level} ({signs}): {example.text[:60]}"
