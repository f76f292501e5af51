"""Doing a thing alone, across processes and machines that share a database."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe
from typing import TYPE_CHECKING

from bot.store import leases

if TYPE_CHECKING:
    from bot.service.context import Clock
    from bot.store.engine import Store

POLLER = "poller"
"""Who asks the messenger for updates."""


class Lease:
    """The right to do one thing, for ``seconds`` at a time; renew it well before they are over."""

    def __init__(self, store: Store, clock: Clock, name: str, seconds: float) -> None:
        self._store = store
        self._clock = clock
        self._name = name
        self._length = timedelta(seconds=seconds)
        self._holder = token_urlsafe(16)

    async def hold(self) -> bool:
        """Take or renew it; False while another process has it.

        Where the database can tell that no other process is alive, a dead one's lease is not waited for.

        Raises:
            StoreError: The database fails.
        """
        now = self._clock()
        async with self._store.write(brief=True) as connection:
            seize = self._store.is_sole()
            return await leases.hold(connection, self._name, self._holder, now, now + self._length, seize=seize)

    async def release(self) -> None:
        """Give it back.

        Raises:
            StoreError: The database fails; it then ends by itself.
        """
        async with self._store.write(brief=True) as connection:
            await leases.release(connection, self._name, self._holder)
