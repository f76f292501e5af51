"""A reply as Telegram's HTML."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from bot.reply.model import Block, HotlineNumber, Strong

if TYPE_CHECKING:
    from bot.reply.model import Reply, Run


def render_html(reply: Reply) -> str:
    """Return the reply's lines; a number to call and a text to pass on stand in code style, which a tap copies."""
    return "\n".join("".join(_run(run) for run in line) for line in reply.lines)


def _run(run: Run) -> str:
    text = escape(run.text, quote=False)
    if isinstance(run, Strong):
        return f"<b>{text}</b>"
    if isinstance(run, Block):
        return f"<pre>{text}</pre>"
    return f"<code>{text}</code>" if isinstance(run, HotlineNumber) else text
