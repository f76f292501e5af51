"""Bands of reported texts, by which near copies are found.

Reports made before have none: their bands would have to be made from the whole text, of which only the redacted
one was kept, and under the secret, which no migration sees. Their votes still count for exact copies, and for
near copies from the next report of an exact copy on, since votes are counted by text and not by report.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "likeness",
        sa.Column("event_id", _ID, autoincrement=False, nullable=False),
        sa.Column("band", sa.BigInteger, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("event_id", "band", name="pk_likeness"),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_likeness_event_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_likeness_band_event_id", "likeness", ["band", "event_id"])
