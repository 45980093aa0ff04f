"""What the dispatch station takes and commits: the outbox and, once settled, the sent log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from claimwatch.core.alert_codes import coded, fingerprint
from claimwatch.core.model import NO_THREAD, Alert, Delivery, Receipt, Thread, delivery_key
from claimwatch.core.trouble import CALM, TOPIC, Notice, Operators
from claimwatch.core.work import DueDelivery, DueEdit, HeldDelivery, NewDelivery
from claimwatch.storage.alerts import new_delivery, store_alert
from claimwatch.storage.database import Database
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import alerts, deliveries


class SqlDispatchStore:
    """Deliveries that are due, their stored bytes, and what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def release_leases(self) -> None:
        """Let go of what a daemon that died had in hand; call only while holding the database's lock."""
        with self._database.write() as c:
            c.execute(sa.update(deliveries).values(leased_until_at=None))

    def take_due(
        self,
        *,
        now: datetime,
        lease: timedelta,
        each: int,
        busy: Collection[str] = (),
        only: str | None = None,
        hurry: bool = False,
    ) -> list[DueDelivery]:
        """Return due deliveries, at most `each` a receiver, none to `busy` ones, held for `lease`.

        With `only` those to this receiver. With `hurry` also those that wait for company (`gather`) and
        were never tried.
        """
        free = sa.or_(deliveries.c.leased_until_at.is_(None), deliveries.c.leased_until_at <= now)
        due = deliveries.c.due_at <= now
        if hurry:
            due = sa.or_(due, deliveries.c.attempts == 0)
        waiting = (deliveries.c.state == "due", due, free, _to(only, busy))
        query = (
            sa.select(deliveries, alerts.c.body)
            .join(alerts, deliveries.c.alert == alerts.c.fingerprint)
            .order_by(deliveries.c.due_at, deliveries.c.id)
        )
        if only is not None:  # a long queue is not ranked anew for each batch
            query = query.where(*waiting).limit(each)
        else:
            rank = sa.func.row_number().over(
                partition_by=deliveries.c.receiver, order_by=(deliveries.c.due_at, deliveries.c.id)
            )
            ranked = sa.select(deliveries.c.id, rank.label("rank")).where(*waiting).subquery()
            query = query.join(ranked, ranked.c.id == deliveries.c.id).where(ranked.c.rank <= each)
        with self._database.write() as c:
            taken = [DueDelivery(_delivery(row), ALERT.validate_python(row.body)) for row in c.execute(query)]
            if taken:
                held = [d.delivery.id for d in taken]
                c.execute(
                    sa.update(deliveries).where(deliveries.c.id.in_(held)).values(leased_until_at=now + lease)
                )
        return taken

    def take_held(self, *, now: datetime) -> list[HeldDelivery]:
        """Return deliveries that were held back until now or earlier, in the order of their alerts."""
        query = (
            sa.select(deliveries.c.id, deliveries.c.receiver, deliveries.c.held, alerts.c.body)
            .join(alerts, deliveries.c.alert == alerts.c.fingerprint)
            .where(deliveries.c.state == "held", deliveries.c.due_at <= now)
            .order_by(deliveries.c.id)
        )
        with self._database.read() as c:
            return [
                HeldDelivery(row.id, row.receiver, row.held, ALERT.validate_python(row.body))
                for row in c.execute(query)
            ]

    def commit_release(self, held: Collection[int], receiver: str, summary: Alert | None) -> None:
        """Let held deliveries of one receiver go: as they are, or, with a summary, told in that one."""
        with self._database.write() as c:
            mine = deliveries.c.id.in_(held) & (deliveries.c.state == "held")
            if summary is None:
                c.execute(sa.update(deliveries).where(mine).values(state="due"))
                return
            routes = sorted(
                {name for row in c.execute(sa.select(deliveries.c.routes).where(mine)) for name in row.routes}
            )
            store_alert(c, summary, [NewDelivery(receiver, summary.created_at, tuple(routes))])
            c.execute(
                sa.update(deliveries).where(mine).values(state="bundled", settled_at=summary.created_at)
            )

    def thread(self, name: str) -> Thread:
        """Return what was sent in a thread so far."""
        d = deliveries.c
        mine = (d.thread == name) & (d.state == "sent")
        ids = sa.select(d.remote_id).where(mine, d.remote_id.is_not(None)).limit(1)
        with self._database.read() as c:
            count = c.execute(sa.select(sa.func.count()).select_from(deliveries).where(mine)).scalar_one()
            if not count:
                return NO_THREAD
            last = c.execute(
                sa.select(d.alert, d.id, d.resent)
                .where(mine)
                .order_by(d.settled_at.desc(), d.id.desc())
                .limit(1)
            ).one()
            return Thread(
                count=count,
                last_key=delivery_key(last.alert, last.id, last.resent),
                root_id=c.execute(ids.order_by(d.settled_at, d.id)).scalar(),
                last_id=c.execute(ids.order_by(d.settled_at.desc(), d.id.desc())).scalar(),
            )

    def store_message(self, delivery: int, message: bytes, *, thread: str | None = None) -> None:
        """Keep the rendered bytes before they are sent for the first time: a retry sends these."""
        with self._database.write(alone=False) as c:
            c.execute(
                sa.update(deliveries)
                .where(deliveries.c.id == delivery)
                .values(message=message, thread=thread)
            )

    def commit_sent(self, delivery: int, receipt: Receipt, *, now: datetime) -> None:
        with self._database.write(alone=False) as c:
            self._settle(
                c, delivery, now=now, state="sent", answer=receipt.answer, remote_id=receipt.remote_id,
                error=None,
            )  # fmt: skip

    def commit_dead(self, delivery: int, error: str, *, now: datetime, tell: Notice | None = None) -> bool:
        """Give up on a delivery that no retry can help; it stays listed. Return whether the operator is told."""
        with self._database.write() as c:
            told = tell is not None and _tell(c, tell, unless_since=now - CALM)
            self._settle(c, delivery, now=now, state="dead", error=error)
            if tell is not None:
                _pass_on(c, delivery, tell.to, now)
        return told

    def commit_retry(
        self, delivery: int, error: str, *, due_at: datetime, tell: Notice | None = None
    ) -> bool:
        """Have it tried again at `due_at`; return whether the operator is told."""
        with self._database.write() as c:
            c.execute(
                sa.update(deliveries)
                .where(deliveries.c.id == delivery)
                .values(due_at=due_at, error=error, leased_until_at=None, attempts=deliveries.c.attempts + 1)
            )
            return tell is not None and _tell(c, tell)

    def take_edits(self, receivers: Collection[str], *, since: datetime, limit: int) -> list[DueEdit]:
        """Return messages sent to these receivers since then that more reprints have joined."""
        d = deliveries.c
        query = (
            sa.select(deliveries, alerts.c.body)
            .join(alerts, d.alert == alerts.c.fingerprint)
            .where(d.receiver.in_(list(receivers)), d.state == "sent", d.settled_at > since, d.reprints > 0)
            .where(d.remote_id.is_not(None))
            .order_by(d.id)
            .limit(limit)
        )
        with self._database.read() as c:
            return [
                DueEdit(_delivery(row), row.remote_id, row.reprints, ALERT.validate_python(row.body))
                for row in c.execute(query)
            ]

    def commit_edit(self, edit: DueEdit) -> None:
        """Note that a message tells of its reprints, or cannot; those that came meanwhile still wait."""
        with self._database.write() as c:
            c.execute(
                sa.update(deliveries)
                .where(deliveries.c.id == edit.delivery.id)
                .values(reprints=deliveries.c.reprints - edit.reprints)
            )

    def commit_notice(self, tell: Notice) -> bool:
        """Tell the operator, unless the same notice is stored already; return whether it was told."""
        with self._database.write() as c:
            return _tell(c, tell)

    def _settle(self, c: sa.Connection, delivery: int, *, now: datetime, **values: str | None) -> None:
        c.execute(
            sa.update(deliveries)
            .where(deliveries.c.id == delivery)
            .values(settled_at=now, leased_until_at=None, attempts=deliveries.c.attempts + 1, **values)
        )


def _delivery(row: sa.Row[Any]) -> Delivery:
    return Delivery(
        id=row.id, alert=row.alert, receiver=row.receiver, due_at=row.due_at, attempts=row.attempts,
        message=row.message, routes=tuple(row.routes), resent=row.resent,
    )  # fmt: skip


def _tell(c: sa.Connection, tell: Notice, *, unless_since: datetime | None = None) -> bool:
    """Store a notice: one for each time a receiver stops working, however many messages it refuses."""
    alert, settled = tell.alert, deliveries.c.settled_at
    if tell.about is not None:
        mine = deliveries.c.receiver == tell.about
        worked = c.execute(sa.select(sa.func.max(settled)).where(mine, deliveries.c.state == "sent")).scalar()
        if unless_since is not None:
            lately = mine & (deliveries.c.state == "dead") & (settled > unless_since)
            if c.execute(sa.select(deliveries.c.id).where(lately).limit(1)).first():
                return False
        mark = worked.isoformat() if worked else "never"
        alert = coded(replace(alert, fingerprint=fingerprint(alert.fingerprint, mark)))
    if c.execute(sa.select(alerts.c.code).where(alerts.c.fingerprint == alert.fingerprint)).first():
        return False
    to = tell.to.choose(about=tell.about, broken=_broken(c))
    if not to:  # not stored either: it is told once somebody can be
        return False
    store_alert(c, alert, [NewDelivery(name, alert.created_at, ()) for name in to])
    return True


def _pass_on(c: sa.Connection, delivery: int, to: Operators, now: datetime) -> None:
    """Bring a notice that one operator's channel refused to the next that works and has not had it."""
    query = (
        sa.select(alerts.c.fingerprint, alerts.c.topic)
        .join(deliveries, deliveries.c.alert == alerts.c.fingerprint)
        .where(deliveries.c.id == delivery)
    )
    alert = c.execute(query).one()
    if alert.topic != TOPIC:
        return
    had = set(
        c.execute(sa.select(deliveries.c.receiver).where(deliveries.c.alert == alert.fingerprint)).scalars()
    )
    left = [name for name in (*to.named, *to.others) if name not in had | _broken(c)]
    for name in left[:1]:
        c.execute(new_delivery(alert.fingerprint, NewDelivery(name, now, ())))


def _broken(c: sa.Connection) -> set[str]:
    """Return the receivers that refused the last message they were given."""
    last = (
        sa.select(sa.func.max(deliveries.c.settled_at).label("at"), deliveries.c.receiver)
        .where(deliveries.c.state.in_(("sent", "dead")))
        .group_by(deliveries.c.receiver)
        .subquery()
    )
    query = sa.select(deliveries.c.receiver).join(
        last, (last.c.receiver == deliveries.c.receiver) & (last.c.at == deliveries.c.settled_at)
    )
    return set(c.execute(query.where(deliveries.c.state == "dead")).scalars())


def _to(only: str | None, busy: Collection[str]) -> sa.ColumnElement[bool]:
    return deliveries.c.receiver.not_in(list(busy)) if only is None else deliveries.c.receiver == only
