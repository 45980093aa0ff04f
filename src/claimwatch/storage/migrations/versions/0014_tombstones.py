"""Items may be deleted after a time; their keys stay known."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add what is left of deleted items; index what items that rest on others are found by."""
    op.create_table(
        "tombstones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("feed", "key", name=op.f("uq_tombstones_feed_key")),
    )
    op.create_index("ix_evidence_reprint_of", "evidence", ["reprint_of"], unique=False)
