"""What an operator sets: environment variables, read once at start.

==============================  ===========================================================================
``ZHENDEMA_TOKEN``              the bot's token from @BotFather; required
``ZHENDEMA_API_URL``            Bot API server; default ``https://api.telegram.org``
``ZHENDEMA_DATABASE_URL``       default: SQLite in ``$XDG_STATE_HOME/zhendema`` or ``~/.local/state/zhendema``
``ZHENDEMA_OWNERS``             user ids of the owners, separated by commas
``ZHENDEMA_PROXY``              ``http://``, ``https://`` or ``socks5://`` proxy for all Telegram traffic
``ZHENDEMA_SECRET``             key for hashing people; default: a file made at first start; PostgreSQL requires it
``ZHENDEMA_LOG_LEVEL``          DEBUG, INFO (default), WARNING or ERROR
``ZHENDEMA_LOG_FORMAT``         text (default), or json: one object a line
``ZHENDEMA_INSTITUTIONS_OVERLAY``  a file that corrects or withdraws hotlines without a release
``ZHENDEMA_BURST_SECONDS``      how long to wait for the rest of a burst of messages; default 0.8
``ZHENDEMA_CONFIRM_PEOPLE``     people whose reports make a scam one for everybody; by default and at least 3 …
``ZHENDEMA_CONFIRM_CHATS``      … in so many chats; by default and at least 2
``ZHENDEMA_REPORTS_PER_DAY``    reports of one person that are taken in 24 hours; default 20
``ZHENDEMA_WEBHOOK_URL``        public https address that Telegram posts updates to; without it the bot polls
``ZHENDEMA_WEBHOOK_SECRET``     what Telegram shows with every post; default: derived from the secret
``ZHENDEMA_LISTEN``             host:port for webhook, health and HTTP API; default 127.0.0.1:8080 where one is on
``ZHENDEMA_METRICS_LISTEN``     host:port for Prometheus; default: none
``ZHENDEMA_API_KEYS``           ``name:key`` entries, separated by commas, that switch the HTTP API on
``ZHENDEMA_API_KEYS_FILE``      the same from a file, one a line
==============================  ===========================================================================
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import urlsplit

from bot import serving
from bot.errors import SettingsError
from bot.service.context import LEAST_CHATS, LEAST_PEOPLE, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.serving import Address, ApiKey

T = TypeVar("T")

TELEGRAM = "https://api.telegram.org"
MIN_SECRET = 32
MAX_BURST = 10.0
MOST = 1000
"""Of people, chats or reports: more is a slip of the finger."""
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,100}")
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_FORMATS = ("text", "json")
_PROXIES = ("http", "https", "socks5", "socks5h")
_DATABASES = ("sqlite+aiosqlite", "postgresql+asyncpg", "postgresql", "postgres")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. ``repr`` shows neither token nor secret nor any address that may hold a password."""

    token: str = field(repr=False)
    state_dir: Path
    database_url: str = field(repr=False)
    api_url: str = TELEGRAM
    owners: frozenset[int] = frozenset()
    proxy: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)
    log_level: str = "INFO"
    institutions_overlay: Path | None = None
    burst_seconds: float = 0.8
    log_format: str = "text"
    webhook_url: str | None = field(default=None, repr=False)
    webhook_secret: str | None = field(default=None, repr=False)
    listen: Address | None = None
    metrics_listen: Address | None = None
    api_keys: tuple[ApiKey, ...] = field(default=(), repr=False)
    policy: Policy = field(default_factory=Policy)

    @property
    def companion_seconds(self) -> float:
        """How long something incomplete waits for what belongs to it."""
        return self.burst_seconds * 2.5

    @property
    def shares_database(self) -> bool:
        """Whether the database is one that processes on many machines can share, and with it the secret."""
        return not self.database_url.startswith("sqlite")

    @property
    def serves(self) -> bool:
        """Whether anything is to be listened on."""
        return self.front is not None or self.metrics_listen is not None

    @property
    def front(self) -> Address | None:
        """Where webhook, health and HTTP API are served; None where the bot only polls."""
        needed = self.webhook_url or self.api_keys
        return self.listen or (serving.DEFAULT_LISTEN if needed else None)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read and check the environment.

        Raises:
            SettingsError: One line that names the variable and the mend, never its value.
        """
        state = _state_dir(environ)
        return cls(
            token=_token(environ),
            state_dir=state,
            database_url=_database_url(environ, state),
            api_url=_api_url(environ),
            owners=_owners(environ),
            proxy=_proxy(environ),
            secret=_secret(environ),
            log_level=_log_level(environ),
            institutions_overlay=_overlay(environ),
            burst_seconds=_burst_seconds(environ),
            log_format=_log_format(environ),
            webhook_url=_read(environ, "ZHENDEMA_WEBHOOK_URL", serving.webhook_url),
            webhook_secret=_read(environ, "ZHENDEMA_WEBHOOK_SECRET", serving.webhook_secret),
            listen=_read(environ, "ZHENDEMA_LISTEN", serving.address),
            metrics_listen=_read(environ, "ZHENDEMA_METRICS_LISTEN", serving.address),
            api_keys=_api_keys(environ),
            policy=_policy(environ),
        )


def _get(environ: Mapping[str, str], name: str) -> str | None:
    return environ.get(name, "").strip() or None


def _token(environ: Mapping[str, str]) -> str:
    token = _get(environ, "ZHENDEMA_TOKEN")
    if token is None:
        raise SettingsError("ZHENDEMA_TOKEN is not set: get a token from @BotFather and export it")
    if not _TOKEN.fullmatch(token):
        raise SettingsError(
            "ZHENDEMA_TOKEN is not a bot token: copy the whole line that @BotFather gave (digits:letters)"
        )
    return token


def _state_dir(environ: Mapping[str, str]) -> Path:
    base = _get(environ, "XDG_STATE_HOME")
    if base and Path(base).is_absolute():
        return Path(base) / "zhendema"
    home = _get(environ, "HOME")
    return (Path(home) if home else Path.home()) / ".local" / "state" / "zhendema"


def _database_url(environ: Mapping[str, str], state: Path) -> str:
    url = _get(environ, "ZHENDEMA_DATABASE_URL")
    if url is None:
        return f"sqlite+aiosqlite:///{state / 'zhendema.sqlite3'}"
    if url.split("://", 1)[0] not in _DATABASES or "://" not in url:
        raise SettingsError(
            "ZHENDEMA_DATABASE_URL has an unknown scheme: use sqlite+aiosqlite:////path/to/file.sqlite3 "
            "or postgresql+asyncpg://user:password@host/database"
        )
    return url


def _api_url(environ: Mapping[str, str]) -> str:
    url = _get(environ, "ZHENDEMA_API_URL") or TELEGRAM
    parts = _split(url)
    if parts is None or parts[0] not in {"http", "https"}:
        raise SettingsError(f"ZHENDEMA_API_URL is not a web address: use one such as {TELEGRAM}")
    return url.rstrip("/")


def _owners(environ: Mapping[str, str]) -> frozenset[int]:
    raw = _get(environ, "ZHENDEMA_OWNERS") or ""
    ids = [part for part in re.split(r"[,\s]+", raw) if part]
    if not all(re.fullmatch(r"[1-9]\d{0,18}", part) for part in ids):
        raise SettingsError("ZHENDEMA_OWNERS must hold user ids separated by commas, such as 123,456")
    return frozenset(int(part) for part in ids)


def _proxy(environ: Mapping[str, str]) -> str | None:
    url = _get(environ, "ZHENDEMA_PROXY")
    if url is None:
        return None
    parts = _split(url)
    if parts is None or parts[0] not in _PROXIES:
        raise SettingsError("ZHENDEMA_PROXY is not a proxy address: use socks5://host:port or http://host:port")
    return url


def _secret(environ: Mapping[str, str]) -> str | None:
    secret = _get(environ, "ZHENDEMA_SECRET")
    if secret is not None and len(secret) < MIN_SECRET:
        raise SettingsError(
            f"ZHENDEMA_SECRET is shorter than {MIN_SECRET} characters: make one with `openssl rand -hex 32`"
        )
    return secret


def _log_level(environ: Mapping[str, str]) -> str:
    level = (_get(environ, "ZHENDEMA_LOG_LEVEL") or "INFO").upper()
    if level not in _LEVELS:
        raise SettingsError(f"ZHENDEMA_LOG_LEVEL must be one of {', '.join(_LEVELS)}")
    return level


def _log_format(environ: Mapping[str, str]) -> str:
    form = (_get(environ, "ZHENDEMA_LOG_FORMAT") or "text").lower()
    if form not in _FORMATS:
        raise SettingsError(f"ZHENDEMA_LOG_FORMAT must be one of {', '.join(_FORMATS)}")
    return form


def _read(environ: Mapping[str, str], name: str, read: Callable[[str, str], T]) -> T | None:
    value = _get(environ, name)
    return None if value is None else read(name, value)


def _api_keys(environ: Mapping[str, str]) -> tuple[ApiKey, ...]:
    given = _read(environ, "ZHENDEMA_API_KEYS", serving.api_keys)
    from_file = _read(environ, "ZHENDEMA_API_KEYS_FILE", serving.api_keys_file)
    if given and from_file:
        raise SettingsError("ZHENDEMA_API_KEYS and ZHENDEMA_API_KEYS_FILE are both set: keep one of them")
    return given or from_file or ()


def _overlay(environ: Mapping[str, str]) -> Path | None:
    raw = _get(environ, "ZHENDEMA_INSTITUTIONS_OVERLAY")
    if raw is None:
        return None
    path = Path(raw).expanduser()
    if not path.is_file():
        raise SettingsError("ZHENDEMA_INSTITUTIONS_OVERLAY names no file: give its whole path or unset it")
    return path


def _burst_seconds(environ: Mapping[str, str]) -> float:
    raw = _get(environ, "ZHENDEMA_BURST_SECONDS") or "0.8"
    try:
        seconds = float(raw)
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds <= MAX_BURST:
        raise SettingsError(f"ZHENDEMA_BURST_SECONDS must be seconds from 0 to {MAX_BURST:.0f}, such as 0.8")
    return seconds


def _policy(environ: Mapping[str, str]) -> Policy:
    usual = Policy()
    return Policy(
        people=_count(environ, "ZHENDEMA_CONFIRM_PEOPLE", usual.people, LEAST_PEOPLE),
        chats=_count(environ, "ZHENDEMA_CONFIRM_CHATS", usual.chats, LEAST_CHATS),
        reports_per_day=_count(environ, "ZHENDEMA_REPORTS_PER_DAY", usual.reports_per_day, 1),
    )


def _count(environ: Mapping[str, str], name: str, usual: int, least: int) -> int:
    raw = _get(environ, name)
    if raw is None:
        return usual
    if not re.fullmatch(r"[0-9]{1,4}", raw) or not least <= int(raw) <= MOST:
        raise SettingsError(f"{name} must be a whole number from {least} to {MOST}, such as {usual}")
    return int(raw)


def _split(url: str) -> tuple[str, str] | None:
    """Scheme and host of a web address with a sound port, else None."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return (parts.scheme, parts.hostname) if parts.hostname and not re.search(r"\s", url) else None
