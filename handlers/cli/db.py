"""``zhendema db copy``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.errors import SettingsError
from bot.store.copying import copy as copy_all

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.store.plain import Sum

TARGET = "ZHENDEMA_DATABASE_URL"


def copy(environ: Mapping[str, str], source: str, target: str | None) -> int:
    """Copy the record from SQLite to PostgreSQL and tell of every table; the exit status.

    Raises:
        ZhendemaError: It is not done; the message is one line with the mend. Another call goes on from there.
    """
    target = target or environ.get(TARGET, "").strip()
    if not target:
        raise SettingsError(f"no target: name one, or set {TARGET} to a PostgreSQL database")
    key_id = asyncio.run(copy_all(source, target, _tell))
    _say("Both sides hold the same. The source was left as it is: it holds messages, so delete it once all is well.")
    _say(f"Now set {TARGET} to the new database, and ZHENDEMA_SECRET to the secret with id {key_id or 'none yet'}:")
    _say("the variable's value as it was, or else what stands in the file `secret` beside the old database.")
    return 0


def _tell(table: str, found: Sum) -> None:
    rows = "row" if found.rows == 1 else "rows"
    _say(f"{table}: {found.rows} {rows}, checksum {found.checksum} on both sides")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201
