"""``zhendema check --jsonl``: many SMS in, one verdict a line out, streaming and in order.

A bad line gets ``{"id"|null, "error": "line N: …"}`` in its place; the others are still judged.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

from bot.errors import ZhendemaError
from bot.judge import judge
from bot.knowledge import Knowledge
from bot.model import Sms
from handlers.cli.check import as_dict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CHUNK = 64
"""Lines handed to a worker at a time: small enough to stream, large enough to hide the hand-over."""
_AHEAD = 4
"""Chunks a worker that may wait for it, so that a file of any size runs in constant memory."""

Line = tuple[int, bytes]


def run(source: str, jobs: int) -> int:
    """Judges every line of the file ``source`` (``-`` is standard input); 1 if any line was bad, else 0.

    Raises:
        ZhendemaError: The file cannot be read.
    """
    failed = False
    with _opened(source) as stream, _Progress(sys.stderr) as progress:
        for answer, bad in _answers(enumerate(stream, 1), jobs):
            sys.stdout.write(answer + "\n")
            sys.stdout.flush()
            failed = failed or bad
            progress.step()
    return int(failed)


@contextmanager
def _opened(source: str) -> Iterator[IO[bytes]]:
    if source == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(source).open("rb") as stream:
            yield stream
    except OSError as error:
        raise ZhendemaError(f"cannot read {source}: {error.strerror}; name a file of JSON lines, or -") from None


def _answers(lines: Iterable[Line], jobs: int) -> Iterator[tuple[str, bool]]:
    if jobs == 1:
        knowledge = Knowledge.load()
        for line in lines:
            yield answer(line, knowledge)
        return
    stream = iter(lines)
    chunks = iter(lambda: list(itertools.islice(stream, _CHUNK)), [])
    with ProcessPoolExecutor(jobs, initializer=_load) as pool:
        waiting = [pool.submit(_answer_chunk, c) for c in itertools.islice(chunks, jobs * _AHEAD)]
        while waiting:
            done = waiting.pop(0).result()
            waiting.extend(pool.submit(_answer_chunk, c) for c in itertools.islice(chunks, 1))
            yield from done


_shared: list[Knowledge] = []
"""One entry a worker process: what its initializer loaded."""


def _load() -> None:
    _shared.append(Knowledge.load())


def _answer_chunk(lines: list[Line]) -> list[tuple[str, bool]]:
    return [answer(line, _shared[0]) for line in lines]


def answer(line: Line, knowledge: Knowledge) -> tuple[str, bool]:
    """The answer to one line as JSON, and whether the line was bad."""
    number, raw = line
    row: dict[str, Any] = {}
    try:
        row = _parse(raw)
        verdict = judge(Sms(row["text"], row.get("sender")), knowledge)
    except ValueError as error:
        return json.dumps({"id": row.get("id"), "error": f"line {number}: {error}"}, ensure_ascii=False), True
    except _BadRowError as error:
        return json.dumps({"id": error.row_id, "error": f"line {number}: {error}"}, ensure_ascii=False), True
    return json.dumps(as_dict(row.get("id"), verdict), ensure_ascii=False), False


class _BadRowError(Exception):
    """A line that is JSON but no row; keeps the id where there is one."""

    def __init__(self, message: str, row_id: object) -> None:
        super().__init__(message)
        self.row_id = row_id


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    if not text.strip():
        raise ValueError("empty; remove the line")
    try:
        row = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON ({error.msg} at column {error.colno}); write one object a line") from None
    except RecursionError:
        raise ValueError("nested too deeply; write one flat object a line") from None
    if not isinstance(row, dict):
        raise ValueError('not an object; write {"id": …, "text": …}')  # noqa: TRY004
    row_id = row.get("id")
    if not isinstance(row.get("text"), str):
        raise _BadRowError('"text" is missing or no string; give the SMS as a string', row_id)
    if not isinstance(row.get("sender"), str | None):
        raise _BadRowError('"sender" is no string; give the number as a string, or null', row_id)
    return row


class _Progress:
    """How many lines are done, on a terminal only."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream if stream.isatty() else None
        self._done = 0
        self._shown = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream and self._done:
            self._stream.write(f"\r{self._done} lines done\n")

    def step(self) -> None:
        """Counts one line; shows the count ten times a second at most."""
        self._done += 1
        now = time.monotonic()
        if self._stream and now - self._shown > 0.1:  # noqa: PLR2004
            self._shown = now
            self._stream.write(f"\r{self._done} lines")
            self._stream.flush()
