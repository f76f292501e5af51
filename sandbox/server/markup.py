"""HTML parse mode: tags to entities, refusing what Telegram refuses, in its words."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from typing import Any

from sandbox.server import utf16
from sandbox.server.errors import ApiError, bad_request

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_SURROGATES = range(0xD800, 0xE000)
_ENTITY = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot));?")
_TAG_NAME = re.compile(r"[^\s>/]*")
_ATTRIBUTE = re.compile(r"\s*([^\s=>/]+)\s*(=?)\s*(\"[^\"]*\"|'[^']*'|[a-zA-Z0-9.\-]*)")


def refuse(reason: str) -> ApiError:
    """The 400 that Telegram gives for markup it cannot read."""
    return bad_request(f"can't parse entities: {reason}")


@dataclass
class _Open:
    tag: str
    start: int
    attributes: dict[str, str] = field(default_factory=dict)


def _decode(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code > sys.maxunicode or code in _SURROGATES:
        return match.group()
    return chr(code)


def unescape(text: str) -> str:
    """Decode the entities that Telegram knows; others stay as they are written, as there."""
    return _ENTITY.sub(_decode, text)


def link_entity(url: str) -> dict[str, Any] | None:
    """The entity for a link to ``url``; None where Telegram would drop it."""
    user = re.match(r"tg://user\?id=(\d+)", url)
    if user:
        return {"type": "text_mention", "user_id": int(user.group(1))}
    if "." not in url and "://" not in url:
        return None
    if "://" not in url:
        url = f"http://{url}"
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return {"type": "text_link", "url": f"{scheme.lower()}://{host.lower()}/{path if slash else ''}"}


def _entity(opened: _Open, text: str) -> dict[str, Any] | None:
    kind = _KINDS[opened.tag]
    if kind == "text_link":
        return link_entity(opened.attributes.get("href") or text)
    if kind == "custom_emoji":
        return {"type": kind, "custom_emoji_id": opened.attributes["emoji-id"]}
    if kind == "blockquote" and "expandable" in opened.attributes:
        return {"type": "expandable_blockquote"}
    return {"type": kind}


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.out: list[str] = []
        self.size = 0
        self.open: list[_Open] = []
        self.entities: list[dict[str, Any]] = []

    def _byte(self, index: int) -> int:
        return len(self.source[:index].encode())

    def run(self) -> tuple[str, list[dict[str, Any]]]:
        at = 0
        while at < len(self.source):
            if self.source[at] != "<":
                stop = self.source.find("<", at)
                stop = len(self.source) if stop < 0 else stop
                self._emit(unescape(self.source[at:stop]))
                at = stop
            elif self.source.startswith("</", at):
                at = self._close(at)
            else:
                at = self._start(at)
        if self.open:
            raise refuse(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"',
            )
        return "".join(self.out), self.entities

    def _emit(self, text: str) -> None:
        self.out.append(text)
        self.size += utf16.length(text)

    def _start(self, begin: int) -> int:
        name = _TAG_NAME.match(self.source, begin + 1)
        assert name is not None
        tag, at = name.group().lower(), name.end()
        if at >= len(self.source):
            raise refuse(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _KINDS:
            raise refuse(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes: dict[str, str] = {}
        while True:
            while at < len(self.source) and self.source[at].isspace():
                at += 1
            if at >= len(self.source):
                raise refuse(f"Unclosed start tag at byte offset {self._byte(begin)}")
            if self.source[at] == ">":
                break
            at = self._attribute(tag, begin, at, attributes)
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise refuse(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        if tag == "tg-emoji" and not attributes.get("emoji-id", "").isdigit():
            raise refuse("Invalid custom emoji identifier specified")
        self.open.append(_Open(tag, self.size, attributes))
        return at + 1

    def _attribute(self, tag: str, begin: int, at: int, attributes: dict[str, str]) -> int:
        where = f'in the tag "{tag}" at byte offset {self._byte(begin)}'
        match = _ATTRIBUTE.match(self.source, at)
        if match is None:
            raise refuse(f"Empty attribute name {where}")
        name, equal, value = match.groups()
        if not equal:
            if name.lower() == "expandable":
                attributes["expandable"] = ""
                return match.end(1)
            raise refuse(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte '
                f"offset {self._byte(begin)}"
            )
        if not value:
            raise refuse(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if value[0] in "\"'":
            value = value[1:-1]
        attributes[name.lower()] = unescape(value)
        return match.end()

    def _close(self, begin: int) -> int:
        stop = self.source.find(">", begin)
        if stop < 0:
            raise refuse(f"Unclosed end tag at byte offset {self._byte(begin)}")
        tag = self.source[begin + 2 : stop].strip().lower()
        if not self.open:
            raise refuse(f"Unexpected end tag at byte offset {self._byte(begin)}")
        opened = self.open.pop()
        if tag and tag != opened.tag:
            raise refuse(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", found "</{tag}>"',
            )
        if self.size > opened.start:
            covered = utf16.cut("".join(self.out), opened.start, self.size - opened.start)
            entity = _entity(opened, covered)
            if entity is not None:
                self._add({**entity, "offset": opened.start, "length": self.size - opened.start}, opened)
        return stop + 1

    def _add(self, entity: dict[str, Any], opened: _Open) -> None:
        last = self.entities[-1] if self.entities else None
        same = last and (last["offset"], last["length"]) == (entity["offset"], entity["length"])
        language = opened.attributes.get("class", "")
        if entity["type"] == "code" and language.startswith("language-"):
            entity["language"] = language.removeprefix("language-")
        if last and same and {last["type"], entity["type"]} == {"pre", "code"}:
            # <pre><code class="language-x"> is one entity.
            self.entities[-1] = {**last, **entity, "type": "pre"}
            return
        self.entities.append(entity)


def parse_html(source: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without its tags and the entities, or the 400 that Telegram gives."""
    text, entities = _Parser(source).run()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities
