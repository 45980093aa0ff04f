"""Reports that their publishers took back: their evidence stops counting, their readers are told."""

from __future__ import annotations

import sqlalchemy as sa

from claimwatch.core.publisher import Withdrawal, withdraw
from claimwatch.storage.judging import case_of, store_ruling
from claimwatch.storage.portable import json_length
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import alerts, retractions
from claimwatch.storage.settling import move_status


def store_withdrawal(c: sa.Connection, of: Withdrawal) -> None:
    """Store it with what follows for each alert of the reports; summaries of a first poll are left alone."""
    query = (
        sa.select(alerts.c.fingerprint, alerts.c.body)
        .where(
            alerts.c.item.in_({item for _, item, _ in of.back.pieces}),
            alerts.c.created_at < of.at,
            alerts.c.code.not_like("%-%"),
            json_length(alerts.c.body, "entries") == 0,
        )
        .order_by(alerts.c.created_at)
    )
    for row in c.execute(query).all():
        case = case_of(c, ALERT.validate_python(row.body), None)
        if (ruling := withdraw(case, of)) is not None:
            store_ruling(c, case.alert, ruling, of.at)
    for claim, item, revision in of.back.pieces:
        c.execute(
            sa.insert(retractions).values(
                claim=claim, item=item, item_revision=revision, alert=None, at=of.at
            )
        )
    for claim, status in of.statuses.items():
        move_status(c, claim, status, of.at)
