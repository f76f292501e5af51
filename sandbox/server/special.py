"""Messages that are neither text nor picture nor document: contact cards, places, stickers, voice and so on."""

from __future__ import annotations

import secrets
from typing import Any

_FILE = {"file_size": 1024}
_DEFAULTS: dict[str, dict[str, Any]] = {
    "contact": {"phone_number": "+8613800138000", "first_name": "某人"},
    "location": {"latitude": 39.9, "longitude": 116.4},
    "dice": {"emoji": "🎲", "value": 3},
    "voice": _FILE | {"duration": 3, "mime_type": "audio/ogg"},
    "audio": _FILE | {"duration": 60, "title": "a", "mime_type": "audio/mpeg"},
    "video": _FILE | {"duration": 5, "width": 640, "height": 480},
    "video_note": _FILE | {"duration": 5, "length": 240},
    "animation": _FILE | {"duration": 2, "width": 320, "height": 240},
    "sticker": _FILE
    | {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "🙂"},
}


def content(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The field of the message, filled with plausible values where ``fields`` gives none.

    Raises:
        LookupError: There is no such kind.
    """
    if kind not in _DEFAULTS:
        raise LookupError(f"{kind!r} is none of {', '.join(_DEFAULTS)}")
    filled = _DEFAULTS[kind] | fields
    if "file_size" in filled:
        filled |= {"file_id": f"AwACAgUAAxk{secrets.token_urlsafe(24)}", "file_unique_id": secrets.token_urlsafe(8)}
    return {kind: filled}
