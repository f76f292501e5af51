"""Every example of the rule files, disguised: a scam stays flagged, a genuine SMS stays unflagged.

What does not hold is written down in ``known_misses.toml``; an entry that is mended or stale fails the test, so that
it goes.
"""

from __future__ import annotations

import tomllib
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from disguises import DISGUISES, HARMLESS

from bot.judge import judge
from bot.model import Sms

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

KNOWN = tomllib.loads((Path(__file__).parent / "known_misses.toml").read_text(encoding="utf-8"))
CASES = [("scam", name) for name in DISGUISES] + [("clear", name) for name in HARMLESS]


def _key(name: str, text: str) -> str:
    return f"{name}/{sha256(text.encode()).hexdigest()[:8]}"


@pytest.mark.parametrize(("kind", "disguise"), CASES, ids=["-".join(case) for case in CASES])
def test_verdict_survives(kind: str, disguise: str, knowledge: Knowledge) -> None:
    change = DISGUISES[disguise]
    wanted = kind == "scam"
    lost: dict[str, str] = {}
    held = 0
    for name, rule in knowledge.rules.items():
        for example in getattr(rule.example, kind):
            changed = change(example.text)
            if changed is None or judge(Sms(example.text, example.sender), knowledge).level.flagged != wanted:
                continue
            if judge(Sms(changed, example.sender), knowledge).level.flagged == wanted:
                held += 1
            else:
                lost[_key(name, example.text)] = changed
    known = set(KNOWN.get(kind, {}).get(disguise, ()))
    new = {key: text for key, text in lost.items() if key not in known}
    assert not new, f"no longer {'flagged' if wanted else 'unflagged'} under {disguise} ({held} hold)"
    mended = ", ".join(sorted(known - set(lost)))
    assert not mended, f"mended or gone: delete these lines from known_misses.toml: {mended}"
    assert held, "this disguise applies to nothing"


def test_known_misses_name_real_disguises() -> None:
    assert set(KNOWN) <= {"scam", "clear"}
    assert set(KNOWN.get("scam", ())) <= set(DISGUISES)
    assert set(KNOWN.get("clear", ())) <= set(HARMLESS)
