"""Short fixed answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.reply.fill import lines
from bot.reply.model import HotlineNumber, Reply
from bot.reply.numbers import ANTIFRAUD, POLICE

if TYPE_CHECKING:
    from bot.texts import Texts


def prompt(texts: Texts, key: str, /, **args: str | int) -> Reply:
    """Return a message as a reply. It may name the police and the anti-fraud line."""
    numbers = {"police": HotlineNumber(POLICE), "antifraud": HotlineNumber(ANTIFRAUD)}
    return Reply(lines(texts, key, **numbers, **args))
