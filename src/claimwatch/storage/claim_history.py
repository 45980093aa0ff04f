"""What was said of one claim, item by item, and which alert told it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.model import Assessment
from claimwatch.storage.database import Database
from claimwatch.storage.evidence import counts
from claimwatch.storage.rows import ALERT, ASSESSMENT
from claimwatch.storage.schema import alerts, claims, evidence, items, matches


@dataclass(frozen=True, slots=True)
class SaidOfClaim:
    """What the latest text of one item says of a claim. `alert` is the code that told it, if one did."""

    item: int
    outlet: str
    origin: str
    title: str
    url: str | None
    at: datetime  # published or, without a date, seen
    assessment: Assessment
    reprint_of: int | None
    counts: bool
    alert: str | None


@dataclass(frozen=True, slots=True)
class ClaimHistory:
    """The claim's revision, since when it is followed, and what was said of its current and earlier texts."""

    revision: int
    added_at: datetime
    said: tuple[SaidOfClaim, ...]
    earlier: int  # pieces of evidence on earlier texts of the claim


def claim_history(database: Database, claim: str) -> ClaimHistory | None:
    """Return a claim's history, oldest evidence first; None while no daemon has stored the claim.

    Raises: StorageError.
    """
    with database.read() as c:
        stored = c.execute(sa.select(claims).where(claims.c.id == claim)).first()
        if stored is None:
            return None
        mine = evidence.c.claim == claim
        rows = c.execute(
            sa.select(
                evidence, items.c.title, items.c.url, items.c.published_at, items.c.first_seen_at,
                counts().label("counting"),
            )
            .join_from(evidence, items, evidence.c.item == items.c.id)
            .where(mine, evidence.c.claim_revision == stored.revision)
            .order_by(evidence.c.item, evidence.c.item_revision)
        ).all()  # fmt: skip
        latest = {row.item: row for row in rows}
        told = _told(c, list(latest))
        earlier = c.execute(
            sa.select(sa.func.count())
            .select_from(evidence)
            .where(mine, evidence.c.claim_revision < stored.revision)
        ).scalar_one()
    said = (
        SaidOfClaim(
            row.item, row.outlet, row.origin, row.title, row.url, row.published_at or row.first_seen_at,
            ASSESSMENT.validate_python(row.assessment), row.reprint_of, bool(row.counting), told.get(row.item),
        )
        for row in latest.values()
    )  # fmt: skip
    return ClaimHistory(stored.revision, stored.added_at, tuple(sorted(said, key=_when)), earlier)


def _when(said: SaidOfClaim) -> tuple[datetime, int]:
    return said.at, said.item


def _told(c: sa.Connection, numbers: list[int]) -> dict[int, str]:
    """Return the code of the first alert that tells each item, alone or in a summary."""
    # a summary is stored in the same moment as the findings it sums up
    moments = sa.select(matches.c.assessed_at).where(matches.c.item.in_(numbers))
    query = (
        sa.select(alerts.c.body)
        .where(sa.or_(alerts.c.item.in_(numbers), alerts.c.created_at.in_(moments)))
        .order_by(alerts.c.created_at)
    )
    told: dict[int, str] = {}
    for body in c.execute(query).scalars():
        alert = ALERT.validate_python(body)
        if alert.correction is None:
            for report in (alert.report, *(entry.report for entry in alert.entries)):
                if report.item is not None:
                    told.setdefault(report.item, alert.code)
    return told
