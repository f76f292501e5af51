"""The process whose power is cut: the bot's own database, inbox and events, with each commit told on standard output.

``python -m bench.powercut_writer FOLDER UPDATES [SYNCHRONOUS]``. A line on standard output stands for what Telegram or
a person is told: from then on the record must survive.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.pool import Pool

from bot.service.inbox import Inbox
from bot.store import events
from bot.store.engine import Store
from bot.store.events import NewEvent
from bot.store.inbox import Arrival
from bot.store.schema import Kind

if TYPE_CHECKING:
    from bot.service.inbox import Run
    from bot.store.inbox import Row

DATABASE = "powercut.sqlite3"
BATCH = 5
TIDY_EVERY = 30
"""Batches between two truncations of the write-ahead log, as retention does them."""
_BODY = '{"text": "' + "您的快递已到达，请及时领取。" * 12 + '"}'


def _tell(line: str) -> None:
    os.write(1, f"{line}\n".encode())


class _Silent:
    """Nobody is there to be told."""

    async def refused(self, arrival: Arrival) -> None:
        """Not in this run."""

    async def crowded(self, arrival: Arrival, waiting: int) -> None:
        """Not of interest."""

    async def buried(self, row: Row) -> None:
        """Not in this run."""


async def main(folder: Path, updates: int, synchronous: str | None) -> None:
    """Write and tell."""
    if synchronous is not None:
        _weaken(synchronous)
    store = await Store.open(f"sqlite+aiosqlite:///{folder / DATABASE}")

    async def handle(run: Run) -> None:
        number = run.row.update_id
        async with store.write() as connection:
            await events.append(connection, _check(number))
        _tell(f"event {number}")

    def now() -> datetime:
        return datetime.now(UTC)

    async with store.write() as connection:
        modes = [
            (await connection.exec_driver_sql(f"PRAGMA {name}")).scalar() for name in ("synchronous", "journal_mode")
        ]
    _tell(f"pragma {modes[0]} {modes[1]}")
    inbox = Inbox(store, now, handle, _Silent())
    await inbox.open()
    for batch in range(updates // BATCH):
        numbers = range(batch * BATCH + 1, (batch + 1) * BATCH + 1)
        await inbox.accept([Arrival(number, number % 97, number % 97, _BODY) for number in numbers])
        _tell(f"put {numbers[-1]}")
        if batch % TIDY_EVERY == TIDY_EVERY - 1:
            await store.tidy()
    while inbox.waiting:  # noqa: ASYNC110 - the inbox has no event for it
        await asyncio.sleep(0.01)
    _tell("end")
    os._exit(0)  # a power cut closes nothing


def _check(number: int) -> NewEvent:
    source, person = f"source-{number}", f"person-{number % 97}"
    return NewEvent(kind=Kind.CHECK, at=datetime.now(UTC), source=source, person=person, check_id=source)


def _weaken(synchronous: str) -> None:
    """Let every connection forget, each time it is used, how it was told to commit."""

    @event.listens_for(Pool, "checkout")
    def on_checkout(connection: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401  the driver's
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA synchronous = {synchronous}")
        cursor.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else None))  # noqa: PLR2004
