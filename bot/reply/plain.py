"""A reply as plain text, for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.reply.model import Reply


def render(reply: Reply) -> str:
    """Return the reply's lines, without markup and without buttons."""
    return "\n".join("".join(run.text for run in line) for line in reply.lines)
