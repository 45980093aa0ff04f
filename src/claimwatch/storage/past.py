"""What came in and what was told of it, read back in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.model import Alert, Item, Match
from claimwatch.storage.database import Database
from claimwatch.storage.judging import read_judgements
from claimwatch.storage.rows import ALERT, ITEM_COLUMNS, item_row, match_row, to_item
from claimwatch.storage.schema import alerts, items, matches

_A_READ = 500


@dataclass(frozen=True, slots=True)
class PastItem:
    """A stored item with its latest text; `first_poll` says that it was there at its feed's first poll."""

    id: int
    feed: str
    key: str
    hash: str
    item: Item
    first_seen_at: datetime
    first_poll: bool


@dataclass(frozen=True, slots=True)
class PastAlert:
    """An alert and what was said of it: "right", "wrong" or None."""

    alert: Alert
    judged: str | None


def bring(database: Database, past: PastItem, found: Iterable[Match], mode: str) -> None:
    """Store an item of the past in another database, under its own number, matched anew. Raises: StorageError."""
    with database.write() as c:
        c.execute(
            sa.insert(items).values(
                id=past.id, feed=past.feed, key=past.key, hash=past.hash, words=past.hash.partition(".")[0],
                revision=1, first_seen_at=past.first_seen_at, **item_row(past.item),
            )
        )  # fmt: skip
        rows = [
            {
                **match_row(match), "item": past.id, "revision": 1, "mode": mode,
                "matched_at": past.first_seen_at,
            }
            for match in found
        ]  # fmt: skip
        c.execute(sa.insert(matches), rows)


class SqlPast:
    """Read-only. All raise StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, *, since: datetime) -> int:
        """Return how many items came since then."""
        with self._database.read() as c:
            return c.execute(
                sa.select(sa.func.count()).select_from(items).where(items.c.first_seen_at >= since)
            ).scalar_one()

    def on_topic(self, *, since: datetime) -> int:
        """Return how many items that came since then are on a topic."""
        query = (
            sa.select(sa.func.count(matches.c.item.distinct()))
            .join_from(matches, items, matches.c.item == items.c.id)
            .where(items.c.first_seen_at >= since)
        )
        with self._database.read() as c:
            return c.execute(query).scalar_one()

    def items(self, *, since: datetime) -> Iterator[PastItem]:
        """Give what came since then, in the order it came."""
        with self._database.read() as c:
            began = {
                row.feed: row.at
                for row in c.execute(
                    sa.select(items.c.feed, sa.func.min(items.c.first_seen_at).label("at")).group_by(
                        items.c.feed
                    )
                )
            }
        last = 0
        while True:
            query = (
                sa.select(
                    items.c.id, items.c.feed, items.c.key, items.c.hash, items.c.first_seen_at, *ITEM_COLUMNS
                )
                .where(items.c.id > last, items.c.first_seen_at >= since)
                .order_by(items.c.id)
                .limit(_A_READ)
            )
            with self._database.read() as c:
                rows = c.execute(query).all()
            if not rows:
                return
            for row in rows:
                yield PastItem(
                    row.id, row.feed, row.key, row.hash, to_item(row), row.first_seen_at,
                    first_poll=row.first_seen_at == began[row.feed],
                )  # fmt: skip
            last = rows[-1].id

    def alerts(self, *, since: datetime) -> list[PastAlert]:
        """Return the alerts raised since then, oldest first, each with the last judgement of it as a whole."""
        query = sa.select(alerts.c.body).where(alerts.c.created_at >= since).order_by(alerts.c.created_at)
        with self._database.read() as c:
            found = [ALERT.validate_python(body) for body in c.execute(query).scalars()]
            said = read_judgements(c, [alert.fingerprint for alert in found])
        judged = {
            name: next((j.word for j in reversed(all_) if j.line is None and j.word != "ack"), None)
            for name, all_ in said.items()
        }
        return [PastAlert(alert, judged[alert.fingerprint]) for alert in found]
