"""What every handler works with; one per running bot, found through the context."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from telegram.ext import Application, CallbackContext, ExtBot

from handlers.lanes import Lane
from handlers.memory import Memory

if TYPE_CHECKING:
    from bot.knowledge import Knowledge
    from bot.service.rescue import Rescue
    from bot.service.service import Service
    from bot.settings import Settings
    from bot.texts import Texts
    from handlers.burst import Burst

Data = dict[Any, Any]
Context = CallbackContext[ExtBot[Lane], Data, Data, Data]
App = Application[ExtBot[Lane], Context, Data, Data, Data, Any]

_KEY = "desk"
EXPORTS = 2
"""Exports that are made at the same time."""


@dataclass(slots=True)
class Desk:
    """The parts that :func:`handlers.app.build` wired together."""

    settings: Settings
    service: Service
    knowledge: Knowledge
    texts: Texts
    burst: Burst
    rescue: Rescue
    memory: Memory = field(default_factory=Memory)
    exports: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(EXPORTS))
    """Seats for those who have files made."""

    @staticmethod
    def of(application: App) -> Desk:
        """Return the desk of an application."""
        desk = application.bot_data[_KEY]
        assert isinstance(desk, Desk)
        return desk

    def place(self, application: App) -> None:
        """Make this the desk of an application."""
        application.bot_data[_KEY] = self


def desk_of(context: Context) -> Desk:
    """Return the desk of the application that handles the update."""
    desk = context.bot_data[_KEY]
    assert isinstance(desk, Desk)
    return desk
