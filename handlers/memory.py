"""What is remembered between updates, in memory only, bounded, and gone at restart without harm."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    import asyncio

    from bot.model import Sms

K = TypeVar("K")
V = TypeVar("V")

BOUND = 10_000


@dataclass(frozen=True, slots=True)
class Answered:
    """The last SMS of a person that was answered: a number that comes right after belongs to it."""

    sms: Sms
    check_id: str
    reply_id: int
    at: float


@dataclass(frozen=True, slots=True)
class Admins:
    """Who runs a group, as Telegram says or is just being asked; ``until`` is in the loop's time."""

    asked: asyncio.Future[frozenset[int]]
    until: float


class Bounded(Generic[K, V]):
    """A mapping that forgets its oldest entries."""

    def __init__(self, bound: int = BOUND) -> None:
        self._entries: OrderedDict[K, V] = OrderedDict()
        self._bound = bound

    def put(self, key: K, value: V) -> None:
        """Remember."""
        self._entries[key] = value
        self._entries.move_to_end(key)
        while len(self._entries) > self._bound:
            self._entries.popitem(last=False)

    def get(self, key: K) -> V | None:
        """What is remembered, if it still is."""
        return self._entries.get(key)

    def drop(self, key: K, value: V) -> None:
        """Forget this very value, but not what took its place."""
        if self._entries.get(key) is value:
            del self._entries[key]

    def pop(self, key: K) -> V | None:
        """Forget."""
        return self._entries.pop(key, None)


@dataclass(slots=True)
class Memory:
    """Keys are ``(chat id, user id)`` or ``(chat id, message id)``."""

    answered: Bounded[tuple[int, int], Answered] = field(default_factory=Bounded)
    offered: Bounded[tuple[int, int], bool] = field(default_factory=Bounded)
    """Edited messages for which a fresh check was offered."""
    admins: Bounded[int, Admins] = field(default_factory=Bounded)
    """By chat."""
    pictures: Bounded[int, float] = field(default_factory=Bounded)
    """When a chat was last told that pictures cannot be read."""
