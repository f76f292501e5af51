"""What is said, before any messenger's markup: compose a :class:`Reply`, render it elsewhere."""

from __future__ import annotations

from bot.reply.model import Action, HotlineNumber, Line, Plain, Quote, Reply, Run, Strong
from bot.reply.verdict import compose_verdict

__all__ = [
    "Action",
    "HotlineNumber",
    "Line",
    "Plain",
    "Quote",
    "Reply",
    "Run",
    "Strong",
    "compose_verdict",
]
