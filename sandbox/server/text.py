"""From the text, parse mode and entities of a call to what the message shows."""

from __future__ import annotations

from typing import Any

from sandbox.server import autolink, markdown, markup, utf16
from sandbox.server.errors import bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
_INVISIBLE = " \t\n\r\v\f\u00a0\u200b\u200c\u200d\u2060\ufeff"
_KNOWN = {
    "mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card", "bold",
    "italic", "underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre",
    "text_link", "text_mention", "custom_emoji", "date_time",
}  # fmt: skip
_AUTOMATIC = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card"}


def _checked(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    size = utf16.length(text)
    for entity in entities:
        kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
        if kind not in _KNOWN:
            raise bad_request("can't parse MessageEntity: Unsupported type specified")
        if not isinstance(offset, int) or not isinstance(length, int):
            raise bad_request('can\'t parse MessageEntity: Field "offset" must be of type Number')
        if offset < 0 or length < 0:
            raise bad_request("can't parse MessageEntity: Receive an entity with incorrect offset or length")
        if offset > size or offset + length > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset "
                f"{offset + length}",
            )
    return [dict(e) for e in entities if e["length"] and e["type"] not in _AUTOMATIC]


def _stripped(text: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    left = len(text) - len(text.lstrip(" \t\n\r"))
    gone = utf16.length(text[:left])
    text = text.strip(" \t\n\r")
    size = utf16.length(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - gone, 0)
        end = min(entity["offset"] + entity["length"] - gone, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept


def ordered(entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order in which Telegram lists them."""
    return sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def with_links(text: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The entities given and those that Telegram finds by itself."""
    taken = [entity for entity in entities if entity["type"] in autolink.OPAQUE]
    return ordered([*entities, *autolink.entities(text, taken)])


def formatted(
    source: str, parse_mode: str | None, entities: list[dict[str, Any]] | None, *, caption: bool = False
) -> tuple[str, list[dict[str, Any]]]:
    """What the message will show.

    Raises:
        ApiError: The markup is bad, or the text is empty or too long (captions may be empty).
    """
    mode = (parse_mode or "").lower()
    if mode == "html":
        text, found = markup.parse_html(source)
    elif mode == "markdownv2":
        text, found = markdown.parse_markdown_v2(source)
    elif mode == "markdown":
        text, found = markdown.parse_markdown(source)
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        text, found = source, _checked(source, entities or [])
    text = text.replace("\r", "").replace("\0", "")
    text, found = _stripped(text, found)
    if not text.strip(_INVISIBLE):
        text, found = "", []
    if not caption and not text:
        raise bad_request("message text is empty")
    if utf16.length(text) > (CAPTION_LIMIT if caption else TEXT_LIMIT):
        raise bad_request("message caption is too long" if caption else "message is too long")
    return text, with_links(text, found)
