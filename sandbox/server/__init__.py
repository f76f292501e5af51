"""A Bot API server as strict as Telegram's, and the people who talk to the bot through it."""

from sandbox.server.faults import Fault
from sandbox.server.model import Button, Link, Message
from sandbox.server.people import CallbackAnswer, User
from sandbox.server.rooms import Channel, Group
from sandbox.server.sandbox import Sandbox
from sandbox.server.state import Call

__all__ = [
    "Button",
    "Call",
    "CallbackAnswer",
    "Channel",
    "Fault",
    "Group",
    "Link",
    "Message",
    "Sandbox",
    "User",
]
