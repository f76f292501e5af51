"""The HTTP API: the chat's verdicts for other programs, for those with a key, as much as is theirs."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import sqlite3
import time
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from api_driving import KEY, OTHER_KEY, OWNER, SIGNED, serving
from test_docs import block
from web_driving import chunk, head, raw

from api import openapi
from api.app import LIMIT
from api.shapes import LONGEST_TEXT, MOST_ITEMS
from bot.judge import judge
from bot.model import Sms
from bot.service.types import Chat, Checked, Person
from handlers.cli.check import as_dict

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from api_driving import Api

    from bot.knowledge import Knowledge

SCAM = "【中信银行】您的信用卡已逾期3天，请尽快联系专员王先生13800138000，或登录 zx-pay.top/h5 缴清，否则将起诉。"
CLEAR = "周末一起去公园走走吧，我把相机带上，中午在老地方吃面"
NOTICE = "【易信】您尾号1234的账户收入100.00元，余额2000.00元。"
JSON = {"Content-Type": "application/json"}
TEXTS = (SCAM, CLEAR, NOTICE, "x", "😂\u0000\u200d", "贷" * LONGEST_TEXT)


@pytest.fixture
async def api(tmp_path: Path, knowledge: Knowledge) -> AsyncIterator[Api]:
    async with serving(tmp_path, knowledge) as made:
        yield made


def events(api: Api) -> list[tuple[Any, ...]]:
    with contextlib.closing(sqlite3.connect(api.database)) as database:
        return database.execute("SELECT * FROM event ORDER BY id").fetchall()


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_answer_is_that_of_the_command_line(api: Api, knowledge: Knowledge) -> None:
    for text in TEXTS:
        answer = await api.post("/v1/check", {"text": text, "sender": "10690001234"})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.json() == as_dict(None, judge(Sms(text, "10690001234"), knowledge))


async def test_many_are_answered_in_order(api: Api, knowledge: Knowledge) -> None:
    items = [{"text": text, "id": f"m-{at}"} for at, text in enumerate(TEXTS[:5] * 20)]
    answer = await api.post("/v1/checks", {"items": items})
    assert answer.status_code == 200
    assert answer.json()["items"] == [as_dict(item["id"], judge(Sms(item["text"]), knowledge)) for item in items]
    assert events(api) == []


async def test_what_chats_confirmed_counts_here_too(api: Api) -> None:
    text = "恭喜您被选为幸运观众，奖品已备好，领奖专员在等您回话，名额有限，先到先得，请添加专员办理领取手续"
    before = (await api.post("/v1/check", {"text": text})).json()
    owner, where = Person(OWNER), Chat(1)
    checked = await api.service.check(Sms(text), owner, where, "telegram:1")
    assert isinstance(checked, Checked)
    await api.service.confirm(checked.check_id, Sms(text), owner, where, admin=False, source="telegram:2")
    after = (await api.post("/v1/check", {"text": text})).json()
    assert after["level"] == "scam"
    assert {found["rule"] for found in after["evidence"]} - {found["rule"] for found in before["evidence"]} != set()


async def test_a_user_is_recorded_without_name_or_text_and_can_be_forgotten(api: Api) -> None:
    await api.post("/v1/check", {"text": SCAM})
    assert events(api) == []
    for user in ("u-42", "u-42", "u-43"):
        assert (await api.post("/v1/check", {"text": SCAM, "user": user, "id": "7"})).json()["id"] == "7"
    assert len(events(api)) == 3
    kept = api.database.read_bytes() + api.database.with_name(api.database.name + "-wal").read_bytes()
    for hidden in ("u-42", "one:u", "zx-pay", "13800138000"):
        assert hidden.encode() not in kept

    theirs = {"Authorization": f"Bearer {OTHER_KEY}"}
    assert (await api.client.post("/v1/forget", json={"user": "u-42"}, headers=theirs)).json() == {"checks": 0}
    assert (await api.post("/v1/forget", {"user": "u-42"})).json() == {"checks": 2}
    assert (await api.post("/v1/forget", {"user": "u-42"})).json() == {"checks": 0}


async def test_a_long_batch_keeps_nobody_waiting(api: Api) -> None:
    batch = asyncio.create_task(api.post("/v1/checks", {"items": [{"text": SCAM}] * MOST_ITEMS}))
    meanwhile = 0
    while not batch.done():
        assert (await api.client.get("/v1/nothing")).status_code == 404
        meanwhile += not batch.done()
    assert (await batch).status_code == 200
    assert meanwhile >= 3, "in one go it would be none or one"


# ── who may, and how much ────────────────────────────────────────────────────────────────────────────────────


async def test_without_a_key(api: Api) -> None:
    shown = [
        None,
        "",
        "Bearer",
        f"Basic {KEY}",
        KEY,
        f"Bearer {KEY[:-1]}",
        f"Bearer {KEY}x",
        f"Bearer {KEY} {KEY}",
        "Bearer " + "ä" * 32,
    ]
    for path in openapi.POSTS:
        for value in shown:
            headers = [] if value is None else [(b"Authorization", value.encode("latin-1"))]
            answer = await api.client.post(path, json={"text": SCAM}, headers=headers)
            assert answer.status_code == 401, value
            assert answer.headers["www-authenticate"] == "Bearer"
            assert answer.headers["content-type"] == "application/problem+json"
            assert (answer.json()["status"], answer.json()["title"]) == (401, "Unauthorized")


async def test_a_key_may_so_much_and_another_its_own(api: Api) -> None:
    many = {"items": [{"text": CLEAR}] * MOST_ITEMS}
    began = time.monotonic()
    assert [(await api.post("/v1/checks", many)).status_code for _ in range(2)] == [200, 200]
    refused = await api.post("/v1/checks", many)
    took = time.monotonic() - began
    assert refused.status_code == 429
    wait = int(refused.headers["retry-after"])
    assert 10 - took <= wait <= 10, "ten texts a second"
    assert str(wait) in refused.json()["detail"]
    theirs = {"Authorization": f"bearer {OTHER_KEY}"}
    assert (await api.client.post("/v1/checks", json=many, headers=theirs)).status_code == 200


async def test_a_user_may_so_much(api: Api) -> None:
    said = [await api.post("/v1/check", {"text": CLEAR, "user": "u-42"}) for _ in range(21)]
    assert [answer.status_code for answer in said] == [200] * 20 + [429]
    assert 1 <= int(said[-1].headers["retry-after"]) <= 60
    assert (await api.post("/v1/check", {"text": CLEAR, "user": "u-43"})).status_code == 200


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────


FAULTS: list[tuple[str, object, str | None]] = [
    ("/v1/check", {}, "text"),
    ("/v1/check", {"text": None}, "text"),
    ("/v1/check", {"text": ""}, "text"),
    ("/v1/check", {"text": 13800138000}, "text"),
    ("/v1/check", {"text": "x" * (LONGEST_TEXT + 1)}, "text"),
    ("/v1/check", {"text": "x", "sender": 95558}, "sender"),
    ("/v1/check", {"text": "x", "sender": "x" * 65}, "sender"),
    ("/v1/check", {"text": "x", "id": 7}, "id"),
    ("/v1/check", {"text": "x", "user": ""}, "user"),
    ("/v1/check", {"text": "x", "links": []}, "links"),
    ("/v1/check", [], None),
    ("/v1/check", "13800138000", None),
    ("/v1/checks", {"items": []}, "items"),
    ("/v1/checks", {"items": [{"text": "x"}] * (MOST_ITEMS + 1)}, "items"),
    ("/v1/checks", {"items": [{"text": "x"}, {"sender": "x"}]}, "items[1].text"),
    ("/v1/checks", {"items": [{"text": "x"}] * 3 + [{"text": 1}]}, "items[3].text"),
    ("/v1/checks", {"items": [{"text": "x", "user": "u"}]}, "items[0].user"),
    ("/v1/forget", {"user": 7}, "user"),
]


async def test_a_faulty_field_is_named(api: Api) -> None:
    for path, body, field in FAULTS:
        answer = await api.post(path, body)
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["field"] == field, body
        assert "13800138000" not in answer.text
    assert events(api) == []


async def test_what_is_no_json(api: Api) -> None:
    deep = b'{"text": "x", "more": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    odd = (b"", b"{", b"{'text': 1}", b'{"text": "\xff"}', b'{"text": "\\ud800"}', b'{"text": NaN}')
    for content in odd:
        answer = await api.client.post("/v1/check", content=content, headers=SIGNED | JSON)
        assert answer.status_code == 400, content[:20]
        assert answer.json()["detail"] == "the body is no JSON"
    for content in (deep, b"[" * 500_000):
        assert (await api.client.post("/v1/check", content=content, headers=SIGNED | JSON)).status_code == 422


async def test_other_kinds_paths_and_methods(api: Api) -> None:
    plain = await api.client.post("/v1/check", content=b"{}", headers=SIGNED | {"Content-Type": "text/plain"})
    assert plain.status_code == 415
    for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS"):
        answer = await api.client.request(method, "/v1/check", headers=SIGNED)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
        assert answer.headers["content-type"] == "application/problem+json"
    for path in ("/v1", "/v1/", "/v1/checkx", "/v1/check/", "/v1/../etc"):
        assert (await api.client.get(path)).status_code == 404


async def test_large_bodies(api: Api) -> None:
    signed = (f"Authorization: Bearer {KEY}", "Content-Type: application/json")
    told = await raw(api.port, head("/v1/check", *signed, f"Content-Length: {2 * LIMIT}"), b"{")
    assert told.startswith(b"HTTP/1.1 413 ")
    endless = [chunk(b" " * 65536)] * (LIMIT // 65536 + 100)
    answer = await raw(api.port, head("/v1/check", *signed, "Transfer-Encoding: chunked"), *endless)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413 ")
    assert (await api.post("/v1/check", {"text": "x"})).status_code == 200


async def test_a_database_that_fails(api: Api) -> None:
    def drop() -> None:
        with contextlib.closing(sqlite3.connect(api.database)) as database:
            for table in ("event", "meta"):
                database.execute(f"ALTER TABLE {table} RENAME TO {table}_gone")
            database.commit()

    await asyncio.to_thread(drop)
    for answer in (
        await api.post("/v1/check", {"text": SCAM}),
        await api.post("/v1/check", {"text": SCAM, "user": "u"}),
        await api.post("/v1/checks", {"items": [{"text": SCAM}]}),
        await api.client.get("/v1/health"),
    ):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["field"] is None
        assert "event" not in answer.text


async def test_nothing_that_was_asked_gets_into_a_log(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpcore", "httpx", "aiosqlite", "asyncio"):
        caplog.set_level(logging.WARNING, name)
    await api.post("/v1/check", {"text": SCAM, "sender": "13800138000", "user": "u-4242"})
    await api.post("/v1/check", {"text": SCAM, "oops": SCAM})
    await api.client.post("/v1/check", content=SCAM.encode(), headers=SIGNED | JSON)
    for hidden in ("13800138000", "u-4242", "zx-pay", "中信", KEY, "/v1/"):
        assert hidden not in caplog.text


# ── the document ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_document_tells_of_every_path(api: Api) -> None:
    told = (await api.client.get("/v1/openapi.json")).json()
    assert told == json.loads(json.dumps(openapi.document()))
    for path, operations in told["paths"].items():
        (method,) = operations
        answer = await api.client.request(method, path)
        assert answer.status_code == (401 if method == "post" else 200)
        assert str(answer.status_code) in operations[method]["responses"]
    for path, operation in openapi.POSTS.items():
        msgspec.convert(operation.example, operation.takes)
        answer = await api.post(path, operation.example)
        assert answer.status_code == 200
        msgspec.json.decode(answer.content, type=operation.gives)


async def test_the_written_examples_run(api: Api, knowledge: Knowledge) -> None:
    asked = json.loads(block("http-api.md", "json check"))
    found = (await api.post("/v1/check", asked)).json()
    assert found == as_dict(asked["id"], judge(Sms(asked["text"], asked["sender"]), knowledge))
    assert found["level"] == "scam"
    refused = await api.post("/v1/checks", {"items": [{"text": "x"}] * 3 + [{"text": 1}]})
    assert refused.text == block("http-api.md", "json problem").strip()
