"""``zhendema check --jsonl``: many SMS in, one verdict a line out, streaming and in order.

A bad line gets ``{"id"|null, "error": "line N: …"}`` in its place; the others are still judged.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing import get_start_method
from pathlib import Path
from queue import SimpleQueue
from threading import BoundedSemaphore, Thread
from typing import IO, TYPE_CHECKING, Any, NoReturn, Self

from bot.errors import ZhendemaError
from bot.judge import judge
from bot.knowledge import Knowledge
from bot.model import Sms
from handlers.cli.check import as_dict

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from io import BufferedReader, RawIOBase

_CHUNK = 64
"""Lines handed to a worker at most at a time."""
_AHEAD = 4
"""Chunks a worker that may wait for it, so that a file of any size runs in constant memory."""
_READ = 1 << 16

Line = tuple[int, bytes]
Answer = tuple[bytes, bool]
"""The line to write, and whether the line read was bad."""


def run(source: str, jobs: int) -> int:
    """Judges every line of the file ``source`` (``-`` is standard input); 1 if any line was bad, else 0.

    Raises:
        ZhendemaError: The file cannot be read.
    """
    failed = False
    with (
        _opened(source) as stream,
        _Progress(sys.stderr) as progress,
        closing(_in_turn(stream) if jobs == 1 else _in_parallel(stream, jobs)) as answers,
    ):
        for answered, bad in answers:
            # Bytes, since the contract is UTF-8 whatever the terminal speaks.
            sys.stdout.buffer.write(answered)
            sys.stdout.buffer.flush()
            failed = failed or bad
            progress.step()
    return int(failed)


@contextmanager
def _opened(source: str) -> Iterator[BufferedReader]:
    if source == "-":
        yield sys.stdin.buffer  # type: ignore[misc]
        return
    try:
        stream = Path(source).open("rb")  # noqa: SIM115 - closed below; what its user raises is none of ours
    except OSError as error:
        raise ZhendemaError(f"cannot read {source}: {error.strerror}; name a file of JSON lines, or -") from None
    with stream:
        yield stream


# ── one process or several ───────────────────────────────────────────────────────────────────────────────


def _in_turn(stream: BufferedReader) -> Generator[Answer, None, None]:
    knowledge = Knowledge.load()
    for line in _lines(stream):
        yield answer(line, knowledge)


def _lines(stream: BufferedReader) -> Iterator[Line]:
    try:
        yield from enumerate(stream, 1)
    except OSError as error:
        raise _unreadable(error) from None


def _unreadable(error: OSError) -> ZhendemaError:
    return ZhendemaError(f"cannot read on: {error.strerror}; what was read is answered")


_shared: list[Knowledge] = []
"""What the workers judge with: one entry, inherited where they are forked, else loaded by each."""


def _in_parallel(stream: BufferedReader, jobs: int) -> Generator[Answer, None, None]:
    pool = ProcessPoolExecutor(jobs, initializer=_start)
    waiting: SimpleQueue[Future[list[Answer]] | None] = SimpleQueue()
    room = BoundedSemaphore(jobs * _AHEAD)
    if get_start_method() == "fork":
        _shared.append(Knowledge.load())
    try:
        # All workers start here, before there is a second thread.
        pool.submit(_answer_chunk, []).result()
        # A thread of its own, since reading blocks while answers are ready to be written.
        Thread(target=_feed, args=(stream.raw, pool, waiting, room), daemon=True).start()
        while (future := waiting.get()) is not None:
            yield from future.result()
            room.release()
    except BrokenProcessPool:
        raise ZhendemaError("a worker process ended; try again with fewer --jobs") from None
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _feed(
    stream: RawIOBase,
    pool: ProcessPoolExecutor,
    waiting: SimpleQueue[Future[list[Answer]] | None],
    room: BoundedSemaphore,
) -> None:
    try:
        for chunk in _chunks(stream):
            room.acquire()
            waiting.put(pool.submit(_answer_chunk, chunk))
    except OSError as error:
        failed: Future[list[Answer]] = Future()
        failed.set_exception(_unreadable(error))
        waiting.put(failed)
    except RuntimeError:
        pass  # The pool was shut down: nobody reads the answers any more.
    waiting.put(None)


def _chunks(stream: RawIOBase) -> Iterator[list[Line]]:
    """The lines that are there, without waiting for more of them, at most ``_CHUNK`` at a time.

    Reads raw: a buffered reader that another thread waits for cannot be closed when the program ends.
    """
    number = 0
    rest: list[bytes] = []
    while piece := stream.read(_READ):
        *whole, last = piece.split(b"\n")
        if whole:
            whole[0] = b"".join((*rest, whole[0]))
            rest = []
        rest.append(last)
        for first in range(0, len(whole), _CHUNK):
            lines = whole[first : first + _CHUNK]
            yield list(enumerate(lines, number + 1))
            number += len(lines)
    if last_line := b"".join(rest):
        yield [(number + 1, last_line)]


def _start() -> None:
    # Ctrl-C reaches the whole group; the parent alone answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not _shared:
        _shared.append(Knowledge.load())


def _answer_chunk(lines: list[Line]) -> list[Answer]:
    return [answer(line, _shared[0]) for line in lines]


# ── one line ─────────────────────────────────────────────────────────────────────────────────────────────


class _BadRowError(Exception):
    """A line that is no row; keeps the id where there is one."""

    def __init__(self, message: str, row_id: object = None) -> None:
        super().__init__(message)
        self.row_id = row_id


def answer(line: Line, knowledge: Knowledge) -> Answer:
    """The answer to one line as JSON with its line break, and whether the line was bad."""
    number, raw = line
    try:
        row = _parse(raw)
        return _dump(as_dict(row.get("id"), judge(Sms(row["text"], row.get("sender")), knowledge))), False
    except _BadRowError as error:
        return _dump({"id": error.row_id, "error": f"line {number}: {error}"}), True


def _dump(answered: dict[str, Any]) -> bytes:
    try:
        return json.dumps(answered, ensure_ascii=False).encode() + b"\n"
    except UnicodeEncodeError:  # half of a surrogate pair in the id
        return json.dumps(answered).encode() + b"\n"


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _BadRowError(f"not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    if not text.strip():
        raise _BadRowError("empty; remove the line")
    try:
        row = json.loads(text, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        raise _BadRowError(f"not JSON ({error.msg} at column {error.colno}); write one object a line") from None
    except ValueError:
        raise _BadRowError("a number is too long; write long ids as strings") from None
    except RecursionError:
        raise _BadRowError("nested too deeply; write one flat object a line") from None
    if not isinstance(row, dict):
        raise _BadRowError('not an object; write {"id": …, "text": …}')
    row_id = row.get("id")
    if not isinstance(row.get("text"), str):
        raise _BadRowError('"text" is missing or no string; give the SMS as a string', row_id)
    if not isinstance(row.get("sender"), str | None):
        raise _BadRowError('"sender" is no string; give the number as a string, or null', row_id)
    return row


def _no_constant(name: str) -> NoReturn:
    raise _BadRowError(f"not JSON ({name} is no JSON value); write null or a string")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return number


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
