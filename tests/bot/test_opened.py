from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.judge import analyse, judge
from bot.model import Sms
from bot.opened import open_sms

if TYPE_CHECKING:
    from bot.knowledge import Knowledge

BODY = "【中信银行】您的信用卡已逾期，请登录 http://citic-pay.top/x1 处理，详询13800138000"
TEXTS = (
    BODY,
    f"帮我看看这个：{BODY}",
    f"10692345678901\n{BODY} &lt;必看&gt;\nSIM1_中国移动_13500001111\nSubId：1\n2026-11-02 10:11:12",
    "",
)


@pytest.mark.parametrize("text", TEXTS)
def test_opened_before_or_not_the_verdict_is_the_same(text: str, knowledge: Knowledge) -> None:
    sms = Sms(text, "10086", ("http://hidden.example.top/a",))
    opened = open_sms(sms)
    assert opened.sms is sms
    assert judge(opened, knowledge) == judge(sms, knowledge)
    assert analyse(opened, knowledge).entities == opened.entities
