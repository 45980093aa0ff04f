"""What was said of claims, as it was stored, and whether it still counts."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from claimwatch.core.ledger import Evidence
from claimwatch.core.model import Stance
from claimwatch.core.origins import SameOrigin, counted_as
from claimwatch.core.work import ALERTED
from claimwatch.storage.schema import claims, evidence, matches, retractions, same_origins


def read_evidence(c: sa.Connection, names: Collection[str]) -> dict[str, list[Evidence]]:
    """Return all evidence on these claims' current wording, oldest first; what was retracted is marked."""
    found: dict[str, list[Evidence]] = {name: [] for name in names}
    told = sa.exists().where(
        matches.c.item == evidence.c.item,
        matches.c.revision == evidence.c.item_revision,
        matches.c.gate.startswith(f"{ALERTED} "),
    )
    query = (
        sa.select(evidence, told.label("told"), retracted().label("retracted"))
        .join(
            claims,
            sa.and_(claims.c.id == evidence.c.claim, claims.c.revision == evidence.c.claim_revision),
        )
        .where(evidence.c.claim.in_(names))
        .order_by(evidence.c.id)
    )
    merges = read_same_origins(c, names)
    for row in c.execute(query):
        found[row.claim].append(
            Evidence(
                claim=row.claim, item=row.item, item_revision=row.item_revision,
                stance=Stance(row.stance), origin=row.origin, outlet=row.outlet, at=row.at,
                figure=row.figure, reprint_of=row.reprint_of, wire=row.wire,
                own_reporting=row.own_reporting, told=bool(row.told), retracted=bool(row.retracted),
                same_as=counted_as(row.origin, merges.get(row.claim, ())),
            )
        )  # fmt: skip
    return found


def read_same_origins(c: sa.Connection, names: Collection[str] | None = None) -> dict[str, list[SameOrigin]]:
    """Return which origins of these claims (of all, without `names`) people know to be one, oldest first."""
    query = sa.select(same_origins).where(same_origins.c.lifted_at.is_(None)).order_by(same_origins.c.id)
    if names is not None:
        query = query.where(same_origins.c.claim.in_(names))
    found: dict[str, list[SameOrigin]] = {}
    for row in c.execute(query):
        merge = SameOrigin(row.claim, row.origin, row.same_as, row.by, row.at, row.note)
        found.setdefault(row.claim, []).append(merge)
    return found


def retracted() -> sa.ColumnElement[bool]:
    """Return whether a row of evidence was taken back itself."""
    return sa.exists().where(
        retractions.c.claim == evidence.c.claim,
        retractions.c.item == evidence.c.item,
        retractions.c.item_revision == evidence.c.item_revision,
        retractions.c.lifted_at.is_(None),
    )


def counts() -> sa.ColumnElement[bool]:
    """Return whether a row of evidence still counts: neither it nor what it reprints was taken back."""
    gone = sa.exists().where(
        retractions.c.claim == evidence.c.claim,
        retractions.c.item.in_((evidence.c.item, evidence.c.reprint_of)),
        retractions.c.lifted_at.is_(None),
        sa.or_(
            retractions.c.item == evidence.c.reprint_of,
            retractions.c.item_revision == evidence.c.item_revision,
        ),
    )
    return ~gone
