"""``python -m bench.throughput``: from a forwarded SMS to the reply, ours against bots that only echo, in the same run.

The bot has one core to itself and the server another, where there are two. The server is a stub (:mod:`bench.stub`):
the sandbox takes longer for an update than an echo bot does. Everybody writes once: the limits per person are not what
is measured, and Telegram's sending limits are off.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import platform
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator

REPORT = Path(__file__).parent / "reports" / "throughput.md"
TOKEN = "7000000001:AAsandbox_0123456789abcdef0123456789"  # noqa: S105 - nobody's
NAMES = {"ours": "ours", "echo": "echo, our transport", "stock": "echo, stock transport"}
WINDOW = 200
"""Updates unanswered at a time, below the 300 from which on the bot tells people of a queue."""
WARM, FULL, IDLE = 500, 5000, 10_000
"""Updates before anything is measured, before memory is (what is bounded has then reached its bound), and chats."""
LEAST_RATE, LEAST_SHARE, MOST_WAIT, MOST_BYTES = 250.0, 0.5, 0.250, 256
"""Updates a second; of the echo on the same transport; seconds at half load; bytes an idle chat."""
_HEADS = (
    "bot",
    "updates a second",
    "core of the bot",
    "core of the server",
    "at half load: a second",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "calls an update",
)
_ROOT = Path(__file__).resolve().parent.parent


async def measure(kind: str, updates: int, seconds: float, *, idle: bool) -> dict[str, Any]:
    """One bot: its rate, and its waits at half of it; with ``idle``, what ten thousand chats leave behind."""
    with tempfile.TemporaryDirectory(prefix="throughput-") as folder:
        async with _stub() as stub, _bot(kind, stub, Path(folder)) as bot:
            await stub.do("wait")
            await stub.do("flood", count=WARM, window=WINDOW)
            busy = _cpu(bot.pid)
            begun = time.perf_counter()
            found = await stub.do("flood", count=updates, window=WINDOW)
            found["cpu"] = (_cpu(bot.pid) - busy) / (time.perf_counter() - begun)
            rate = found["rate"] / 2
            found["half"] = await stub.do("pace", count=max(50, int(rate * seconds)), rate=rate)
            if idle:
                await stub.do("flood", count=FULL, window=WINDOW)
                await asyncio.sleep(3)
                before = _memory(bot.pid)
                await stub.do("flood", count=IDLE, window=WINDOW)
                await asyncio.sleep(3)
                found["memory"] = before, _memory(bot.pid)
            return found


class _Stub:
    def __init__(self, process: Process, address: str) -> None:
        self._process = process
        self.address = address

    async def do(self, what: str, **how: float) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": what, **how}).encode() + b"\n")
        answer: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return answer


@asynccontextmanager
async def _stub() -> AsyncIterator[_Stub]:
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.stub", cwd=_ROOT, stdin=pipe, stdout=pipe
    )
    assert process.stdout is not None
    _pin(process.pid, 1)
    try:
        yield _Stub(process, f"http://127.0.0.1:{int(await process.stdout.readline())}")
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _bot(kind: str, stub: _Stub, folder: Path) -> AsyncIterator[Process]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ZHENDEMA_")}
    environment = kept | {
        "ZHENDEMA_TOKEN": TOKEN,
        "ZHENDEMA_API_URL": stub.address,
        "ZHENDEMA_BURST_SECONDS": "0",
        "ZHENDEMA_LOG_LEVEL": "WARNING",
        "XDG_STATE_HOME": str(folder),
        "NO_PROXY": "127.0.0.1",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.throughput_bot", kind, cwd=_ROOT, env=environment
    )
    _pin(process.pid, 0)
    try:
        yield process
    finally:
        process.terminate()
        try:
            async with asyncio.timeout(15):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def _pin(pid: int, which: int) -> None:
    """Give a process one core, where the system can and has several."""
    with contextlib.suppress(AttributeError, OSError):
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) > 1:
            os.sched_setaffinity(pid, {cores[which % len(cores)]})


def _memory(pid: int) -> int:
    """Resident bytes; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def _cpu(pid: int) -> float:
    """Seconds on a processor so far; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def main() -> int:
    """Measure, print, write the report; non-zero where a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.throughput", description=__doc__)
    parser.add_argument("--updates", type=int, default=3000)
    parser.add_argument("--seconds", type=float, default=15.0, help="at half load")
    parser.add_argument("--report", type=Path, default=REPORT)
    given = parser.parse_args()
    found = {}
    for kind in NAMES:
        found[kind] = await measure(kind, given.updates, given.seconds, idle=kind == "ours")
        print(json.dumps({"bot": kind, **found[kind]}), flush=True)
    text = _report(found)
    print(text)
    given.report.parent.mkdir(exist_ok=True)
    given.report.write_text(text, encoding="utf-8")
    return int("**no**" in text)


def _report(found: dict[str, dict[str, Any]]) -> str:
    rows = "\n".join(
        f"| {NAMES[kind]} | {each['rate']:.0f} | {each['cpu']:.0%} | {each['busy']:.0%} | {each['half']['rate']:.0f} | "
        + " | ".join(f"{each['half'][f'p{share}'] * 1e3:.0f}" for share in (50, 95, 99))
        + f" | {sum(count for name, count in each['calls'].items() if name != 'getUpdates') / each['answered']:.1f} |"
        for kind, each in found.items()
    )
    ours, echo = found["ours"], found["echo"]
    before, after = ours["memory"]
    targets = [
        ("share of the echo on the same transport", ours["rate"] / echo["rate"], LEAST_SHARE, ".2f", True),
        ("updates a second", ours["rate"], LEAST_RATE, ".0f", True),
        ("p99 at half load, ms", ours["half"]["p99"] * 1e3, MOST_WAIT * 1e3, ".0f", False),
        ("bytes for each of 10,000 idle chats", (after - before) / IDLE, MOST_BYTES, ".0f", False),
    ]
    met = "\n".join(
        f"| {name} | {value:{form}} | {'at least' if more else 'at most'} {bound:{form}} | "
        + ("yes |" if (value >= bound if more else value <= bound) else "**no** |")
        for name, value, bound, form, more in targets
    )
    return f"""# Throughput

Written by `python -m bench.throughput`, a part of `make bench`. Python {platform.python_version()}, {os.cpu_count()}
cores, shared with whatever else ran: the bot on one, the server (a stub, see bench/stub.py) on another. {WINDOW}
updates unanswered at a time.

| {" | ".join(_HEADS)} |
|---|---|---|---|---|---|---|---|---|
{rows}

| target | found | bound | met |
|---|---|---|---|
{met}

Memory of ours before and after {IDLE} chats that wrote once: {before / 2**20:.1f} and {after / 2**20:.1f} MiB.
"""


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
