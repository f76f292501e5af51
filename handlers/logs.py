"""Logging that cannot leak: no token, no words of a message, no number reaches a log, be it text or JSON.

Our own lines are written with care and pass a filter for numbers and tokens. Lines of other packages are cut
down to their template, since their arguments hold addresses with the token (httpx), whole updates
(python-telegram-bot) or statements with values (aiosqlite). Of an exception only its type and the places it
passed are written.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterable

OWN = ("bot", "api", "handlers", "sandbox", "zhendema", "__main__")
CHATTY = ("httpx", "httpcore", "aiosqlite", "alembic", "jieba", "uvicorn")
"""Other packages that say something of every call."""

_REDACTED = "[…]"
_TOKEN = re.compile(r"(?:bot)?\d{6,}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
_DIGITS = re.compile(r"\+?\d(?:[\s\-]?\d){4,}")
_ADDRESS = re.compile(r"\S*(?:://|@|\w\.\w)\S*")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|[{\[(<].*", re.DOTALL)


class Discreet(logging.Formatter):
    """Formats a record so that nothing confidential is left in it."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; on any trouble rather nothing than too much."""
        said = "\n".join((self._said(record), *self._trail(record)))
        return f"{self.formatTime(record)} {record.levelname} {record.name}: {said}"

    def _said(self, record: logging.LogRecord) -> str:
        own = record.name.split(".", 1)[0] in OWN
        try:
            said = record.getMessage() if own else _template(record)
        except Exception:  # noqa: BLE001 - a broken call must not print its arguments through logging's own report
            said = _REDACTED
        return self._clean(said)

    def _trail(self, record: logging.LogRecord) -> list[str]:
        """The error of a record, if any: its type, the way it took, and the same of its causes."""
        error = record.exc_info[1] if record.exc_info else None
        return [] if error is None else [self._clean(line) for line in _trail(error)]

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        return _DIGITS.sub(_REDACTED, _TOKEN.sub(_REDACTED, text))


class DiscreetJson(Discreet):
    """The same as one JSON object a line: time (UTC), level, logger, message; error and trail where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        said: dict[str, object] = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._said(record),
        }
        if trail := self._trail(record):
            said |= {"error": trail[0], "trail": [line.strip() for line in trail[1:]]}
        return json.dumps(said)


def install(level: str, secrets: Iterable[str] = (), stream: TextIO | None = None, *, form: str = "text") -> None:
    """Make this the only way to a log; ``form`` is ``text`` or ``json``."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter((DiscreetJson if form == "json" else Discreet)(secrets))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CHATTY:
        logging.getLogger(name).setLevel(level if level == "DEBUG" else "WARNING")
    logging.captureWarnings(capture=True)
    logging.raiseExceptions = False


def _template(record: logging.LogRecord) -> str:
    """Return the constant part of another package's line: no arguments, no quoted or bracketed values.

    A line that was put together beforehand may hold anything; one with Chinese in it holds somebody's words.
    """
    first = str(record.msg).split("\n", 1)[0]
    return _ADDRESS.sub(_REDACTED, _QUOTED.sub(_REDACTED, first)) if first.isascii() else _REDACTED


def _trail(error: BaseException) -> list[str]:
    """Return an exception's type and the way it took, and the same of its causes; never a message."""
    said: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        said.append(f"{type(current).__module__}.{type(current).__qualname__}")
        said += [
            f"  {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return said
