"""What people tell of a scam, in phrasings of our own: ``victims.toml`` and ``not_victims.toml``."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.errors import DataError
from bot.rescue.told import Cry, Danger, Told, _compiled, listen, read
from bot.triage import Kind, triage

HERE = Path(__file__).parent
CORPUS = sorted(HERE.parents[1].joinpath("corpus").glob("part*.jsonl"))


def entries(file: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((HERE / file).read_text(encoding="utf-8"))


TELLING = entries("victims.toml")
SILENT = [row["text"] for rows in entries("not_victims.toml").values() for row in rows]
NEAR = [row["text"] for row in TELLING["near"]]
DANGERS = [(Danger(name), row["text"]) for name in ("life", "minor") for row in TELLING[name]]


def expected(row: dict[str, Any]) -> Told:
    return Told(tuple(row["situations"]), tuple(row.get("means", ())), row.get("when"), helper=row.get("helper", False))


@pytest.mark.parametrize("row", TELLING["victims"], ids=lambda row: row["text"])
def test_what_was_told(row: dict[str, Any]) -> None:
    assert read(row["text"]) == expected(row)
    assert triage(row["text"]) is Kind.VICTIM


@pytest.mark.parametrize(("danger", "text"), DANGERS)
def test_danger(danger: Danger, text: str) -> None:
    assert read(text).danger is danger
    assert triage(text) is Kind.DANGER


@pytest.mark.parametrize("text", NEAR)
def test_no_danger(text: str) -> None:
    assert read(text).danger is None
    assert triage(text) is not Kind.DANGER


@pytest.mark.parametrize("text", SILENT)
def test_no_cry(text: str) -> None:
    assert listen(text) == Cry(danger=None, harm=False)
    assert triage(text) not in (Kind.VICTIM, Kind.DANGER)


def test_no_sms_is_a_cry() -> None:
    rows = [json.loads(line) for file in CORPUS for line in file.read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 3000
    cries = [(row["id"], row["text"]) for row in rows if listen(row["text"]) != Cry(danger=None, harm=False)]
    assert cries == []
    assert [row["id"] for row in rows if triage(row["text"]) in (Kind.VICTIM, Kind.DANGER)] == []


def test_enough_of_each() -> None:
    assert len(TELLING["victims"]) >= 110
    assert len(DANGERS) >= 40
    assert len(NEAR) >= 60
    assert len(SILENT) >= 140
    told = {situation for row in TELLING["victims"] for situation in row["situations"]}
    assert told == set(
        "money code identity app link account deposit authority blackmail lent debt".split()  # noqa: SIM905
    )
    every = [row["text"] for rows in TELLING.values() for row in rows] + SILENT
    assert len(every) == len(set(every))


def test_a_life_comes_before_a_child() -> None:
    assert read("我15岁 裸聊被威胁了 我不想活了").danger is Danger.LIFE


@pytest.mark.parametrize("gap", ["", " ", "😭", "。", "\n", "…", "\u200b"])
def test_danger_in_pieces(gap: str) -> None:
    assert read(gap.join("我不想活了")).danger is Danger.LIFE


@pytest.mark.parametrize(
    ("text", "situations"),
    [
        ("没转钱", ()),
        ("没给验证码", ()),
        ("差点转了", ()),
        ("幸好没给", ()),
        ("他要我转钱怎么办", ()),
        ("验证码没给 钱转了", ("money",)),
        ("验证码告诉他了 幸好没转钱", ("code",)),
        ("他让我转五万我就转了", ("money",)),
        ("点了链接 没填东西", ("link",)),
    ],
)
def test_what_was_not_done_is_not_told(text: str, situations: tuple[str, ...]) -> None:
    assert read(text).situations == situations


@pytest.mark.parametrize("text", ["", " ", "😂", "¥", "_", "我" * 5000])
def test_nothing_said(text: str) -> None:
    assert read(text) == Told()


def test_of_a_long_text_the_beginning_is_read() -> None:
    assert read("我不想活了" + "。钱都没了" * 1000).danger is Danger.LIFE
    assert triage("我不想活了" + "。钱都没了" * 800) is Kind.DANGER
    assert triage("我被骗了五万。" * 400) is Kind.SMS


def test_a_name_without_words_is_told() -> None:
    assert _compiled(["a<who>?"], {"who": "(b|c)"}).fullmatch("ac")
    with pytest.raises(DataError, match=r"<who> has no words"):
        _compiled(["a<who>"], {})
