"""A service on a real database with a judge whose verdict stands in the text, for the tests of the use cases."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from databases import Database, sqlite_at

from bot.model import Evidence, Indicators, Level, Sightings, Sms, Verdict
from bot.model import Span as Place
from bot.period import Period, Span
from bot.secret import Secret
from bot.service.context import Policy
from bot.service.service import Service, open_service
from bot.service.types import Chat, Checked, Confirmation, Person

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterator
    from pathlib import Path

    from bot.opened import Opened

START = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
HOTLINE = "95558"


class FakeDirectory:
    def owners_of_number(self, digits: str) -> Collection[str]:
        return ("citic",) if digits == HOTLINE else ()


class FakeFacts:
    directory = FakeDirectory()


def fake_judge(opened: Opened, sightings: Sightings) -> Verdict:
    """The level and the category stand in the text; what is asked is found by shape."""
    sms = opened.sms
    level = next((level for level in Level if level in sms.text), Level.CLEAR)
    category = re.search(r"category-(\w+)", sms.text)
    institution = re.search(r"from-(\w+)", sms.text)
    numbers = tuple(n for n in re.findall(r"\d{11}", sms.text))
    domains = tuple(re.findall(r"[a-z]+\.(?:top|cn)", sms.text))
    return Verdict(
        level=level,
        score=0.9 if level is Level.SCAM else 0.1 + sightings.people / 100,
        category=category[1] if category else None,
        evidence=(Evidence("fake/sign", "因为", 5.0),),
        institution=institution[1] if institution else None,
        hotlines=(),
        body=Place(0, len(sms.text)),
        indicators=Indicators(domains, numbers),
    )


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def ahead(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class World:
    """A service on a real database, and short ways to use it."""

    service: Service
    clock: Clock
    database: Database
    sources: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def path(self) -> Path:
        """The file, where it is SQLite's."""
        assert self.database.path
        return self.database.path

    def source(self) -> str:
        return f"update:{next(self.sources)}"

    async def check(self, text: str, who: Person, where: Chat, source: str | None = None) -> str:
        done = await self.service.check(Sms(text), who, where, source or self.source())
        assert isinstance(done, Checked)
        return done.check_id

    async def confirm(
        self,
        text: str,
        who: Person,
        where: Chat,
        *,
        admin: bool = False,
        check_id: str | None = None,
        source: str | None = None,
    ) -> Confirmation:
        check_id = check_id or await self.check(text, person(0), where)
        return await self.service.confirm(check_id, Sms(text), who, where, admin=admin, source=source or self.source())

    async def dispute(
        self,
        text: str,
        who: Person,
        where: Chat,
        *,
        admin: bool = False,
        check_id: str | None = None,
    ) -> Confirmation:
        check_id = check_id or await self.check(text, person(0), where)
        return await self.service.dispute(check_id, Sms(text), who, where, admin=admin, source=self.source())


def person(number: int) -> Person:
    return Person(f"telegram:{7_000_000 + number}")


def group(number: int) -> Chat:
    return Chat(-1_001_000_000_000 - number, group=True)


def private(number: int) -> Chat:
    return Chat(7_000_000 + number)


def period(since: datetime, until: datetime) -> Period:
    """Any stretch of time, as if it were a month."""
    return Period(Span.MONTH, since.date(), since, until, ZoneInfo("UTC"))


OWNER = person(999)
SECRET = Secret("a-secret-of-more-than-thirty-two-characters")
POLICY = Policy(checks_per_minute=1_000_000)


@asynccontextmanager
async def open_world(
    where: Database | Path,
    clock: Clock | None = None,
    secret: Secret = SECRET,
    policy: Policy = POLICY,
) -> AsyncIterator[World]:
    clock = clock or Clock()
    database = where if isinstance(where, Database) else sqlite_at(where)
    async with open_service(database.url, secret, FakeFacts(), fake_judge, [OWNER.key], clock, policy) as service:
        yield World(service, clock, database)
