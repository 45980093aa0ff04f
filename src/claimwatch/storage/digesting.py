"""What the digest station asks and commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from claimwatch.core.digest import RECORD_DAYS, ClaimNews, CountedItem, Held, Period, QuietFeed, ToSettle
from claimwatch.core.model import Alert, Band, Claim, Record
from claimwatch.core.muting import muted_by
from claimwatch.core.reminding import Unacknowledged
from claimwatch.core.work import ALERTED, NewDelivery
from claimwatch.storage.alerts import store_alert
from claimwatch.storage.database import Database
from claimwatch.storage.evidence import counts
from claimwatch.storage.muting import mutes_between
from claimwatch.storage.records import track_record
from claimwatch.storage.reminding import unacknowledged
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import (
    alerts,
    claims,
    deliveries,
    digests,
    evidence,
    feeds,
    items,
    judgements,
    matches,
)
from claimwatch.storage.settling import store_ends, unasked
from claimwatch.storage.upsert import insert

USUAL_OVER = timedelta(days=14)  # the time over which a feed's usual gap is counted, with so many items
LEAST_ITEMS = 5
SILENT = timedelta(hours=24)  # a feed that is quiet for less is told of by nobody, nor is one ...
SILENT_GAPS = 6  # ... that is quiet for less than so many of its usual gaps
ENDS_SOON = timedelta(days=7)  # a claim's last day is named this long before


class SqlDigestStore:
    """What a period brought, and until when each digest has told."""

    def __init__(self, database: Database, current: Iterable[Claim]) -> None:
        self._database = database
        self._claims = {claim.id: claim for claim in current}
        self._short = {name: claim.short for name, claim in self._claims.items()}

    def told_until(self, route: str) -> datetime | None:
        """Return where a route's next digest begins, None for a route without any yet."""
        with self._database.read() as c:
            return c.execute(sa.select(digests.c.told_until_at).where(digests.c.route == route)).scalar()

    def start(self, route: str, until: datetime) -> None:
        """Let a new route's first digest begin here."""
        with self._database.write() as c:
            c.execute(insert(c, digests).values(route=route, told_until_at=until).on_conflict_do_nothing())

    def commit(self, route: str, alert: Alert, new: Sequence[NewDelivery]) -> None:
        """Store a digest with its deliveries and where the next one begins: one transaction."""
        with self._database.write() as c:
            store_alert(c, alert, new)
            c.execute(
                sa.update(digests).where(digests.c.route == route).values(told_until_at=alert.created_at)
            )

    def unacknowledged(self, now: datetime) -> list[Unacknowledged]:
        """Return contradictions that were sent, are not muted, and of which nobody has said anything."""
        with self._database.read() as c:
            mutes = mutes_between(c, now, now)
            return [
                each
                for each in unacknowledged(c, now)
                if muted_by(replace(each.alert, created_at=now), mutes) is None
            ]

    def commit_reminder(self, alert: Alert, new: Sequence[NewDelivery]) -> None:
        """Store a reminder with its deliveries."""
        with self._database.write() as c:
            store_alert(c, alert, new)

    def ask_how_ended(self, today: date, now: datetime) -> list[Alert]:
        """Have the next digest ask how claims ended whose last day is before `today`; each is asked once."""
        over = [c for c in self._claims.values() if c.until is not None and c.until < today]
        if not over:
            return []
        with self._database.read() as c:
            over = unasked(c, over)
        if not over:
            return []
        with self._database.write() as c:
            return store_ends(c, unasked(c, over), now)

    def period(self, since: datetime, until: datetime) -> Period:
        """Return what happened after `since`, up to and including `until`."""
        with self._database.read() as c:

            def count(table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
                return c.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one()

            def within(column: sa.Column[datetime]) -> sa.ColumnElement[bool]:
                return (column > since) & (column <= until)

            raised = c.execute(
                sa.select(alerts.c.body).where(within(alerts.c.created_at)).order_by(alerts.c.created_at)
            )
            weak = matches.c.band.in_((Band.WEAK.value, Band.GUESS.value))
            on_topic = sa.select(sa.func.count(matches.c.item.distinct())).where(
                within(matches.c.matched_at), ~weak
            )
            return Period(
                since=since,
                until=until,
                claims=tuple(self._claims_told(c, since, until)),
                counted=tuple(self._counted(c, since, until)),
                alerts=tuple(ALERT.validate_python(row.body) for row in raised),
                held=tuple(_deliveries(c, deliveries.c.state == "held")),
                failed=tuple(_deliveries(c, deliveries.c.state == "dead", within(deliveries.c.settled_at))),
                sent=count(deliveries, deliveries.c.state == "sent", within(deliveries.c.settled_at)),
                feeds=count(feeds, feeds.c.polls > 0),
                items=count(items, within(items.c.first_seen_at)),
                on_topic=c.execute(on_topic).scalar_one(),
                possible=count(matches, within(matches.c.matched_at), weak),
                mutes=mutes_between(c, since, until),
                judged=frozenset(
                    c.execute(
                        sa.select(alerts.c.code)
                        .join(judgements, judgements.c.alert == alerts.c.fingerprint)
                        .where(judgements.c.word != "ack")
                    ).scalars()
                ),
                to_settle=tuple(self._to_settle(c, until)),
                quiet=tuple(_quiet_feeds(c, until)),
                record=_total(track_record(c, since=until - timedelta(days=RECORD_DAYS)).values()),
                failing=tuple(
                    f"{row.feed}: {row.error}"
                    for row in c.execute(
                        sa.select(feeds.c.feed, feeds.c.error)
                        .where(feeds.c.error.is_not(None))
                        .order_by(feeds.c.failing_since_at)
                    )
                ),
            )

    def _counted(self, c: sa.Connection, since: datetime, until: datetime) -> Iterable[CountedItem]:
        quiet = sa.exists().where(
            matches.c.item == evidence.c.item,
            matches.c.revision == evidence.c.item_revision,
            matches.c.mode != "old",
            ~matches.c.gate.startswith(ALERTED),
        )
        query = (
            sa.select(claims.c.id, claims.c.topic, evidence.c.stance, evidence.c.outlet, items.c.title)
            .join_from(evidence, claims, claims.c.id == evidence.c.claim)
            .join(items, items.c.id == evidence.c.item)
            .where(
                counts(),
                quiet,
                evidence.c.reprint_of.is_(None),
                evidence.c.at > since,
                evidence.c.at <= until,
            )
            .order_by(evidence.c.id)
        )
        for row in c.execute(query):
            short = self._short.get(row.id, row.id)
            yield CountedItem(row.topic, short, row.stance, row.title, row.outlet)

    def _to_settle(self, c: sa.Connection, until: datetime) -> Iterable[ToSettle]:
        near = (until + ENDS_SOON).date()
        ending = [x for x in self._claims.values() if x.until is not None and x.until <= near]
        names = [x.id for x in ending]
        rows = c.execute(sa.select(claims.c.id, claims.c.status).where(claims.c.id.in_(names)))
        status = {row.id: row.status for row in rows}
        for each in sorted(ending, key=lambda x: (x.until or until.date(), x.id)):
            now = status.get(each.id, "unverified")
            if each.until is not None and not now.startswith("settled-"):
                yield ToSettle(each.id, each.topic, now, each.until)

    def _claims_told(self, c: sa.Connection, since: datetime, until: datetime) -> Iterable[ClaimNews]:
        own = evidence.c.reprint_of.is_(None)

        def told(stance: str) -> sa.ColumnElement[int]:
            return sa.func.sum(sa.case((own & (evidence.c.stance == stance), 1), else_=0))

        query = (
            sa.select(
                claims.c.id,
                claims.c.topic,
                claims.c.status,
                claims.c.status_at,
                told("supports").label("supports"),
                told("contradicts").label("contradicts"),
                told("updates").label("updates"),
                sa.func.sum(sa.case((own, 0), else_=1)).label("reprints"),
            )
            .join(evidence, evidence.c.claim == claims.c.id)
            .where(counts(), evidence.c.at > since, evidence.c.at <= until, claims.c.archived_at.is_(None))
            .group_by(claims.c.id)
            .order_by(claims.c.id)
        )
        for row in c.execute(query):
            moved = row.status_at is not None and since < row.status_at <= until
            yield ClaimNews(
                id=row.id, topic=row.topic, short=self._short.get(row.id, row.id), status=row.status,
                moved=moved, supports=row.supports, contradicts=row.contradicts, updates=row.updates,
                reprints=row.reprints,
            )  # fmt: skip


def _quiet_feeds(c: sa.Connection, until: datetime) -> Iterable[QuietFeed]:
    """Give the feeds that answer and have brought nothing for much longer than they did in the weeks before."""
    query = (
        sa.select(feeds.c.feed, feeds.c.last_new_at, sa.func.count(items.c.id).label("n"))
        .join(items, items.c.feed == feeds.c.feed)
        .where(
            feeds.c.error.is_(None),
            feeds.c.last_new_at < until - SILENT,
            items.c.first_seen_at > until - USUAL_OVER,
        )
        .group_by(feeds.c.feed, feeds.c.last_new_at)
        .order_by(feeds.c.last_new_at)
    )
    for row in c.execute(query):
        silent = until - row.last_new_at
        usual = (USUAL_OVER - silent) / row.n
        if row.n >= LEAST_ITEMS and silent > usual * SILENT_GAPS:
            yield QuietFeed(row.feed, silent, usual)


def _total(records: Iterable[Record]) -> Record:
    listed = list(records)
    return Record(sum(r.right for r in listed), sum(r.judged for r in listed))


def _deliveries(c: sa.Connection, *where: sa.ColumnElement[bool]) -> Iterable[Held]:
    query = (
        sa.select(alerts.c.code, deliveries.c.receiver, deliveries.c.held, deliveries.c.error)
        .join(alerts, alerts.c.fingerprint == deliveries.c.alert)
        .where(*where)
        .order_by(deliveries.c.id)
    )
    for row in c.execute(query):
        yield Held(row.code, row.receiver, row.error or row.held or "")
