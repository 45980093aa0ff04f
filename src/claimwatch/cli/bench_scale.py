"""`claimwatch bench scale`: what questions cost when much is stored, and what several workers do."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import log
from pathlib import Path
from statistics import median

import click

from claimwatch.cli.bench_scale_plans import BIG, Plan, plan_of
from claimwatch.cli.bench_scale_rows import A_MATCH, A_PIECE, AN_ALERT, NOW, begin, fill
from claimwatch.cli.output import echo_table, say
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.assessing import SqlAssessStore
from claimwatch.storage.database import Database
from claimwatch.storage.digesting import SqlDigestStore
from claimwatch.storage.place import Place, Server, is_server
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.reading import SqlReader

TAKEN = 64
REPEATS = 7
EVERY_ROW = {("digest of a day", "feeds")}  # asked once a day: which of all feeds are silent?
GOAL = 10_000_000  # items to which the figures are extrapolated


def _workers(_: click.Context, __: click.Parameter, written: str | None) -> tuple[int, ...]:
    try:
        numbers = tuple(int(number) for number in (written or "").split(",") if number.strip())
    except ValueError:
        numbers = (0,)
    if any(not 1 <= number <= 64 for number in numbers):
        raise click.BadParameter("write how many workers at a time:  --workers 1,2,4")
    return numbers


@click.command()
@click.option(
    "--feeds", "feed_count", type=click.IntRange(1), metavar="N",
    help="Feeds; 100000, with --workers 1200, where nothing else is said.",
)  # fmt: skip
@click.option(
    "--items", "item_count", type=click.IntRange(100), default=200_000, show_default=True, metavar="N",
    help="Stored items.",
)  # fmt: skip
@click.option("--on", "written", metavar="URL", help="Also on this empty PostgreSQL database; it is filled.")
@click.option(
    "--workers", callback=_workers, metavar="LIST",
    help="Measure real workers instead, so many at a time, in a new database beside that of --on.",
)  # fmt: skip
def command(feed_count: int | None, item_count: int, written: str | None, workers: tuple[int, ...]) -> int:
    """Time the questions of a tick, a recall, a ledger page and a digest on invented rows.

    SQLite works in a temporary folder; with --on the same is done on PostgreSQL and the ratio is shown. Each
    question's plan is looked at: exit 1 when one reads a big table whole.

    With --workers, that many real `claimwatch worker` poll invented feeds of loopback hosts, each held to one core:
    feeds polled, items matched and alerts sent a second, as ratios to the first number of workers.

    \b
    Examples:
      claimwatch bench scale --feeds 2000 --items 5000
      claimwatch bench scale --items 10000000 --on postgresql:///bench
      claimwatch bench scale --workers 1,2,4 --on postgresql:///bench
    """
    if written is not None and not is_server(written):
        raise ClaimwatchError("--on takes the URL of a PostgreSQL database:  --on postgresql:///bench")
    if workers:
        if written is None:
            raise ClaimwatchError("Workers share a PostgreSQL server: name a database with  --on URL")
        _show_work(written, workers, feed_count or 1200)
        return 0
    return _show_questions(feed_count or 100_000, item_count, written)


@dataclass(frozen=True, slots=True)
class Figure:
    """What a question costs (milliseconds) with a tenth of the items and with all, and how it is answered."""

    few: float
    all: float
    plan: Plan


def _show_questions(feed_count: int, item_count: int, written: str | None) -> int:
    figures: dict[str, dict[str, Figure]] = {}
    with tempfile.TemporaryDirectory() as folder:
        places: dict[str, Place] = {"SQLite": Path(folder) / "bench.db"}
        if written is not None:
            places["PostgreSQL"] = Server(written, Path(folder) / "server.db")
        for kind, place in places.items():
            database = Database(place)
            try:
                figures[kind] = _measure(database, feed_count, item_count)
            finally:
                database.close()
    rows = []
    for name, first in figures["SQLite"].items():
        second = figures.get("PostgreSQL", {}).get(name)
        more = ("", "") if second is None else (f"{second.all:.1f}", f"{second.all / first.all:.1f}")
        rows.append((name, f"{first.all:.1f}", *more))
    say(f"{feed_count:,} feeds, {item_count:,} items; milliseconds, median of {REPEATS}")
    echo_table(("question", "SQLite", "PostgreSQL", "ratio"), rows)
    if item_count < GOAL:
        click.echo()
        say(
            f"extrapolated to {GOAL:,} items, by how the cost grew from {item_count // 10:,} to {item_count:,}"
        )
        echo_table(
            ("question", *figures),
            [
                (name, *(f"{_extrapolated(found[name], item_count):.1f}" for found in figures.values()))
                for name in figures["SQLite"]
            ],
        )
    click.echo()
    for kind, found in figures.items():
        for name, figure in found.items():
            say(f"{kind}, {name}: by {', '.join(figure.plan.indexes) or 'no index'}", indent="  ")
    scans = [
        f"{kind}, {name}: reads {table} whole"
        for kind, found in figures.items()
        for name, figure in found.items()
        for table in figure.plan.read_whole
        if (name, table) not in EVERY_ROW
    ]
    for line in scans:
        say(f"problem  {line}")
    if not scans:
        say(f"no question reads a table of {BIG:,} rows or more whole (but the digest: all feeds)")
    return 1 if scans else 0


def _measure(database: Database, feed_count: int, item_count: int) -> dict[str, Figure]:
    begin(database, feed_count)
    fill(database, feed_count, 0, item_count // 10)
    questions = _questions(database)
    few = {name: _milliseconds(ask) for name, ask in questions.items()}
    fill(database, feed_count, item_count // 10, item_count)
    rows = {
        "feeds": feed_count, "items": item_count, "matches": item_count // A_MATCH,
        "evidence": item_count // A_PIECE, "alerts": item_count // AN_ALERT, "deliveries": item_count // AN_ALERT,
    }  # fmt: skip
    return {
        name: Figure(few[name], _milliseconds(ask), plan_of(database, ask, rows))
        for name, ask in questions.items()
    }


def _extrapolated(figure: Figure, item_count: int) -> float:
    """Return milliseconds at GOAL items: the power of the items by which the cost grew so far goes on."""
    power = max(0.0, log(figure.all / figure.few) / log(10))
    growth: float = (GOAL / item_count) ** power
    return figure.all * growth


def _questions(database: Database) -> Mapping[str, Callable[[], object]]:
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


def _show_work(url: str, workers: tuple[int, ...], feed_count: int) -> None:
    from claimwatch.cli.bench_scale_workers import NEW, measure

    found = measure(url, workers, feed_count)
    one = found[0]

    def ratio(value: float, first: float) -> str:
        return f"{value / first:.2f}" if first else ""

    say(
        f"{feed_count:,} feeds with {NEW} new items each; a second, and as a ratio to {one.workers} worker(s)"
    )
    echo_table(
        ("workers", "feeds", "items", "alerts", "feeds x", "alerts x", "cores", "CPU ms a feed"),
        [
            (
                str(w.workers), f"{w.feeds_per_s:,.1f}", f"{w.items_per_s:,.0f}", f"{w.alerts_per_s:,.1f}",
                ratio(w.feeds_per_s, one.feeds_per_s), ratio(w.alerts_per_s, one.alerts_per_s),
                f"{w.cores:.2f}", f"{w.cpu_ms:.1f}",
            )
            for w in found
        ],
    )  # fmt: skip
