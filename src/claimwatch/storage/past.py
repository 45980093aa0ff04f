"""What came in and what was told of it, read back in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from claimwatch.core.model import Alert, Item, Match
from claimwatch.storage.database import Database
from claimwatch.storage.judging import read_judgements
from claimwatch.storage.rows import ALERT, ITEM_COLUMNS, item_row, match_row, to_item
from claimwatch.storage.schema import alerts, claims, deliveries, items, matches

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
    """An alert, what was said of it ("right", "wrong" or None) and of each line of a summary by its number.

    `at_once` says that a route sent it on its own, or would have but for a mute, a limit or quiet hours;
    else it stands in digests only.
    """

    alert: Alert
    judged: str | None
    at_once: bool = True
    lines: Mapping[int, str] = field(default_factory=dict)


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

    def stories(self, *, since: datetime) -> int:
        """Return how many developments on a topic the items tell that came since then."""
        query = (
            sa.select(sa.func.count(sa.func.coalesce(matches.c.story, matches.c.item).distinct()))
            .join_from(matches, items, matches.c.item == items.c.id)
            .where(items.c.first_seen_at >= since)
        )
        with self._database.read() as c:
            return c.execute(query).scalar_one()

    def moved(self, *, since: datetime) -> dict[str, str]:
        """Return the status of each claim that got it since then by the rules: what people settle is left out."""
        query = (
            sa.select(claims.c.id, claims.c.status)
            .where(claims.c.status_at >= since, claims.c.status.not_like("settled-%"))
            .order_by(claims.c.id)
        )
        with self._database.read() as c:
            return {row.id: row.status for row in c.execute(query)}

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
        routed = sa.exists().where(deliveries.c.alert == alerts.c.fingerprint)
        query = (
            sa.select(alerts.c.body, routed.label("at_once"))
            .where(alerts.c.created_at >= since)
            .order_by(alerts.c.created_at, alerts.c.fingerprint)
        )
        with self._database.read() as c:
            found = [(ALERT.validate_python(row.body), row.at_once) for row in c.execute(query)]
            said = read_judgements(c, [alert.fingerprint for alert, _ in found])
        told = []
        for alert, at_once in found:
            last = {j.line: j.word for j in said[alert.fingerprint] if j.word != "ack"}
            whole = last.pop(None, None)
            told.append(PastAlert(alert, whole, at_once, {n: word for n, word in last.items() if n}))
        return told
