"""All that is stored of one item: how it was matched, what was said of claims, what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from claimwatch.core.model import Alert, Assessment, Item, Match
from claimwatch.core.origins import SameOrigin, same_origin
from claimwatch.storage.database import Database
from claimwatch.storage.rows import ALERT, ASSESSMENT, ITEM_COLUMNS, MATCH_COLUMNS, to_item, to_match
from claimwatch.storage.schema import alerts, edits, evidence, items, matches, same_origins


@dataclass(frozen=True, slots=True)
class MatchedThen:
    """One match of one revision, and what became of it: `gate` is None while it waits."""

    revision: int
    match: Match
    mode: str
    matched_at: datetime
    assessed_at: datetime | None
    gate: str | None


@dataclass(frozen=True, slots=True)
class SaidThen:
    """What one revision said of a claim, and who was behind it."""

    claim: str
    claim_revision: int
    revision: int
    origin: str
    outlet: str
    reprint_of: int | None
    assessment: Assessment
    at: datetime
    merges: tuple[SameOrigin, ...] = ()  # what people said of the origin, undone or not


@dataclass(frozen=True, slots=True)
class EditedThen:
    """A later text of the item, and in words what changed."""

    revision: int
    changed: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Life:
    """An item and what became of it, oldest first."""

    id: int
    feed: str
    revision: int
    item: Item
    first_seen_at: datetime
    matched: tuple[MatchedThen, ...]
    said: tuple[SaidThen, ...]
    alerts: tuple[Alert, ...]  # those that tell it, alone or in a summary
    reprints: tuple[int, ...]  # later items that were counted as the same text
    edits: tuple[EditedThen, ...] = ()


class SqlLives:
    """Finds items by their number, address or the feed's own id. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, name: str) -> list[int]:
        """Return the numbers of the items that `name` may mean, the latest first."""
        address = name.split("#", 1)[0].rstrip("/")
        asked = [items.c.entry_id == name]
        if name.isascii() and name.isdigit() and len(name) < 10:  # PostgreSQL's integers end at 2**31
            asked.append(items.c.id == int(name))
        if "://" in name:
            asked += [items.c.url.in_([name, address, f"{address}/"])]
        with self._database.read() as c:
            return list(
                c.execute(sa.select(items.c.id).where(sa.or_(*asked)).order_by(-items.c.id)).scalars()
            )

    def life(self, number: int) -> Life | None:
        """Return what is stored of an item, None when there is none of that number."""
        with self._database.read() as c:
            row = c.execute(
                sa.select(
                    items.c.id, items.c.feed, items.c.revision, items.c.first_seen_at, *ITEM_COLUMNS
                ).where(items.c.id == number)
            ).one_or_none()
            if row is None:
                return None
            matched: Any = c.execute(
                sa.select(
                    *MATCH_COLUMNS, matches.c.revision, matches.c.mode, matches.c.matched_at,
                    matches.c.assessed_at, matches.c.gate,
                )
                .where(matches.c.item == number)
                .order_by(matches.c.revision, matches.c.score.desc(), matches.c.topic)
            ).all()  # fmt: skip
            said = c.execute(
                sa.select(evidence).where(evidence.c.item == number).order_by(evidence.c.id)
            ).all()
            merged = sa.select(same_origins).where(same_origins.c.claim.in_({s.claim for s in said}))
            merges = [
                SameOrigin(m.claim, m.origin, m.same_as, m.by, m.at, m.note, m.lifted_at, m.lifted_by)
                for m in c.execute(merged.order_by(same_origins.c.id))
            ]
            # a summary is stored in the same moment as the findings it sums up
            moments = {m.assessed_at for m in matched if m.assessed_at is not None}
            told = c.execute(
                sa.select(alerts.c.body)
                .where(sa.or_(alerts.c.item == number, alerts.c.created_at.in_(moments)))
                .order_by(alerts.c.created_at)
            ).scalars()
            bodies = [ALERT.validate_python(body) for body in told]
            edited = c.execute(
                sa.select(edits.c.revision, edits.c.changed, edits.c.seen_at)
                .where(edits.c.item == number)
                .order_by(edits.c.id)
            ).all()
            reprints = set(
                c.execute(
                    sa.select(evidence.c.item).where(
                        evidence.c.reprint_of == number, evidence.c.item != number
                    )
                ).scalars()
            ) | set(
                c.execute(
                    sa.select(matches.c.item).where(matches.c.gate == f"reprint of item {number}")
                ).scalars()
            )
        return Life(
            id=row.id,
            feed=row.feed,
            revision=row.revision,
            item=to_item(row),
            first_seen_at=row.first_seen_at,
            matched=tuple(
                MatchedThen(m.revision, to_match(m), m.mode, m.matched_at, m.assessed_at, m.gate)
                for m in matched
            ),
            said=tuple(
                SaidThen(
                    s.claim, s.claim_revision, s.item_revision, s.origin, s.outlet, s.reprint_of,
                    ASSESSMENT.validate_python(s.assessment), s.at,
                    tuple(m for m in merges if m.claim == s.claim and same_origin(m.origin, s.origin)),
                )
                for s in said
            ),
            alerts=tuple(alert for alert in bodies if _tells(alert, number)),
            reprints=tuple(sorted(reprints)),
            edits=tuple(EditedThen(*row) for row in edited),
        )  # fmt: skip


def _tells(alert: Alert, number: int) -> bool:
    return number in {alert.report.item, *(entry.report.item for entry in alert.entries)}
