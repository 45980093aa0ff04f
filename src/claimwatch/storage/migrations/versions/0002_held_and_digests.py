"""Deliveries may be held back; routes may have a digest."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add why a delivery was held, and until when each digest has told."""
    op.add_column("deliveries", sa.Column("held", sa.String(), nullable=True))
    op.create_table(
        "digests",
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("told_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("route", name=op.f("pk_digests")),
    )
