"""What was said of claims, as it was stored, and whether it still counts."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from claimwatch.core.ledger import Evidence
from claimwatch.core.model import Stance
from claimwatch.core.origins import SameOrigin, counted_as
from claimwatch.core.work import ALERTED
from claimwatch.storage.schema import claims, evidence, matches, retractions, same_origins

RECENT = 1000  # rows of a claim that are read one by one; of older ones each voice's first and last
_READ = [
    column
    for column in evidence.c
    if column.key
    not in ("id", "claim_revision", "assessment")  # the assessment is large, and asked elsewhere
]


def read_evidence(
    c: sa.Connection, names: Collection[str], *, items: Collection[int] = ()
) -> dict[str, list[Evidence]]:
    """Return the evidence on these claims' current wording, oldest first; what was retracted is marked.

    Of a claim with more than RECENT rows the latest ones, all of `items`, and of the older ones the first and
    the last of each stance, origin, outlet and figure: what is computed from it stays, the rows do not.
    """
    found: dict[str, list[Evidence]] = {name: [] for name in names}
    told = sa.exists().where(
        matches.c.item == evidence.c.item,
        matches.c.revision == evidence.c.item_revision,
        matches.c.gate.startswith(f"{ALERTED} "),
    )
    merges = read_same_origins(c, names)
    current = sa.select(claims.c.id, claims.c.revision).where(claims.c.id.in_(names))
    for name, revision in c.execute(current).all():
        query = (
            sa.select(*_READ, told.label("told"), retracted().label("retracted"))
            .where(evidence.c.claim == name, evidence.c.claim_revision == revision)
            .order_by(evidence.c.id)
        )
        if (since := _recent_since(c, name, revision)) is not None:
            older = _first_and_last(c, name, revision, since)
            query = query.where(
                sa.or_(evidence.c.id >= since, evidence.c.id.in_(older), evidence.c.item.in_(list(items)))
            )
        for row in c.execute(query):
            found[name].append(
                Evidence(
                    claim=row.claim, item=row.item, item_revision=row.item_revision,
                    stance=Stance(row.stance), origin=row.origin, outlet=row.outlet, at=row.at,
                    figure=row.figure, reprint_of=row.reprint_of, wire=row.wire,
                    own_reporting=row.own_reporting, told=bool(row.told), retracted=bool(row.retracted),
                    same_as=counted_as(row.origin, merges.get(name, ())),
                )
            )  # fmt: skip
    return found


def _recent_since(c: sa.Connection, name: str, revision: int) -> int | None:
    """Return where the RECENT latest rows of a claim begin, None where it has no more than that."""
    latest = (
        sa.select(evidence.c.id)
        .where(evidence.c.claim == name, evidence.c.claim_revision == revision)
        .order_by(evidence.c.id.desc())
        .limit(2)
        .offset(RECENT - 1)
    )
    rows = c.execute(latest).scalars().all()
    return rows[0] if len(rows) == 2 else None


def _first_and_last(c: sa.Connection, name: str, revision: int, before: int) -> set[int]:
    """Return the first and the last row of each voice among a claim's older rows that count."""
    gone = sa.select(retractions.c.item).where(retractions.c.claim == name, retractions.c.lifted_at.is_(None))
    query = (
        sa.select(sa.func.min(evidence.c.id), sa.func.max(evidence.c.id))
        .where(
            evidence.c.claim == name,
            evidence.c.claim_revision == revision,
            evidence.c.id < before,
            evidence.c.item.not_in(gone),
            sa.func.coalesce(evidence.c.reprint_of, 0).not_in(gone),
        )
        .group_by(evidence.c.stance, evidence.c.origin, evidence.c.outlet, evidence.c.figure)
    )
    return {number for row in c.execute(query) for number in row}


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
