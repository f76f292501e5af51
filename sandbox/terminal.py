"""Lines from the keyboard without stopping the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import termios
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROMPT = "> "


@contextlib.contextmanager
def _same_settings_after() -> Iterator[None]:
    """Leave the terminal as it was: whoever stops while a line is being edited would leave it without echo."""
    try:
        before = termios.tcgetattr(sys.stdin)
    except (termios.error, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


@contextlib.contextmanager
def keyboard() -> Iterator[asyncio.Queue[str | None]]:
    """A queue that fills with typed lines; None at the end of input."""
    with contextlib.suppress(ImportError):
        # With readline, Chinese can be edited in the line and a paste is not cut at 4,096 bytes.
        import readline  # noqa: F401, PLC0415
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def put(line: str | None) -> None:
        # The loop may be closed while input() still waits.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def read() -> None:
        while True:
            try:
                put(input(PROMPT))
            except (EOFError, OSError):
                put(None)
                return

    with _same_settings_after():
        threading.Thread(target=read, name="keyboard", daemon=True).start()
        yield lines


def above_prompt(text: str) -> None:
    """Write something while the prompt waits: over it, and the prompt again below."""
    sys.stdout.write(f"\r\033[K{text}\n{PROMPT}")
    sys.stdout.flush()


def plain(text: str) -> None:
    """Write a line."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
