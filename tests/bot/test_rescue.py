"""The guide for somebody who has just lost money: sourced, ordered, and no number that the data lacks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.errors import DataError
from bot.reply import numbers
from bot.reply.model import HotlineNumber, units
from bot.reply.plain import render
from bot.rescue import Step, compose_rescue, load_guide
from bot.texts import Texts

if TYPE_CHECKING:
    from pathlib import Path

    from bot.knowledge import Knowledge

TEXTS = Texts.load()
GUIDE = load_guide()
REPLY = compose_rescue(TEXTS)


def test_the_first_call_is_110() -> None:
    called = [run.text for line in REPLY.lines for run in line if isinstance(run, HotlineNumber)]
    assert called[0] == "110"
    assert "110" in render(REPLY).splitlines()[0]
    assert [step.key for step in GUIDE.step][:3] == ["rescue-step-stop", "rescue-step-police", "rescue-step-bank"]


def test_second_scam_warning_is_always_there() -> None:
    assert [note.key for note in GUIDE.note if note.always] == ["rescue-note-second"]
    assert "下一个骗子" in render(REPLY)


def test_fits_one_screen() -> None:
    assert len(REPLY.lines) <= 12
    assert units(REPLY.lines) <= 4096


@pytest.mark.parametrize("step", [*GUIDE.step, *GUIDE.note], ids=lambda step: step.key)
def test_prints_only_its_numbers(step: Step) -> None:
    runs = {name: f"<{value}>" for name, value in NUMBERS.items()}
    said = TEXTS(step.key, n="1", **runs)
    assert sorted(set(re.findall(r"<(\d+)>", said))) == sorted(step.numbers)
    assert not re.search(r"\d{3,}", re.sub(r"<\d+>", "", said))


NUMBERS = {
    "police": numbers.POLICE,
    "wechat": numbers.WECHAT_PAY,
    "alipay": numbers.ALIPAY,
    "taiwan": numbers.TAIWAN,
    "hongkong": numbers.HONG_KONG,
    "singapore": numbers.SINGAPORE,
    "malaysia": numbers.MALAYSIA,
}


@pytest.mark.parametrize("number", [*NUMBERS.values(), numbers.ANTIFRAUD, numbers.COMPLAINTS])
def test_every_number_is_in_the_directory_and_may_be_called(number: str, knowledge: Knowledge) -> None:
    callable_ = {line.number for row in knowledge.directory for line in row.callable_lines}
    assert number in callable_


def test_a_step_without_source_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "rescue.toml"
    file.write_text('collected = "x"\nnote = []\n[[step]]\nkey = "a"\nnumbers = []\nsource = " "\n')
    with pytest.raises(DataError, match="a has no source"):
        load_guide(file)


def test_a_malformed_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "rescue.toml"
    file.write_text('collected = "x"\n')
    with pytest.raises(DataError, match=r"rescue\.toml"):
        load_guide(file)
