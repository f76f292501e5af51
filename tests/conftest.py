"""What all tests share."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING

import pytest
from databases import Database, PostgresDatabases, sqlite_at

from bot.knowledge import Knowledge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from databases import Fresh


@pytest.fixture(scope="session")
def knowledge() -> Knowledge:
    """The real knowledge, loaded once: it is immutable."""
    return Knowledge.load()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresDatabases]:
    """A PostgreSQL server, started when it is first asked for."""
    made = PostgresDatabases()
    yield made
    asyncio.run(made.close())


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Runs a test once on each engine."""
    if request.param == "postgresql":
        request.getfixturevalue("postgres")
    name: str = request.param
    return name


@pytest.fixture
async def database(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A database with nothing in it; the test runs once on each engine."""
    if engine == "sqlite":
        return sqlite_at(tmp_path / "z.db")
    databases: PostgresDatabases = request.getfixturevalue("postgres")
    return await databases.emptied()


@pytest.fixture
def fresh(engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> Fresh:
    """Gives as many databases as are wanted, in which the first start is still to make its tables."""
    numbers = count(1)

    async def make() -> Database:
        if engine == "sqlite":
            return sqlite_at(tmp_path / f"new-{next(numbers)}" / "z.db")
        databases: PostgresDatabases = request.getfixturevalue("postgres")
        return await databases.new()

    return make
