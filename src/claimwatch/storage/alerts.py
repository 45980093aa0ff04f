"""Storing an alert with its deliveries, within a transaction of whoever raises it."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from claimwatch.core.alert_codes import coded
from claimwatch.core.carriers import Carrier, carries, joined
from claimwatch.core.model import Alert
from claimwatch.core.work import MUTED, NewDelivery
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import alerts, deliveries


def store_alert(c: sa.Connection, alert: Alert, new: Iterable[NewDelivery]) -> None:
    """Store it; one that is stored already (the same fingerprint) is left as it is, a taken code redrawn."""
    if c.execute(sa.select(alerts.c.code).where(alerts.c.fingerprint == alert.fingerprint)).first():
        return
    draw = 0
    while c.execute(sa.select(alerts.c.code).where(alerts.c.code == alert.code)).first():
        draw += 1
        alert = coded(alert, draw=draw)
    c.execute(
        sa.insert(alerts).values(
            fingerprint=alert.fingerprint,
            code=alert.code,
            relation=alert.relation.value,
            topic=alert.topic,
            claim=alert.claim.id if alert.claim else None,
            item=alert.report.item,
            body=ALERT.dump_python(alert, mode="json"),
            created_at=alert.created_at,
        )
    )
    for delivery in new:
        c.execute(new_delivery(alert.fingerprint, delivery))


def new_delivery(alert: str, delivery: NewDelivery) -> sa.Insert:
    """Return what stores a delivery of an alert, by its fingerprint."""
    return sa.insert(deliveries).values(
        alert=alert,
        receiver=delivery.receiver,
        routes=list(delivery.routes),
        state=MUTED if delivery.held == MUTED else "held" if delivery.held else "due",
        held=delivery.held,
        due_at=delivery.due_at,
        attempts=0,
    )


def join_alerts(c: sa.Connection, carrier: Carrier) -> None:
    """Have a report that carries what alerts told join them, also in the words of those that wait to be sent."""
    found = sa.select(alerts.c.fingerprint, alerts.c.body).where(
        alerts.c.item.in_(carrier.items), alerts.c.code.not_like("%-%")
    )
    for row in c.execute(found).all():
        alert = ALERT.validate_python(row.body)
        if not carries(carrier, alert):
            continue
        unworded = sa.select(deliveries.c.id).where(
            deliveries.c.alert == row.fingerprint,
            deliveries.c.state.in_(("due", "held")),
            deliveries.c.message.is_(None),
        )
        after = joined(alert, carrier, waits=c.execute(unworded).first() is not None)
        if after != alert:
            c.execute(
                sa.update(alerts)
                .where(alerts.c.fingerprint == row.fingerprint)
                .values(body=ALERT.dump_python(after, mode="json"))
            )
            worded = deliveries.c.message.is_not(None) & deliveries.c.state.in_(("due", "sent"))
            c.execute(
                sa.update(deliveries)
                .where(deliveries.c.alert == row.fingerprint, worded)
                .values(reprints=deliveries.c.reprints + 1)
            )
