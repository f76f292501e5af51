"""The people and the group of the terminal chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.texts import say

if TYPE_CHECKING:
    from sandbox.server import Group, Message, Sandbox, User
    from sandbox.server.reading import Reader


@dataclass
class Role:
    """Who one is and where one writes."""

    name: str
    person: User
    group: Group | None

    @property
    def room(self) -> Reader:
        """The chat that this role reads."""
        return self.group or self.person


class World:
    """A private user, a group member and a group admin, and the neighbour whose SMS are forwarded."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        user, member, admin = (sandbox.user(say("roles", key)) for key in ("user", "member", "admin"))
        self.neighbour = sandbox.user(say("roles", "stranger"))
        self.group = sandbox.group(say("roles", "group"), members=[member, self.neighbour], admins=[admin])
        self.roles = {
            "user": Role("user", user, None),
            "member": Role("member", member, self.group),
            "admin": Role("admin", admin, self.group),
        }

    @property
    def rooms(self) -> list[Reader]:
        """Every chat that can be watched."""
        return [
            self.roles["user"].person,
            self.roles["member"].person,
            self.roles["admin"].person,
            self.group,
        ]

    def room_name(self, message: Message) -> str:
        """The name of a message's chat."""
        return message.chat.title or say("chat", "private")
