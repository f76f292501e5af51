"""``python -m bench.fuzz TARGET --seconds N``: runs one target; ``--replay FILE…`` runs given inputs instead.

A finding does not end the run: each is kept once for its kind and place in ``--out`` (by default ``var/fuzz/TARGET``),
its shortest input first. Replaying needs no atheris and times the code without instrumentation.
"""

from __future__ import annotations

import argparse
import heapq
import importlib
import logging
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bench.fuzz.mutate import mutate_sms, mutate_toml
from bench.fuzz.sms import LONGEST, decode, encode

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
CORPUS = Path(__file__).parent / "corpus"
TARGETS = ("unwrap", "fold", "entities", "judge", "rules_file", "redact", "neutralise")
SLOW = 0.05
"""Seconds of processor time for one text of at most 4,096 characters; beyond it is a finding."""
LONG_EVERY, LONG = 30, 1500
"""Every so manieth input is also tried repeated up to 4,096 characters; inputs of so many bytes are timed."""
SLOWEST = 30
"""Inputs kept as slow: instrumentation slows code down, so ``--replay`` has to time them again."""
ROUNDS = 5


class Target(Protocol):
    """A module of this folder."""

    def run(self, data: bytes, /) -> object:
        """What is timed."""

    def check(self, data: bytes, /) -> None:
        """Raises where something that always holds does not."""


def main() -> int:
    """Reads the arguments and does as they say."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description="Coverage-guided fuzzing.")
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="how long to run")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="for the dice; 0 takes another one each time")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="where the corpus grows and findings are kept")
    parser.add_argument("--replay", type=Path, nargs="+", metavar="FILE", help="run these files or folders instead")
    arguments = parser.parse_args()
    logging.getLogger("jieba").setLevel(logging.ERROR)
    if arguments.replay:
        return replay(arguments.target, arguments.replay)
    out = arguments.out or ROOT / "var" / "fuzz" / arguments.target
    return fuzz(arguments.target, arguments.seconds, arguments.seed, out)


def seeds(target: str) -> list[Path]:
    """The folders of the seed corpus for a target."""
    shared = [] if target == "rules_file" else [CORPUS / "sms"]
    return [folder for folder in (*shared, CORPUS / target) if folder.is_dir()]


def load(target: str) -> Target:
    """The target's module."""
    module: Target = importlib.import_module(f"bench.fuzz.{target}")
    return module


def fuzz(target: str, seconds: int, seed: int, out: Path) -> int:
    """Runs until the time is over; libFuzzer then ends the process itself."""
    import atheris  # noqa: PLC0415 - an optional tool

    with atheris.instrument_imports(include=["bot"]):
        module = load(target)
    module.check(b"")
    keeper = Keeper(module, out)
    (out / "corpus").mkdir(parents=True, exist_ok=True)
    change = mutate_toml if target == "rules_file" else mutate_sms

    def changed(data: bytes, most: int, dice: int) -> bytes:
        return bytes(atheris.Mutate(data, most)) if dice % 20 == 0 else change(data, most, dice)

    options = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={LONGEST * 3}",
        "-len_control=20",
        "-timeout=60",
        "-print_final_stats=1",
        f"-artifact_prefix={out}/",
        str(out / "corpus"),
        *map(str, seeds(target)),
    ]
    atheris.Setup([sys.argv[0], *options], keeper, custom_mutator=changed)
    atheris.Fuzz()
    return 0


class Keeper:
    """Checks one input after the other and keeps what is wrong."""

    def __init__(self, module: Target, out: Path) -> None:
        self._module, self._out = module, out
        self._shortest: dict[str, int] = {}
        self._slow: list[tuple[float, Path]] = []
        self._count = 0

    def __call__(self, data: bytes) -> None:
        """One input, and now and then the same repeated until it is long."""
        self._try(data)
        self._count += 1
        if data and self._count % LONG_EVERY == 0:
            text = decode(data)
            self._try(encode((text * (LONGEST // len(text) + 1))[:LONGEST]))

    def _try(self, data: bytes) -> None:
        try:
            if len(data) >= LONG:
                self._time(data)
            self._module.check(data)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            self._keep(data, error)

    def _time(self, data: bytes) -> None:
        started = time.process_time()
        self._module.run(data)
        spent = time.process_time() - started
        if spent < SLOW or (len(self._slow) == SLOWEST and spent <= self._slow[0][0]):
            return
        heapq.heappush(self._slow, (spent, self._write("slow", f"{spent * 1000:06.0f}ms-{self._count}", data)))
        if len(self._slow) > SLOWEST:
            heapq.heappop(self._slow)[1].unlink(missing_ok=True)

    def _keep(self, data: bytes, error: Exception) -> None:
        key = name_of(error)
        if len(data) < self._shortest.get(key, 1 << 30):
            if key not in self._shortest:
                print(f"FINDING {key}: {error}", file=sys.stderr, flush=True)
            self._shortest[key] = len(data)
            self._write("findings", key, data)

    def _write(self, folder: str, name: str, data: bytes) -> Path:
        path = self._out / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path


def name_of(error: Exception) -> str:
    """Kind and place of an exception."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}-{Path(frame.filename).stem}-{frame.lineno}"


def replay(target: str, paths: list[Path]) -> int:
    """Checks and times the given inputs; 1 if there is a finding among them."""
    module = load(target)
    module.check(b"")
    faults = 0
    files = [file for path in paths for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    for file in files:
        if not file.is_file():
            continue
        data = file.read_bytes()
        broken = fault(module.check, data)
        spent = timed(module.run, data) if broken is None or broken.startswith("Assertion") else 0.0
        if broken or spent > SLOW:
            faults += 1
            shown = encode(decode(data if broken is None else smallest(module.check, data, broken)))[:200]
            print(f"{file.name}: {broken or 'slow'}, {spent * 1000:.0f} ms: {decode(shown)!a:.400}")
    print(f"{target}: {len(files)} inputs, {faults} findings")
    return int(faults > 0)


def fault(check: Callable[[bytes], None], data: bytes) -> str | None:
    """What is wrong with an input, by kind and place."""
    try:
        check(data)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        return f"{name_of(error)} ({error})" if isinstance(error, AssertionError) else name_of(error)
    return None


def timed(run: Callable[[bytes], object], data: bytes) -> float:
    """Seconds of processor time, the best of some rounds."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        run(data)
        best = min(best, time.process_time() - started)
    return best


def smallest(check: Callable[[bytes], None], data: bytes, broken: str) -> bytes:
    """A shorter input with the same fault: pieces are left out, halves first, as long as it stays."""
    text = decode(data)
    size = max(1, len(text) // 2)
    while True:
        at = 0
        while at < len(text):
            shorter = text[:at] + text[at + size :]
            if fault(check, encode(shorter)) == broken:
                text = shorter
            else:
                at += size
        if size == 1:
            return encode(text)
        size = max(1, size // 2)


if __name__ == "__main__":
    sys.exit(main())
