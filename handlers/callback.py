"""What a button carries: at most 64 bytes, complete enough to work after a restart."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Press(StrEnum):
    """What a press asks for; the value is what stands in the data, so it never changes its meaning."""

    CONFIRM = "y"
    DENY = "n"
    VICTIM = "v"
    MORE = "m"
    WRONG_NUMBER = "x"
    RECHECK = "r"
    DONE = "d"
    """A label that only says what was recorded."""
    FORGET = "f"
    KEEP = "k"
    KIND = "h"
    """Hotlines of a kind; the argument is the kind."""
    RESCUE = "q"
    """A button of a case; the argument is what :mod:`bot.rescue.moves` decodes."""
    REVIEW = "w"
    """A button of the owners' desk; the argument is what :mod:`handlers.owner` decodes."""
    SETTINGS = "s"
    """A button of /settings; the argument is what :mod:`handlers.settings` decodes."""
    WHY = "e"
    """The reasons of a scam that was pointed out unasked."""
    GROUP = "g"
    """One of a person's groups was chosen; the argument is what :mod:`handlers.group_choice` decodes."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A press, the check or other thing that it is about, and the sender that was judged with the SMS.

    The sender travels along because it may have come in a message of its own.
    """

    press: Press
    about: str = ""
    sender: str | None = None

    def encode(self) -> str:
        """Return the callback data."""
        data = f"{self.press.value}:{self.about}"
        if self.sender and _SENDER.fullmatch(self.sender):
            data += f":{self.sender}"
        return data


_SENDER = re.compile(r"\+?\d{3,24}")
_DATA = re.compile(r"(?P<press>[a-z]):(?P<about>[A-Za-z0-9_/-]{0,32})(?::(?P<sender>\+?\d{3,24}))?")


def decode(data: str | None) -> Callback | None:
    """Return what was pressed, or None for data that we never sent or send no more."""
    found = _DATA.fullmatch(data or "")
    if found is None or found["press"] not in set(Press):
        return None
    return Callback(Press(found["press"]), found["about"], found["sender"])
