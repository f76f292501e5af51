"""The service with the real knowledge and the real judge, as the composition root puts them together."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from service_world import SECRET, START, Clock, group, period, person, private

from bot.judge import judge
from bot.model import Sms
from bot.service.service import Service, open_service
from bot.service.types import Checked, Outcome
from bot.store.engine import Store
from bot.store.events import NewEvent, append
from bot.store.schema import Kind, event, report_text

if TYPE_CHECKING:
    from databases import Database

    from bot.knowledge import Knowledge
    from bot.model import Sightings, Verdict
    from bot.opened import Opened

BODY = (
    "【中信银行】尊敬的张三先生，您的信用卡尾号8888欠款5832.17元已逾期，请立即登录 http://citic-pay.top/x1 "
    "处理，否则移交司法机关，详询13800138000"
)
FORWARDED = f"10692345678901\n{BODY}\nSIM1_中国移动_13500001111\nSubId：1\n2026-11-02 10:11:12\nXiaomi 13"


def _opened(database: Database, knowledge: Knowledge):  # type: ignore[no-untyped-def]
    def judged(opened: Opened, sightings: Sightings) -> Verdict:
        return judge(opened, knowledge, sightings)

    return open_service(database.url, SECRET, knowledge, judged, clock=Clock())


async def test_a_forwarded_and_a_pasted_copy_are_one_scam(database: Database, knowledge: Knowledge) -> None:
    async with _opened(database, knowledge) as service:
        first = await service.check(Sms(FORWARDED), person(1), group(1), "u:1")
        second = await service.check(Sms(BODY.replace("5832", "777")), person(2), group(1), "u:2")
        assert isinstance(first, Checked)
        assert isinstance(second, Checked)
        for number, (check, text) in enumerate(((first, FORWARDED), (second, BODY))):
            done = await service.confirm(
                check.check_id, Sms(text), person(number), group(1), admin=True, source=f"c:{number}"
            )
            assert done.outcome is Outcome.RECORDED
            assert done.confirmed
        report = await service.report(group(1), period(START - timedelta(days=1), START + timedelta(days=1)))
    assert (report.totals.checks, report.totals.scams, report.totals.repeats) == (2, 1, 1)
    assert report.domains == ("citic-pay.top",)
    assert report.numbers == ("138****8000",)
    for text in await _texts(database):
        assert not any(trace in text for trace in ("张三", "8888", "5832", "13800138000", "13500001111", "/x1"))
        assert "中信银行" in text
        assert "hxxp://citic-pay[.]top" in text


async def _texts(database: Database) -> list[str]:
    store = await Store.open(database.url)
    async with store.read() as connection:
        found = list(await connection.scalars(sa.select(report_text.c.text)))
    await store.close()
    assert found
    return found


@pytest.mark.parametrize("text", ["", " ", "？", "\ud83d", "诈骗\0诈骗", "0" * 5000, "诈骗" * 3000])
async def test_odd_texts_are_no_trouble(database: Database, knowledge: Knowledge, text: str) -> None:
    async with _opened(database, knowledge) as service:
        assert isinstance(service, Service)
        done = await service.check(Sms(text), person(1), private(1), "u:1")
        assert isinstance(done, Checked)
        said = await service.confirm(done.check_id, Sms(text), person(1), private(1), admin=False, source="u:2")
        assert said.outcome is Outcome.RECORDED


async def test_an_owners_undo_takes_a_report_or_a_correction_back(database: Database, knowledge: Knowledge) -> None:
    async def undo(kind: Kind, source: str) -> None:
        async with store.write() as connection:
            target = await connection.scalar(sa.select(event.c.id).where(event.c.kind == kind))
            await append(
                connection,
                NewEvent(kind=Kind.UNDO, at=START, source=source, person="owner", target=target),
            )

    async def scams() -> tuple[int, int]:
        found = await service.report(group(1), period(START - timedelta(days=1), START + timedelta(days=1)))
        return found.totals.scams, found.totals.corrections

    store = await Store.open(database.url)
    async with _opened(database, knowledge) as service:
        done = await service.check(Sms(BODY), person(1), group(1), "u:1")
        assert isinstance(done, Checked)
        await service.confirm(done.check_id, Sms(BODY), person(1), group(1), admin=True, source="u:2")
        await service.dispute(done.check_id, None, person(2), group(1), admin=True, source="u:3")
        assert await scams() == (0, 1)
        await undo(Kind.CORRECTION, "undo:1")
        assert await scams() == (1, 0)
        await undo(Kind.REPORT, "undo:2")
        assert await scams() == (0, 0)
    await store.close()
