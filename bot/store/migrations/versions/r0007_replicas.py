"""Who works on the database, and whose chat is whose; filled on PostgreSQL alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HASH = sa.String(22)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "replica",
        sa.Column("holder", _HASH, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("holder", name="pk_replica"),
    )
    op.create_table(
        "chat_claim",
        sa.Column("queue", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("holder", _HASH, nullable=False),
        sa.PrimaryKeyConstraint("queue", name="pk_chat_claim"),
        sa.ForeignKeyConstraint(["holder"], ["replica.holder"], name="fk_chat_claim_holder", ondelete="CASCADE"),
    )
    op.create_index("ix_chat_claim_holder", "chat_claim", ["holder"])
