"""Checks on ``reply_markup``."""

from __future__ import annotations

import json
from typing import Any

from sandbox.server.errors import bad_request

DATA_LIMIT = 64
COPY_LIMIT = 256
BUTTONS_LIMIT = 100
_ROW_LIMIT = 8
_INLINE_KINDS = {
    "callback_data", "url", "copy_text", "login_url", "web_app", "switch_inline_query",
    "switch_inline_query_current_chat", "switch_inline_query_chosen_chat", "callback_game", "pay",
}  # fmt: skip


def _button(raw: object) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    text = raw.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    kinds = _INLINE_KINDS & raw.keys()
    if not kinds:
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        )
    if len(kinds) > 1:
        # Telegram silently takes the first; a bot that relies on that is mistaken.
        raise bad_request("BUTTON_TYPE_INVALID")
    _check_action(raw)
    return raw


def _check_action(raw: dict[str, Any]) -> None:
    if "callback_data" in raw:
        data = raw["callback_data"]
        if not isinstance(data, str) or not 0 < len(data.encode()) <= DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in raw:
        url = raw["url"]
        if not isinstance(url, str) or "." not in url or any(char.isspace() for char in url):
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if "copy_text" in raw:
        copied = raw["copy_text"]
        if not isinstance(copied, dict) or not isinstance(copied.get("text"), str):
            raise bad_request('can\'t parse inline keyboard button: Field "copy_text" must be of type Object')
        if not 0 < len(copied["text"]) <= COPY_LIMIT:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")


def inline(rows: object) -> list[list[dict[str, Any]]] | None:
    """A valid inline keyboard; None for an empty one, which removes it."""
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup: inline_keyboard must be an Array of Arrays")
    checked = [[_button(raw) for raw in row] for row in rows if row]
    if any(len(row) > _ROW_LIMIT for row in checked) or sum(map(len, checked)) > BUTTONS_LIMIT:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return checked or None


def _reply(markup: dict[str, Any]) -> dict[str, Any]:
    rows = markup["keyboard"]
    if not isinstance(rows, list) or any(not isinstance(row, list) for row in rows):
        raise bad_request('can\'t parse reply keyboard markup: Field "keyboard" must be of type Array of Arrays')
    for button in (button for row in rows for button in row):
        text = button if isinstance(button, str) else isinstance(button, dict) and button.get("text")
        if not isinstance(text, str) or not text.strip():
            raise bad_request("can't parse keyboard button: text must be non-empty")
    if not any(rows):
        raise bad_request("reply keyboard must have at least one button")
    placeholder = markup.get("input_field_placeholder", "")
    if len(placeholder) > DATA_LIMIT:
        raise bad_request("reply markup input field placeholder is too long")
    return markup


def parse(raw: object, *, inline_only: bool = False) -> tuple[list[list[dict[str, Any]]] | None, dict[str, Any] | None]:
    """The inline keyboard and the reply keyboard of a call; at most one of them is given."""
    if raw in (None, ""):
        return None, None
    if isinstance(raw, str):
        try:
            raw = json.loads(raw)
        except ValueError:
            raise bad_request("can't parse reply keyboard markup JSON object") from None
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    if not raw:
        return None, None
    if "inline_keyboard" in raw:
        return inline(raw["inline_keyboard"]), None
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in raw:
        return None, _reply(raw)
    if raw.get("remove_keyboard") is True or raw.get("force_reply") is True:
        return None, raw
    raise bad_request("object expected as reply markup")
