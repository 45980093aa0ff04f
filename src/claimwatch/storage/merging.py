"""Origins that people merge and split, stored with all that follows in one short transaction; append-only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.ledger import standing
from claimwatch.core.merging import Change, known_origins, rule_on
from claimwatch.core.model import Alert, Claim, Standing
from claimwatch.core.origins import SameOrigin
from claimwatch.core.settling import status_of
from claimwatch.storage.database import Database
from claimwatch.storage.evidence import read_evidence
from claimwatch.storage.judging import case_of, store_ruling
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import alerts, evidence, same_origins
from claimwatch.storage.settling import move_status, read_settlements


@dataclass(frozen=True, slots=True)
class Moved:
    """What a merge or a split led to: the claim's standing, and the corrections with how many they go to."""

    before: Standing
    after: Standing
    corrections: tuple[tuple[Alert, int], ...]


class SqlMergingStore:
    """Merges, also beside a daemon that runs: its lock is not needed. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def origin(self, alert: Alert) -> str | None:
        """Return the origin of an alert's report, as it was found; None where it has none."""
        query = (
            sa.select(evidence.c.origin)
            .where(
                evidence.c.item == alert.report.item,
                evidence.c.claim == (alert.claim.id if alert.claim else None),
            )
            .order_by(evidence.c.id.desc())
        )
        with self._database.read() as c:
            return c.execute(query).scalars().first()

    def origins(self, claim: Claim) -> list[str]:
        """Return the claim's origins by the names they are counted under."""
        with self._database.read() as c:
            return known_origins(claim, read_evidence(c, [claim.id])[claim.id])

    def merge(self, alert: Alert, claim: Claim, merge: SameOrigin) -> Moved:
        """Store that the origin of an alert is no other than one that was counted before."""
        with self._database.write() as c:
            before = read_evidence(c, [claim.id])[claim.id]
            c.execute(
                sa.insert(same_origins).values(
                    claim=claim.id, origin=merge.origin, same_as=merge.same_as, alert=alert.fingerprint,
                    by=merge.by, at=merge.at, note=merge.note,
                )
            )  # fmt: skip
            return _follow(c, [Change(merge, claim, before, read_evidence(c, [claim.id])[claim.id])])

    def split(self, alert: Alert, claim: Claim, by: str, at: datetime, *, note: str = "") -> Moved | None:
        """Undo what was merged by an alert's code; None when nothing was."""
        with self._database.write() as c:
            ours = (same_origins.c.alert == alert.fingerprint) & same_origins.c.lifted_at.is_(None)
            rows = c.execute(sa.select(same_origins).where(ours).order_by(same_origins.c.id)).all()
            if not rows:
                return None
            before = read_evidence(c, [claim.id])[claim.id]
            c.execute(sa.update(same_origins).where(ours).values(lifted_at=at, lifted_by=by))
            after = read_evidence(c, [claim.id])[claim.id]
            lifted = [
                SameOrigin(claim.id, r.origin, r.same_as, r.by, r.at, note, lifted_at=at, lifted_by=by)
                for r in rows
            ]
            return _follow(c, [Change(merge, claim, before, after) for merge in lifted])


def _follow(c: sa.Connection, changes: Sequence[Change]) -> Moved:
    """Store the claim's new standing and tell those who got alerts that say another thing now."""
    last = changes[-1]
    claim, at = last.claim, last.merge.lifted_at or last.merge.at
    settled = status_of(claim.id, read_settlements(c, [claim.id]))
    told = []
    for alert in _alerts_of(c, changes):
        case = replace(case_of(c, alert, None), settled=read_settlements(c, [claim.id]))
        ruling = next(filter(None, (rule_on(case, change) for change in changes)), None)
        if ruling is not None and ruling.alert is not None:
            store_ruling(c, alert, ruling, at)
            told.append((ruling.alert, len(ruling.deliveries)))
    after = standing(claim, last.after, settled=settled)
    move_status(c, claim.id, after.status, at)
    return Moved(standing(claim, last.before, settled=settled), after, tuple(told))


def _alerts_of(c: sa.Connection, changes: Iterable[Change]) -> list[Alert]:
    """Return the alerts, and the summaries, that told the claim's evidence: stored in the same moment."""
    moments = {piece.at for change in changes for piece in change.after if piece.told}
    query = (
        sa.select(alerts.c.body)
        .where(alerts.c.created_at.in_(moments), alerts.c.code.not_like("%-%"))
        .order_by(alerts.c.created_at)
    )
    return [ALERT.validate_python(row.body) for row in c.execute(query)]
