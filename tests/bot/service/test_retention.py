"""What is deleted when: both sides of every limit, counts that add up, and runs that are cut off."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from service_world import OWNER, START, World, group, open_world, period, person, private

from bot.errors import StoreError
from bot.service.group_types import Confirmers
from bot.service.retention import DEAD_KEPT, DEAD_TEXT_KEPT, DONE_KEPT, EVENT_KEPT, STEP, TEXT_KEPT
from bot.service.review import Decision
from bot.service.types import Outcome
from bot.store import inbox_retention, retention
from bot.store.schema import inbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    import sqlalchemy as sa
    from databases import Database

MOMENT = timedelta(microseconds=1)
_TABLES = ("event", "report_text", "indicator", "likeness", "review", "event_count", "inbox", "mute")
HARMLESS, SCAMMY = "clear 您的包裹到了,请到驿站取件 x.top", "scam category-toll 您的ETC已停用请认证 etc.top"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as made:
        yield made


async def rows(world: World, query: str) -> list[tuple[object, ...]]:
    async with world.database.looked_into() as connection:
        return [tuple(row) for row in await connection.exec_driver_sql(query)]


async def number(world: World, query: str) -> int:
    found = (await rows(world, query))[0][0]
    assert isinstance(found, int)
    return found


async def change(world: World, *statements: str) -> None:
    async with world.database.looked_into() as connection:
        for statement in statements:
            await connection.exec_driver_sql(statement)


async def everything(world: World) -> list[list[tuple[object, ...]]]:
    return [sorted(await rows(world, f"SELECT * FROM {table}"), key=repr) for table in _TABLES]


async def texts(world: World) -> int:
    return await number(world, "SELECT count(*) FROM report_text")


async def known(world: World) -> int:
    """Events that are there or were counted."""
    counted = "SELECT CAST(coalesce(sum(count), 0) AS bigint) FROM event_count"
    return await number(world, f"SELECT (SELECT count(*) FROM event) + ({counted})")


# ── texts ──


async def test_the_text_of_an_unconfirmed_report_goes_after_90_days(world: World) -> None:
    await world.confirm(HARMLESS, person(1), private(1))
    hung_on = "SELECT (SELECT count(*) FROM indicator), (SELECT count(*) FROM likeness), (SELECT count(*) FROM event)"
    before = await rows(world, hung_on)
    world.clock.now = START + TEXT_KEPT - MOMENT
    await world.service.retain()
    assert await texts(world) == 1
    assert "驿站".encode() in await world.database.dump()
    world.clock.now = START + TEXT_KEPT
    await world.service.retain()
    assert await texts(world) == 0
    assert "驿站".encode() not in await world.database.dump()
    assert await rows(world, hung_on) == before
    assert before[0][0] == 1


async def _by_an_admin(world: World) -> None:
    await world.confirm(HARMLESS, person(1), group(1), admin=True)


async def _on_a_scam(world: World) -> None:
    await world.confirm(SCAMMY, person(1), private(1))


async def _by_an_owner(world: World) -> None:
    await world.confirm(HARMLESS, OWNER, private(999))


async def _by_three_people(world: World) -> None:
    for at in (1, 2, 3):
        await world.confirm(HARMLESS, person(at), private(at))


@pytest.mark.parametrize("confirm", [_by_an_admin, _on_a_scam, _by_an_owner, _by_three_people])
async def test_confirmed_text_stays_for_a_year(world: World, confirm: Callable[[World], Awaitable[None]]) -> None:
    await confirm(world)
    before = await texts(world)
    world.clock.now = START + EVENT_KEPT - MOMENT
    await world.service.retain()
    assert await texts(world) == before > 0
    world.clock.now = START + EVENT_KEPT
    await world.service.retain()
    assert await texts(world) == 0


async def test_where_only_admins_confirm_a_members_report_does_not(world: World) -> None:
    await world.service.groups.change(group(1).id, confirmers=Confirmers.ADMINS)
    await world.confirm(SCAMMY, person(1), group(1))
    await world.confirm(SCAMMY, person(1), group(2))
    await world.confirm(HARMLESS, person(2), group(1), admin=True)
    world.clock.now = START + TEXT_KEPT
    await world.service.retain()
    kept = "SELECT chat_id, level FROM event JOIN report_text ON event_id = event.id ORDER BY level"
    assert await rows(world, kept) == [(group(1).id, "clear"), (group(2).id, "scam")]


async def test_two_people_are_not_enough(world: World) -> None:
    for at in (1, 2):
        await world.confirm(HARMLESS, person(at), private(at))
    world.clock.now = START + TEXT_KEPT
    await world.service.retain()
    assert await texts(world) == 0


async def test_a_report_that_was_taken_back_confirms_nothing(world: World) -> None:
    await world.confirm(SCAMMY, person(1), private(1))
    await world.dispute(SCAMMY, person(1), private(1))
    world.clock.now = START + TEXT_KEPT
    await world.service.retain()
    assert await texts(world) == 0


async def test_many_confirmed_texts_do_not_hide_the_others(world: World) -> None:
    for at in range(3):
        await world.confirm(HARMLESS, person(at), private(at))
    await change(
        world,
        f"""
        INSERT INTO event (kind, at, source, person, admin, fingerprint, level)
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {STEP * 2})
          SELECT 'report', at, 's' || i, 'p' || (i % 3), false, fingerprint, 'clear' FROM n,
            (SELECT at, fingerprint FROM event WHERE kind = 'report' LIMIT 1) AS first;
        """,
        """
        INSERT INTO report_text SELECT id, 'x' FROM event WHERE source LIKE 's%' AND kind = 'report'
          AND id NOT IN (SELECT event_id FROM report_text);
        """,
    )
    confirmed = await texts(world)
    await world.confirm("clear 另一条别的短信,请您查收", person(9), private(9))
    world.clock.now = START + TEXT_KEPT
    await world.service.retain()
    assert await texts(world) == confirmed > STEP * 2


# ── events ──


async def test_events_become_counts_after_a_year(world: World) -> None:
    await world.confirm(SCAMMY, person(1), group(1))
    await world.confirm(SCAMMY, person(2), group(1))
    await world.confirm(HARMLESS, person(3), private(3))
    world.clock.now = START + EVENT_KEPT - MOMENT
    await world.service.retain()
    assert await number(world, "SELECT count(*) FROM event_count") == 0
    assert await number(world, "SELECT count(*) FROM event") == 6
    world.clock.now = START + EVENT_KEPT
    await world.service.retain()
    for table in ("event", "report_text", "indicator", "likeness"):
        assert await number(world, f"SELECT count(*) FROM {table}") == 0
    chat = group(1).id
    assert sorted(await rows(world, "SELECT * FROM event_count")) == [
        ("2026-11", "check", chat, "scam", "toll", "", 2),
        ("2026-11", "check", 0, "clear", "", "", 1),
        ("2026-11", "report", chat, "scam", "toll", "", 2),
        ("2026-11", "report", 0, "clear", "", "", 1),
    ]
    assert b"etc.top" not in await world.database.dump()


async def test_a_month_is_counted_in_as_many_runs_as_it_takes(world: World) -> None:
    for _ in range(3):
        await world.check(HARMLESS, person(1), private(1))
        world.clock.ahead(days=15)
    for days in (0, 15, 30, 31):
        world.clock.now = START + EVENT_KEPT + timedelta(days=days)
        await world.service.retain()
        assert await known(world) == 3
    assert await rows(world, "SELECT month, count FROM event_count ORDER BY month") == [("2026-11", 2), ("2026-12", 1)]


async def test_a_second_run_changes_nothing(world: World) -> None:
    await world.confirm(SCAMMY, person(1), group(1))
    world.clock.ahead(days=100)
    await world.confirm(HARMLESS, person(1), group(1))
    for kept in (TEXT_KEPT, EVENT_KEPT, EVENT_KEPT * 2):
        world.clock.now = START + kept
        await world.service.retain()
        before = await everything(world)
        await world.service.retain()
        assert await everything(world) == before


async def test_what_an_owner_undid_does_not_come_back(world: World) -> None:
    await world.confirm(HARMLESS, person(1), private(1))
    item = await world.service.next_review()
    assert item
    world.clock.ahead(days=40)
    await world.service.decide(OWNER, private(999), item.asked, Decision.REJECT)
    world.clock.now = START + EVENT_KEPT
    await world.service.retain()
    assert await rows(world, "SELECT kind, target FROM event") == [("undo", None)]
    assert await number(world, "SELECT count(*) FROM review") == 0
    world.clock.ahead(days=40)
    await world.service.retain()
    assert await number(world, "SELECT count(*) FROM event") == 0
    assert await known(world) == 3


async def test_an_undo_with_a_clock_that_was_wrong_waits_for_what_it_undoes(world: World) -> None:
    await world.confirm(HARMLESS, person(1), private(1))
    await change(
        world,
        """INSERT INTO event (kind, at, source, admin, target)
           SELECT 'undo', at - 1000000, 'u', false, id FROM event WHERE kind = 'report'""",
    )
    world.clock.now = START + EVENT_KEPT - MOMENT
    await world.service.retain()
    assert await number(world, "SELECT count(*) FROM event WHERE kind = 'undo'") == 1
    world.clock.now = START + EVENT_KEPT
    await world.service.retain()
    assert await number(world, "SELECT count(*) FROM event") == 0
    assert await known(world) == 3


async def test_a_person_can_speak_again_after_their_first_words_are_gone(world: World) -> None:
    me, chat = person(1), private(1)
    check_id = await world.check(HARMLESS, me, chat)
    for days, say in ((0, world.confirm), (1, world.dispute), (200, world.confirm), (201, world.dispute)):
        world.clock.now = START + timedelta(days=days)
        assert (await say(HARMLESS, me, chat, check_id=check_id)).outcome is Outcome.RECORDED
    world.clock.now = START + EVENT_KEPT + timedelta(days=2)
    await world.service.retain()
    check_id = await world.check(HARMLESS, me, chat)
    assert (await world.confirm(HARMLESS, me, chat, check_id=check_id)).outcome is Outcome.RECORDED
    assert (await world.confirm(HARMLESS, me, chat, check_id=check_id)).outcome is Outcome.ALREADY


async def test_a_run_that_fails_half_way_loses_nothing(world: World) -> None:
    await world.check(HARMLESS, person(1), private(1))
    await many(world, STEP * 3)
    total = await number(world, "SELECT count(*) FROM event")
    # The disk "fails" at one event of the third batch, after its batch was counted.
    bad = await number(world, f"SELECT id FROM event ORDER BY at, id LIMIT 1 OFFSET {STEP * 2 + 7}")
    if world.database.is_sqlite:
        await change(
            world,
            f"""CREATE TRIGGER broken BEFORE DELETE ON event WHEN old.id = {bad}
                BEGIN SELECT raise(ABORT, 'disk i/o error'); END""",
        )
    else:
        await change(
            world,
            """CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql
               AS $$ BEGIN RAISE 'disk full' USING ERRCODE = '53100'; END $$""",
            f"""CREATE TRIGGER broken BEFORE DELETE ON event FOR EACH ROW
                WHEN (old.id = {bad}) EXECUTE FUNCTION fail()""",
        )
    world.clock.now = START + EVENT_KEPT
    with pytest.raises(StoreError):
        await world.service.retain()
    assert await number(world, "SELECT count(*) FROM event") == total - STEP * 2
    assert await known(world) == total
    await change(world, "DROP TRIGGER broken" if world.database.is_sqlite else "DROP TRIGGER broken ON event")
    await world.service.retain()
    assert await number(world, "SELECT count(*) FROM event") == 0
    assert await known(world) == total


async def test_a_run_that_is_cut_off_loses_nothing_and_others_write_meanwhile(world: World) -> None:
    await world.check(HARMLESS, person(1), private(1))
    await many(world, STEP * 6)
    world.clock.now = START + EVENT_KEPT
    total = await number(world, "SELECT count(*) FROM event")
    running = asyncio.create_task(world.service.retain())
    await asyncio.sleep(0)
    await world.check(HARMLESS, person(2), private(2))
    assert not running.done()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await number(world, "SELECT count(*) FROM event") > 1
    assert await known(world) == total + 1
    await asyncio.gather(world.service.retain(), world.service.retain())
    assert await number(world, "SELECT count(*) FROM event") == 1
    assert await known(world) == total + 1


async def test_forget_works_afterwards(world: World) -> None:
    await world.confirm(SCAMMY, person(1), group(1))
    world.clock.ahead(days=100)
    await world.confirm(HARMLESS, person(1), group(1))
    world.clock.now = START + EVENT_KEPT
    await world.service.retain()
    gone = await world.service.forget(person(1))
    assert (gone.checks, gone.reports) == (0, 1)
    assert await texts(world) == 0
    await world.service.retain()
    assert (await world.service.forget(person(1))).reports == 0


async def test_a_group_with_a_record_older_than_a_year(world: World) -> None:
    await world.confirm(SCAMMY, person(1), group(1), admin=True)
    world.clock.ahead(days=364)
    await world.confirm(SCAMMY, person(2), group(1))
    world.clock.now = START + EVENT_KEPT
    await world.service.retain()
    old = (await world.service.report(group(1), period(START - timedelta(days=1), START + timedelta(days=7)))).totals
    assert (old.checks, old.scams, old.repeats) == (0, 0, 0)
    new = (await world.service.report(group(1), period(START + timedelta(days=300), world.clock.now))).totals
    assert (new.checks, new.scams) == (1, 1)
    assert (await world.service.stats()).reports == 1


async def many(world: World, count: int) -> None:
    """Copies of the first event."""
    await change(
        world,
        f"""
        INSERT INTO event (kind, at, source, person, admin, fingerprint, level, check_id)
          WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
          SELECT kind, at, 's' || i, person, admin, fingerprint, level, 'c' || i FROM n,
            (SELECT * FROM event WHERE id = (SELECT min(id) FROM event)) AS first;
        """,
    )


# ── inbox ──


async def receive(world: World, update_ids: Iterable[int], state: str, body: str | None) -> None:
    rows_ = [
        {
            "update_id": update_id,
            "queue": 7,
            "body": body,
            "state": state,
            "received_at": START,
            "ended_at": None if state == "new" else START,
            "starts": 0,
            "errors": 0,
        }
        for update_id in update_ids
    ]
    async with world.database.looked_into() as connection:
        await connection.execute(inbox.insert(), rows_)


async def test_limits_of_the_inbox(world: World) -> None:
    await receive(world, [1], "done", None)
    await receive(world, [2], "dead", "一条写坏了的短信")
    await receive(world, [3], "new", "还没看的短信")
    steps = [
        (DONE_KEPT - MOMENT, [(1, None), (2, "一条写坏了的短信"), (3, "还没看的短信")]),
        (DONE_KEPT, [(2, "一条写坏了的短信"), (3, "还没看的短信")]),
        (DEAD_TEXT_KEPT - MOMENT, [(2, "一条写坏了的短信"), (3, "还没看的短信")]),
        (DEAD_TEXT_KEPT, [(2, None), (3, "还没看的短信")]),
        (DEAD_KEPT - MOMENT, [(2, None), (3, "还没看的短信")]),
        (DEAD_KEPT, [(3, "还没看的短信")]),
        (EVENT_KEPT * 2, [(3, "还没看的短信")]),
    ]
    for after, left in steps:
        world.clock.now = START + after
        await world.service.retain()
        assert await rows(world, "SELECT update_id, body FROM inbox ORDER BY 1") == left
    assert "写坏了".encode() not in await world.database.dump()


async def test_many_tombstones(world: World) -> None:
    await receive(world, range(STEP * 2 + 3), "done", None)
    world.clock.now = START + DONE_KEPT
    await world.service.retain()
    assert await number(world, "SELECT count(*) FROM inbox") == 0


@pytest.mark.parametrize(
    ("statement", "index"), [(inbox_retention._DROP, "ix_inbox_ended_at"), (retention._EVENTS, "ix_event_at")]
)
async def test_what_is_old_is_found_along_the_index_on_time(
    world: World, statement: sa.Delete | sa.Select[Any], index: str
) -> None:
    async with world.database.looked_into() as connection:
        query = statement.compile(dialect=connection.dialect)
        values = {**query.params, "until": 0, "of_state": "done", "most": 5}
        if not world.database.is_sqlite:  # which would sooner read a small table as a whole
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if world.database.is_sqlite else "EXPLAIN"
        found = await connection.exec_driver_sql(
            f"{explain} {query}", tuple(values[name] for name in query.positiontup or ())
        )
        plan = [str(row) for row in found]
    assert any(index in row for row in plan), plan
