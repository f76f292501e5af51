"""Run by Alembic: applies the steps on the connection that ``bot.store.migrate`` gives."""

from __future__ import annotations

from alembic import context

from bot.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # on SQLite too: its writer's BEGIN is ours, so a half-done step is rolled back
    render_as_batch=True,
)
context.run_migrations()
