"""The soak in a tiny size: it passes with the inbox, and finds what is lost without it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bench.soak import Plan, run

if TYPE_CHECKING:
    from pathlib import Path

UPDATES, KILLS, SECONDS = 60, 2, 4.0


async def test_nothing_is_lost_with_the_inbox_and_something_without(tmp_path: Path) -> None:
    folders = [tmp_path / "on", tmp_path / "off"]
    for folder in folders:
        folder.mkdir()
    plans = [Plan(UPDATES, KILLS, SECONDS, inbox=inbox, settle=40.0) for inbox in (True, False)]
    durable, forgetful = await asyncio.gather(*map(run, plans, folders))

    found = durable.counts
    assert durable.kills == forgetful.kills == KILLS
    assert found.updates >= UPDATES
    assert (found.lost, found.unfinished, found.unanswered) == (0, 0, 0), found
    assert (found.lost_records, found.doubled_records) == (0, 0), found
    assert found.replies >= UPDATES // 2

    assert forgetful.counts.lost > 0
    assert any(line.startswith("lost updates") for line in forgetful.counts.broken)
