"""The SMS that the benchmarks send: those of the tests' corpus that a person may both type and forward."""

from __future__ import annotations

import json
from pathlib import Path

from bot.triage import Kind, triage

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"
_LONGEST = 1000


def texts() -> list[str]:
    """All such texts, distinct and in order."""
    found: dict[str, None] = {}
    for part in sorted(CORPUS.glob("part*.jsonl")):
        for line in part.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"].strip()
            if len(text) <= _LONGEST and not text.startswith("/") and _is_sms(text):
                found[text] = None
    return list(found)


def _is_sms(text: str) -> bool:
    return all(triage(text, forwarded=forwarded) is Kind.SMS for forwarded in (False, True))
