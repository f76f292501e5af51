"""Shows what happens in the chats as it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.render import shown
from sandbox.texts import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.server import Message
    from sandbox.world import World


class Watcher:
    """Prints new messages, edits and deletions, and numbers the messages."""

    def __init__(self, world: World, write: Callable[[str], None], *, colour: bool) -> None:
        self._world = world
        self._write = write
        self._colour = colour
        self._seen: dict[Message, tuple[object, ...]] = {}
        self.numbered: list[Message] = []

    def number(self, message: Message) -> int:
        """The number under which a message is shown."""
        return self.numbered.index(message) + 1

    def find(self, number: int) -> Message | None:
        """The message of this number."""
        return self.numbered[number - 1] if 0 < number <= len(self.numbered) else None

    def update(self) -> None:
        """Print what has changed since the last time."""
        for room in self._world.rooms:
            for message in list(room.chat.messages.values()):
                if message.service is None:
                    self._compare(message)

    def _compare(self, message: Message) -> None:
        now = (message.body, message.deleted, message.buttons)
        before = self._seen.get(message)
        self._seen[message] = now
        if before == now:
            return
        if before is None:
            self.numbered.append(message)
        number = self.number(message)
        if message.deleted:
            self._write(say("chat", "deleted", number=number))
            return
        room = self._world.room_name(message)
        self._write(shown(message, number, room, colour=self._colour, edited=before is not None))

    async def run(self) -> None:
        """Watch for ever."""
        signal = self._world.sandbox.state.signal
        while True:
            self.update()
            await signal.wait(float("inf"))
