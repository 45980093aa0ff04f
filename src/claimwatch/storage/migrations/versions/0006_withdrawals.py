"""Evidence is retracted by its publisher too, not only by a judgement."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """A retraction need not name an alert."""
    with op.batch_alter_table("retractions") as batch:
        batch.alter_column("alert", existing_type=sa.String(), nullable=True)
