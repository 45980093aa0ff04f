"""The track record: how often alerts of one relation were judged right."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.model import Record, Relation
from claimwatch.storage.portable import json_length
from claimwatch.storage.schema import alerts, judgements


def last_verdicts(*where: sa.ColumnElement[bool]) -> sa.Subquery:
    """Return the last right or wrong of each alert that tells one report: columns alert, word, at, id."""
    last = (
        sa.select(sa.func.max(judgements.c.id))
        .where(judgements.c.word != "ack", judgements.c.line.is_(None), *where)
        .group_by(judgements.c.alert)
    )
    return (
        sa.select(judgements.c.id, judgements.c.alert, judgements.c.word, judgements.c.at)
        .where(judgements.c.id.in_(last))
        .subquery()
    )


def track_record(c: sa.Connection, *, since: datetime | None = None) -> Mapping[Relation, Record]:
    """Return the record of each relation; `since` when alerts were judged. Summaries are not counted."""
    verdicts = last_verdicts()
    query = (
        sa.select(
            alerts.c.relation,
            sa.func.sum(sa.case((verdicts.c.word == "right", 1), else_=0)).label("right"),
            sa.func.count().label("judged"),
        )
        .join(verdicts, verdicts.c.alert == alerts.c.fingerprint)
        .where(json_length(alerts.c.body, "entries") == 0)
        .group_by(alerts.c.relation)
    )
    if since is not None:
        query = query.where(verdicts.c.at > since)
    return {Relation(row.relation): Record(row.right, row.judged) for row in c.execute(query)}
