"""python-telegram-bot's application without what it keeps for a persistence, which we have none of."""

from __future__ import annotations

from typing import Any

from telegram.ext import Application


class Forgetful(Application[Any, Any, Any, Any, Any, Any]):
    """Does not note every chat and user for a persistence to come; the library forgets them only when that was told."""

    __slots__ = ()

    def _mark_for_persistence_update(self, **_what: object) -> None:
        """Note nothing."""
