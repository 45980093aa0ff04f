"""A claim's evidence is read in bounded time, however much there is."""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add what finds the latest rows of a claim, and each voice among the older ones."""
    op.create_index(
        "ix_evidence_voices",
        "evidence",
        ["claim", "claim_revision", "stance", "origin", "outlet", "figure", "id", "item", "reprint_of"],
    )
    op.create_index("ix_evidence_recent", "evidence", ["claim", "claim_revision", "id"])
