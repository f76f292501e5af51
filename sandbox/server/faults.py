"""Faults on demand: what Telegram, or the road to it, does on a bad day."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["error", "delay", "drop"]


@dataclass
class Fault:
    """One fault to inject.

    Attributes:
        method: The method that it hits (``download`` for files); ``*`` for all but getUpdates.
        kind: ``error`` answers with ``status``, ``delay`` after ``seconds``, ``drop`` cuts the connection.
        times: How many calls it hits; None for all.
        status: The HTTP status of an ``error``; 429 carries ``retry_after``.
        after_effect: The call takes effect, and only its answer is lost.
        chat_id: Only calls for this chat.
        every: Of the matching calls, hit only each ``every``-th.
    """

    method: str
    kind: Kind = "error"
    times: int | None = 1
    status: int = 500
    retry_after: int = 1
    description: str | None = None
    seconds: float = 0.0
    after_effect: bool = False
    chat_id: int | None = None
    every: int = 1
    seen: int = field(default=0, init=False)
    hits: int = field(default=0, init=False)

    def body(self) -> dict[str, Any]:
        """The answer of an ``error``."""
        if self.status == 429:  # noqa: PLR2004
            return {
                "ok": False,
                "error_code": 429,
                "description": self.description or f"Too Many Requests: retry after {self.retry_after}",
                "parameters": {"retry_after": self.retry_after},
            }
        reasons = {
            500: "Internal Server Error",
            502: "Bad Gateway",
            503: "Service Unavailable",
            504: "Gateway Timeout",
        }
        reason = self.description or reasons.get(self.status, "Bad Request")
        return {"ok": False, "error_code": self.status, "description": reason}


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self.active: list[Fault] = []

    def add(self, fault: Fault) -> Fault:
        """Put a fault in force."""
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Remove all."""
        self.active.clear()

    def take(self, method: str, chat_id: str) -> Fault | None:
        """The fault that hits this call, counted as used."""
        for fault in self.active:
            if fault.method.lower() != method.lower() and (fault.method != "*" or method.lower() == "getupdates"):
                continue
            if fault.chat_id is not None and str(fault.chat_id) != chat_id:
                continue
            fault.seen += 1
            if fault.seen % fault.every:
                continue
            fault.hits += 1
            if fault.times is not None and fault.hits >= fault.times:
                self.active.remove(fault)
            return fault
        return None


async def pause(fault: Fault | None) -> None:
    """Sit out a ``delay``."""
    if fault is not None and fault.seconds:
        await asyncio.sleep(fault.seconds)
