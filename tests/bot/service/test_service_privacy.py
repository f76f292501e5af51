from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import SECRET, START, Clock, FakeFacts, group, open_world, person, private

from bot.model import Sms
from bot.service.service import Service
from bot.service.types import Forgotten
from bot.store.engine import Store
from bot.store.jobs import NewJob, schedule
from bot.store.meta import bind_secret
from bot.store.rescue import load_case, load_draft, save_case, save_draft
from bot.store.schema import event, job, report_text

if TYPE_CHECKING:
    from databases import Database

    from bot.model import Sightings, Verdict
    from bot.opened import Opened

SCAM = "scam 尊敬的张三先生，您欠款5832元，卡号6222020012345678901，请致电13800138000或登录 evil.top/u/zhangsan"
TRACES = ("张三", "5832", "6222020012345678901", "zhangsan")


async def test_a_check_and_a_correction_leave_no_text_and_no_raw_id(database: Database) -> None:
    async with open_world(database) as world:
        await world.check(SCAM, person(1), private(1), "update:778899")
        await world.dispute(SCAM, person(1), private(1))
        await world.dispute(SCAM, person(1), group(1))
        disk = await world.database.dump()
    disk += await world.database.dump()
    for trace in (*TRACES, "13800138000", "evil.top", "欠款", "telegram", "7000001", "778899", "update:"):
        assert trace.encode() not in disk
    assert str(private(1).id).encode() not in disk
    assert private(1).id.to_bytes(4, "big") not in disk
    assert private(1).id.to_bytes(3, "big") not in disk


async def test_a_report_leaves_only_the_redacted_text_and_indicators(database: Database) -> None:
    async with open_world(database) as world:
        await world.confirm(SCAM, person(1), private(1))
        disk = await world.database.dump()
    disk += await world.database.dump()
    for trace in (*TRACES, "telegram", "7000001"):
        assert trace.encode() not in disk
    assert "某某".encode() in disk
    assert b"evil.top" in disk  # the indicator
    assert b"13800138000" in disk


async def test_after_forgetting_nothing_in_the_rows_says_who(database: Database) -> None:
    async with open_world(database) as world:
        await world.check(SCAM, person(1), private(1))
        await world.confirm(SCAM, person(1), private(1))
        await world.dispute(SCAM, person(1), group(1))
        await world.service.forget(person(1))
    store = await Store.open(database.url)
    async with store.read() as connection:
        rows = (await connection.execute(sa.select(event).order_by(event.c.id))).all()
        texts = await connection.scalar(sa.select(sa.func.count()).select_from(report_text))
    await store.close()
    assert texts == 0
    mine = [row for row in rows if row.person is None]
    assert len(mine) == 3
    places = {SECRET.text("chat", str(private(1).id))}
    assert all(row.claim is None and row.place not in places for row in mine)
    assert all(row.chat_id in {None, group(1).id} for row in rows)


@pytest.mark.parametrize("what", ["case", "draft", "job"])
async def test_forgetting_takes_the_case_the_draft_and_what_was_still_to_be_sent(database: Database, what: str) -> None:
    store = await Store.open(database.url)
    async with open_world(database) as world:
        async with store.write() as connection:
            for hashed in map(SECRET.person, (person(1).key, person(2).key)):
                if what == "case":
                    await save_case(connection, hashed, "{}", START)
                elif what == "draft":
                    await save_draft(connection, hashed, "{}", START)
                else:
                    assert await schedule(connection, NewJob("follow-up", hashed, START, hashed, private(1).id))
            assert await schedule(connection, NewJob("sweep", "sweep", START))
        assert await world.service.forget(person(1)) == Forgotten(0, 0, 0, rescue=True)
        assert await world.service.forget(person(1)) == Forgotten(0, 0, 0, rescue=False)
    mine, other = SECRET.person(person(1).key), SECRET.person(person(2).key)
    before = START - timedelta(hours=1)
    async with store.read() as connection:
        jobs = set(await connection.scalars(sa.select(job.c.person)))
        left = {
            (who, await load_case(connection, who), await load_draft(connection, who, before)) for who in (mine, other)
        }
    await store.close()
    assert jobs == ({other, None} if what == "job" else {None})
    assert left == {
        (mine, None, None),
        (other, "{}" if what == "case" else None, "{}" if what == "draft" else None),
    }


async def test_nothing_of_an_sms_reaches_a_log_or_an_exception(
    database: Database, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    root = logging.getLogger()
    root.setLevel(logging.DEBUG)
    async with open_world(database) as world:
        check_id = await world.check(SCAM, person(1), private(1))
        await world.confirm(SCAM, person(1), private(1), check_id=check_id)
        await world.service.forget(person(1))
    output = caplog.text + "".join(capfd.readouterr())
    for trace in (*TRACES, "13800138000", "evil.top", "欠款", "telegram:", "7000001", check_id):
        assert trace not in output


async def test_a_failing_judge_leaves_the_record_untouched(database: Database) -> None:
    def broken(_opened: Opened, _sightings: Sightings) -> Verdict:
        raise RuntimeError("broken")

    store = await Store.open(database.url)
    await bind_secret(store, SECRET.key_id)
    service = Service(store, SECRET, FakeFacts(), broken, clock=Clock())
    with pytest.raises(RuntimeError):
        await service.check(Sms(SCAM), person(1), private(1), "update:1")
    async with store.read() as connection:
        assert await connection.scalar(sa.select(sa.func.count()).select_from(event)) == 0
    await service.close()
