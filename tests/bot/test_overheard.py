"""What is said in a group: talk is let be, an SMS that somebody brought is looked at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from group_talk import NOTICES, SCAMS, TALK

from bot.judge import judge
from bot.model import Level, Sms
from bot.overheard import is_brought

if TYPE_CHECKING:
    from bot.knowledge import Knowledge


def pointed_out(text: str, knowledge: Knowledge, *, forwarded: bool = False) -> bool:
    """As handlers/autocheck.py decides it, names of people cut out."""
    text = re.sub(r"@[A-Za-z]\w{4,31}", "", text).strip()
    return is_brought(text, forwarded=forwarded) and judge(Sms(text), knowledge).level is Level.SCAM


@pytest.mark.parametrize("text", TALK)
def test_talk_is_let_be(text: str, knowledge: Knowledge) -> None:
    assert not pointed_out(text, knowledge)


@pytest.mark.parametrize("text", NOTICES)
def test_genuine_notices_are_let_be(text: str, knowledge: Knowledge) -> None:
    assert not pointed_out(text, knowledge)
    assert not pointed_out(text, knowledge, forwarded=True)


@pytest.mark.parametrize("text", SCAMS)
def test_scams_are_pointed_out(text: str, knowledge: Knowledge) -> None:
    assert pointed_out(text, knowledge)
    assert pointed_out(text, knowledge, forwarded=True)


def test_without_the_filter_talk_would_be_called_a_scam(knowledge: Knowledge) -> None:
    """Why there is one: the judge alone is wrong about talk."""
    assert sum(judge(Sms(text), knowledge).level is Level.SCAM for text in TALK) >= 5


@pytest.mark.parametrize("text", ["", "嗯", "哈" * 7, "see you there at seven", "12345678", "😀" * 20])
def test_what_is_no_text_is_not_looked_at(text: str) -> None:
    assert not is_brought(text)
    assert not is_brought(text, forwarded=True) or len(text) > 7


def test_what_decides_about_a_typed_text() -> None:
    said = "您的医保卡有异常，请尽快登录网站更新信息"
    assert not is_brought(said)
    assert is_brought(f"{said} yb-cx.top")
    assert is_brought(f"{said}，电话 13800138000")
    assert is_brought(said, ["https://yb-cx.top/"])
    assert is_brought(said, forwarded=True)
    assert is_brought(f"【医保局】{said}")
    assert not is_brought("看这个 https://yb-cx.top/abcdefghijklmnopqrstuvwxyz/0123456789")
    assert not is_brought(f"大家千万别点这种：{said} yb-cx.top")
    assert is_brought("您涉嫌诈骗洗钱，请立即联系办案民警，电话 13800138000")
