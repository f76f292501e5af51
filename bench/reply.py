"""``python -m bench.reply``: from ``zhendema run`` to ready, and from a person's message to the reply, on loopback.

The bot runs as a process of its own against the local Bot API server, as in production; a person sends one SMS after
another and waits for each answer. The wait for the rest of a burst (``ZHENDEMA_BURST_SECONDS``) is part of what a
person waits, so both are shown: with the default, and with none.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
MESSAGES = 60
EACH = 15
"""Messages of one person: the bot answers twenty a minute."""


async def main() -> int:
    """Prints the figures."""
    with (CORPUS / "part1.jsonl").open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line, _ in zip(lines, range(MESSAGES), strict=False)]
    for burst in ("0", "0.8"):
        async with Sandbox() as sandbox, _bot(sandbox, burst) as started:
            await sandbox.ready(timeout=60)
            ready = time.perf_counter() - started
            waits = []
            for first in range(0, len(texts), EACH):
                person = sandbox.user(f"小王{first}")
                await person.ask("/start")
                for text in texts[first : first + EACH]:
                    sent = time.perf_counter()
                    await person.ask(text, forward_name="短信转发", timeout=30)
                    waits.append(time.perf_counter() - sent)
        waits.sort()
        print(
            f"burst wait {burst} s: ready in {ready:.1f} s; "
            f"reply after {statistics.median(waits) * 1e3:.0f} ms (median), "
            f"{waits[int(len(waits) * 0.95)] * 1e3:.0f} ms (95th percentile) of {len(waits)} messages"
        )
    return 0


@asynccontextmanager
async def _bot(sandbox: Sandbox, burst: str) -> AsyncIterator[float]:
    with tempfile.TemporaryDirectory() as state:
        environment = os.environ | {
            "ZHENDEMA_TOKEN": sandbox.token,
            "ZHENDEMA_API_URL": sandbox.api_url,
            "ZHENDEMA_BURST_SECONDS": burst,
            "ZHENDEMA_LOG_LEVEL": "WARNING",
            "XDG_STATE_HOME": state,
        }
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "handlers", "run", env=environment)
        try:
            yield started
        finally:
            process.terminate()
            await process.wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
