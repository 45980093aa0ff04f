"""What people say of alerts, stored with all that follows from it in one short transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.demotion import Demotion
from claimwatch.core.judging import Case, Judgement, Reached, Ruling
from claimwatch.core.model import Alert, delivery_key
from claimwatch.storage.alerts import store_alert
from claimwatch.storage.database import Database
from claimwatch.storage.demoting import demote_if_often_wrong
from claimwatch.storage.evidence import read_evidence
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import alerts, deliveries, evidence, judgements, retractions
from claimwatch.storage.settling import move_status, read_settlements


class SqlJudgementStore:
    """Judgements, also beside a daemon that runs: its lock is not needed. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, code: str) -> Alert | None:
        """Return the alert with this code, in any case."""
        query = sa.select(alerts.c.body).where(sa.func.upper(alerts.c.code) == code.upper())
        with self._database.read() as c:
            row = c.execute(query).first()
        return None if row is None else ALERT.validate_python(row.body)

    def judge(
        self, alert: Alert, judgement: Judgement, decide: Callable[[Case], Ruling]
    ) -> tuple[Ruling, list[Demotion]]:
        """Store a judgement and what `decide` makes of it; nothing of the case changes in between.

        Return the ruling and the routes that come once a day from now on, because they are wrong too often.
        """
        with self._database.write() as c:
            ruling = decide(case_of(c, alert, judgement.line))
            c.execute(
                sa.insert(judgements).values(
                    alert=alert.fingerprint, line=judgement.line, word=judgement.word, why=judgement.why,
                    note=judgement.note, by=judgement.by, at=judgement.at,
                )
            )  # fmt: skip
            store_ruling(c, alert, ruling, judgement.at)
            demotions = demote_if_often_wrong(c, alert, judgement.at) if judgement.word == "wrong" else []
        return ruling, demotions


def read_judgements(c: sa.Connection, fingerprints: Sequence[str]) -> dict[str, list[Judgement]]:
    """Return what was said of these alerts, oldest first."""
    said: dict[str, list[Judgement]] = {each: [] for each in fingerprints}
    query = sa.select(judgements).where(judgements.c.alert.in_(fingerprints)).order_by(judgements.c.id)
    for row in c.execute(query):
        said[row.alert].append(Judgement(row.word, row.by, row.at, row.why, row.note, row.line))
    return said


def store_ruling(c: sa.Connection, alert: Alert, ruling: Ruling, now: datetime) -> None:
    """Store what follows from taking an alert back, or from standing by it after all."""
    for claim, item, revision in ruling.retract:
        c.execute(
            sa.insert(retractions).values(
                claim=claim, item=item, item_revision=revision, alert=alert.fingerprint, at=now
            )
        )
    for claim, item, revision in ruling.restore:
        c.execute(
            sa.update(retractions)
            .where(
                retractions.c.claim == claim,
                retractions.c.item == item,
                retractions.c.item_revision == revision,
                retractions.c.lifted_at.is_(None),
            )
            .values(lifted_at=now)
        )
    for claim, status in ruling.statuses:
        move_status(c, claim, status, now)
    _set(c, ruling.drop, state="dropped", settled_at=now)
    _set(c, ruling.revive, state="due", held=None, due_at=now, settled_at=None)
    if ruling.alert is not None:
        store_alert(c, ruling.alert, ruling.deliveries)


def _set(c: sa.Connection, ids: Iterable[int], **values: object) -> None:
    if ids := list(ids):
        c.execute(sa.update(deliveries).where(deliveries.c.id.in_(ids)).values(**values))


def case_of(c: sa.Connection, alert: Alert, line: int | None) -> Case:
    """Return what is known of an alert when it is judged or taken back."""
    last = c.execute(
        sa.select(judgements.c.word)
        .where(
            judgements.c.alert == alert.fingerprint,
            judgements.c.line.is_(None) if line is None else judgements.c.line == line,
            judgements.c.word != "ack",
        )
        .order_by(judgements.c.id.desc())
        .limit(1)
    ).scalar()
    items = {report.item for report in (alert.report, *(e.report for e in alert.entries)) if report.item}
    names = list(
        c.execute(sa.select(evidence.c.claim).where(evidence.c.item.in_(items)).distinct()).scalars()
    )
    return Case(
        alert=alert,
        verdict=last,
        corrections=c.execute(
            sa.select(sa.func.count()).select_from(alerts).where(alerts.c.code.like(f"{alert.code}-c%"))
        ).scalar_one(),
        reached=tuple(reached(c, alert)),
        evidence=read_evidence(c, names, items=items),
        settled=read_settlements(c, names),
    )


def reached(c: sa.Connection, alert: Alert) -> Iterable[Reached]:
    """Return who got an alert, or waits for it: one that is in a sender's hands counts as told."""
    query = sa.select(deliveries).where(deliveries.c.alert == alert.fingerprint).order_by(deliveries.c.id)
    for row in c.execute(query):
        key = delivery_key(row.alert, row.id, row.resent) if row.message is not None else None
        if row.state == "dropped":
            yield Reached(row.id, row.receiver, "dropped", row.due_at)
        elif row.state in ("sent", "bundled") or (row.state == "due" and (key or row.leased_until_at)):
            yield Reached(row.id, row.receiver, "told", row.due_at, key)
        elif row.state in ("due", "held"):
            yield Reached(row.id, row.receiver, "waiting", row.due_at)
