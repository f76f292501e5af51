"""A message in, a verdict out."""

from __future__ import annotations

from tests.handlers.samples import AMBIGUOUS, CLEAR, CODE, PARCEL, SCAM

BUTTONS = ["确认是诈骗", "不是诈骗", "我已经被骗", "更多依据", "号码不对"]


async def test_text_in_verdict_out(bot, wang):
    reply = await wang.ask(SCAM)
    assert reply.text.splitlines()[0].startswith("🔴 这很可能是诈骗")
    assert "95558" in reply.parts("code")
    assert "不要拨短信里的号码" in reply.text
    assert reply.reply_to == wang.messages[0].id
    assert [b.text for b in reply.buttons if b.data] == BUTTONS
    assert reply.links == []
