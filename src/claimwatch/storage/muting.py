"""What is muted; people write it beside a daemon that runs."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.muting import Mute
from claimwatch.storage.database import Database
from claimwatch.storage.schema import mutes


def mutes_between(c: sa.Connection, since: datetime, until: datetime) -> tuple[Mute, ...]:
    """Return the mutes in force at some moment of a period, the oldest first."""
    query = (
        sa.select(mutes)
        .where(
            mutes.c.since <= until,
            mutes.c.until > since,
            sa.or_(mutes.c.lifted_at.is_(None), mutes.c.lifted_at > since),
        )
        .order_by(mutes.c.id)
    )
    return tuple(
        Mute(row.kind, row.name, row.since, row.until, row.reason, row.by, row.lifted_at)
        for row in c.execute(query)
    )


class SqlMuteStore:
    """Mutes as people set and lift them. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, mute: Mute) -> None:
        """Mute from now on; an earlier mute of the same ends here."""
        with self._database.write() as c:
            _lift(c, mute.name, mute.by, mute.since)
            c.execute(
                sa.insert(mutes).values(
                    kind=mute.kind, name=mute.name, since=mute.since, until=mute.until,
                    reason=mute.reason, by=mute.by,
                )
            )  # fmt: skip

    def lift(self, name: str, by: str, now: datetime) -> int:
        """End what is muted under a name; return how many mutes that were."""
        with self._database.write() as c:
            return _lift(c, name, by, now)

    def in_force(self, now: datetime) -> tuple[Mute, ...]:
        """Return what is muted now."""
        with self._database.read() as c:
            return tuple(m for m in mutes_between(c, now, now) if m.covers(now))


def _lift(c: sa.Connection, name: str, by: str, now: datetime) -> int:
    lifted = c.execute(
        sa.update(mutes)
        .where(mutes.c.name == name, mutes.c.until > now, mutes.c.lifted_at.is_(None))
        .values(lifted_at=now, lifted_by=by)
    )
    return lifted.rowcount
