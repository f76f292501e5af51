"""``python -m bench.powercut``: commits that were told survive a power cut; with weaker settings they do not.

SIGKILL proves nothing here: what a process has written stays with the system. So the writer runs under strace, and its
writes and fsyncs are replayed up to hundreds of random moments, without what no fsync had made safe. Each image must be
a sound database that holds every record of which the writer had told.
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.powercut_disk import CALLS, SECTOR, UNFORESEEN, Disk, calls
from bench.powercut_writer import DATABASE

SEED = 20_261_201
REPORT = Path(__file__).parent / "reports" / "powercut.md"
FULL = "2"
_ROOT = Path(__file__).resolve().parent.parent
_LONGEST_STRING = 1 << 20
_HEADS = (
    "synchronous",
    "PRAGMA read back",
    "cuts (parts of unsafe writes kept)",
    "cuts with unsafe writes",
    "records told, over all cuts",
    "of these missing",
    "cuts that lose some",
    "unsound databases",
)


@dataclass(slots=True)
class Found:
    """What the cuts of one run found."""

    pragma: str = ""
    cuts: int = 0
    parts_kept: int = 0
    unsafe: int = 0
    told: int = 0
    missing: int = 0
    losing: int = 0
    unsound: int = 0
    seconds: float = 0.0


def run(updates: int, cuts: int, seed: int, synchronous: str | None) -> Found:
    """Trace the writer once and cut it often; None leaves ``synchronous`` as the bot sets it."""
    begun, chance = time.monotonic(), random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="powercut-") as name:
        folder = Path(name)
        trace = folder / "trace"
        _trace(folder, trace, updates, synchronous)
        everything = Disk(folder / DATABASE)
        start = total = 0
        for call in calls(trace):
            everything.play(call)
            total += 1
            start = start or (total if everything.told else 0)
        if not everything.told or everything.told[-1] != "end":
            raise RuntimeError("the writer did not come to its end")
        moments = sorted(chance.sample(range(start, total), min(cuts, total - start)))
        found = Found(pragma=everything.told[0].removeprefix("pragma "))
        _cut(found, trace, folder, moments, chance)
    found.seconds = time.monotonic() - begun
    return found


def _trace(folder: Path, trace: Path, updates: int, synchronous: str | None) -> None:
    command = ["strace", "-f", "-qq", "-xx", "-s", str(_LONGEST_STRING), "-e", "signal=none"]
    command += ["-e", "trace=" + ",".join(f"?{name}" for name in (*CALLS, *UNFORESEEN)), "-o", str(trace)]
    command += [sys.executable, "-m", "bench.powercut_writer", str(folder), str(updates)]
    command += [synchronous] if synchronous else []
    subprocess.run(command, check=True, cwd=_ROOT, stdout=subprocess.DEVNULL, timeout=300)  # noqa: S603 - our own


def _cut(found: Found, trace: Path, folder: Path, moments: list[int], chance: random.Random) -> None:
    disk = Disk(folder / DATABASE)
    waiting = iter(moments)
    moment = next(waiting, None)
    for played, call in enumerate(calls(trace), 1):
        disk.play(call)
        if played != moment:
            continue
        found.cuts += 1
        keeps = found.cuts % 2 == 0
        found.parts_kept += keeps
        found.unsafe += disk.unsafe() > 0
        _look(found, disk, folder / "image", chance if keeps else None)
        moment = next(waiting, None)


def _look(found: Found, disk: Disk, image: Path, chance: random.Random | None) -> None:
    """Open what is left after a cut."""
    image.mkdir()
    disk.save(image, chance)
    events = {line.removeprefix("event ") for line in disk.told if line.startswith("event ")}
    puts = max((int(line.removeprefix("put ")) for line in disk.told if line.startswith("put ")), default=0)
    found.told += puts + len(events)
    missing, sound = puts + len(events), False
    try:
        with contextlib.closing(sqlite3.connect(image / DATABASE)) as database:
            sound = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            there = {number for (number,) in database.execute("SELECT update_id FROM inbox")}
            kept = {source.removeprefix("source-") for (source,) in database.execute("SELECT source FROM event")}
        missing = len(set(range(1, puts + 1)) - there) + len(events - kept)
    except sqlite3.DatabaseError:
        pass  # no database, or one from before its tables
    finally:
        shutil.rmtree(image)
    found.unsound += not sound
    found.missing += missing
    found.losing += missing > 0


def main() -> int:
    """Run, print, write the report; non-zero where a record is missing or the proof could not fail."""
    parser = argparse.ArgumentParser(prog="python -m bench.powercut", description=__doc__)
    parser.add_argument("--updates", type=int, default=400)
    parser.add_argument("--cuts", type=int, default=300, help="for each of the three settings")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    if shutil.which("strace") is None:
        print("strace is missing; on Debian: apt-get install strace", file=sys.stderr)
        return 1
    found = {}
    for setting in (None, "NORMAL", "OFF"):
        found[setting or "as the bot sets it"] = run(given.updates, given.cuts, given.seed, setting)
    text = _report(found, given.seed, given.updates)
    print(text)
    given.report.parent.mkdir(exist_ok=True)
    given.report.write_text(text, encoding="utf-8")
    own, normal, off = found.values()
    wrong = []
    if own.pragma != f"{FULL} wal":
        wrong.append(f"the bot's writer runs with synchronous, journal_mode = {own.pragma}, not {FULL} wal")
    if own.missing or own.unsound:
        wrong.append("a power cut loses what was told")
    if not (normal.missing and off.missing):
        wrong.append("the weaker settings lose nothing: this proves nothing")
    print("\n".join(wrong), file=sys.stderr)
    return int(bool(wrong))


def _report(found: dict[str, Found], seed: int, updates: int) -> str:
    rows = "\n".join(
        f"| {name} | {each.pragma} | {each.cuts} ({each.parts_kept}) | {each.unsafe} | {each.told} | {each.missing}"
        f" | {each.losing} | {each.unsound} |"
        for name, each in found.items()
    )
    seconds = sum(each.seconds for each in found.values())
    return f"""# Power cut

Written by `make powercut`; what it does stands in bench/README.md. Seed {seed}, {updates} updates through the inbox and
one event each; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {seconds:.0f} s.

| {" | ".join(_HEADS)} |
|---|---|---|---|---|---|---|---|
{rows}

A cut is at a random system call. In one half nothing that no fsync made safe is left, in the other a random part of
it in sectors of {SECTOR} bytes, often out of order. The first row must have no missing records and no unsound database;
the others are there to show that the proof can fail.
"""


if __name__ == "__main__":
    sys.exit(main())
