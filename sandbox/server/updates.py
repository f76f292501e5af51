"""The queue of updates that waits for the bot."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from sandbox.server.errors import conflict

if TYPE_CHECKING:
    from sandbox.server.signals import Signal

# What Telegram sends unless the bot asks for more.
_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_LIMIT = 100
_LONGEST_POLL = 50
TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"


class UpdateQueue:
    """Updates in order, until the bot confirms them by asking for a later one."""

    def __init__(self, signal: Signal, first_id: int) -> None:
        self._signal = signal
        self._next_id = first_id
        self._poll: asyncio.Future[None] | None = None
        self.pending: list[dict[str, Any]] = []
        self.allowed: list[str] | None = None
        """As set by the bot; None for Telegram's default."""
        self.polls = 0
        """How many getUpdates have begun to wait."""

    def wants(self, kind: str) -> bool:
        """True where the bot has asked for updates of this kind."""
        return kind in self.allowed if self.allowed else kind not in _ON_REQUEST

    def allow(self, kinds: list[str] | None) -> None:
        """Set the kinds; None leaves them, an empty list restores the default. Queued ones stay."""
        if kinds is not None:
            self.allowed = [str(kind) for kind in kinds] or None

    def push(self, kind: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        """Queue an update; None where the bot does not want its kind."""
        if not self.wants(kind):
            return None
        update = {"update_id": self._next_id, kind: payload}
        self._next_id += 1
        self.pending.append(update)
        self._signal.notify()
        return update

    def confirm(self, before: int) -> None:
        """Forget everything before this update id."""
        self.pending = [update for update in self.pending if update["update_id"] >= before]
        self._signal.notify()

    def done(self, update: dict[str, Any]) -> None:
        """Forget one that was posted and taken."""
        self.pending = [other for other in self.pending if other is not update]
        self._signal.notify()

    def clear(self) -> None:
        """Forget everything (``drop_pending_updates``)."""
        self.pending.clear()
        self._signal.notify()

    def close(self) -> None:
        """The server stops: a waiting poll ends empty."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self._signal.notify()

    def terminate(self, reason: str) -> None:
        """End the waiting poll with a 409."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(conflict(reason))
            # The poller may be gone already; nobody then fetches the exception.
            self._poll.exception()
        self._signal.notify()

    async def get(self, offset: int, limit: int, timeout: int) -> list[dict[str, Any]]:  # noqa: ASYNC109
        """Answer getUpdates.

        Raises:
            ApiError: Another getUpdates, or a setWebhook, came while this one waited.
        """
        self.terminate(TERMINATED)
        if offset < 0:
            keep = self.pending[offset:]
            self.confirm(keep[0]["update_id"] if keep else self._next_id)
        elif offset:
            self.confirm(offset)
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = mine
        self.polls += 1
        self._signal.notify()
        limit = min(max(limit, 1), _LIMIT)
        try:
            await self._signal.until(lambda: mine.done() or self.pending, min(max(timeout, 0), _LONGEST_POLL))
            if mine.done():
                mine.result()
            return self.pending[:limit]
        finally:
            if self._poll is mine:
                self._poll = None
