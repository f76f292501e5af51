"""What groups chose, where people were seen as admins, who agreed to shared trends; reports that confirm nothing."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_HASH = sa.String(22)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "group_settings",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("auto_check", sa.Boolean, nullable=False),
        sa.Column("weekly", sa.Boolean, nullable=False),
        sa.Column("confirmers", sa.String(8), nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("moved_to", sa.BigInteger),
        sa.PrimaryKeyConstraint("chat_id", name="pk_group_settings"),
    )
    op.create_table(
        "group_admin",
        sa.Column("person", _HASH, nullable=False),
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person", "chat_id", name="pk_group_admin"),
    )
    op.create_index("ix_group_admin_chat_id", "group_admin", ["chat_id"])
    op.create_table(
        "consent",
        sa.Column("person", _HASH, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_consent"),
    )
    op.create_table(
        "spent",
        sa.Column("person", _HASH, nullable=False),
        sa.Column("reports", sa.Integer, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_spent"),
    )
    op.create_index("ix_spent_until", "spent", ["until"])
    op.add_column("event", sa.Column("guarded", sa.Boolean))
