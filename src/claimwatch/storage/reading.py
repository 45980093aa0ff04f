"""What people ask to see: feeds, queues, alerts with their deliveries, claims with their status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.judging import Judgement
from claimwatch.core.model import Alert, PollState, Record, Relation
from claimwatch.core.websub import Subscription
from claimwatch.storage.database import Database
from claimwatch.storage.evidence import counts
from claimwatch.storage.judging import read_judgements
from claimwatch.storage.records import track_record
from claimwatch.storage.rows import ALERT, FEED_COLUMNS, to_state
from claimwatch.storage.schema import alerts, claims, deliveries, evidence, feeds, items, matches
from claimwatch.storage.subscribing import SqlSubscriptions


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one delivery: `state` is due, sent or dead."""

    receiver: str
    state: str
    due_at: datetime
    attempts: int
    answer: str | None
    error: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """An alert with its deliveries and what was said of it, oldest first."""

    alert: Alert
    deliveries: tuple[Sent, ...]
    judgements: tuple[Judgement, ...] = ()


@dataclass(frozen=True, slots=True)
class Queues:
    """How much waits, and for how long."""

    items: int
    matched: int
    to_assess: int
    alerts: int
    due: int
    oldest_due_at: datetime | None
    failing: int  # due deliveries that failed at least once
    sent: int
    dead: int


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim's status and what it rests on, by stance."""

    id: str
    revision: int
    status: str
    status_at: datetime | None
    stances: dict[str, int]


class SqlReader:
    """Read-only questions to the database. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def feeds(self) -> list[PollState]:
        with self._database.read() as c:
            return [to_state(row) for row in c.execute(sa.select(*FEED_COLUMNS).order_by(feeds.c.feed))]

    def subscriptions(self) -> list[Subscription]:
        """Return what hubs were asked to push."""
        return SqlSubscriptions(self._database).held()

    def queues(self) -> Queues:
        with self._database.read() as c:

            def count(table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
                return c.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one()

            due = deliveries.c.state == "due"
            return Queues(
                items=count(items),
                matched=c.execute(sa.select(sa.func.count(matches.c.item.distinct()))).scalar_one(),
                to_assess=count(matches, matches.c.assessed_at.is_(None)),
                alerts=count(alerts),
                due=count(deliveries, due),
                oldest_due_at=c.execute(sa.select(sa.func.min(deliveries.c.due_at)).where(due)).scalar(),
                failing=count(deliveries, due, deliveries.c.attempts > 0),
                sent=count(deliveries, deliveries.c.state == "sent"),
                dead=count(deliveries, deliveries.c.state == "dead"),
            )

    def failing_deliveries(self, limit: int = 20) -> list[Sent]:
        """Return deliveries that were refused for good or failed and wait, latest first."""
        query = (
            sa.select(deliveries)
            .where(
                sa.or_(deliveries.c.state == "dead", deliveries.c.attempts > 0), deliveries.c.state != "sent"
            )
            .order_by(deliveries.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as c:
            return [_sent(row) for row in c.execute(query)]

    def alerts(
        self,
        *,
        limit: int,
        relations: Collection[str] = (),
        topic: str | None = None,
        code: str | None = None,
    ) -> list[StoredAlert]:
        """Return the latest alerts first, narrowed down by what is given."""
        query = sa.select(alerts).order_by(alerts.c.created_at.desc(), alerts.c.fingerprint).limit(limit)
        if relations:
            query = query.where(alerts.c.relation.in_(relations))
        if topic:
            query = query.where(alerts.c.topic == topic)
        if code:
            query = query.where(sa.func.upper(alerts.c.code) == code.upper())
        with self._database.read() as c:
            found = c.execute(query).all()
            of_alert: dict[str, list[Sent]] = {row.fingerprint: [] for row in found}
            for row in c.execute(
                sa.select(deliveries)
                .where(deliveries.c.alert.in_(list(of_alert)))
                .order_by(deliveries.c.receiver)
            ):
                of_alert[row.alert].append(_sent(row))
            said = read_judgements(c, list(of_alert))
        return [
            StoredAlert(
                ALERT.validate_python(r.body), tuple(of_alert[r.fingerprint]), tuple(said[r.fingerprint])
            )
            for r in found
        ]

    def track_record(self) -> Mapping[Relation, Record]:
        """Return how often alerts of each relation were judged right."""
        with self._database.read() as c:
            return track_record(c)

    def claims(self) -> dict[str, ClaimRow]:
        """Return the claims by id; archived ones are left out."""
        with self._database.read() as c:
            stances: dict[str, Counter[str]] = {}
            for row in c.execute(
                sa.select(evidence.c.claim, evidence.c.stance, sa.func.count().label("n"))
                .join(
                    claims,
                    sa.and_(claims.c.id == evidence.c.claim, claims.c.revision == evidence.c.claim_revision),
                )
                .where(counts())
                .group_by(evidence.c.claim, evidence.c.stance)
            ):
                stances.setdefault(row.claim, Counter())[row.stance] = row.n
            return {
                row.id: ClaimRow(
                    row.id, row.revision, row.status, row.status_at, dict(stances.get(row.id, {}))
                )
                for row in c.execute(sa.select(claims).where(claims.c.archived_at.is_(None)))
            }

    def topic_counts(self) -> dict[str, int]:
        """Return how many items were found on each topic."""
        with self._database.read() as c:
            rows = c.execute(
                sa.select(matches.c.topic, sa.func.count(matches.c.item.distinct()).label("n")).group_by(
                    matches.c.topic
                )
            )
            return {row.topic: row.n for row in rows}


def _sent(row: sa.Row[tuple[object, ...]]) -> Sent:
    r = row._mapping
    return Sent(
        receiver=r["receiver"], state=r["state"], due_at=r["due_at"], attempts=r["attempts"],
        answer=r["answer"], error=r["error"], settled_at=r["settled_at"],
    )  # fmt: skip
