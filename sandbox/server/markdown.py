"""The two Markdown parse modes, as strict as Telegram's about characters that must be escaped."""

from __future__ import annotations

from typing import Any

from sandbox.server import utf16
from sandbox.server.markup import link_entity, refuse

_RESERVED = set("_*[]()~`>#+-=|{}.!")
# Longest first: "__" before "_".
_PAIRS = {"__": "underline", "||": "spoiler", "*": "bold", "_": "italic", "~": "strikethrough"}


class _V2:
    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.size = 0
        self.entities: list[dict[str, Any]] = []
        self.open: list[tuple[str, int, int]] = []

    def _byte(self, at: int) -> int:
        return len(self.source[:at].encode())

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.size += utf16.length(text)

    def _add(self, kind: str, start: int, **more: str) -> None:
        if self.size > start:
            self.entities.append({"type": kind, "offset": start, "length": self.size - start, **more})

    def run(self) -> tuple[str, list[dict[str, Any]]]:
        at = 0
        while at < len(self.source):
            at = self._step(at)
        if self.open:
            kind, _, where = self.open[-1]
            raise refuse(f"Can't find end of {kind.title()} entity at byte offset {self._byte(where)}")
        return "".join(self.out), sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))

    def _step(self, at: int) -> int:  # noqa: PLR0911 - one return a construct reads best
        char = self.source[at]
        if char == "\\" and at + 1 < len(self.source) and 0 < ord(self.source[at + 1]) <= 126:  # noqa: PLR2004
            self._emit(self.source[at + 1])
            return at + 2
        if char == "`":
            return self._code(at)
        if char == "[":
            self.open.append(("text_link", self.size, at))
            return at + 1
        if char == "]" and self.open and self.open[-1][0] == "text_link":
            return self._link(at)
        if char == ">" and (at == 0 or self.source[at - 1] == "\n"):
            return self._quote(at)
        for mark, kind in _PAIRS.items():
            if self.source.startswith(mark, at):
                self._toggle(kind, at)
                return at + len(mark)
        if char in _RESERVED:
            raise refuse(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")
        self._emit(char)
        return at + 1

    def _toggle(self, kind: str, at: int) -> None:
        if self.open and self.open[-1][0] == kind:
            _, start, _ = self.open.pop()
            self._add(kind, start)
        else:
            self.open.append((kind, self.size, at))

    def _code(self, at: int) -> int:
        fence = "```" if self.source.startswith("```", at) else "`"
        kind = "pre" if fence == "```" else "code"
        start, begin, at = self.size, at, at + len(fence)
        more = {}
        if kind == "pre":
            line, newline, _ = self.source[at:].partition("\n")
            if newline and "`" not in line:
                at += len(line) + 1
                if line.strip():
                    more["language"] = line.strip()
        while not self.source.startswith(fence, at):
            if at >= len(self.source):
                raise refuse(f"Can't find end of {kind.title()} entity at byte offset {self._byte(begin)}")
            if self.source[at] == "\\" and at + 1 < len(self.source):
                at += 1
            self._emit(self.source[at])
            at += 1
        self._add(kind, start, **more)
        return at + len(fence)

    def _link(self, at: int) -> int:
        _, start, _ = self.open.pop()
        url = utf16.cut("".join(self.out), start, self.size - start)
        at += 1
        if self.source.startswith("(", at):
            begin, url, at = at + 1, "", at + 1
            while not self.source.startswith(")", at):
                if at >= len(self.source):
                    raise refuse(f"Can't find end of a URL at byte offset {self._byte(begin)}")
                at += self.source[at] == "\\" and at + 1 < len(self.source)
                url += self.source[at]
                at += 1
            at += 1
        entity = link_entity(url)
        if entity is not None and self.size > start:
            self.entities.append({**entity, "offset": start, "length": self.size - start})
        return at

    def _quote(self, at: int) -> int:
        # The quote runs to the first line that does not begin with ">"; each line is parsed on its own.
        start, at = self.size, at + 1
        while at < len(self.source):
            if self.source[at] == "\n":
                if not self.source.startswith("\n>", at):
                    break
                self._emit("\n")
                at += 2
                continue
            at = self._step(at)
        self._add("blockquote", start)
        return at


def parse_markdown_v2(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of MarkdownV2, or the 400 that Telegram gives."""
    return _V2(source).run()


def parse_markdown(source: str) -> tuple[str, list[dict[str, Any]]]:
    """Text and entities of the legacy Markdown mode, or the 400 that Telegram gives."""
    kinds = {"*": "bold", "_": "italic", "`": "code", "[": "text_link"}
    out, size, at = "", 0, 0
    entities: list[dict[str, Any]] = []
    while at < len(source):
        char = source[at]
        if char == "\\" and source[at + 1 : at + 2] in {"_", "*", "`", "["}:
            out, size, at = out + source[at + 1], size + 1, at + 2
            continue
        if char not in kinds:
            out, size, at = out + char, size + utf16.length(char), at + 1
            continue
        mark = "```" if source.startswith("```", at) else char
        stop = source.find("]" if char == "[" else mark, at + len(mark))
        if stop < 0:
            where = len(source[:at].encode())
            raise refuse(f"Can't find end of the entity starting at byte offset {where}")
        inner = source[at + len(mark) : stop]
        at = stop + len(mark)
        entity: dict[str, Any] | None = {"type": "pre" if mark == "```" else kinds[char]}
        if char == "[":
            url = inner
            if source.startswith("(", at) and ")" in source[at:]:
                end = source.index(")", at)
                url, at = source[at + 1 : end], end + 1
            entity = link_entity(url)
        if entity is not None and inner:
            entities.append({**entity, "offset": size, "length": utf16.length(inner)})
        out, size = out + inner, size + utf16.length(inner)
    return out, entities
