"""The invented rows of `claimwatch bench scale`, by the million: COPY on PostgreSQL, many at a time on SQLite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any

import sqlalchemy as sa

from claimwatch.cli.progress import progress
from claimwatch.core.model import Alert, Relation, Report
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.database import Database
from claimwatch.storage.rows import ALERT
from claimwatch.storage.schema import alerts, claims, deliveries, evidence, feeds, items, matches

NOW = datetime(2026, 7, 1, tzinfo=UTC)
TOPICS, CLAIMS = 1000, 2000
A_MATCH, A_PIECE, AN_ALERT = 10, 50, 20  # one item in so many is on a topic, is evidence, was told
_A_BATCH = 10_000
_YEAR = timedelta(days=365)
_BODY = ALERT.dump_python(
    Alert("", "", Relation.NEW, "first", "", "A topic", Report("Title", "Bench Post", seen_at=NOW), NOW),
    mode="json",
)


def begin(database: Database, feed_count: int) -> None:
    """Store feeds and claims. Raises: ClaimwatchError when the database is not empty."""
    with database.read() as c:
        if c.execute(sa.select(feeds.c.feed).limit(1)).first():
            raise ClaimwatchError(f"{database.place} is not empty: nothing was written there.")
    _insert(database, feeds, (_feed(n, feed_count) for n in range(feed_count)))
    _insert(database, claims, map(_claim, range(CLAIMS)))


def fill(database: Database, feed_count: int, after: int, last: int) -> None:
    """Store the items after one number up to another, spread over a year, with what follows from them."""

    def some(step: int) -> range:
        return range(after - after % step + step, last + 1, step)

    def seen(n: int) -> datetime:
        return NOW - _YEAR * (1 - (n - after) / (last - after))

    with progress(f"{database.place}"[-30:], -(-(last - after) // _A_BATCH)) as step:
        _insert(database, items, (_item(n, feed_count, seen(n)) for n in some(1)), step)
    _insert(database, matches, (_match(n, seen(n)) for n in some(A_MATCH)))
    _insert(database, evidence, (_piece(n, seen(n)) for n in some(A_PIECE)))
    _insert(database, alerts, (_alert(n, seen(n)) for n in some(AN_ALERT)))
    _insert(database, deliveries, (_delivery(n, seen(n)) for n in some(AN_ALERT)))
    with database.write() as c:
        c.exec_driver_sql("ANALYZE")


def _insert(
    database: Database,
    table: sa.Table,
    rows: Iterator[dict[str, Any]],
    stored: Callable[[], None] = lambda: None,
) -> None:
    while batch := list(islice(rows, _A_BATCH)):
        with database.write() as c:
            if c.dialect.name == "postgresql":
                _copy(c, table, batch)
            else:
                c.execute(sa.insert(table), batch)
        stored()


def _copy(c: sa.Connection, table: sa.Table, batch: Iterable[dict[str, Any]]) -> None:
    rows = iter(batch)
    first = next(rows)
    is_json = [isinstance(table.c[name].type, sa.JSON) for name in first]
    cursor: Any = c.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({', '.join(first)}) FROM STDIN") as copy:
        for row in chain([first], rows):
            copy.write_row(
                [
                    json.dumps(value) if as_json else value
                    for value, as_json in zip(row.values(), is_json, strict=True)
                ]
            )


def _feed(n: int, count: int) -> dict[str, Any]:
    due = NOW + timedelta(seconds=900 * (n / count) - 9)  # one in a hundred is due
    return {
        "feed": f"feed {n}", "next_poll_at": due, "outcome": "ok", "failures": 0.0, "polls": 1, "items": 30
    }  # fmt: skip


def _claim(n: int) -> dict[str, Any]:
    topic = f"topic {n % TOPICS}"
    return {
        "id": f"claim {n}", "topic": topic, "text": "x", "revision": 1, "status": "unverified", "added_at": NOW
    }  # fmt: skip


def _item(n: int, feed_count: int, seen: datetime) -> dict[str, Any]:
    return {
        "id": n, "feed": f"feed {n % feed_count}", "key": f"key {n}", "hash": f"{n}.", "words": f"{n}", "revision": 1,
        "entry_id": f"{n}", "title": f"Title {n}", "summary": "words " * 20, "content": "", "authors": [],
        "first_seen_at": seen,
    }  # fmt: skip


def _match(n: int, seen: datetime) -> dict[str, Any]:
    return {
        "item": n, "revision": 1, "topic": f"topic {n // A_MATCH % TOPICS}", "score": 0.9, "band": "strong",
        "found": [], "mode": "live", "matched_at": seen, "assessed_at": seen, "gate": "counted",
    }  # fmt: skip


def _piece(n: int, seen: datetime) -> dict[str, Any]:
    return {
        "claim": f"claim {n // A_PIECE % CLAIMS}", "claim_revision": 1, "item": n, "item_revision": 1,
        "stance": "supports", "origin": "x", "outlet": "y", "assessment": {}, "at": seen,
    }  # fmt: skip


def _alert(n: int, seen: datetime) -> dict[str, Any]:
    code, topic = f"{n:06}", f"topic {n // A_MATCH % TOPICS}"
    own = {"fingerprint": f"{n}", "code": code, "topic": topic, "created_at": seen}
    body = {**_BODY, **own, "created_at": seen.isoformat()}
    return {**own, "relation": "NEW", "item": n, "body": body}


def _delivery(n: int, seen: datetime) -> dict[str, Any]:
    return {
        "alert": f"{n}", "receiver": "desk", "routes": ["all"], "state": "sent", "due_at": seen, "attempts": 1,
        "settled_at": seen,
    }  # fmt: skip
