"""Runs the command line as a person does: another process, its streams, its exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "handlers"]
PATIENCE = 180


class Ended(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str


def environment(**more: str) -> dict[str, str]:
    """No token, no database, no proxy: nothing that ``check`` could lean on."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHENDEMA")}
    return {**kept, **more}


def start(*arguments: str, **more: Any) -> subprocess.Popen[bytes]:
    """The command with pipes to all its streams."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, env=environment(), **{**pipes, **more})


def run(*arguments: str, given: bytes = b"", **more: str) -> Ended:
    """The command from start to end."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        input=given,
        capture_output=True,
        cwd=ROOT,
        env=environment(**more),
        timeout=PATIENCE,
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())
