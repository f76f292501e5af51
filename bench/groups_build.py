"""Builds databases of groups for :mod:`bench.groups`: rows as a year of use leaves them, written past the service.

Of 1,000 events 880 are checks, 80 reports, 40 corrections. Reports are of campaigns that come and go within weeks; most
copies have another name in them or lack a clause, so that they have fingerprints of their own, and bands in common.
Some words are by admins, some were undone, some people are muted or forgotten. Texts, bands and indicators hang on the
reports of the last 90 days (in the database of one group, of the whole year).
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import blake2b
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.fingerprint import Pieces
from bot.likeness import bands
from bot.store.schema import microseconds

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
NOW = datetime(2026, 11, 16, 1, tzinfo=UTC)
"""A Monday, 09:00 in Shanghai: when the summaries go out."""
YEAR = timedelta(days=364)
BATCH = 20_000
GROUP = -1_001_000_000_000
"""The first group's chat id; the others count down."""

_SINCE = microseconds(NOW - YEAR)
_CLAUSE = re.compile("[^,。，！!？?：:；;【】\n]{4,}")
_NAMES = [one + two for one in "赵钱孙李周吴郑王冯陈褚卫" for two in "伟芳娜敏静强磊洋艳勇军杰"]
_CATEGORIES = [f"category-{n}" for n in range(25)]
_INSTITUTIONS = [f"institution-{n}" for n in range(40)]
_COLUMNS = ["id", "kind", "at", "source", "person", "chat_id", "place", "admin", "check_id", "fingerprint", "level"]
_COLUMNS += ["score", "category", "institution", "rules", "claim", "target"]
_KINDS = {"check": 0.88, "report": 0.08, "correction": 0.04}
_KNOWN = 0.3
"""Checks and corrections on texts of campaigns; the rest are on texts that nobody else sends."""
_ADMINS, _UNDONE = 0.07, 0.004
"""Of all words."""
_NAMED, _SHARED, _OWN_SITE, _NUMBER, _FROM = 0.6, 0.15, 0.7, 0.4, 0.6
"""Copies with a name; campaigns with an address that others use too (a shortener's), with one of their own, with a
call-back number, in the name of an institution."""
_LEVELS = {"scam": 0.7, "suspicious": 0.2, "verify": 0.1}
_FEWEST = 3
"""Clauses of a campaign."""
_RULES = '["links/strange","asks/click","pressure/deadline"]'


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is to build: ``events`` over ``groups``; what hangs on reports for the last ``days``."""

    events: int
    groups: int
    people: int
    campaigns: int
    days: int


class Campaign(NamedTuple):
    """One scam: what it says and gives, and what the bot says of it."""

    clauses: tuple[str, ...]
    domain: str
    number: str
    level: str
    category: str
    institution: str | None


class Copy(NamedTuple):
    """One campaign as somebody got it."""

    fingerprint: str
    text: str
    pieces: Pieces


class Maker:
    """Makes the rows, the same in every run."""

    def __init__(self, size: Size) -> None:
        self.chance = random.Random(size.events)
        self._size = size
        lines = [line for path in sorted(CORPUS.glob("*.jsonl")) for line in path.read_bytes().splitlines()]
        self._clauses = [clause for line in lines for clause in _CLAUSE.findall(json.loads(line)["text"])]
        self._campaigns = [self._campaign(number) for number in range(size.campaigns)]
        self._copies: dict[str, Copy] = {}
        self._people = [_hash(f"person {number}") for number in range(size.people)]
        self._places = [_hash(f"place {number}") for number in range(size.groups)]
        self._shares = [*accumulate((number + 10) ** -0.9 for number in range(size.groups))]

    def events(self) -> Iterator[tuple[tuple[Any, ...], Copy | None, Campaign | None]]:
        """Rows of ``event`` in the order of time; with a report what hangs on it, while it is recent enough."""
        draw, step = self.chance.random, YEAR // timedelta(microseconds=1) / self._size.events
        recent = microseconds(NOW - timedelta(days=self._size.days))
        for number in range(1, self._size.events + 1):
            at = _SINCE + int(step * (number - draw()))
            group = bisect_right(self._shares, draw() * self._shares[-1]) if self._size.groups > 1 else 0
            kind, campaign, copy = self._said(at)
            person = self._person(group)
            word = kind != "check"
            yield (
                (
                    number,
                    kind,
                    at,
                    f"source-{number:015}",
                    person,
                    GROUP - group,
                    self._places[group],
                    int(word and draw() < _ADMINS),
                    f"check-{number if kind == 'check' else max(1, number - number % 9):016}",
                    copy.fingerprint if copy else _hash(f"text {number}"),
                    campaign.level if campaign else "verify",
                    0.7,
                    campaign.category if campaign else None,
                    campaign.institution if campaign else None,
                    _RULES if campaign else "[]",
                    f"claim-{number:016}" if word and person else None,
                    None,
                ),
                *((copy, campaign) if kind == "report" and at >= recent and person else (None, None)),
            )

    def _person(self, group: int) -> str | None:
        """A member of the group, of whom a few write most; None for one who was forgotten."""
        people, share = len(self._people), self.chance.random()
        some = int(people * share**2) if self._size.groups == 1 else group * 7919 + int(people * 0.1 * share**3)
        return self._people[some % people] if some % 499 else None

    def undone(self, words: list[int]) -> Iterator[tuple[Any, ...]]:
        """An owner took some words back."""
        for number, word in enumerate(words, self._size.events + 1):
            blank = dict.fromkeys(_COLUMNS)
            filled = {
                "id": number,
                "kind": "undo",
                "at": microseconds(NOW),
                "source": f"source-{number:015}",
                "admin": 0,
            }
            yield tuple((blank | filled | {"person": _hash("owner"), "target": word}).values())

    def muted(self) -> list[tuple[str, int]]:
        """People whose words do not count."""
        return [(person, microseconds(NOW)) for person in self._people[5::997]]

    def _said(self, at: int) -> tuple[str, Campaign | None, Copy | None]:
        chance = self.chance
        kind = chance.choices([*_KINDS], [*_KINDS.values()])[0]
        if kind != "report" and chance.random() >= _KNOWN:
            return kind, None, None
        # Campaigns follow one another over the year; at any time some of them are about, and few are large.
        about = max(8, len(self._campaigns) // 12)
        first = int((at - _SINCE) / (YEAR // timedelta(microseconds=1)) * (len(self._campaigns) - about))
        chosen = first + int(about * chance.random() ** 2.5)
        name = chance.choice(_NAMES) if chance.random() < _NAMED else ""
        return kind, self._campaigns[chosen], self._copy(chosen, name, chance.randrange(12))

    def _campaign(self, number: int) -> Campaign:
        chance = self.chance
        own = f"site-{number}.top" if chance.random() < _OWN_SITE else ""
        return Campaign(
            clauses=tuple(chance.sample(self._clauses, chance.randint(_FEWEST, 2 * _FEWEST))),
            domain=f"short-{number % 7}.top" if chance.random() < _SHARED else own,
            number=f"138{number * 7919 % 10**8:08}" if chance.random() < _NUMBER else "",
            level=chance.choices([*_LEVELS], [*_LEVELS.values()])[0],
            category=chance.choice(_CATEGORIES),
            institution=chance.choice(_INSTITUTIONS) if chance.random() < _FROM else None,
        )

    def _copy(self, number: int, name: str, lacking: int) -> Copy:
        """The campaign with a name, and without one of its clauses if it has many."""
        campaign = self._campaigns[number]
        clauses = campaign.clauses
        lacking = lacking if len(clauses) > _FEWEST else len(clauses)
        kept = [clause for at, clause in enumerate(clauses) if at != lacking]
        key = f"{number} {name} {len(kept) < len(clauses) and lacking}"
        found = self._copies.get(key)
        if found is None:
            said = [f"尊敬的{name}", *kept] if name else kept
            shown = campaign.domain.replace(".", "[.]") or "[号码]"
            mark = f"link:{campaign.domain}" if campaign.domain else "number:mobile"
            pieces = Pieces((" ".join(said), ""), (mark,), ())
            found = self._copies[key] = Copy(_hash(key), f"{'，'.join(said)}，{shown}", pieces)
        return found


@cache
def keyed(copy: Copy) -> tuple[int, ...]:
    """Its bands as they are stored, in the order in which they are."""
    made = (blake2b(band.encode(), digest_size=6).digest() for band in bands(copy.pieces))
    return tuple(sorted({int.from_bytes(band) for band in made}))


def build(path: Path, size: Size) -> None:
    """Fill a database that is at the newest schema and empty. Indexes are made at the end, by sorting."""
    maker = Maker(size)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("PRAGMA cache_size = -400000")
    indexes = database.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        database.execute(f'DROP INDEX "{name}"')
    database.execute("BEGIN")
    words = _fill(database, maker)
    undone = [word for word in words if maker.chance.random() < _UNDONE]
    database.executemany(_insert("event", _COLUMNS), maker.undone(undone))
    database.executemany("INSERT INTO mute (person, at) VALUES (?, ?)", maker.muted())
    database.execute("COMMIT")
    for _, statement in indexes:
        database.execute(statement)
    database.execute("PRAGMA journal_mode = WAL")
    database.close()


def _fill(database: sqlite3.Connection, maker: Maker) -> list[int]:
    """Write all events and what hangs on them; returns the numbers of the words."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in ("event", "report_text", "indicator", "likeness")}
    inserts = {
        "event": _insert("event", _COLUMNS),
        "report_text": _insert("report_text", ["event_id", "text"]),
        "indicator": _insert("indicator", ["event_id", "kind", "value", "first_seen"]),
        "likeness": _insert("likeness", ["event_id", "band"]),
    }

    def flush() -> None:
        for name, waiting in rows.items():
            database.executemany(inserts[name], waiting)
            waiting.clear()

    words = []
    for row, copy, campaign in maker.events():
        number, at = row[0], row[2]
        rows["event"].append(row)
        if row[1] != "check":
            words.append(number)
        if copy and campaign:
            rows["report_text"].append((number, copy.text))
            rows["likeness"] += [(number, band) for band in keyed(copy)]
            given = (("domain", campaign.domain), ("number", campaign.number))
            rows["indicator"] += [(number, kind, value, at) for kind, value in given if value]
        if len(rows["event"]) == BATCH:
            flush()
    flush()
    return words


def _insert(table: str, columns: list[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


def _hash(text: str) -> str:
    """As long as one of ``bot.secret``, and much faster to make."""
    return blake2b(text.encode(), digest_size=11).hexdigest()
