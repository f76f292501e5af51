r"""What a disk holds when the power goes: the system calls of a traced process, replayed up to any moment.

Written by ``strace -f -qq -xx``. A write is safe once a later fsync of the same file has ended; of the writes since
then nothing, or any part in sectors of 512 bytes and in any order, may have reached the disk. Names of files are safe
at once: file systems keep a journal of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

CALLS = ("openat", "close", "write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink")
UNFORESEEN = ("pwritev", "pwritev2", "writev", "rename", "renameat", "renameat2", "fallocate", "copy_file_range")
"""Calls that could change a file past this replay; :meth:`Disk.play` refuses them on a file that it watches."""
SECTOR = 512
_CALL = re.compile(
    r"(?P<thread>\d+) +(?P<call>\w+)\((?P<arguments>.*?)"
    r"(?:\) += (?P<result>-?\d+)[^=]*| <unfinished \.\.\.>)$"
)
_RESUMED = re.compile(r"(?P<thread>\d+) +<\.\.\. \w+ resumed>(?P<arguments>.*?)\) += (?P<result>-?\d+)[^=]*$")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True, slots=True)
class Call:
    """One system call that succeeded; ``begun`` is the number of calls that had ended when it began."""

    name: str
    arguments: str
    result: int
    begun: int

    @property
    def first(self) -> int:
        """The first argument, a descriptor."""
        return int(self.arguments.partition(",")[0])

    @property
    def last(self) -> int:
        """The last argument."""
        return int(self.arguments.rpartition(",")[2])

    @property
    def data(self) -> bytes:
        """The string among the arguments."""
        found = _STRING.search(self.arguments)
        return bytes.fromhex(found[1].replace("\\x", "")) if found else b""


def calls(trace: Path) -> Iterator[Call]:
    """All calls that succeeded, in the order in which they ended."""
    open_calls: dict[str, tuple[str, str, int]] = {}
    ended = 0
    with trace.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            begun = ended
            if found := _RESUMED.match(line):
                name, arguments, begun = open_calls.pop(found["thread"])
                arguments += found["arguments"]
            elif found := _CALL.match(line):
                name, arguments = found["call"], found["arguments"]
                if found["result"] is None:
                    open_calls[found["thread"]] = name, arguments, ended
                    continue
            else:
                continue
            if int(found["result"]) >= 0:
                yield Call(name, arguments, int(found["result"]), begun)
                ended += 1


@dataclass(slots=True)
class _File:
    safe: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, int, bytes | None]] = field(default_factory=list)
    """Number of the call, offset, and data; None cuts the file off there."""

    def sync(self, begun: int) -> None:
        done = [each for each in self.pending if each[0] < begun]
        self.pending = [each for each in self.pending if each[0] >= begun]
        for _, offset, data in done:
            _apply(self.safe, offset, data)

    def image(self, chance: random.Random | None) -> bytes:
        """What is found after the cut: the safe part alone, or with parts of the rest by ``chance``."""
        found = bytearray(self.safe)
        if chance is None:
            return bytes(found)
        kept = chance.random()
        parts = list(self.pending)
        if chance.random() < 0.5:  # noqa: PLR2004 - a disk may also keep the order
            chance.shuffle(parts)
        for _, offset, data in parts:
            if data is None:
                if chance.random() < kept:
                    _apply(found, offset, None)
                continue
            for at in range(0, len(data), SECTOR):
                if chance.random() < kept:
                    _apply(found, offset + at, data[at : at + SECTOR])
        return bytes(found)


def _apply(content: bytearray, offset: int, data: bytes | None) -> None:
    if data is None:
        del content[offset:]
        content.extend(bytes(offset - len(content)))
        return
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class Disk:
    """The files whose name begins as ``database``, and what the process told on its standard output."""

    def __init__(self, database: Path) -> None:
        self._database = str(database)
        self._open: dict[int, str] = {}
        self._files: dict[str, _File] = {}
        self._played = 0
        self.told: list[str] = []

    def play(self, call: Call) -> None:
        """Let one call happen."""
        number = self._played
        self._played += 1
        if call.name == "openat":
            path = call.data.decode("utf-8", "replace")
            if path.startswith(self._database):
                self._open[call.result] = path
                self._files.setdefault(path, _File())
            else:
                self._open.pop(call.result, None)
        elif call.name == "unlink":
            self._files.pop(call.data.decode("utf-8", "replace"), None)
        elif call.name == "write" and call.first == 1:
            self.told += call.data.decode().splitlines()
        else:
            self._change(call, number)

    def _change(self, call: Call, number: int) -> None:
        path = self._open.get(call.first) if call.arguments[:1].isdigit() else None
        if path is None or path.endswith("-shm"):
            if call.name == "close":
                self._open.pop(call.first, None)
            return
        file = self._files.setdefault(path, _File())
        if call.name == "close":
            del self._open[call.first]
        elif call.name in {"fsync", "fdatasync"}:
            file.sync(call.begun)
        elif call.name == "pwrite64":
            file.pending.append((number, call.last, call.data[: call.result]))
        elif call.name == "ftruncate":
            file.pending.append((number, call.last, None))
        else:
            raise NotImplementedError(f"{call.name} on {path}")

    def unsafe(self) -> int:
        """Bytes written that no fsync has made safe."""
        return sum(len(data or b"") for file in self._files.values() for _, _, data in file.pending)

    def save(self, folder: Path, chance: random.Random | None) -> None:
        """Write down what is found after a cut at this moment; the shared memory is never found."""
        for path, file in self._files.items():
            if not path.endswith(("-shm", ".lock", ".poller")):
                (folder / Path(path).name).write_bytes(file.image(chance))
