"""The inbox, leases, what owners decided, and counts in place of old events."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_HASH = sa.String(22)
_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    _inbox()
    op.create_table(
        "lease",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("holder", _HASH, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "review",
        sa.Column("event_id", _ID, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(8), nullable=False),
        sa.Column("person", _HASH, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_review"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_review_event_id"),
    )
    op.create_table(
        "mute",
        sa.Column("person", _HASH, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_mute"),
    )
    op.create_table(
        "event_count",
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("institution", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("month", "kind", "chat_id", "level", "category", "institution", name="pk_event_count"),
    )
    op.create_index("ix_event_kind_level_id", "event", ["kind", "level", "id"])
    op.create_index("ix_event_at", "event", ["at"])


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("queue", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger),
        sa.Column("body", sa.Text),
        sa.Column("state", sa.String(4), nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("starts", sa.Integer, nullable=False),
        sa.Column("errors", sa.Integer, nullable=False),
        sa.Column("error", sa.String(64)),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_state_update_id", "inbox", ["state", "update_id"])
    op.create_index("ix_inbox_ended_at", "inbox", ["ended_at"])
