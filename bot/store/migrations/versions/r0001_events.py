"""The event log with its texts and indicators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "event",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String(22), nullable=False),
        sa.Column("person", sa.String(22)),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("place", sa.String(22)),
        sa.Column("admin", sa.Boolean, nullable=False),
        sa.Column("check_id", sa.String(22)),
        sa.Column("fingerprint", sa.String(22)),
        sa.Column("level", sa.String(16)),
        sa.Column("score", sa.Float),
        sa.Column("category", sa.String(64)),
        sa.Column("institution", sa.String(64)),
        sa.Column("rules", sa.Text),
        sa.Column("claim", sa.String(22)),
        sa.Column("target", _ID),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.ForeignKeyConstraint(["target"], ["event.id"], name="fk_event_target"),
        sa.UniqueConstraint("source", name="uq_event_source"),
        sa.UniqueConstraint("claim", name="uq_event_claim"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_check_id_kind", "event", ["check_id", "kind"])
    op.create_index("ix_event_fingerprint_kind_person", "event", ["fingerprint", "kind", "person"])
    op.create_index("ix_event_person_kind_at", "event", ["person", "kind", "at"])
    op.create_index("ix_event_chat_id_kind_at", "event", ["chat_id", "kind", "at"])
    op.create_index("ix_event_target", "event", ["target"])
    op.create_table(
        "report_text",
        sa.Column("event_id", _ID, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("event_id", name="pk_report_text"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_report_text_event_id"),
    )
    op.create_table(
        "indicator",
        sa.Column("event_id", _ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("value", sa.String(255), nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "kind", "value", name="pk_indicator"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_indicator_event_id"),
    )
    op.create_index("ix_indicator_kind_value", "indicator", ["kind", "value"])
    op.create_table(
        "meta",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_meta"),
    )
