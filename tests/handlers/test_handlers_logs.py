"""No token, no words and no number of a message in a log, however noisy it is."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from talk_driving import SECRET, running
from talk_material import CLEAR, CODE, SCAM

from handlers import logs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bot.knowledge import Knowledge
    from sandbox.server import Sandbox, User

pytest_plugins = ["talk_fixtures"]

NOISY = (*logs.CHATTY, "telegram", "telegram.ext", "asyncio", "sqlalchemy.engine")


@contextmanager
def installed(level: str, *secrets: str, form: str = "text") -> Iterator[io.StringIO]:
    """The log of the product in place of pytest's, into a string."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level, logging.raiseExceptions
    levels = {name: logging.getLogger(name).level for name in NOISY}
    logs.install(level, secrets, stream, form=form)
    for name in NOISY:
        logging.getLogger(name).setLevel(level)
    try:
        yield stream
    finally:
        root.handlers[:], root.level, logging.raiseExceptions = before
        logging.captureWarnings(capture=False)
        for name, old in levels.items():
            logging.getLogger(name).setLevel(old)


def leaks(log: str, *words: str) -> list[str]:
    found = [word for word in words if word in log]
    found += re.findall(r"[\u4e00-\u9fff]{2,}", log)
    found += re.findall(r"(?<![\d:.,\-])\d{9,}", log)
    return found


async def test_noisy_run_leaks_nothing(server: Sandbox, tmp_path: Path, knowledge: Knowledge, wang: User) -> None:
    with installed("DEBUG", server.token, SECRET) as stream:
        async with running(server, tmp_path, knowledge):
            reply = await wang.ask(SCAM)
            await wang.press(reply, "确认是诈骗")
            await wang.press(reply, "更多依据")
            await wang.ask(CODE)
            await wang.ask("/hotline 中信")
            server.fail("sendMessage", status=400)
            await wang.ask(CLEAR)
            server.drop("sendMessage", times=2)
            await wang.send(SCAM)
            await asyncio.sleep(1.5)
            server.fail("getUpdates", status=502)
            await wang.ask(CLEAR)
            logging.getLogger("handlers.x").warning("forgotten care: %s %s", "13800138000", server.token)
            logging.getLogger("telegram.ext").critical("update %s", {"text": SCAM})
            logging.getLogger("telegram.ext").critical(f"update {SCAM}")  # noqa: G004
    log = stream.getvalue()
    assert log.count("\n") > 100
    assert "DEBUG telegram" in log
    assert "BadRequest" in log
    token = server.token.split(":")[1]
    assert not leaks(
        log, token, SECRET, "zx-pay", "wxid_abc888", "13800138000", "583920", "5231", str(wang.id), "95558"
    )


@pytest.mark.parametrize(
    "text", ["token 123456789:AAabcdefghijklmnopqrstuvwxyz0123456", "6222 0212 3456 7890", "+86 138-0013-8000"]
)
def test_own_lines_are_cleaned_too(text: str) -> None:
    with installed("INFO") as stream:
        logging.getLogger("bot.x").info("said %s", text)
    assert text not in stream.getvalue()
    assert "[…]" in stream.getvalue()


def test_an_exceptions_message_is_never_written() -> None:
    with installed("INFO") as stream:
        try:
            int(SCAM)
        except ValueError as cause:
            later = RuntimeError("13800138000")
            later.__cause__ = cause
            logging.getLogger("handlers.x").exception("failed", exc_info=later)
    log = stream.getvalue()
    assert "builtins.RuntimeError" in log
    assert "builtins.ValueError" in log
    assert "test_handlers_logs.py" in log
    assert not leaks(log, "138", "中信")


def test_a_broken_call_prints_nothing() -> None:
    with installed("INFO") as stream:
        logging.getLogger("handlers.x").info("%d", SCAM)
    assert not leaks(stream.getvalue(), "中信")


def test_warnings_go_the_same_way() -> None:
    import warnings

    with installed("INFO") as stream, warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"odd value 13800138000 {SCAM}", stacklevel=1)
    assert not leaks(stream.getvalue(), "13800138000")


def test_level_is_kept() -> None:
    with installed("WARNING") as stream:
        logging.getLogger("handlers.x").info("quiet")
    assert not stream.getvalue()
    assert sys.stderr


def test_json_is_one_object_a_line() -> None:
    with installed("INFO", "hunter2hunter2", form="json") as stream:
        logging.getLogger("handlers.x").info("two\nlines, %s and %s", "hunter2hunter2", "13800138000")
        try:
            int(SCAM)
        except ValueError:
            logging.getLogger("handlers.x").exception("failed for %s", "13800138000")
        logging.getLogger("telegram.ext").error("update %s", {"text": SCAM})
    plain, failed, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert plain.keys() == {"time", "level", "logger", "message"}
    assert (plain["level"], plain["logger"]) == ("INFO", "handlers.x")
    assert plain["message"] == "two\nlines, […] and […]"
    at = datetime.fromisoformat(plain["time"])
    assert plain["time"].endswith("Z")
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert failed["error"] == "builtins.ValueError"
    assert "test_handlers_logs.py" in failed["trail"][0]
    assert theirs["message"] == "update %s"
    assert not leaks(str((plain, failed, theirs)), "13800138000", "hunter2")
