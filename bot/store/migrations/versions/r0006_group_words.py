"""Indexes for groups' reports, of words alone, and one of what was undone in place of one that held mostly nulls."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_WORD = sa.text("kind IN ('report', 'correction')")
_UNDONE = sa.text("target IS NOT NULL")
_AT = ["chat_id", "kind", "at", "fingerprint"]
_ON = ["chat_id", "fingerprint", "at", "kind", "person", "admin", "level"]


def upgrade() -> None:
    """Make the indexes."""
    op.create_index("ix_event_word_at", "event", _AT, sqlite_where=_WORD, postgresql_where=_WORD)
    op.create_index("ix_event_word_on", "event", _ON, sqlite_where=_WORD, postgresql_where=_WORD)
    op.create_index("ix_event_undone", "event", ["target"], sqlite_where=_UNDONE, postgresql_where=_UNDONE)
    op.drop_index("ix_event_target", "event")
