"""What the assess station takes and commits."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from claimwatch.core.alerting import ALERTING
from claimwatch.core.ledger import Evidence
from claimwatch.core.model import Claim, told_text
from claimwatch.core.publisher import Withdrawal
from claimwatch.core.work import MUTED, Desk, Finding, Findings, Matched, Told
from claimwatch.storage.alerts import join_alerts, store_alert
from claimwatch.storage.database import Database
from claimwatch.storage.demoting import demoted
from claimwatch.storage.evidence import read_evidence, read_same_origins
from claimwatch.storage.muting import mutes_between
from claimwatch.storage.records import track_record
from claimwatch.storage.rows import ASSESSMENT, ITEM_COLUMNS, MATCH_COLUMNS, to_item, to_match
from claimwatch.storage.schema import alerts, claims, deliveries, evidence, items, matches
from claimwatch.storage.settling import move_status, read_settlements
from claimwatch.storage.withdrawing import store_withdrawal

TOLD_A_TOPIC = 300  # how many earlier items of a topic a new one is compared with
AN_HOUR = timedelta(hours=1)
_TOPICS_AN_ITEM = 20
_YOUNG = sa.and_(matches.c.assessed_at.is_(None), matches.c.mode == "young")


class SqlAssessStore:
    """Matched items that wait, what was said and told before, and what an assessment leads to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, current: Iterable[Claim], *, now: datetime) -> None:
        """Bring the claims table to the config: new, edited (a revision) and removed ones (archived)."""
        with self._database.write() as c:
            stored = {row.id: row for row in c.execute(sa.select(claims))}
            names = set()
            for claim in current:
                names.add(claim.id)
                row = stored.get(claim.id)
                values = {"topic": claim.topic, "text": claim.text, "archived_at": None}
                if row is None:
                    c.execute(
                        sa.insert(claims).values(
                            id=claim.id, revision=1, status="unverified", added_at=now, **values
                        )
                    )
                elif (row.topic, row.text, row.archived_at) != (claim.topic, claim.text, None):
                    revision = row.revision + (row.text != claim.text)
                    c.execute(
                        sa.update(claims).where(claims.c.id == claim.id).values(revision=revision, **values)
                    )
                    if revision != row.revision:  # what was said of the old wording says nothing of this
                        c.execute(
                            sa.update(claims)
                            .where(claims.c.id == claim.id, claims.c.status != "unverified")
                            .values(status="unverified", status_at=now)
                        )
            gone = [i for i, row in stored.items() if i not in names and row.archived_at is None]
            if gone:
                c.execute(sa.update(claims).where(claims.c.id.in_(gone)).values(archived_at=now))

    def take_live(self, *, limit: int, topic: str | None = None) -> list[Matched]:
        """Return items that alert as they come or are counted only, oldest first; those on `topic`."""
        return self._take(("live", "old"), limit, topic=topic)

    def take_young(self, topic: str) -> list[Matched]:
        """Return what waits for a topic's first-poll summary: items whose best match is on this topic."""
        homes = self._young_homes()
        return [
            m for m in self._take(("young",), None, topic=topic) if homes.get((m.id, m.revision)) == topic
        ]

    def young_topics(self) -> dict[str, datetime]:
        """Return topics with items that wait for a summary, with the time the oldest has waited since."""
        topics: dict[str, datetime] = {}
        with self._database.read() as c:
            waiting = c.execute(
                sa.select(matches.c.item, matches.c.revision, matches.c.matched_at).where(_YOUNG)
            ).all()
        if not waiting:
            return {}
        homes = self._young_homes()
        for row in waiting:
            if (home := homes.get((row.item, row.revision))) is not None:
                topics[home] = min(topics.get(home, row.matched_at), row.matched_at)
        return topics

    def _young_homes(self) -> dict[tuple[int, int], str]:
        """Return the topic of the best match of each item revision that waits for a summary."""
        best = (
            sa.select(matches.c.item, matches.c.revision, matches.c.topic)
            .where(_YOUNG)
            .order_by(matches.c.score, matches.c.topic)
        )
        with self._database.read() as c:
            return {(row.item, row.revision): row.topic for row in c.execute(best)}  # the last one stays

    def _take(self, modes: Collection[str], limit: int | None, *, topic: str | None = None) -> list[Matched]:
        before, waits = matches.alias("before"), matches.alias("waits")
        due = (
            sa.select(items.c.id, items.c.feed, items.c.first_seen_at, *ITEM_COLUMNS)
            .add_columns(*MATCH_COLUMNS, matches.c.mode, matches.c.revision)
            .add_columns(
                sa.exists()
                .where(
                    before.c.item == matches.c.item,
                    before.c.revision < matches.c.revision,
                    before.c.topic == matches.c.topic,
                    before.c.band.in_([band.value for band in ALERTING]),
                )
                .label("known_before")
            )
            .join_from(matches, items, matches.c.item == items.c.id)
            .where(matches.c.assessed_at.is_(None), matches.c.mode.in_(modes))
            .order_by(matches.c.item, matches.c.revision, matches.c.id)
        )
        if topic is not None:
            due = due.where(
                matches.c.item.in_(
                    sa.select(waits.c.item).where(
                        waits.c.assessed_at.is_(None), waits.c.mode.in_(modes), waits.c.topic == topic
                    )
                )
            )
        taken: list[Matched] = []
        # an item is on a handful of topics: these are rows enough for `limit` whole items
        most = None if limit is None else limit * _TOPICS_AN_ITEM
        with self._database.read() as c:
            rows = c.execute(due.limit(most)).all()
        for (item_id, revision), group in groupby(rows, key=lambda r: (r.id, r.revision)):
            of_item = list(group)
            first = of_item[0]
            taken.append(
                Matched(
                    id=item_id,
                    feed=first.feed,
                    revision=revision,
                    item=to_item(first),
                    matches=tuple(to_match(r) for r in of_item),
                    mode=first.mode,
                    first_seen_at=first.first_seen_at,
                    known_on=frozenset(r.topic for r in of_item if r.known_before),
                )
            )
        if len(rows) == most and len(taken) > 1:
            taken.pop()  # some of its matches may lie beyond the last row
        return taken[:limit]

    def evidence(self, names: Collection[str], *, items: Collection[int] = ()) -> dict[str, list[Evidence]]:
        """Return the evidence on these claims' current wording, oldest first: all of these items."""
        with self._database.read() as c:
            return read_evidence(c, names, items=items)

    def told(self, topics: Collection[str], *, since: datetime) -> list[Told]:
        """Return the latest assessed items on these topics since then, oldest first."""
        query = (
            sa.select(items.c.id, items.c.title, items.c.summary, items.c.content, matches.c.story)
            .add_columns(items.c.feed, items.c.language, items.c.first_seen_at)
            .add_columns(matches.c.topic, matches.c.band, matches.c.gate)
            .join_from(matches, items, matches.c.item == items.c.id)
            .where(
                matches.c.topic.in_(topics),
                matches.c.matched_at >= since,
                matches.c.assessed_at.is_not(None),
                matches.c.revision == items.c.revision,
            )
            .order_by(items.c.id.desc())
            .limit(TOLD_A_TOPIC * len(topics))
        )
        with self._database.read() as c:
            rows = c.execute(query).all()
        by_item = {number: list(group) for number, group in groupby(reversed(rows), key=lambda row: row.id)}
        return [
            Told(
                item=row.id,
                text=told_text(row.title, row.summary, row.content),
                story=row.story if row.story is not None else row.id,
                feed=row.feed,
                language=row.language,
                at=row.first_seen_at,
                heard=frozenset(each.topic for each in group if _was_heard(each)),
            )
            for group in by_item.values()
            for row in group[:1]
        ]

    def commit(self, findings: Findings, *, now: datetime, withdrawals: Sequence[Withdrawal] = ()) -> None:
        """Store evidence, alerts and their deliveries, and mark the items assessed: one transaction.

        Evidence that was withdrawn stops counting, and those who got alerts of it are told.
        An alert that is stored already (the same fingerprint) is left as it is.
        """
        with self._database.write() as c:
            for finding in findings.findings:
                _store_finding(c, finding, now)
            for alert, new in findings.alerts:
                store_alert(c, alert, new)
            for finding in findings.findings:
                if finding.carrier is not None:
                    join_alerts(c, finding.carrier)
            for withdrawal in withdrawals:
                store_withdrawal(c, withdrawal)

    def sent_since(self, since: datetime) -> dict[str, int]:
        """Return how many alerts each route has let go at once since then; what it held does not count."""
        query = (
            sa.select(deliveries.c.alert, deliveries.c.routes)
            .join(alerts, alerts.c.fingerprint == deliveries.c.alert)
            .where(alerts.c.created_at >= since, deliveries.c.held.is_(None))
        )
        sent: dict[str, set[str]] = {}
        with self._database.read() as c:
            for row in c.execute(query):
                for route in row.routes:
                    sent.setdefault(route, set()).add(row.alert)
        return {route: len(of_route) for route, of_route in sent.items()}

    def desk(self, *, now: datetime) -> Desk:
        """Return what people decided that weighs on alerts raised now."""
        with self._database.read() as c:
            return Desk(
                record=track_record(c),
                mutes=mutes_between(c, now, now),
                stories=_stories(c, now - AN_HOUR),
                demoted=demoted(c),
                settled=read_settlements(c),
                same_origins=read_same_origins(c),
            )

    def waiting(self) -> int:
        """Return how many matches wait for assessment."""
        with self._database.read() as c:
            return c.execute(
                sa.select(sa.func.count()).select_from(matches).where(matches.c.assessed_at.is_(None))
            ).scalar_one()

    def forget_leftovers(self, *, before: datetime, keep: timedelta) -> None:
        """Drop the long texts of items that matched nothing, older than `keep`; their keys stay for ever."""
        with self._database.write() as c:
            c.execute(
                sa.update(items)
                .where(
                    items.c.first_seen_at < before - keep,
                    items.c.content != "",
                    ~sa.exists().where(matches.c.item == items.c.id),
                )
                .values(content="")
            )


def _was_heard(row: sa.Row[Any]) -> bool:
    """Say whether readers of a topic were told of an item, or were not because it was no news to them."""
    return row.band in ALERTING and not (row.gate or "").startswith(f"{MUTED}, ")


def _stories(c: sa.Connection, since: datetime) -> dict[str, int]:
    """Return how many alerts each topic has had since then; corrections and reminders are no stories."""
    query = (
        sa.select(alerts.c.topic, sa.func.count().label("n"))
        .where(alerts.c.created_at > since, alerts.c.code.not_like("%-%"))
        .group_by(alerts.c.topic)
    )
    return {row.topic: row.n for row in c.execute(query)}


def _store_finding(c: sa.Connection, finding: Finding, now: datetime) -> None:
    assessed = sa.update(matches).where(
        matches.c.item == finding.item, matches.c.revision == finding.revision
    )
    if finding.topics:  # on other topics it was, or will be, assessed by itself
        assessed = assessed.where(matches.c.topic.in_(finding.topics))
    c.execute(assessed.values(assessed_at=now, gate=finding.gate, story=finding.story))
    names = [piece.claim for piece, _ in finding.evidence]
    query = sa.select(claims.c.id, claims.c.revision).where(claims.c.id.in_(names))
    revisions = {row.id: row.revision for row in c.execute(query)} if names else {}
    for piece, assessment in finding.evidence:
        values = {**asdict(piece), "stance": piece.stance.value}
        for follows in ("told", "retracted", "same_as"):  # from the gate, from judgements and from people
            del values[follows]
        c.execute(
            sa.insert(evidence).values(
                **values,
                claim_revision=revisions.get(piece.claim, 1),
                assessment=ASSESSMENT.dump_python(assessment, mode="json"),
            )
        )
    for claim, status in finding.statuses:
        move_status(c, claim, status, now)
