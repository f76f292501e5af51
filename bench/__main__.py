"""``make bench``: what one check costs against ``jieba.lcut`` alone, load time and memory, in one run.

Machines are shared and noisy, so only ratios measured side by side count; each figure is the median of several
rounds in which the two sides take turns.
"""

from __future__ import annotations

import gc
import json
import logging
import resource
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import jieba

from bot.judge import judge
from bot.knowledge import Knowledge
from bot.model import Sms

if TYPE_CHECKING:
    from collections.abc import Callable

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
ROUNDS = 7


def main() -> int:
    """Prints the figures."""
    logging.getLogger("jieba").setLevel(logging.ERROR)
    texts = [
        row["text"]
        for path in sorted(CORPUS.glob("*.jsonl"))
        for row in map(json.loads, path.read_text("utf-8").splitlines())
    ]
    before = _resident()
    started = time.perf_counter()
    knowledge = Knowledge.load()
    loaded = time.perf_counter() - started
    after = _resident()
    plain = jieba.Tokenizer()
    plain.FREQ, plain.total = plain.gen_pfdict(plain.get_dict_file())
    plain.initialized = True
    messages = [Sms(text) for text in texts]

    def cut() -> None:
        for text in texts:
            plain.lcut(text)

    def check() -> None:
        for sms in messages:
            judge(sms, knowledge)

    cut_time, check_time = _take_turns(cut, check)
    print(f"texts                {len(texts)}, {statistics.mean(map(len, texts)):.0f} characters on average")
    print(f"jieba.lcut           {cut_time / len(texts) * 1e3:.3f} ms a text")
    print(
        f"judge                {check_time / len(texts) * 1e3:.3f} ms a text, {check_time / cut_time:.2f} x jieba.lcut"
    )
    for size in (500, 1000, 2000, 4000):
        long = Sms((texts[0] * (size // len(texts[0]) + 1))[:size])
        print(f"one of {size:4} characters  {_best(long, knowledge) * 1e3:.2f} ms")
    print(f"load                 {loaded:.2f} s")
    print(f"memory               {before:.0f} MB before loading, {after:.0f} MB after")
    return 0


def _take_turns(*sides: Callable[[], None]) -> list[float]:
    times: list[list[float]] = [[] for _ in sides]
    for side in sides:
        side()
    gc.disable()
    for _ in range(ROUNDS):
        for spent, side in zip(times, sides, strict=True):
            started = time.perf_counter()
            side()
            spent.append(time.perf_counter() - started)
    gc.enable()
    return [statistics.median(spent) for spent in times]


def _best(sms: Sms, knowledge: Knowledge) -> float:
    spent = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        judge(sms, knowledge)
        spent.append(time.perf_counter() - started)
    return min(spent)


def _resident() -> float:
    """Peak resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main())
