"""The soak's figures as text."""

from __future__ import annotations

import os
import platform
import re
from collections import Counter
from typing import TYPE_CHECKING

from bench.soak_count import DOUBLED_SHARE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.soak import Outcome

_TROUBLE = re.compile(r"(?:WARNING|ERROR) (?P<message>.*)|INFO (?P<retry>handlers\.lanes: .*)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def errors(log: Path) -> dict[str, int]:
    """What the bot's log says went wrong, and how often."""
    if not log.exists():
        return {}
    found: Counter[str] = Counter()
    with log.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            if match := _TROUBLE.search(line):
                found[_NUMBER.sub("N", match["message"] or match["retry"]).strip()[:110]] += 1
    return dict(found.most_common(15))


def table(outcomes: Sequence[Outcome]) -> str:
    """The figures, one column a run."""
    rows = [
        ("inbox", *("on" if each.plan.inbox else "**off**" for each in outcomes)),
        ("updates sent", *(each.counts.updates for each in outcomes)),
        ("kills (before the bot polled)", *(f"{each.kills} ({each.early})" for each in outcomes)),
        ("ends of the bot by itself", *(each.ended_by_itself for each in outcomes)),
        ("seconds in all", *(round(each.seconds) for each in outcomes)),
        ("faults injected", *(sum(fault.hits for fault in each.faults) for each in outcomes)),
        ("lost updates (bound: 0)", *(each.counts.lost for each in outcomes)),
        ("updates without an end in the inbox (0)", *(each.counts.unfinished for each in outcomes)),
        ("dead letters, refused", *(f"{each.counts.dead}, {each.counts.refused}" for each in outcomes)),
        ("lost records (0)", *(each.counts.lost_records for each in outcomes)),
        ("doubled records (0)", *(each.counts.doubled_records for each in outcomes)),
        ("reports expected", *(each.counts.reports for each in outcomes)),
        ("private messages without a reply (0)", *(each.counts.unanswered for each in outcomes)),
        ("order violations (0)", *(each.counts.order for each in outcomes)),
        ("replies", *(each.counts.replies for each in outcomes)),
        (f"doubled replies (at most {DOUBLED_SHARE:.1%})", *(_doubled(each) for each in outcomes)),
        ("bounds broken", *("; ".join(each.counts.broken) or "none" for each in outcomes)),
    ]
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def report(outcomes: Sequence[Outcome]) -> str:
    """The whole report."""
    first = outcomes[0]
    faults = "\n".join(f"| {fault.method} | {_kind(fault)} | {fault.every} | {fault.hits} |" for fault in first.faults)
    noted = "\n".join(f"- {count} × `{line}`" for line, count in first.log.items()) or "- nothing"
    examples = "\n".join(f"- {what}: updates {numbers}" for what, numbers in first.counts.examples.items())
    return f"""# Soak

Written by `make soak`; what it does stands in bench/README.md. Seed {first.plan.seed}, Python
{platform.python_version()}, {os.cpu_count()} cores shared with the server and whatever else ran.

{table(outcomes)}

The run with the inbox off is the control: it acknowledges first and keeps updates in memory, and must lose some.

## Faults of the first run

| method | fault | one call in | hits |
|---|---|---|---|
{faults}

Some doubled replies cannot be avoided: where a call took effect and its answer was lost, or where the bot was killed
between sending and writing that down.

## What the bot's log says of the first run

{noted}
{"" if not examples else chr(10) + "## First examples of what went wrong" + chr(10) * 2 + examples + chr(10)}"""


def _doubled(outcome: Outcome) -> str:
    counts = outcome.counts
    return f"{counts.doubled} ({counts.doubled / max(1, counts.replies):.2%})"


def _kind(fault: object) -> str:
    kind, status = getattr(fault, "kind", ""), getattr(fault, "status", 0)
    if kind == "error":
        return str(status)
    if kind == "delay":
        return f"answered after {getattr(fault, 'seconds', 0):.0f} s"
    return "cut after it took effect" if getattr(fault, "after_effect", False) else "cut before it took effect"
