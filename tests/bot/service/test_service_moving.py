"""A group is made a supergroup: its record goes on under another id as if it had always had it."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from databases import sqlite_at
from service_world import OWNER, SECRET, START, World, group, open_world, person, private

from bot.errors import StoreError
from bot.service import groups
from bot.service.group_types import Confirmers, GroupSettings, Presence
from bot.service.groups import WEEKLY, next_push
from bot.service.jobs import Fate
from bot.service.review import Decision
from bot.service.types import Chat, Outcome
from bot.store.schema import Kind, event
from bot.store.votes import STANDING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from databases import Database

    from bot.service.types import Confirmation, Person
    from bot.store.jobs import Job

OLD, NEW = Chat(-4_001, group=True), group(1)
BYSTANDER = group(2)
SCAM, MISS = "scam category-toll 您的ETC已停用请认证 etc.top", "clear 您的包裹到了,请到驿站取件 x.top"
TEXTS = (SCAM, MISS)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with open_world(database) as made:
        yield made


async def rows(world: World, query: str, **values: object) -> list[tuple[object, ...]]:
    async with world.database.looked_into() as connection:
        return [tuple(row) for row in await connection.execute(sa.text(query), values)]


async def change(world: World, statement: str) -> None:
    async with world.database.looked_into() as connection:
        await connection.execute(sa.text(statement))


async def migrate(world: World) -> None:
    await world.service.groups.migrate(OLD.id, NEW.id)


async def everything(world: World) -> dict[str, list[tuple[object, ...]]]:
    tables = ("event", "report_text", "indicator", "likeness", "event_count", "group_settings", "group_admin", "job")
    return {name: sorted(await rows(world, f"SELECT * FROM {name}"), key=repr) for name in tables}


async def standing(world: World, chat: Chat) -> list[tuple[object, ...]]:
    """What counts in a group, in order."""
    said = sa.select(event.c.fingerprint, event.c.kind, event.c.person, event.c.admin, event.c.level)
    words = said.where(event.c.chat_id == chat.id, sa.or_(*STANDING.values())).order_by(event.c.id)
    async with world.database.looked_into() as connection:
        return [tuple(row) for row in await connection.execute(words)]


async def nothing_left(world: World, chat: Chat) -> bool:
    place = SECRET.text("chat", str(chat.id))
    counts = [
        await rows(world, f"SELECT count(*) FROM {table} WHERE chat_id = :chat", chat=chat.id)
        for table in ("event", "event_count", "group_admin", "job")
    ]
    counts.append(await rows(world, "SELECT count(*) FROM event WHERE place = :place", place=place))
    return all(found == [(0,)] for found in counts)


# ── the record ──


async def _story(world: World, chat: Chat) -> None:
    """A month of a group's life."""
    await world.confirm(SCAM, person(1), chat)
    await world.confirm(SCAM, person(2), chat, admin=True)
    await world.dispute(SCAM, person(3), chat)
    await world.confirm(MISS, person(1), chat)
    await world.dispute(MISS, person(1), chat)
    await world.confirm(MISS, person(1), chat)
    await world.confirm(MISS, person(4), chat)
    await world.check(MISS, person(5), chat)
    await world.service.forget(person(4))
    item = await world.service.next_review()
    assert item
    await world.service.decide(OWNER, private(999), item.asked, Decision.REJECT)
    await world.service.complain(await world.check(SCAM, person(1), chat), person(1), chat, world.source())
    await world.confirm(SCAM, person(1), BYSTANDER)
    await world.service.groups.seen_admin(person(2), chat.id)


async def test_it_is_as_if_all_had_been_said_under_the_new_id(database: Database, tmp_path: Path) -> None:
    async with open_world(database) as moved, open_world(tmp_path / "plain.db") as plain:
        await _story(moved, OLD)
        await migrate(moved)
        await _story(plain, NEW)
        assert await nothing_left(moved, OLD)
        found, wanted = await everything(moved), await everything(plain)
        del found["group_settings"], wanted["group_settings"]
        assert found == wanted
        assert len(found["event"]) > 15


@pytest.mark.parametrize("again", [1, 2, 5])
async def test_a_second_time_changes_nothing(world: World, again: int) -> None:
    await _story(world, OLD)
    await world.service.groups.change(OLD.id, weekly=True, time_zone="Europe/London")
    await migrate(world)
    before = await everything(world)
    world.clock.ahead(days=1)
    await asyncio.gather(*(migrate(world) for _ in range(again)))
    await world.service.groups.migrate(NEW.id, NEW.id)
    assert await everything(world) == before


async def test_whoever_reported_before_cannot_report_again_and_can_correct(world: World) -> None:
    await world.confirm(SCAM, person(1), OLD)
    await migrate(world)
    assert (await world.confirm(SCAM, person(1), NEW)).outcome is Outcome.ALREADY
    assert (await world.confirm(SCAM, person(2), NEW)).outcome is Outcome.RECORDED
    assert (await world.dispute(SCAM, person(1), NEW)).outcome is Outcome.RECORDED
    assert (await world.dispute(SCAM, person(1), NEW)).outcome is Outcome.ALREADY
    assert (await world.confirm(SCAM, person(1), NEW)).outcome is Outcome.RECORDED


async def test_a_button_from_before_still_works(world: World) -> None:
    check_id = await world.check(SCAM, person(1), OLD)
    await migrate(world)
    assert (await world.confirm(SCAM, person(1), NEW, check_id=check_id)).confirmed


async def test_an_admins_word_and_the_chats_that_count_move_too(world: World) -> None:
    await world.dispute(SCAM, person(9), OLD, admin=True)
    for number in (1, 2, 3):
        await world.confirm(MISS, person(number), OLD)
    await migrate(world)
    assert not (await world.confirm(SCAM, person(1), NEW)).confirmed
    # Four people, and still in one chat: the old id and the new one are not two.
    assert not (await world.confirm(MISS, person(4), NEW)).confirmed
    assert (await world.confirm(MISS, person(5), BYSTANDER)).confirmed


class _Act(NamedTuple):
    who: Person
    text: str
    dispute: bool
    admin: bool


def _acts(chance: Random, count: int) -> list[_Act]:
    return [
        _Act(person(chance.randrange(3)), chance.choice(TEXTS), chance.random() < 0.4, chance.random() < 0.3)
        for _ in range(count)
    ]


async def _do(world: World, act: _Act, chat: Chat) -> Confirmation:
    say = world.dispute if act.dispute else world.confirm
    return await say(act.text, act.who, chat, admin=act.admin)


@pytest.mark.parametrize("seed", range(5))
async def test_words_under_both_ids_become_one_row_of_words(database: Database, tmp_path: Path, seed: int) -> None:
    """Some is said under the new id before anybody tells that the group moved."""
    chance = Random(seed)
    before, between, after = (_acts(chance, count) for count in (15, 10, 15))
    async with open_world(database) as moved, open_world(tmp_path / "plain.db") as plain:
        for act in before:
            await _do(moved, act, OLD)
        for act in between:
            await _do(moved, act, NEW)
        for act in (*before, *between):
            await _do(plain, act, NEW)
        for _ in range(2):
            await migrate(moved)
            assert await nothing_left(moved, OLD)
            assert await standing(moved, NEW) == await standing(plain, NEW)
        for act in after:
            assert await _do(moved, act, NEW) == await _do(plain, act, NEW)
        assert await standing(moved, NEW) == await standing(plain, NEW)
        kinds = "SELECT count(*) FROM event WHERE kind IN ('report', 'correction')"
        (said,) = await rows(moved, kinds)
        (undone,) = await rows(moved, "SELECT count(*) FROM event WHERE kind = 'undo'")
        assert [(int(str(said[0])) - int(str(undone[0])),)] == await rows(plain, kinds), "undone, and not deleted"


async def test_what_still_comes_in_under_the_old_id_follows(world: World) -> None:
    await world.confirm(SCAM, person(1), OLD)
    await world.service.groups.change(OLD.id, language="zh-Hant")
    await migrate(world)
    await world.confirm(SCAM, person(1), OLD)  # on a message of before; under the new id it would be refused
    await world.confirm(MISS, person(2), OLD)
    await world.service.groups.seen_admin(person(2), OLD.id)
    assert await world.service.groups.of_admin(person(2)) == (NEW.id,)
    assert (await world.service.groups.change(OLD.id, auto_check=True)).language == "zh-Hant"
    assert await world.service.groups.settings(NEW.id) == GroupSettings(language="zh-Hant", auto_check=True)
    assert await world.service.groups.current(OLD.id) == NEW.id
    assert not await nothing_left(world, OLD)
    await world.service.retain()
    assert await nothing_left(world, OLD)
    assert [row[:2] for row in await standing(world, NEW)] == [
        (row[0], Kind.REPORT) for row in await standing(world, NEW)
    ]
    assert len(await standing(world, NEW)) == 2
    before = await everything(world)
    await world.service.retain()
    assert await everything(world) == before


async def test_the_checks_of_a_giant_move_in_steps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "STEP", 3)
    for count in (1, 2, 3, 4, 7):
        for _ in range(count):
            await world.check(MISS, person(1), OLD)
        await world.confirm(MISS, person(count), OLD)
        await migrate(world)
        assert await nothing_left(world, OLD)
    assert len(await rows(world, "SELECT 1 FROM event WHERE chat_id = :chat", chat=NEW.id)) == 17 + 5 + 5


async def test_counts_of_years_ago_are_added_up(world: World) -> None:
    counted = ((OLD, "2025-01", 3), (NEW, "2025-01", 4), (OLD, "2025-02", 5), (BYSTANDER, "2025-01", 9))
    for chat, month, count in counted:
        await change(
            world, f"INSERT INTO event_count VALUES ('{month}', 'check', {chat.id}, 'scam', 'toll', '', {count})"
        )
    await migrate(world)
    await migrate(world)
    assert sorted(await rows(world, "SELECT month, chat_id, count FROM event_count")) == sorted(
        [("2025-01", NEW.id, 7), ("2025-02", NEW.id, 5), ("2025-01", BYSTANDER.id, 9)]
    )


async def test_half_a_move_is_none(tmp_path: Path) -> None:
    async with open_world(sqlite_at(tmp_path / "z.db")) as world:
        await _story(world, OLD)
        await world.service.groups.change(OLD.id, weekly=True)
        before = await everything(world)
        await change(
            world,
            "CREATE TRIGGER full BEFORE INSERT ON group_settings BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
        )
        with pytest.raises(StoreError):
            await migrate(world)
        assert await everything(world) == before
        await change(world, "DROP TRIGGER full")
        await migrate(world)
        assert await nothing_left(world, OLD)


# ── choices, admins, the summary ──


async def test_choices_and_admins_move(world: World) -> None:
    mine = world.service.groups
    await mine.change(OLD.id, time_zone="Asia/Taipei", weekly=True, confirmers=Confirmers.ADMINS)
    await mine.seen_admin(person(1), OLD.id)
    await mine.seen_admin(person(2), OLD.id)
    await mine.seen_admin(person(3), NEW.id)
    world.clock.ahead(minutes=1)
    await mine.seen_admin(person(2), NEW.id)
    await mine.seen_admin(person(3), OLD.id)
    await migrate(world)
    assert await mine.settings(NEW.id) == GroupSettings("Asia/Taipei", weekly=True, confirmers=Confirmers.ADMINS)
    assert await mine.of_admin(person(1)) == await mine.of_admin(person(2)) == (NEW.id,)
    for number in (2, 3):
        who = SECRET.person(person(number).key)
        (seen,) = await rows(world, "SELECT seen_at FROM group_admin WHERE person = :who", who=who)
        assert seen == (int(world.clock.now.timestamp() * 1_000_000),)


@pytest.mark.parametrize("told", [(), ("gone",), ("there",), ("gone", "there"), ("there", "gone")])
@pytest.mark.parametrize("late", [(), ("there", "gone")])
async def test_in_whatever_order_it_is_told(world: World, told: tuple[str, ...], late: tuple[str, ...]) -> None:
    """A messenger may say that the bot left the old group and came to the new one, before and after it says why."""

    async def tell(what: str) -> None:
        gone = what == "gone"
        await world.service.groups.presence((OLD if gone else NEW).id, Presence.GONE if gone else Presence.PRESENT)

    await world.service.groups.change(OLD.id, weekly=True, auto_check=True, time_zone="Asia/Tokyo")
    for what in told:
        await tell(what)
    await migrate(world)
    for what in late:
        await tell(what)
    await migrate(world)
    found = await world.service.groups.settings(NEW.id)
    assert found == GroupSettings("Asia/Tokyo", auto_check=True, weekly=True)
    await world.service.groups.presence(OLD.id, Presence.PRESENT)
    assert await rows(world, "SELECT state FROM group_settings WHERE chat_id = :chat", chat=OLD.id) == [("gone",)]
    key = await rows(world, "SELECT kind, key, chat_id FROM job")
    assert key == [(WEEKLY, str(NEW.id), NEW.id)]


async def test_what_was_chosen_under_the_new_id_goes_before(world: World) -> None:
    await world.service.groups.change(OLD.id, time_zone="Asia/Tokyo", auto_check=True)
    await world.service.groups.change(NEW.id, time_zone="Asia/Taipei", confirmers=Confirmers.ADMINS)
    await migrate(world)
    assert await world.service.groups.settings(NEW.id) == GroupSettings(
        "Asia/Taipei", auto_check=True, confirmers=Confirmers.ADMINS
    )


async def test_a_bot_that_was_removed_after_the_move_stays_removed(world: World) -> None:
    await world.service.groups.change(OLD.id, weekly=True)
    await world.service.groups.presence(NEW.id, Presence.GONE)
    await migrate(world)
    assert (await world.service.groups.settings(NEW.id)).presence is Presence.GONE
    assert not (await world.service.groups.settings(NEW.id)).weekly
    await migrate(world)
    assert (await world.service.groups.settings(NEW.id)).presence is Presence.GONE


async def test_a_summary_that_is_overdue_is_sent_to_the_new_id(world: World) -> None:
    await world.service.groups.change(OLD.id, weekly=True)
    due = next_push(OLD.id, SHANGHAI, START)
    await world.service.groups.change(NEW.id, weekly=True)
    world.clock.now = due
    await migrate(world)
    assert await rows(world, "SELECT chat_id, due_at FROM job") == [
        (NEW.id, int(min(due, next_push(NEW.id, SHANGHAI, START)).timestamp() * 1_000_000))
    ]


async def test_a_group_that_moves_while_its_summary_is_sent_gets_it_once(world: World) -> None:
    sent: list[int | None] = []

    async def send(job: Job) -> Fate:
        await migrate(world)
        sent.append(job.chat_id)
        return Fate.DONE

    await world.service.groups.change(OLD.id, weekly=True)
    world.clock.ahead(days=8)
    ticker = world.service.ticker({WEEKLY: send})
    assert await ticker.tick() == 1
    assert await ticker.tick() == 0
    assert sent == [OLD.id]
    assert await rows(world, "SELECT 1 FROM job") == []


async def test_nothing_of_other_groups_moves(world: World) -> None:
    await _story(world, BYSTANDER)
    await world.service.groups.change(BYSTANDER.id, weekly=True)
    before = await everything(world)
    await migrate(world)
    after = await everything(world)
    del before["group_settings"], after["group_settings"]
    assert after == before


async def test_an_owner_undoes_what_was_said_before_the_move(world: World) -> None:
    for number in (1, 2, 3):
        await world.confirm(MISS, person(number), OLD, admin=True)
    item = await world.service.next_review()
    assert item
    await migrate(world)
    await world.service.decide(OWNER, private(999), item.asked, Decision.REJECT)
    assert await standing(world, NEW) == []
