"""`claimwatch bench scale`: what a tick, a recall, a ledger page and a digest cost when much is stored."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import click
import sqlalchemy as sa

from claimwatch.cli.output import echo_table, say
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.digesting import SqlDigestStore
from claimwatch.storage.place import Place, Server, is_server
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.reading import SqlReader
from claimwatch.storage.schema import claims, evidence, feeds, items, matches

NOW = datetime(2026, 7, 1, tzinfo=UTC)
TOPICS, CLAIMS = 1000, 2000
A_MATCH, A_PIECE = 10, 50  # one item in so many is on a topic, one is evidence
TAKEN = 64
REPEATS = 7
A_BATCH = 5000


@click.command()
@click.option(
    "--feeds", "feed_count", type=click.IntRange(1), default=100_000, show_default=True, metavar="N"
)
@click.option(
    "--items", "item_count", type=click.IntRange(100), default=200_000, show_default=True, metavar="N"
)
@click.option("--on", "written", metavar="URL", help="Also on this empty PostgreSQL database; it is filled.")
def command(feed_count: int, item_count: int, written: str | None) -> int:
    """Time the questions of a tick, a recall, a ledger page and a digest on invented rows.

    SQLite works in a temporary folder; with --on the same is done on PostgreSQL and the ratio is shown.

    \b
    Examples:
      claimwatch bench scale --feeds 2000 --items 5000
      claimwatch bench scale --items 10000000 --on postgresql:///bench
    """
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        places: dict[str, Place] = {"SQLite": Path(folder) / "bench.db"}
        if written is not None:
            if not is_server(written):
                raise ClaimwatchError(
                    "--on takes the URL of a PostgreSQL database:  --on postgresql:///bench"
                )
            places["PostgreSQL"] = Server(written, Path(folder) / "server.db")
        for kind, place in places.items():
            database = Database(place)
            try:
                _fill(database, feed_count, item_count)
                figures[kind] = {name: _milliseconds(ask) for name, ask in _questions(database).items()}
            finally:
                database.close()
    rows = []
    for name, first in figures["SQLite"].items():
        second = figures.get("PostgreSQL", {}).get(name)
        ratio = "" if second is None else f"{second / first:.1f}"
        rows.append((name, f"{first:.1f}", "" if second is None else f"{second:.1f}", ratio))
    say(f"{feed_count:,} feeds, {item_count:,} items; milliseconds, median of {REPEATS}")
    echo_table(("question", "SQLite", "PostgreSQL", "ratio"), rows)
    return 0


def _questions(database: Database) -> dict[str, Callable[[], object]]:
    polls, ledger, reader = SqlPollStore(database), SqlAssessStore(database), SqlReader(database)
    digest = SqlDigestStore(database, ())

    class All(frozenset[str]):
        def __contains__(self, _: object) -> bool:
            return True

    everything = All()
    return {
        "tick: take due feeds": lambda: polls.take_due(everything, now=NOW, lease=timedelta(0), limit=TAKEN),
        "recall: earlier items of a topic": lambda: ledger.told(["topic 7"], since=NOW - timedelta(days=2)),
        "recall: evidence on a claim": lambda: ledger.evidence(["claim 7"]),
        "page: alerts, latest first": lambda: reader.alerts(limit=50),
        "digest of a day": lambda: digest.period(NOW - timedelta(days=1), NOW),
    }


def _milliseconds(ask: Callable[[], object]) -> float:
    ask()
    spans = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        ask()
        spans.append((time.perf_counter() - began) * 1000)
    return median(spans)


def _fill(database: Database, feed_count: int, item_count: int) -> None:
    with database.read() as c:
        if c.execute(sa.select(feeds.c.feed).limit(1)).first():
            raise ClaimwatchError(f"{database.place} is not empty: nothing was written there.")
    _insert(database, feeds, (_feed(n, feed_count) for n in range(feed_count)))
    _insert(database, claims, (_claim(n) for n in range(CLAIMS)))
    _insert(database, items, (_item(n, feed_count, item_count) for n in range(1, item_count + 1)))
    _insert(database, matches, (_match(n, item_count) for n in range(A_MATCH, item_count + 1, A_MATCH)))
    _insert(database, evidence, (_piece(n, item_count) for n in range(A_PIECE, item_count + 1, A_PIECE)))
    with database.write() as c:
        c.exec_driver_sql("ANALYZE")


def _insert(database: Database, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    while some := [row for _, row in zip(range(A_BATCH), rows, strict=False)]:
        with database.write() as c:
            c.execute(sa.insert(table), some)


def _seen(n: int, count: int) -> datetime:
    """Spread over a year up to now."""
    return NOW - timedelta(days=365) * (1 - n / count)


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


def _item(n: int, feed_count: int, count: int) -> dict[str, Any]:
    return {
        "id": n, "feed": f"feed {n % feed_count}", "key": f"key {n}", "hash": f"{n}.", "words": f"{n}", "revision": 1,
        "entry_id": f"{n}", "title": f"Title {n}", "summary": "words " * 20, "content": "", "authors": [],
        "first_seen_at": _seen(n, count),
    }  # fmt: skip


def _match(n: int, count: int) -> dict[str, Any]:
    return {
        "item": n, "revision": 1, "topic": f"topic {n // A_MATCH % TOPICS}", "score": 0.9, "band": "strong",
        "found": [], "mode": "live", "matched_at": _seen(n, count), "assessed_at": _seen(n, count), "gate": "counted",
    }  # fmt: skip


def _piece(n: int, count: int) -> dict[str, Any]:
    return {
        "claim": f"claim {n // A_PIECE % CLAIMS}", "claim_revision": 1, "item": n, "item_revision": 1,
        "stance": "supports", "origin": "x", "outlet": "y", "assessment": {}, "at": _seen(n, count),
    }  # fmt: skip
