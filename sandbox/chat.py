"""The chat in the terminal: what a person types, and what it does."""

from __future__ import annotations

import asyncio
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.server import utf16
from sandbox.server.text import TEXT_LIMIT
from sandbox.texts import say
from sandbox.watch import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.server import CallbackAnswer, Message
    from sandbox.world import Role, World

# Lines that come faster than anybody types belong to one pasted message.
PASTE_GAP = 0.15
_ROLES = {"1": "user", "2": "member", "3": "admin"}
_BUTTON = re.compile(r"#?(\d{1,2})|#(\d+)\.(\d{1,2})")


def _read(path: str) -> bytes:
    return Path(path).expanduser().read_bytes()


def _parts(text: str) -> list[str]:
    """The text in pieces that fit a message, as Telegram's apps cut it."""
    half = TEXT_LIMIT // 2
    # Half the limit in characters fits even where each takes two UTF-16 units.
    return [text] if utf16.length(text) <= TEXT_LIMIT else textwrap.wrap(text, half, replace_whitespace=False)


class Chat:
    """Carries out one input after the other until ``:quit`` or the end of input."""

    def __init__(
        self,
        world: World,
        lines: asyncio.Queue[str | None],
        write: Callable[[str], None],
        *,
        colour: bool = False,
    ) -> None:
        self._world = world
        self._lines = lines
        self._write = write
        self.watcher = Watcher(world, write, colour=colour)
        self.role: Role = world.roles["user"]
        self._commands = {
            ":forward": self._forward,
            ":reply": self._reply,
            ":edit": self._edit,
            ":photo": self._photo,
        }

    async def _next(self) -> str | None:
        """One input; the lines of a paste are one."""
        first = await self._lines.get()
        if first is None:
            return None
        pasted = [first]
        while True:
            try:
                async with asyncio.timeout(PASTE_GAP):
                    line = await self._lines.get()
            except TimeoutError:
                return "\n".join(pasted).strip()
            if line is None:
                self._lines.put_nowait(None)
                return "\n".join(pasted).strip()
            pasted.append(line)

    async def run(self) -> None:
        """Chat until the end."""
        watching = asyncio.create_task(self.watcher.run())
        try:
            self._write(say("help", "text"))
            self._introduce()
            while (typed := await self._next()) is not None and typed != ":quit":
                if typed:
                    await self.handle(typed)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
        self._write(say("frame", "bye"))

    def _introduce(self) -> None:
        group = self._world.group.chat.title
        self._write(say("roles", f"as_{self.role.name}", name=self.role.person.name, group=group))

    async def handle(self, typed: str) -> None:
        """Carry out one input."""
        word, _, rest = typed.partition(" ")
        if word == "/as":
            self._become(rest.strip())
        elif word == ":help":
            self._write(say("help", "text"))
        elif word in self._commands:
            await self._commands[word](rest.strip())
        elif not await self._pressed(typed):
            for part in _parts(typed):
                await self.role.person.send(part, self.role.group)

    def _become(self, number: str) -> None:
        if number not in _ROLES:
            self._write(say("chat", "no_role"))
            return
        self.role = self._world.roles[_ROLES[number]]
        self._introduce()

    # --- buttons ----------------------------------------------------------------------------------

    def _with_buttons(self) -> Message | None:
        mine = self.role.room.from_bot
        return next((m for m in reversed(mine) if m.buttons or m.reply_buttons), None)

    async def _pressed(self, typed: str) -> bool:
        """True where the input was a button's number; a bare number without such a button is a message."""
        match = _BUTTON.fullmatch(typed)
        if match is None:
            return False
        short, number, place = match.groups()
        message = self._with_buttons() if short else self.watcher.find(int(number))
        at = int(short or place) - 1
        if message is not None and 0 <= at < len(message.buttons):
            await self._press(message, at)
        elif message is not None and not message.buttons and 0 <= at < len(message.reply_buttons):
            await self.role.person.send(message.reply_buttons[at], self.role.group)
        elif typed.startswith("#"):
            self._write(say("chat", "no_button"))
        else:
            return False
        return True

    async def _press(self, message: Message, at: int) -> None:
        button = message.buttons[at]
        try:
            answer = await self.role.person.press(message, button.text, data=button.data, timeout=10)
        except TimeoutError:
            self._write(say("chat", "no_answer"))
            return
        self._show(answer)

    def _show(self, answer: CallbackAnswer) -> None:
        if answer.copied:
            self._write(say("chat", "copied", text=answer.copied))
        if answer.url:
            self._write(say("chat", "opens", url=answer.url))
        if answer.text:
            self._write(say("chat", "alert" if answer.show_alert else "toast", text=answer.text))

    # --- commands with a colon --------------------------------------------------------------------

    async def _forward(self, text: str) -> None:
        if not text:
            self._write(say("chat", "no_text"))
            return
        await self.role.person.send(text, self.role.group, forward_name=say("roles", "hidden_sender"))

    def _numbered(self, rest: str) -> tuple[Message | None, str]:
        number, _, text = rest.partition(" ")
        message = self.watcher.find(int(number)) if number.isdigit() else None
        if message is None:
            self._write(say("chat", "no_message", number=number))
        elif not text.strip():
            self._write(say("chat", "no_text"))
            return None, ""
        return message, text.strip()

    async def _reply(self, rest: str) -> None:
        message, text = self._numbered(rest)
        if message is not None:
            await self.role.person.send(text, self.role.group, reply_to=message)

    async def _edit(self, rest: str) -> None:
        message, text = self._numbered(rest)
        if message is None:
            return
        if message.sender is not self.role.person.account:
            self._write(say("chat", "not_yours"))
            return
        await self.role.person.edit(message, text)

    async def _photo(self, path: str) -> None:
        try:
            data = await asyncio.to_thread(_read, path)
        except OSError:
            self._write(say("chat", "no_file", path=path))
            return
        await self.role.person.send_photo(data, self.role.group)
