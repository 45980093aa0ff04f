"""What people closed, and the status of claims: the one a person gave stays until a person takes it back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.ledger import standing
from claimwatch.core.model import Alert, Claim, Relation
from claimwatch.core.settling import (
    OPEN,
    STATUSES,
    Settlement,
    end_fingerprint,
    ended_alert,
    settled_alert,
    status_of,
)
from claimwatch.storage.alerts import store_alert
from claimwatch.storage.database import Database
from claimwatch.storage.evidence import read_evidence
from claimwatch.storage.schema import alerts, claims, settlements


class SqlSettlingStore:
    """Closing claims, also beside a daemon that runs: its lock is not needed. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def settle(self, claim: Claim, status: str, by: str, at: datetime, *, note: str = "") -> Alert:
        """Close a claim as `settled-true` or `settled-false`, or open it again ("open"); append-only.

        Return the SETTLED alert, which the next digest tells. Raises: ValueError for another status;
        LookupError when no daemon has stored the claim yet.
        """
        if status not in STATUSES:
            raise ValueError(f"a claim is settled as {', '.join(STATUSES)}, not {status!r}")
        settlement = Settlement(claim.id, status, by, at, note)
        with self._database.write() as c:
            row = c.execute(sa.select(claims).where(claims.c.id == claim.id)).first()
            if row is None:
                raise LookupError(claim.id)
            c.execute(
                sa.insert(settlements).values(
                    claim=claim.id, claim_revision=row.revision, status=status, by=by, at=at, note=note
                )
            )
            evidence = read_evidence(c, [claim.id])[claim.id]
            now = standing(claim, evidence, settled=None if status == OPEN else status)
            c.execute(
                sa.update(claims).where(claims.c.id == claim.id).values(status=now.status, status_at=at)
            )
            alert = settled_alert(claim, settlement, now=now, was=row.status)
            store_alert(c, alert, ())
        return alert

    def settled(self) -> dict[str, Settlement]:
        """Return what people said last of the claims' current wording."""
        with self._database.read() as c:
            return read_settlements(c)


def read_settlements(c: sa.Connection, names: Collection[str] | None = None) -> dict[str, Settlement]:
    """Return what people said last of these claims' current wording; of all claims without `names`."""
    query = (
        sa.select(settlements)
        .join(
            claims,
            sa.and_(claims.c.id == settlements.c.claim, claims.c.revision == settlements.c.claim_revision),
        )
        .order_by(settlements.c.id)
    )
    if names is not None:
        query = query.where(settlements.c.claim.in_(names))
    return {
        row.claim: Settlement(row.claim, row.status, row.by, row.at, row.note) for row in c.execute(query)
    }


def move_status(c: sa.Connection, claim: str, status: str, at: datetime) -> None:
    """Store the status that follows from evidence; what a person settled stays."""
    c.execute(
        sa.update(claims)
        .where(claims.c.id == claim, claims.c.status != status, claims.c.status.not_like("settled-%"))
        .values(status=status, status_at=at)
    )


def unasked(c: sa.Connection, over: Collection[Claim]) -> list[Claim]:
    """Return which of these claims, whose time is over, nobody settled or was asked about yet."""
    names = [claim.id for claim in over]
    asked = sa.select(alerts.c.fingerprint).where(
        alerts.c.relation == Relation.SETTLED.value, alerts.c.claim.in_(names)
    )
    told, settled = set(c.execute(asked).scalars()), read_settlements(c, names)
    return [x for x in over if status_of(x.id, settled) is None and end_fingerprint(x) not in told]


def store_ends(c: sa.Connection, over: Collection[Claim], at: datetime) -> list[Alert]:
    """Have the digest ask how these claims ended."""
    evidence = read_evidence(c, [claim.id for claim in over])
    raised = [ended_alert(each, at=at, now=standing(each, evidence[each.id])) for each in over]
    for alert in raised:
        store_alert(c, alert, ())
    return raised
