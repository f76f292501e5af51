"""The settings of whoever serves HTTP, read from text: addresses to listen on, the webhook's URL, keys of the HTTP API.

Every function is given the variable's name for its message, which never shows the value.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bot.errors import SettingsError

SHORTEST_KEY = 32
RESERVED = ("/healthz", "/readyz", "/v1")
"""Paths that others answer on."""
DEFAULT_PATH = "/telegram"
_HOST = re.compile(r"[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]|[*]")
_PATH = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")
_TOKEN = re.compile(r"\d{3,20}(?::|%3A)[A-Za-z0-9_-]{20,}", re.IGNORECASE)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_KEY_LINE = re.compile(rf"([a-z0-9][a-z0-9_-]{{0,31}}):([!-+\--~]{{{SHORTEST_KEY},256}})")


class Address(NamedTuple):
    """Where to listen. The port 0 is any free one."""

    host: str
    port: int


DEFAULT_LISTEN = Address("127.0.0.1", 8080)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Who may use the HTTP API: a name for limits and records, and the SHA-256 of the key, never the key."""

    name: str
    digest: bytes


def digest_of(key: str) -> bytes:
    """What is kept of a key. Keys are long and random, so a plain hash cannot be guessed back."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


def address(name: str, value: str) -> Address:
    """Read ``host:port``; an IPv6 address stands in brackets.

    Raises:
        SettingsError: It is none.
    """
    host, _, port = value.rpartition(":")
    if not _HOST.fullmatch(host) or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 1 << 16:
        raise SettingsError(f"{name} must be host:port, such as {DEFAULT_LISTEN.host}:{DEFAULT_LISTEN.port}")
    return Address("" if host == "*" else host.strip("[]"), int(port))


def webhook_url(name: str, value: str) -> str:
    """Read the address that Telegram is to post updates to; without a path it gets one.

    Raises:
        SettingsError: It is no such address, it holds a token, or others answer on its path.
    """
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in {"https", "http"} or parts.username or parts.query or parts.fragment:
        raise SettingsError(f"{name} must be a public address such as https://bot.example.org{DEFAULT_PATH}")
    if parts.scheme == "http" and not _is_near(host):
        raise SettingsError(f"{name} must begin with https: Telegram posts to nothing else")
    if _TOKEN.search(value):
        raise SettingsError(f"{name} holds a bot token, which would get into logs: use a path such as {DEFAULT_PATH}")
    path = parts.path.rstrip("/") or DEFAULT_PATH
    if not _PATH.fullmatch(path):
        raise SettingsError(f"{name} has an odd path: use letters and digits, such as {DEFAULT_PATH}")
    if any(path == taken or path.startswith(f"{taken}/") for taken in RESERVED):
        raise SettingsError(f"{name} has a path that is used for something else: use one such as {DEFAULT_PATH}")
    return f"{parts.scheme}://{parts.netloc}{path}"


def webhook_secret(name: str, value: str) -> str:
    """Read what Telegram is to show with every update.

    Raises:
        SettingsError: Telegram would not take it.
    """
    if not _WEBHOOK_SECRET.fullmatch(value):
        raise SettingsError(
            f"{name} must be 1 to 256 letters, digits, _ or -: unset it, then one is derived from ZHENDEMA_SECRET"
        )
    return value


def api_keys(name: str, value: str) -> tuple[ApiKey, ...]:
    """Read ``name:key`` entries, one a line or separated by commas; what begins with # is a comment.

    Raises:
        SettingsError: One is malformed or too short, or two have the same name or key.
    """
    entries = [
        entry.strip() for line in value.splitlines() if not line.lstrip().startswith("#") for entry in line.split(",")
    ]
    found: list[ApiKey] = []
    for entry in filter(None, entries):
        match = _KEY_LINE.fullmatch(entry)
        if match is None:
            raise SettingsError(
                f"{name} must hold name:key entries, names of a-z 0-9 _ -, keys of at least {SHORTEST_KEY} characters:"
                " make a key with `openssl rand -hex 32`"
            )
        found.append(ApiKey(match[1], digest_of(match[2])))
    if len({key.name for key in found}) < len(found) or len({key.digest for key in found}) < len(found):
        raise SettingsError(f"{name} must not hold a name or a key twice: give every client its own")
    return tuple(found)


def api_keys_file(name: str, value: str) -> tuple[ApiKey, ...]:
    """Read the entries of a file.

    Raises:
        SettingsError: It cannot be read, holds none, or one is malformed.
    """
    try:
        text = Path(value).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(f"{name} names no file that can be read: give the whole path of a text file") from None
    found = api_keys(name, text)
    if not found:
        raise SettingsError(f"{name} names a file without an entry: write one name:key a line")
    return found


def _is_near(host: str) -> bool:
    """Whether a host can only be on this machine or in its own network."""
    try:
        found = ip_address(host)
    except ValueError:
        return "." not in host
    return found.is_loopback or found.is_private
