"""Whose turn it is to take updates in, where several processes share a database and only one may."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.errors import StoreError
from bot.service.leases import POLLER

if TYPE_CHECKING:
    from bot.service.service import Service

_log = logging.getLogger(__name__)

LEASE_SECONDS = 90.0
"""Renewed after a quarter; a long poll of 30 s may begin just before that."""


class Shift:
    """The right to take updates in. A process that dies with it is followed after :data:`LEASE_SECONDS`."""

    def __init__(self, service: Service) -> None:
        self._lease = service.lease(POLLER, LEASE_SECONDS)
        self._renew_at = 0.0
        self.stands_by = False
        """Whether another process had it when it was last asked for."""

    async def mine(self) -> bool:
        """Take or keep it; False while another process has it.

        Raises:
            StoreError: The database fails.
        """
        now = asyncio.get_running_loop().time()
        if now < self._renew_at:
            return True
        holds = await self._lease.hold()
        if holds:
            self._renew_at = now + LEASE_SECONDS / 4
        if not holds and not self.stands_by:
            _log.info("another process takes updates on this database: standing by")
        self.stands_by = not holds
        return holds

    async def end(self) -> None:
        """Let another process have it."""
        try:
            await self._lease.release()
        except StoreError as error:
            _log.warning("the right to take updates could not be given back: %s", error)
