"""The people of the soak: they send SMS, press buttons and check in groups, and every update is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from handlers.callback import Press, decode
from sandbox.server import wire

if TYPE_CHECKING:
    import asyncio
    import random
    from collections.abc import Sequence
    from typing import Any

    from sandbox.server import Sandbox
    from sandbox.server.model import Message
    from sandbox.server.people import User
    from sandbox.server.rooms import Group
    from sandbox.server.state import Call

MOST_TEXTS = 12
"""SMS of one person, all different: the bot takes twenty a minute, and a second report of a text counts for nothing."""
IN_A_ROW = 4
"""SMS that a person may send at once: the answers must keep their order."""
_PRESSES = 0.12
_GROUP_CHECKS = 0.12
_CONFIRMS, _DENIES = 0.7, 0.15
_TWICE = 0.1
"""How often a report is pressed a second time."""
_PEOPLE_OF_A_GROUP = 8


@dataclass(slots=True)
class Sent:
    """One update that was sent, and by what its effect is known.

    Attributes:
        update_id: As Telegram numbers it.
        chat: Where.
        person: Who.
        answers_to: The message that the reply must answer to; 0 for a press.
        record: The source under which the bot must record a check; empty for a press.
        query: Done once a press was answered.
        press: What was pressed.
        check_id: What the press was about.
    """

    update_id: int
    chat: int
    person: int
    answers_to: int = 0
    record: str = ""
    query: asyncio.Future[dict[str, Any]] | None = None
    press: Press | None = None
    check_id: str = ""

    @property
    def private(self) -> bool:
        """True for an SMS in a private chat."""
        return self.chat > 0 and self.query is None


class Crowd:
    """Sends updates one after another, at random but by the seed of ``chance``."""

    def __init__(self, sandbox: Sandbox, chance: random.Random, texts: Sequence[str], people: int) -> None:
        self._sandbox = sandbox
        self._state = sandbox.state
        self._chance = chance
        self._texts = texts
        self._left: dict[int, list[str]] = {}
        self._busy = [self._newcomer(number) for number in range(people)]
        self._groups = self._make_groups(max(1, people // 50))
        self._unread = 0
        self._open: list[Call] = []
        self._verdicts: list[tuple[User, Message]] = []
        self._voted: set[tuple[int, int]] = set()
        self.sent: list[Sent] = []

    def _newcomer(self, number: int) -> User:
        person = self._sandbox.user(f"用户{number}")
        self._left[person.id] = self._chance.sample(self._texts, MOST_TEXTS)
        return person

    def _make_groups(self, count: int) -> list[tuple[Group, list[User]]]:
        made = []
        for number in range(count):
            members = [self._newcomer(10_000_000 + number * 100 + at) for at in range(_PEOPLE_OF_A_GROUP)]
            made.append((self._sandbox.group(f"家人群{number}", members=members), members))
        return made

    async def act(self) -> int:
        """Let somebody do something; how many updates that made."""
        before = len(self.sent)
        what = self._chance.random()
        self._read()
        if what < _PRESSES and self._verdicts:
            self._press()
        elif what < _PRESSES + _GROUP_CHECKS:
            await self._check_in_a_group()
        else:
            await self._send()
        return len(self.sent) - before

    async def _send(self) -> None:
        at = self._chance.randrange(len(self._busy))
        person = self._busy[at]
        left = self._left[person.id]
        for _ in range(min(len(left), self._chance.choice((1, 1, 2, IN_A_ROW)))):
            forwarded = self._chance.random() < 0.5  # noqa: PLR2004
            message = await person.send(left.pop(), forward_name="短信转发" if forwarded else None)
            self._note(person, person.id, message.id, message.id)
        if not left:
            self._busy[at] = self._newcomer(len(self._sandbox.people))

    async def _check_in_a_group(self) -> None:
        at = self._chance.randrange(len(self._groups))
        group, members = self._groups[at]
        writer, asker = self._chance.sample(members, 2)
        if not self._left[asker.id]:
            self._left[asker.id] = self._chance.sample(self._texts, MOST_TEXTS)
        target = await writer.send(self._left[asker.id].pop(), group)
        message = await asker.send("/check", group, reply_to=target)
        self._note(asker, group.id, target.id, message.id)

    def _note(self, person: User, chat: int, answers_to: int, message: int) -> None:
        number = self._latest()
        self.sent.append(Sent(number, chat, person.id, answers_to, f"telegram:{number}:{message}"))

    def _latest(self) -> int:
        return int(self._state.updates.pending[-1]["update_id"])

    # ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self) -> None:
        """Find the verdicts that came since."""
        self._open += [call for call in self._state.calls[self._unread :] if call.method == "sendMessage"]
        self._unread = len(self._state.calls)
        waiting: list[Call] = []
        for call in self._open:
            if isinstance(call.result, dict):
                self._keep(call.result)
            elif not call.status:
                waiting.append(call)  # under way, or cut off
        self._open = waiting[-200:]

    def _keep(self, raw: dict[str, Any]) -> None:
        message = self._state.chats[raw["chat"]["id"]].messages[raw["message_id"]]
        asker = self._sandbox.people.get(message.chat.id)
        if asker is None:
            asker = self._chance.choice(next(people for group, people in self._groups if group.id == message.chat.id))
        if _data(message, Press.CONFIRM):
            self._verdicts.append((asker, message))

    def _press(self) -> None:
        at = self._chance.randrange(len(self._verdicts))
        person, message = self._verdicts[at]
        what = self._chance.random()
        press = Press.CONFIRM if what < _CONFIRMS else Press.DENY if what < _CONFIRMS + _DENIES else Press.MORE
        data = _data(message, press)
        if press is not Press.MORE and self._chance.random() > _TWICE:
            self._verdicts.pop(at)  # a vote that is changed later would leave two records, as it should
        if data is None or (press is Press.DENY and (person.id, message.id) in self._voted):
            return
        self._voted.add((person.id, message.id))
        if press is Press.DENY and (person, message) in self._verdicts:
            self._verdicts.remove((person, message))
        query = self._state.open_query()
        self._state.push(
            "callback_query",
            {
                "id": query.id,
                "from": wire.user(person.account),
                "message": wire.message(message),
                "chat_instance": str(abs(message.chat.id)),
                "data": data,
            },
        )
        pressed = decode(data)
        assert pressed is not None
        self.sent.append(
            Sent(
                self._latest(),
                message.chat.id,
                person.id,
                query=query.answer,
                press=press,
                check_id=pressed.about,
            )
        )


def _data(message: Message, press: Press) -> str | None:
    """The data of a verdict's button."""
    found = (button.data for button in message.buttons if button.data)
    return next((data for data in found if (known := decode(data)) and known.press is press and known.about), None)
