"""``python -m bench.soak``: thousands of updates while the bot is killed and Telegram has a bad day.

People write, press and check through the local Bot API server; it answers with 429 and 5xx, late, or cuts the
connection; the bot is killed with SIGKILL at random moments and started again on the same folder. Afterwards the
server's record and the database must agree: nothing lost, nothing recorded twice, nobody left without an answer. The
same is then shown to fail with the inbox switched off. See bench/README.md.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import random
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bench import soak_count, soak_report
from bench.corpus import texts
from bench.soak_crowd import Crowd
from bench.soak_victim import Victim
from sandbox.server import Sandbox

if TYPE_CHECKING:
    from sandbox.server.faults import Fault

SEED = 20_261_201
REPORT = Path(__file__).parent / "reports" / "soak.md"
MOST_MINUTES = 20
CONTROL = (1000, 5, 45.0)
"""Updates, kills and seconds of the run without the inbox."""
_PEOPLE = 400
_TICK = 0.02
_MOST_WAITING = 1500
"""Updates that wait at Telegram at most: people go on while the bot is down."""
_BURST = 40
_QUIET = 2.0
_LATE = 25.0
"""Seconds; the bot gives a call up after 20."""


@dataclass(slots=True)
class Outcome:
    """A run and what it found."""

    plan: Plan
    counts: soak_count.Counts
    kills: int = 0
    early: int = 0
    ended_by_itself: int = 0
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)
    log: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of it, in how many seconds, with or without the inbox."""

    updates: int = 20_000
    kills: int = 55
    seconds: float = 840.0
    inbox: bool = True
    limits: bool = False
    """Keep to Telegram's sending limits: 30 messages a second."""
    seed: int = SEED
    burst: float = 0.05
    settle: float = 240.0
    """Seconds for what is left after the last update."""


async def run(plan: Plan, folder: Path) -> Outcome:
    """One run; the database and the bot's log are in ``folder``."""
    # The server complains of each request that a killed bot did not send to its end.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    chance = random.Random(plan.seed)
    begun = time.monotonic()
    async with Sandbox() as sandbox:
        faults = _inject(sandbox, plan.updates)
        crowd = Crowd(sandbox, chance, texts(), min(_PEOPLE, max(20, plan.updates // 8)))
        victim = Victim(sandbox, folder, inbox=plan.inbox, limits=plan.limits, burst=plan.burst)
        moments = [chance.uniform(0.0, plan.seconds) for _ in range(plan.kills)]
        living = asyncio.create_task(victim.live(moments))
        try:
            await _send(sandbox, crowd, chance, plan)
            await _settle(sandbox, victim, folder, plan)
        finally:
            living.cancel()
            await asyncio.gather(living, return_exceptions=True)
        counts = soak_count.count(sandbox, crowd.sent, folder, inbox=plan.inbox)
    seconds = time.monotonic() - begun
    log = soak_report.errors(folder / "bot.log")
    return Outcome(plan, counts, victim.kills, victim.early, victim.ended_by_itself, seconds, faults, log)


def _inject(sandbox: Sandbox, updates: int) -> list[Fault]:
    """A bad day. Primes, so that the faults do not fall in step."""
    found = [
        sandbox.fail("sendMessage", status=500, times=None, every=53),
        sandbox.fail("sendMessage", status=502, times=None, every=97),
        sandbox.fail("sendMessage", status=429, retry_after=1, times=None, every=61),
        sandbox.drop("sendMessage", times=None, every=71),
        # These two take effect, and the bot cannot know: a retry doubles the reply. Hence so seldom.
        sandbox.drop("sendMessage", times=None, every=1201, after_effect=True),
        sandbox.fail("editMessageReplyMarkup", status=500, times=None, every=13),
        sandbox.fail("editMessageReplyMarkup", status=429, times=None, every=17),
        sandbox.drop("editMessageReplyMarkup", times=None, every=19),
        sandbox.fail("editMessageText", status=500, times=None, every=11),
        sandbox.drop("editMessageText", times=None, every=13),
        sandbox.fail("answerCallbackQuery", status=500, times=None, every=23),
        sandbox.fail("answerCallbackQuery", status=429, times=None, every=29),
        sandbox.drop("answerCallbackQuery", times=None, every=31),
        sandbox.fail("getUpdates", status=502, times=None, every=41),
        sandbox.fail("getUpdates", status=429, times=None, every=67),
        sandbox.drop("getUpdates", times=None, every=37),
        sandbox.drop("getUpdates", times=None, every=59, after_effect=True),
    ]
    late = updates // 1500
    if late:
        found.append(sandbox.delay("sendMessage", _LATE, times=late, every=1499))
        found.append(sandbox.delay("answerCallbackQuery", _LATE, times=late, every=199))
        found.append(sandbox.delay("getUpdates", 2 * _LATE, times=late, every=499))
    return found


async def _send(sandbox: Sandbox, crowd: Crowd, chance: random.Random, plan: Plan) -> None:
    """Spread the updates evenly over the time, a tenth of them in bursts."""
    begun, extra = time.monotonic(), 0
    while len(crowd.sent) < plan.updates:
        due = plan.updates * (time.monotonic() - begun) / plan.seconds
        if chance.random() < _TICK / 10:
            extra = _BURST
        if (len(crowd.sent) < due or extra > 0) and len(sandbox.state.updates.pending) < _MOST_WAITING:
            extra -= await crowd.act()
        else:
            extra = 0
            await asyncio.sleep(_TICK)


async def _settle(sandbox: Sandbox, victim: Victim, folder: Path, plan: Plan) -> None:
    """Wait until everything that was sent has come to an end, and all kills were made."""
    deadline, calm = time.monotonic() + plan.settle, time.monotonic()
    seen = 0
    while time.monotonic() < deadline:
        await asyncio.sleep(0.2)
        calls = sum(call.method != "getUpdates" for call in sandbox.calls[seen:])
        seen = len(sandbox.calls)
        left = await asyncio.to_thread(soak_count.unfinished, folder) if plan.inbox else 0
        if calls or left or sandbox.state.updates.pending or victim.kills < plan.kills:
            calm = time.monotonic()
        elif time.monotonic() - calm > (_QUIET if plan.inbox else 2 * _QUIET):
            return


async def main() -> int:
    """Run, print, write the report; non-zero where a bound is broken."""
    given = _arguments()
    plan = Plan(given.updates, given.kills, given.seconds, given.inbox == "on", given.limits, given.seed, given.burst)
    print(f"seed {plan.seed}; {plan.updates} updates, {plan.kills} kills, inbox {given.inbox}", flush=True)
    outcomes = [await _in_a_folder(plan, given.keep)]
    print(soak_report.table(outcomes), flush=True)
    failed = bool(outcomes[0].counts.broken)
    if given.control and plan.inbox:
        updates, kills, seconds = CONTROL
        outcomes.append(await _in_a_folder(Plan(updates, kills, seconds, inbox=False, seed=plan.seed), None))
        print(soak_report.table(outcomes[1:]), flush=True)
        if not outcomes[1].counts.lost:
            print("the soak does not fail without the inbox: it proves nothing")
            failed = True
    if given.report:
        given.report.parent.mkdir(exist_ok=True)
        given.report.write_text(soak_report.report(outcomes), encoding="utf-8")
    return int(failed)


async def _in_a_folder(plan: Plan, keep: Path | None) -> Outcome:
    if keep is not None:
        return await run(plan, keep)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        return await run(plan, Path(folder))


def _arguments() -> argparse.Namespace:
    normal = Plan()
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--updates", type=int, default=normal.updates)
    parser.add_argument("--kills", type=int, default=normal.kills)
    parser.add_argument("--seconds", type=float, help="over which updates and kills are spread")
    parser.add_argument("--burst", type=float, default=normal.burst, help="ZHENDEMA_BURST_SECONDS of the bot")
    parser.add_argument("--inbox", choices=("on", "off"), default="on")
    parser.add_argument("--limits", action="store_true", help="``python -m handlers run`` itself: 30 messages a second")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SOAK_SEED", SEED)))
    parser.add_argument("--report", type=Path, help=f"a file for the report; {REPORT.name} for a full run")
    parser.add_argument("--control", action="store_true", help="run a part without the inbox too, which must fail")
    parser.add_argument("--keep", type=Path, help="a folder for the database and the bot's log")
    given = parser.parse_args()
    if given.keep is not None:
        given.keep.mkdir(parents=True, exist_ok=True)
    if given.seconds is None:
        given.seconds = max(15.0, min(normal.seconds, given.updates / 20))
    if given.updates >= normal.updates and given.inbox == "on":
        given.control, given.report = True, given.report or REPORT
    return given


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
