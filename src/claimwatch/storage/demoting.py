"""Which route and relation come once a day, because people judged too many of their alerts wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.demotion import Demotion, demotion, notice
from claimwatch.core.model import Alert, Relation
from claimwatch.core.work import NewDelivery
from claimwatch.storage.alerts import store_alert
from claimwatch.storage.database import Database
from claimwatch.storage.records import last_verdicts
from claimwatch.storage.schema import alerts, deliveries, demotions


def demoted(c: sa.Connection) -> frozenset[tuple[str, Relation]]:
    """Return the routes and relations that come once a day."""
    rows = c.execute(
        sa.select(demotions.c.route, demotions.c.relation).where(demotions.c.lifted_at.is_(None))
    )
    return frozenset((row.route, Relation(row.relation)) for row in rows)


def demote_if_often_wrong(c: sa.Connection, alert: Alert, now: datetime) -> list[Demotion]:
    """Demote the routes that brought an alert, where too many of its kind were judged wrong; tell readers."""
    brought = c.execute(
        sa.select(deliveries.c.receiver, deliveries.c.routes).where(deliveries.c.alert == alert.fingerprint)
    ).all()
    found = []
    for route in sorted({name for row in brought for name in row.routes}):
        if (route, alert.relation) in demoted(c):
            continue
        new = demotion(route, alert.relation, _verdicts(c, route, alert.relation), now)
        if new is None:
            continue
        c.execute(
            sa.insert(demotions).values(
                route=route, relation=new.relation.value, at=now, wrong=new.wrong, judged=new.judged
            )
        )
        told = [NewDelivery(row.receiver, now, ()) for row in brought if route in row.routes]
        store_alert(c, notice(new), told)
        found.append(new)
    return found


def _verdicts(c: sa.Connection, route: str, relation: Relation) -> Sequence[str]:
    """Return the last words on a route's alerts of a relation, the latest last; since it was last lifted."""
    since = c.execute(
        sa.select(sa.func.max(demotions.c.lifted_at)).where(
            demotions.c.route == route, demotions.c.relation == relation.value
        )
    ).scalar()
    verdicts = last_verdicts()
    query = (
        sa.select(verdicts.c.word, deliveries.c.routes, verdicts.c.alert)
        .join(alerts, alerts.c.fingerprint == verdicts.c.alert)
        .join(deliveries, deliveries.c.alert == verdicts.c.alert)
        .where(alerts.c.relation == relation.value)
        .order_by(verdicts.c.id)
    )
    if since is not None:
        query = query.where(verdicts.c.at > since)
    words = {row.alert: row.word for row in c.execute(query) if route in row.routes}
    return list(words.values())


class SqlDemotionStore:
    """Demotions as people see and lift them. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lift(self, route: str, relation: Relation, by: str, now: datetime) -> bool:
        """Let a route's relation come at once again; return whether it was demoted."""
        with self._database.write() as c:
            lifted = c.execute(
                sa.update(demotions)
                .where(
                    demotions.c.route == route,
                    demotions.c.relation == relation.value,
                    demotions.c.lifted_at.is_(None),
                )
                .values(lifted_at=now, lifted_by=by)
            )
            return lifted.rowcount > 0
