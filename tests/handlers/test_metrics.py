"""What Prometheus is told of a real talk: everything that an operator needs, and nothing about anybody."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from prometheus_client.parser import text_string_to_metric_families
from talk_driving import SECRET, running
from talk_material import CLEAR, SCAM
from web_driving import HOST, client_of, free_port

from bot import __version__
from bot.meters import ALL, CALL_ERRORS, MOST, OTHER, UPDATES, Meters
from bot.serving import Address
from handlers.metrics import PREFIX

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from bot.knowledge import Knowledge
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]

Sample = tuple[str, tuple[tuple[str, str], ...]]


async def scrape(client: httpx.AsyncClient) -> dict[Sample, float]:
    answer = await client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


async def test_a_talk_in_numbers(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    port = free_port()

    def of(name: str, **labels: str) -> float:
        return found[PREFIX + name, tuple(sorted(labels.items()))]

    async with running(server, tmp_path, knowledge, metrics_listen=Address(HOST, port)), client_of(port) as client:
        found = await scrape(client)
        assert of("checks_total", level="scam") == 0, "known beforehand"
        reply = await wang.ask(SCAM)
        await wang.press(reply, "确认是诈骗")
        await wang.ask(CLEAR)
        server.fail("sendMessage", status=429)
        server.fail("sendMessage", status=502)
        await wang.ask("/hotline 中信")
        await wang.send(SCAM)
        await wang.block_bot()
        refused = (f"{PREFIX}messenger_errors_total", (("error", "Forbidden"),))
        async with asyncio.timeout(10):
            while refused not in found or of("inbox_waiting"):
                await asyncio.sleep(0.05)
                found = await scrape(client)
        assert (await client.get("/")).status_code == 404
        assert (await client.post("/metrics")).status_code == 405
        assert (await client.get("/healthz")).status_code == 404

    assert of("updates_total", type="message") >= 4
    assert of("updates_total", type="callback_query") == 1
    assert (of("checks_total", level="scam"), of("checks_total", level="clear")) == (2, 1)
    assert of("messenger_calls_total", method="sendMessage") == len(wang.from_bot)
    assert of("messenger_errors_total", error="RetryAfter") == 1
    assert of("messenger_errors_total", error="Forbidden") >= 1
    assert of("answer_seconds_count") >= 5
    assert of("answer_seconds_bucket", le="+Inf") == of("answer_seconds_count")
    assert 0 < of("answer_seconds_sum") < 60
    for kind in ("read", "write"):
        assert of("database_seconds_count", kind=kind) > 3
        assert of("database_errors_total", kind=kind) == 0
    assert of("jobs_total", job="sweep") >= 1
    assert of("dead_letters_total") == 0
    assert of("messages_waiting") == 0
    assert of("build_info", version=__version__) == 1
    assert found["process_resident_memory_bytes", ()] > 1e7

    shown = {value for _, labels in found for _, value in labels}
    about_us = {__version__, *(f"{bound}" for meter in ALL for bound in meter.bounds), "+Inf"}
    assert {value for value in shown - about_us if not re.fullmatch(r"[A-Za-z_]+", value)} == set()
    said = (str(wang.id), wang.account.first_name, server.token, SECRET)
    assert not any(word in value for value in shown for word in said)


def test_a_label_has_no_more_values_than_it_may() -> None:
    meters = Meters()
    for number in range(10 * MOST):
        meters.count(UPDATES, f"kind{number}")
    counts = meters.counts()[UPDATES]
    assert len(counts) == MOST + 1
    assert counts[OTHER] == 9 * MOST
    assert sum(counts.values()) == 10 * MOST


def test_a_duration_falls_into_the_first_bucket_that_holds_it() -> None:
    meters = Meters()
    (timed,) = (meter for meter in ALL if meter.name == "answer")
    for seconds in (0.0, timed.bounds[0], timed.bounds[0] + 1e-9, 1e9):
        meters.took(timed, seconds)
    times = meters.times()[timed][""]
    assert (times.counts[0], times.counts[1], times.counts[-1]) == (2, 1, 1)
    assert sum(times.counts) == 4
    assert CALL_ERRORS not in meters.times()
