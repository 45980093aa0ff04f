"""Where feeds moved to."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("feeds") as batch:
        batch.add_column(sa.Column("address", sa.String(), nullable=True))
        batch.add_column(sa.Column("moved_of", sa.String(), nullable=True))
        batch.add_column(sa.Column("moved_to", sa.String(), nullable=True))
        batch.add_column(sa.Column("moved_polls", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("moved_since_at", sa.DateTime(timezone=True), nullable=True))
