"""Reports that their publishers took back: their evidence stops counting, their readers are told."""

from __future__ import annotations

import sqlalchemy as sa

from claimwatch.core.model import Alert
from claimwatch.core.publisher import Withdrawal, lines_of, withdraw
from claimwatch.storage.judging import case_of, store_ruling
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import alerts, retractions
from claimwatch.storage.settling import move_status


def store_withdrawal(c: sa.Connection, of: Withdrawal) -> None:
    """Store it with what follows for each alert that told of the reports, alone or in a summary."""
    for alert in _alerts_of(c, of):
        for line in lines_of(alert, of):
            case = case_of(c, alert, line.number)
            if (ruling := withdraw(case, of, line)) is not None:
                store_ruling(c, alert, ruling, of.at)
    for claim, item, revision in of.back.pieces:
        c.execute(
            sa.insert(retractions).values(
                claim=claim, item=item, item_revision=revision, alert=None, at=of.at
            )
        )
    for claim, status in of.statuses.items():
        move_status(c, claim, status, of.at)


def _alerts_of(c: sa.Connection, of: Withdrawal) -> list[Alert]:
    """Return the alerts of what was taken back; a summary is stored in the same moment as its evidence."""
    moments = {
        piece.at
        for pieces in of.evidence.values()
        for piece in pieces
        if (piece.claim, piece.item, piece.item_revision) in of.back.pieces
    }
    query = (
        sa.select(alerts.c.body)
        .where(
            sa.or_(
                alerts.c.item.in_({item for _, item, _ in of.back.pieces}), alerts.c.created_at.in_(moments)
            ),
            alerts.c.created_at < of.at,
            alerts.c.code.not_like("%-%"),
        )
        .order_by(alerts.c.created_at)
    )
    return [ALERT.validate_python(row.body) for row in c.execute(query)]
