"""`claimwatch bench alerts`: how soon an alert is handed over, and how fast a queue of them is sent.

The real stations, a real database, feeds over HTTP and mail over SMTP, all on this machine; what is sent is
invented. The servers run in a process of their own.
"""

from __future__ import annotations

import asyncio
import json
import logging
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

import click
import structlog

from claimwatch.cli.bench_alerts_world import CONFIG, queued, serve
from claimwatch.errors import ClaimwatchError

if TYPE_CHECKING:
    from claimwatch.app import App

WARM_UP = 500  # messages before memory is looked at first
AT_MOST = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Soon:
    """From an item's first sight to the relay's yes, in seconds, with `gather: 0`."""

    feeds: int
    alerts: int
    lost: int
    p50_s: float
    p95_s: float
    longest_s: float


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue of alerts handed to one relay."""

    alerts: int
    lost: int
    copies: int
    per_s: float
    connections: int
    megabytes_at_first: float
    megabytes_at_last: float


@click.command(name="alerts")
@click.option("--feeds", default=200, show_default=True, help="Feeds that each bring one alert.")
@click.option("--queue", "queue_length", default=10_000, show_default=True, help="Alerts that wait.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on standard output.")
def command(feeds: int, queue_length: int, as_json: bool) -> int:
    """Seconds from first sight to hand-over, and alerts per second from a queue, over real HTTP and SMTP.

    Exit 1 when an alert was lost or came twice.

    \b
    Examples:
      claimwatch bench alerts --feeds 20 --queue 100
    """
    with _quiet(), tempfile.TemporaryDirectory() as folder, _servers(feeds) as (http, smtp, world):
        soon = asyncio.run(_soon(Path(folder) / "soon", feeds, http, smtp, world))
        queue = asyncio.run(_queue(Path(folder) / "queue", queue_length, smtp, world))
    if as_json:
        click.echo(json.dumps({"bench": "soon", **asdict(soon)}))
        click.echo(json.dumps({"bench": "queue", **asdict(queue)}))
    else:
        click.echo(
            f"first sight to hand-over   p50 {soon.p50_s:.2f} s, p95 {soon.p95_s:.2f} s, longest "
            f"{soon.longest_s:.2f} s\n"
            f"                           {soon.alerts} alerts of {soon.feeds} feeds, {soon.lost} lost\n"
            f"queue to one relay         {queue.per_s:.0f} a second, {queue.connections} connection(s)\n"
            f"                           {queue.alerts} alerts, {queue.lost} lost, {queue.copies} came twice\n"
            f"memory                     {queue.megabytes_at_first:.0f} MB after {WARM_UP}, "
            f"{queue.megabytes_at_last:.0f} MB after the last"
        )
    return 1 if soon.lost or queue.lost or queue.copies else 0


@contextmanager
def _quiet() -> Iterator[None]:
    """Log nothing meanwhile: a line for each message would be part of what is measured."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


async def _soon(folder: Path, feeds: int, http: int, smtp: int, world: Connection) -> Soon:
    """Let each feed bring an item, at a moment of its own within seconds."""
    from claimwatch.app import open_app
    from claimwatch.config import load
    from claimwatch.daemon import run_daemon

    folder.mkdir()
    lines = "".join(
        f"  - {{name: F{n}, url: 'http://127.0.0.1:{http}/{n}', language: en, reliability: C, private: true,"
        f" every: 1s}}\n"
        for n in range(feeds)
    )
    (folder / "claimwatch.yaml").write_text(CONFIG.format(smtp=smtp) + f"feed:\n{lines}", encoding="utf-8")
    settings = load(folder / "claimwatch.yaml", environ={})
    stop = asyncio.Event()
    async with open_app(settings) as app:
        running = asyncio.create_task(run_daemon(app, stop))
        await _until(lambda: all(feed.polls for feed in app.reader.feeds()))
        world.send("bring")
        await _until(lambda: app.reader.queues().sent >= feeds)
        waits = sorted(_waits(app))
        stop.set()
        await running
    subjects, _ = _taken(world)
    lost = feeds - len({s for s in subjects if s.startswith("BENCH-")})
    return Soon(feeds, len(waits), lost, _share(waits, 0.5), _share(waits, 0.95), waits[-1] if waits else 0.0)


def _waits(app: App) -> Iterator[float]:
    for stored in app.reader.alerts(limit=100_000):
        seen = stored.alert.report.seen_at
        for sent in stored.deliveries:
            if seen and sent.settled_at and sent.state == "sent":
                yield (sent.settled_at - seen).total_seconds()


async def _queue(folder: Path, length: int, smtp: int, world: Connection) -> Queue:
    """Send what waits in the outbox, as the daemon does."""
    from claimwatch.app import open_app
    from claimwatch.config import load

    folder.mkdir()
    (folder / "claimwatch.yaml").write_text(CONFIG.format(smtp=smtp), encoding="utf-8")
    settings = load(folder / "claimwatch.yaml", environ={})
    first = 0.0
    async with open_app(settings) as app:
        queued(settings, length)
        begun = time.perf_counter()
        while await app.dispatch.start_due() or app.reader.queues().due:
            sending = asyncio.create_task(app.dispatch.idle())
            while not sending.done():
                await asyncio.wait([sending], timeout=0.2)
                first = first or (_megabytes() if app.reader.queues().sent >= min(WARM_UP, length) else 0.0)
        took = time.perf_counter() - begun
    subjects, connections = _taken(world)
    return Queue(
        length, length - len(set(subjects)), len(subjects) - len(set(subjects)), length / took, connections,
        first, _megabytes(),
    )  # fmt: skip


async def _until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + AT_MOST.total_seconds()
    while not done():
        if time.monotonic() > deadline:
            raise ClaimwatchError(f"The measurement did not end within {AT_MOST}.")
        await asyncio.sleep(0.2)


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def _megabytes() -> float:
    """Return what this process holds in memory now."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


def _taken(world: Connection) -> tuple[list[str], int]:
    """Return the subjects of the mails the relay took, and on how many connections."""
    world.send("taken")
    subjects, connections = world.recv()
    return subjects, connections


@contextmanager
def _servers(feeds: int) -> Iterator[tuple[int, int, Connection]]:
    """Give the ports of the feeds and of the relay, and a line to them."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(target=serve, args=(feeds, theirs), daemon=True)
    process.start()
    try:
        http, smtp = ours.recv()
        yield http, smtp, ours
        ours.send("end")
        process.join(5)
    finally:
        process.kill()
        process.join()
