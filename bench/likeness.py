"""``python -m bench.likeness [COUNT]``: what finding near copies costs with COUNT reports stored (default 1,000,000).

Builds a database in a temporary folder: campaigns of all sizes, each report a near copy of its campaign with its
own fingerprint, made of clauses of the corpus. Then looks texts up as the service does (``bot.service.check.tally``
without reading the SMS) and prints how long that takes, on the clock and in processor time of both threads: on a
machine that others use too the clock tells more of them than of the look-up, as the line "nothing" (a connection
and ``SELECT 1``) shows. A million takes some minutes and 1.5 GB.
"""

from __future__ import annotations

import asyncio
import gc
import json
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from bot.fingerprint import Pieces
from bot.likeness import bands
from bot.secret import Secret
from bot.store.engine import Store
from bot.store.likeness import near
from bot.store.votes import tally_together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
SECRET = Secret("a secret for the bench alone, of no worth")
LOOKS = 2000
BATCH = 5000
_NOTHING = sa.select(1)
_CLAUSE = re.compile("[^,。，！!？?：:；;【】\n]{4,}")
_CONTACTS = ("number:mobile", "number:mobile", "chat:wechat", "number:service_400", "")
"""Contacts beside links; half of the campaigns have a link of their own."""
_EVENT = (
    "INSERT INTO event (id, kind, at, source, person, place, admin, fingerprint) VALUES (?, 'report', ?, ?, ?, ?, 0, ?)"
)


class Campaign(NamedTuple):
    """One scam: what it says and the contact that it gives."""

    clauses: tuple[str, ...]
    mark: str

    def copy(self, chance: random.Random) -> Pieces:
        """The scam as one person gets it: another name, now and then a clause missing."""
        words = [chance.choice("赵钱孙李周吴郑王") + chance.choice("伟芳娜敏静强磊洋"), *self.clauses]
        if len(words) > 3 and chance.random() < 0.2:  # noqa: PLR2004
            words.pop(chance.randrange(1, len(words)))
        return Pieces((" ".join(words), ""), (self.mark,), ()) if self.mark else Pieces((" ".join(words),), (), ())


class Maker:
    """Makes campaigns and copies of them, the same in every run."""

    def __init__(self, count: int) -> None:
        self.chance = random.Random(1)
        texts = [row["text"] for path in sorted(CORPUS.glob("*.jsonl")) for row in map(json.loads, path.open("rb"))]
        self._clauses = [clause for text in texts for clause in _CLAUSE.findall(text)]
        self.campaigns = [self.campaign(number) for number in range(max(1, count // 10))]

    def campaign(self, number: int) -> Campaign:
        """A new campaign of three to six clauses."""
        link = f"link:site-{number}.top"
        mark = link if self.chance.random() < 0.5 else self.chance.choice(_CONTACTS)  # noqa: PLR2004
        return Campaign(tuple(self.chance.sample(self._clauses, self.chance.randint(3, 6))), mark)

    def any_campaign(self) -> int:
        """The number of a campaign; few are large."""
        return min(int(self.chance.paretovariate(0.35)) - 1, len(self.campaigns) ** 2) % len(self.campaigns)


def keyed(pieces: Pieces) -> tuple[int, ...]:
    """Bands as they are stored."""
    return tuple(SECRET.number("band", band) for band in bands(pieces))


def reports(maker: Maker, count: int) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Numbers from 1 on with the bands of one report each."""
    for number in range(1, count + 1):
        yield number, keyed(maker.campaigns[maker.any_campaign()].copy(maker.chance))


def fill(path: Path, maker: Maker, count: int) -> tuple[float, float]:
    """Writes ``count`` reports; returns the MB of the file without and with their bands."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA synchronous = OFF")
    database.execute("DROP INDEX ix_likeness_band_event_id")
    database.execute("BEGIN")
    database.executemany(
        _EVENT,
        (
            (n, n, f"source-{n:015}", SECRET.person(f"{n % 200_000}"), SECRET.text("chat", f"{n % 20_000}"), f"{n:022}")
            for n in range(1, count + 1)
        ),
    )
    database.execute("COMMIT")
    without = _megabytes(database)
    database.execute("BEGIN")
    rows = ((number, band) for number, found in reports(maker, count) for band in sorted(found))
    database.executemany("INSERT INTO likeness (event_id, band) VALUES (?, ?)", rows)
    database.execute("CREATE INDEX ix_likeness_band_event_id ON likeness (band, event_id)")
    database.execute("COMMIT")
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with_bands = _megabytes(database)
    database.close()
    return without, with_bands


def _megabytes(database: sqlite3.Connection) -> float:
    (pages,), (size,) = (database.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    return float(pages * size / 1e6)


async def look(store: Store, make: Callable[[], Pieces] | None, owners: tuple[str, ...]) -> str:
    """Times look-ups, and says how many near texts one found in the mean; without ``make`` of a mere connection."""
    clock, processor, found = [], [], 0
    for _ in range(LOOKS):
        wanted = keyed(make()) if make else ()
        started, busy = time.perf_counter(), time.process_time()
        async with store.read() as connection:
            if make:
                copies = await near(connection, wanted)
                await tally_together(connection, "the text itself", copies, owners)
                found += len(copies)
            else:
                await connection.scalar(_NOTHING)
        clock.append((time.perf_counter() - started) * 1e3)
        processor.append((time.process_time() - busy) * 1e3)
    shown = (f"p50 {cuts[49]:5.2f} p95 {cuts[94]:5.2f}" for cuts in map(_percentiles, (clock, processor)))
    return f"{' ms, processor '.join(shown)} ms, {found / LOOKS:.1f} near texts"


def _percentiles(values: list[float]) -> list[float]:
    return statistics.quantiles(values, n=100)


async def run(count: int) -> None:
    """Builds, measures and prints."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "likeness.db"
        url = f"sqlite+aiosqlite:///{path}"
        await (await Store.open(url)).close()
        started = time.perf_counter()
        maker = Maker(count)
        without, with_bands = fill(path, maker, count)
        built = time.perf_counter() - started
        print(f"{count:,} reports of {len(maker.campaigns):,} campaigns, built in {built:.0f} s")
        print(f"size        {with_bands:.0f} MB, bands {with_bands - without:.0f} MB of it")
        print(f"bands       {_cost(maker):.3f} ms a text to make and hash")
        store = await Store.open(url)
        owners = (SECRET.person("owner"),)
        kinds: dict[str, Callable[[], Pieces] | None] = {
            "nothing": None,
            "new": lambda: maker.campaign(-1).copy(maker.chance),
            "known": lambda: maker.campaigns[maker.any_campaign()].copy(maker.chance),
            "any known": lambda: maker.chance.choice(maker.campaigns).copy(maker.chance),
            "largest": lambda: maker.campaigns[0].copy(maker.chance),
        }
        for name, make in kinds.items():
            print(f"{name:11} {await look(store, make, owners)}")
        await store.close()


def _cost(maker: Maker) -> float:
    texts = [maker.chance.choice(maker.campaigns).copy(maker.chance) for _ in range(500)]
    gc.disable()
    rounds = []
    for _ in range(7):
        started = time.perf_counter()
        for text in texts:
            keyed(text)
        rounds.append(time.perf_counter() - started)
    gc.enable()
    return min(rounds) / len(texts) * 1e3


def main() -> int:
    """Runs the bench."""
    asyncio.run(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
    return 0


if __name__ == "__main__":
    sys.exit(main())
