"""What is left of a deleted item says which words it had."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the hash: an id that is used for another story is known by it."""
    op.add_column("tombstones", sa.Column("hash", sa.String(), nullable=False, server_default=""))
