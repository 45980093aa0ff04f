"""Messages on one claim form a thread at each address; what was sent may be sent again and edited."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add to each delivery its thread, how often it was sent again, and the reprints its message tells of."""
    op.add_column("deliveries", sa.Column("thread", sa.String()))
    op.add_column("deliveries", sa.Column("resent", sa.Integer(), server_default="0", nullable=False))
    op.add_column("deliveries", sa.Column("reprints", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_deliveries_thread", "deliveries", ["thread", "settled_at"])
    op.create_index("ix_deliveries_receiver", "deliveries", ["receiver", "state", "settled_at"])
