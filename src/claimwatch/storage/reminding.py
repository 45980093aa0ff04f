"""Contradictions that were sent and of which nobody has said anything."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from claimwatch.core.model import Relation, delivery_key
from claimwatch.core.reminding import DAYS, Got, Unacknowledged
from claimwatch.storage.portable import json_length
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import alerts, deliveries, judgements

_BACK = timedelta(days=DAYS + 3)  # raised so long ago, it may have been held for some days


def unacknowledged(c: sa.Connection, now: datetime) -> list[Unacknowledged]:
    """Return alerts of one report that contradict and were sent, the oldest first."""
    query = (
        sa.select(alerts.c.fingerprint, alerts.c.code, alerts.c.body)
        .where(
            alerts.c.relation == Relation.CONTRADICTS.value,
            alerts.c.created_at > now - _BACK,
            alerts.c.code.not_like("%-%"),  # reminders themselves
            json_length(alerts.c.body, "entries") == 0,
            ~sa.exists().where(judgements.c.alert == alerts.c.fingerprint),
        )
        .order_by(alerts.c.created_at)
    )
    return [
        Unacknowledged(ALERT.validate_python(row.body), _reminded(c, row.code), _got(c, row.fingerprint))
        for row in c.execute(query).all()
    ]


def _reminded(c: sa.Connection, code: str) -> int:
    codes = c.execute(sa.select(alerts.c.code).where(alerts.c.code.like(f"{code}-r%"))).scalars()
    return max((int(each.rpartition("-r")[2]) for each in codes), default=0)


def _got(c: sa.Connection, fingerprint: str) -> tuple[Got, ...]:
    query = (
        sa.select(deliveries)
        .where(deliveries.c.alert == fingerprint, deliveries.c.state == "sent")
        .order_by(deliveries.c.id)
    )
    return tuple(
        Got(row.receiver, tuple(row.routes), row.settled_at, delivery_key(fingerprint, row.id, row.resent))
        for row in c.execute(query)
    )
