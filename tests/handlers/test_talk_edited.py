"""A message edited after its answer."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from talk_material import CLEAR, SCAM

if TYPE_CHECKING:
    from handlers.desk import App
    from sandbox.server import User

pytest_plugins = ["talk_fixtures"]


async def test_edit_offers_a_fresh_check(app: App, wang: User) -> None:
    sent = await wang.send(CLEAR)
    first = await wang.next()
    assert first.text.startswith("⚪")
    await wang.edit(sent, SCAM)
    offer = await wang.next()
    assert "再查一次" in offer.text
    assert not offer.text.startswith("⚪")
    await wang.press(offer, "重新查一次")
    await wang.wait_for(lambda m: m.id == offer.id and m.text.startswith("🔴"))
    assert offer.button("确认是诈骗")
    await wang.edit(sent, SCAM + "！")
    await asyncio.sleep(0.3)
    assert len(wang.from_bot) == 2


async def test_vote_on_an_edited_message_is_refused(app: App, wang: User) -> None:
    sent = await wang.send(CLEAR)
    reply = await wang.next()
    await wang.edit(sent, SCAM)
    answer = await wang.press(reply, "确认是诈骗")
    assert "改过" in answer.text


async def test_edit_into_a_greeting_is_let_be(app: App, wang: User) -> None:
    sent = await wang.send(CLEAR)
    await wang.next()
    await wang.edit(sent, "你好")
    await asyncio.sleep(0.3)
    assert len(wang.from_bot) == 1
