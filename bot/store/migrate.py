"""Brings a database to the newest schema. The steps are in ``migrations/versions``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection

FOLDER = Path(__file__).resolve().parent / "migrations"
_LOCK = 0x7A68656E64656D61  # "zhendema": the key of PostgreSQL's advisory lock


def config() -> Config:
    """Alembic's settings, found relative to this file so that an installed wheel works from anywhere."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    return made


@cache
def versions() -> tuple[str, ...]:
    """All versions of the schema, the newest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def upgrade(connection: Connection, name: str) -> None:
    """Migrate within the caller's transaction: all steps are done or none.

    Raises:
        StoreError: The database was written by a newer version.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    known = versions()
    current = MigrationContext.configure(connection).get_current_heads()
    strange = [revision for revision in current if revision not in known]
    if strange:
        raise StoreError(
            f"the database {name} was written by a newer zhendema (schema {strange[0]}): "
            "install that version again, or restore a backup made before it",
        )
    if current == known[:1]:
        return
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, "head")
