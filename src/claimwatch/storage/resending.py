"""Having an alert sent again, or sent to one more receiver, also while a daemon runs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from claimwatch.storage.database import Database
from claimwatch.storage.schema import deliveries

WAITING = ("due", "held")


class SqlResendStore:
    """Deliveries that people ask for. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def refused(self, alert: str) -> list[str]:
        """Return the receivers that refused this alert (by its fingerprint) for good."""
        query = sa.select(deliveries.c.receiver).where(
            deliveries.c.alert == alert, deliveries.c.state == "dead"
        )
        with self._database.read() as c:
            return sorted(c.execute(query).scalars())

    def resend(self, alert: str, to: Collection[str], now: datetime) -> dict[str, str]:
        """Have an alert brought to these receivers now; return what that is to each: "again" or "hurried".

        Who waits for it still is only hurried: it is the first message, not a second one.
        """
        done = {}
        with self._database.write() as c:
            for receiver in to:
                mine = (deliveries.c.alert == alert) & (deliveries.c.receiver == receiver)
                row = c.execute(sa.select(deliveries.c.id, deliveries.c.state).where(mine)).first()
                if row is None:
                    c.execute(
                        sa.insert(deliveries).values(
                            alert=alert, receiver=receiver, routes=[], state="due", due_at=now, attempts=0,
                            resent=1,
                        )
                    )  # fmt: skip
                elif row.state in WAITING:
                    c.execute(sa.update(deliveries).where(mine).values(state="due", held=None, due_at=now))
                else:  # worded anew, under another key: it may have arrived under the one before
                    c.execute(
                        sa.update(deliveries)
                        .where(mine)
                        .values(
                            state="due", held=None, due_at=now, leased_until_at=None, attempts=0,
                            message=None, answer=None, remote_id=None, error=None, settled_at=None,
                            resent=deliveries.c.resent + 1,
                        )
                    )  # fmt: skip
                done[receiver] = "hurried" if row is not None and row.state in WAITING else "again"
        return done
