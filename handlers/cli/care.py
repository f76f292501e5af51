"""``zhendema backup`` and ``zhendema restore``."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.secret import Secret
from bot.settings import Settings
from bot.store.backup import file_of, save
from bot.store.restore import restore as put_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store.backup import Holds

NO_TOKEN = "0000:" + "x" * 35
_NEEDED = ("HOME", "XDG_STATE_HOME", "ZHENDEMA_DATABASE_URL", "ZHENDEMA_SECRET")


def settings_without_token(environ: Mapping[str, str]) -> Settings:
    """Where the database is and under which secret; no other setting is needed here, so none can be in the way.

    Raises:
        SettingsError: One of these is malformed.
    """
    given = {name: environ[name] for name in _NEEDED if name in environ}
    return Settings.from_env({**given, "ZHENDEMA_TOKEN": NO_TOKEN})


def backup(environ: Mapping[str, str], name: str | None) -> int:
    """Make a backup, by default in this folder under a name with the time in it; the exit status.

    Raises:
        ZhendemaError: It cannot be made; the message is one line with the mend.
    """
    settings = settings_without_token(environ)
    target = Path(name or f"zhendema-{datetime.now(UTC):%Y%m%d-%H%M%S}.sqlite3")
    holds = save(file_of(settings.database_url), target)
    _say(f"{target}: backup of the bot's record, {_described(holds)}")
    _say(
        "Not in it: messages that wait or were given up (inbox, dead letters), half-filled sheets (drafts), the secret."
    )
    _say(f"Keep the secret (id {holds.key_id or 'none yet'}) apart from it: {_place(settings)}.")
    _say("Without the secret the backup cannot be used.")
    return 0


def restore(environ: Mapping[str, str], name: str) -> int:
    """Put a backup in the place of the database, which is kept under another name; the exit status.

    Raises:
        ZhendemaError: Nothing was changed; the message is one line with the mend.
    """
    settings = settings_without_token(environ)
    target = file_of(settings.database_url)
    done = asyncio.run(put_back(Path(name), target, _secret(settings).key_id, datetime.now(UTC)))
    _say(f"{target}: restored from {name}, {_described(done.holds)}")
    if done.kept:
        _say(f"The database that was there is kept as {done.kept}. It may hold messages: delete it once all is well.")
    _say("People who used /forget after the backup was made are in it again.")
    return 0


def secret_file(settings: Settings) -> Path:
    """Where the secret is unless a variable holds it."""
    return settings.state_dir / "secret"


def _secret(settings: Settings) -> Secret:
    path = secret_file(settings)
    if settings.secret is None and not path.exists():
        # One made anew would fit no backup, and be in the way of the right one.
        raise SettingsError(f"there is no secret: put the secret file back to {path} or set ZHENDEMA_SECRET")
    return Secret.load(settings.secret, path)


def _place(settings: Settings) -> str:
    return "the variable ZHENDEMA_SECRET" if settings.secret else str(secret_file(settings))


def _described(holds: Holds) -> str:
    counts = ", ".join(f"{count} {_plural(name, count)}" for name, count in holds.counts.items() if count) or "empty"
    return f"{holds.size / 1e6:.1f} MB, schema {holds.schema}: {counts}"


def _plural(name: str, count: int) -> str:
    return name if count == 1 else f"{name}s"


def _say(line: str) -> None:
    print(line)  # noqa: T201
