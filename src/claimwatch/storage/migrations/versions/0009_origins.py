"""What tells origins apart: agencies, own reporting, and people who know that two are one."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Evidence says whether an agency is behind it and whether a reprint adds reporting; people merge origins."""
    with op.batch_alter_table("evidence") as batch:
        batch.add_column(sa.Column("wire", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch.add_column(sa.Column("own_reporting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_alerts_item"), "alerts", ["item"])
    op.create_table(
        "same_origins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("same_as", sa.String(), nullable=False),
        sa.Column("alert", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alerts.fingerprint"], name=op.f("fk_same_origins_alert")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_same_origins")),
    )
    op.create_index(op.f("ix_same_origins_claim"), "same_origins", ["claim"])
