"""A chat as somebody reads it: its messages, and waiting for the bot's."""

from __future__ import annotations

from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.server.model import Chat, Message
    from sandbox.server.state import State

WAIT = 5.0


class Reader:
    """Reads one chat."""

    def __init__(self, state: State, chat: Chat) -> None:
        self._state = state
        self.chat = chat
        self._read = 0

    @property
    def id(self) -> int:
        """The chat's id."""
        return self.chat.id

    @property
    def messages(self) -> list[Message]:
        """All messages that are still there, in order."""
        return [message for message in self.chat.messages.values() if not message.deleted]

    @property
    def from_bot(self) -> list[Message]:
        """The bot's messages that are still there, in order."""
        return [message for message in self.messages if message.from_bot]

    @property
    def last(self) -> Message:
        """The bot's latest message."""
        return self.from_bot[-1]

    @overload
    async def wait_for(self, wanted: int, timeout: float = WAIT) -> list[Message]: ...  # noqa: ASYNC109

    @overload
    async def wait_for(self, wanted: str | Callable[[Message], bool], timeout: float = WAIT) -> Message: ...  # noqa: ASYNC109

    async def wait_for(
        self,
        wanted: int | str | Callable[[Message], bool],
        timeout: float = WAIT,  # noqa: ASYNC109 - what the caller of a test helper expects
    ) -> Message | list[Message]:
        """Wait for the bot.

        Args:
            wanted: How many messages of the bot the chat must hold in all (gives them), or words or a
                predicate that one of them must meet, edits included (gives the latest such message).
            timeout: Seconds.

        Raises:
            TimeoutError: It did not come; the message shows what did.
        """
        if isinstance(wanted, int):
            count = wanted
            await self._state.signal.until(lambda: len(self.from_bot) >= count, timeout)
            if len(self.from_bot) < count:
                raise TimeoutError(f"{len(self.from_bot)} of {count} messages came: {self.from_bot}")
            return self.from_bot
        test = (lambda message: wanted in message.text) if isinstance(wanted, str) else wanted
        found = await self._state.signal.until(lambda: [m for m in self.from_bot if test(m)], timeout)
        if not found:
            raise TimeoutError(f"no such message came: {self.from_bot}")
        return found[-1]

    async def next(self, timeout: float = WAIT) -> Message:  # noqa: ASYNC109
        """The bot's first message that ``next`` (or ``ask``) has not given yet.

        Raises:
            TimeoutError: None came.
        """
        unread = await self._state.signal.until(lambda: [m for m in self.from_bot if m.id > self._read], timeout)
        if not unread:
            raise TimeoutError("the bot wrote nothing")
        self._read = unread[0].id
        return unread[0]

    def skip(self) -> None:
        """Let ``next`` begin after what is there now."""
        self._read = max((message.id for message in self.chat.messages.values()), default=0)
