from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import OWNER, START, World, group, open_world, period, person, private

from bot.service import export
from bot.service.review import Asked, Decision
from bot.store.schema import event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from databases import Database

    from bot.service.group_types import ExportRow

LOAN = "scam category-loan from-citic 尊敬的张三先生，请致电13800138000或登录 evil.top/a"
REFUND = "scam category-refund 请登录 bad.top/b 退款"
DAY = timedelta(days=1)
ALWAYS = period(START - DAY, START + 99 * DAY)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as made:
        yield made


async def _rows(world: World, number: int = 1, asked: object = ALWAYS) -> list[ExportRow]:
    return [row async for row in world.service.export(group(number), asked)]  # type: ignore[arg-type]


async def _words(world: World) -> list[tuple[str, bool, bool]]:
    return [(row.kind, row.standing, row.text is not None) for row in await _rows(world) if row.kind != "check"]


async def test_an_empty_group(world: World) -> None:
    assert await _rows(world) == []


async def test_a_private_chat_has_none(world: World) -> None:
    with pytest.raises(ValueError, match="group"):
        world.service.export(private(1), ALWAYS)


async def test_all_that_a_row_tells_and_of_one_group_alone(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1), admin=True)
    world.clock.ahead(minutes=1)
    await world.dispute(REFUND, person(2), group(1))
    await world.confirm(REFUND, person(1), group(2))
    await world.confirm(REFUND, person(1), private(1))
    check, report, other, correction = await _rows(world)
    assert (check.at, check.kind, check.level, check.category, check.institution) == (
        START,
        "check",
        "scam",
        "loan",
        "citic",
    )
    assert (check.by_admin, check.standing, check.text, check.domains, check.numbers) == (False, True, None, (), ())
    assert (report.kind, report.by_admin, report.standing) == ("report", True, True)
    assert (report.domains, report.numbers) == (("evil.top",), ("138****8000",))
    assert (other.kind, correction.kind) == ("check", "correction")
    assert (correction.at, correction.text, correction.domains) == (START + timedelta(minutes=1), None, ())


async def test_nobody_is_named_and_nothing_that_tells(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    rows = await _rows(world)
    assert {one.name for one in fields(rows[0])}.isdisjoint(
        {"person", "place", "fingerprint", "check_id", "id", "source"}
    )
    async with world.database.looked_into() as connection:
        hashes = {
            value
            for column in (event.c.person, event.c.place, event.c.fingerprint, event.c.check_id, event.c.source)
            for value in await connection.scalars(sa.select(column))
        }
    told = repr(rows)
    assert len(hashes) > 4
    assert not [value for value in hashes if value and value in told]
    for trace in ("张三", "13800138000", "evil.top/a", "telegram"):
        assert trace not in told
    assert "某某" in told


async def test_the_period_has_its_start_and_not_its_end(world: World) -> None:
    for _ in range(3):
        await world.check(LOAN, person(1), group(1))
        world.clock.ahead(days=1)
    rows = await _rows(world, 1, period(START + DAY, START + 2 * DAY))
    assert [row.at for row in rows] == [START + DAY]


async def test_what_was_taken_back_stands_no_more_and_shows_no_text(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    assert await _words(world) == [("report", True, True)]
    await world.dispute(LOAN, person(1), group(1))
    assert await _words(world) == [("report", False, False), ("correction", True, False)]
    await world.confirm(LOAN, person(1), group(1))
    assert await _words(world) == [("report", False, False), ("correction", False, False), ("report", True, True)]


async def test_forgotten_muted_and_undone(world: World) -> None:
    await world.confirm(LOAN, person(1), group(1))
    await world.service.forget(person(1))
    await world.confirm(LOAN.replace("scam", "verify"), person(2), group(1))
    item = await world.service.next_review()
    assert item is not None
    await world.service.decide(OWNER, private(9), item.asked, Decision.MUTE)
    await world.confirm(LOAN.replace("scam", "clear"), person(3), group(1))
    item = await world.service.next_review()
    assert item is not None
    await world.service.decide(OWNER, private(9), Asked(item.asked.first, item.asked.last), Decision.REJECT)
    await world.confirm(REFUND, person(4), group(1))
    assert await _words(world) == [("report", False, False)] * 3 + [("report", True, True)]
    assert all(row.standing for row in await _rows(world) if row.kind == "check")
    assert [row.domains for row in await _rows(world) if row.kind == "report"] == [(), (), (), ("bad.top",)]


async def test_a_complaint_is_told_too(world: World) -> None:
    check_id = await world.check(LOAN, person(1), group(1))
    await world.service.complain(check_id, person(2), group(1), "update:c")
    assert await _words(world) == [("complaint", True, False)]
    await world.service.forget(person(2))
    assert await _words(world) == [("complaint", False, False)]


@pytest.mark.parametrize("step", [1, 2, 3, 7])
async def test_steps_of_any_size_give_each_row_once_in_order(
    world: World, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        await world.confirm(LOAN, person(number), group(1))
        if number % 2:  # others of the same moment: their numbers decide
            world.clock.ahead(hours=1)
        await world.dispute(REFUND, person(number), group(1))
    whole = await _rows(world)
    monkeypatch.setattr(export, "STEP", step)
    assert await _rows(world) == whole
    assert len(whole) == 24
    assert [row.at for row in whole] == sorted(row.at for row in whole)


async def test_what_is_said_while_it_is_read_is_met_once_or_not_at_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "STEP", 2)
    for _ in range(4):
        await world.check(LOAN, person(1), group(1))
        world.clock.ahead(hours=1)
    rows = world.service.export(group(1), ALWAYS)
    seen = [await anext(rows), await anext(rows), await anext(rows)]
    await world.check(REFUND, person(1), group(1))  # later than all that was there: no transaction keeps it out
    seen += [row async for row in rows]
    assert [row.at for row in seen] == [START + timedelta(hours=n) for n in range(5)]
