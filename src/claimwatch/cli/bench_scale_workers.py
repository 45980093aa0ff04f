"""The second half of `claimwatch bench scale`: the same work done by 1, 2 and 4 real workers on one PostgreSQL.

Each worker is held to one core, as on a small machine of its own; where there are more workers than cores, they
share them, and so do PostgreSQL and the feeds' server. Every number of workers begins with a new database beside
the one that is named, which is dropped at the end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from claimwatch.cli.bench_poll_run import Server, cpu_of
from claimwatch.cli.bench_poll_server import host_of
from claimwatch.cli.progress import progress
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.database import Database
from claimwatch.storage.place import Server as Place
from claimwatch.storage.polling import SqlPollStore
from claimwatch.storage.reading import SqlReader
from claimwatch.storage.schema import feeds
from claimwatch.storage.server import open_server

PLACES = (
    "Orsa", "Norland", "Avaria", "Velmar", "Tarnau", "Brelova", "Costine", "Dravik", "Elmora", "Fenwold",
    "Garsten", "Hollmar",
)  # fmt: skip
NEW = 20  # items that each feed shows more at the measured poll
LOOK_EVERY = 0.1  # s
GIVE_UP = 900.0  # s


@dataclass(frozen=True, slots=True)
class Work:
    """What so many workers did a second, and how many cores they used for it."""

    workers: int
    feeds_per_s: float
    items_per_s: float
    alerts_per_s: float
    cores: float
    cpu_ms: float  # of the workers, a feed with all that follows


def measure(url: str, workers: Sequence[int], feed_count: int) -> list[Work]:
    """Return what each number of workers does. Raises: ClaimwatchError when a server or a worker fails."""
    if not Path("/proc/self/stat").exists():
        raise ClaimwatchError("This benchmark reads what processes cost from /proc, which only Linux has.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # workers and database do not outlive us
    found = []
    with progress("Workers", len(workers)) as step:
        for number in workers:
            with TemporaryDirectory() as folder, _database(url, Path(folder)) as place:
                found.append(_run(place, number, feed_count, Path(folder)))
            step()
    return found


@contextmanager
def _database(url: str, folder: Path) -> Iterator[Place]:
    """Give a database of our own on the server of `url`, gone at the end."""
    name = f"claimwatch_bench_{os.getpid()}"
    server = open_server(Place(url, folder / "server.db"))
    try:
        with server.connect().execution_options(isolation_level="AUTOCOMMIT") as c:
            try:
                c.exec_driver_sql(f"CREATE DATABASE {name}")
            except sa.exc.DBAPIError as error:
                raise ClaimwatchError(
                    f"The user of --on may not make a database for the measurement: {error.orig}".strip()
                ) from error
            try:
                own = sa.make_url(url).set(database=name).render_as_string(hide_password=False)
                yield Place(own, folder / "claimwatch.db")
            finally:
                c.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        server.dispose()


def _run(place: Place, workers: int, feed_count: int, folder: Path) -> Work:
    with ExitStack() as ends:
        server = Server(PLACES)
        ends.callback(server.end)
        config = _write_config(folder, place, server.port, feed_count)
        database = Database(place)
        ends.callback(database.close)
        log = ends.enter_context((folder / "log").open("ab"))
        running: list[subprocess.Popen[bytes]] = []
        ends.callback(_stop, running)
        cores = sorted(os.sched_getaffinity(0))
        for number in range(workers):
            running.append(_start(["worker"], config, log.fileno()))
            os.sched_setaffinity(running[-1].pid, {cores[number % len(cores)]})
        running.append(_start(["run", "--no-work"], config, log.fileno()))
        ours = [process.pid for process in running[:workers]]

        def all_done(since: float) -> tuple[float, int, int]:
            return _wait(database, running, since, folder / "log", feed_count, marks)

        marks: list[float] = []
        _, before, sent_before = all_done(0.0)
        server.turn("news", NEW, prepare=feed_count)
        cpu, marks[:] = sum(map(cpu_of, ours)), []
        with database.read() as c:
            names = list(c.execute(sa.select(feeds.c.feed)).scalars())
        polls = _polls(database)
        began = time.perf_counter()
        from claimwatch.app import now

        SqlPollStore(database).hasten(names, now=now())
        whole, items, sent = all_done(polls + feed_count)
        took, polled = whole - began, marks[0] - began
        used = sum(map(cpu_of, ours)) - cpu
        return Work(
            workers, feed_count / polled, (items - before) / polled, (sent - sent_before) / took, used / took,
            1000 * used / feed_count,
        )  # fmt: skip


def _wait(
    database: Database,
    running: Sequence[subprocess.Popen[bytes]],
    polls: float,
    log: Path,
    feed_count: int,
    marks: list[float],
) -> tuple[float, int, int]:
    """Wait until so many polls were made and nothing is left to do; note when the last poll was stored.

    Return the time, and how many items are stored and deliveries sent.
    """
    reader = SqlReader(database)
    end = time.perf_counter() + GIVE_UP
    while True:
        at = time.perf_counter()
        if _polls(database) >= max(polls, feed_count):
            marks.append(at)
            queues = reader.queues()
            if not queues.to_assess and not queues.due:
                return time.perf_counter(), queues.items, queues.sent
        if at > end or any(process.poll() is not None for process in running):
            said = log.read_text("utf-8", "replace").strip()[-300:]
            raise ClaimwatchError(f"The workers did not come to an end. They said last: {said}")
        time.sleep(LOOK_EVERY)


def _polls(database: Database) -> int:
    with database.read() as c:
        return int(c.execute(sa.select(sa.func.coalesce(sa.func.sum(feeds.c.polls), 0))).scalar_one())


def _start(command: Sequence[str], config: Path, log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - ourselves
        [sys.executable, "-m", "claimwatch", *command, "--config", str(config)],
        stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip


def _stop(running: Sequence[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _write_config(folder: Path, place: Place, port: int, feed_count: int) -> Path:
    """Write a topic with a claim and a file of alerts for each place, and feeds spread over the hosts."""
    config = folder / "config"
    lines: Callable[[Iterator[str]], str] = "\n".join
    numbered = list(enumerate(PLACES))
    files = {
        "config/claimwatch.yaml": f"timezone: UTC\nstorage: {place.url}\n",
        "config/topics.yaml": "topic:\n"
        + lines(
            f"  t{n}: {{title: The works at {name}, who: [{name}], what: [bridge, tunnel, strike, port, flood]}}"
            for n, name in numbered
        )
        + "\nclaim:\n"
        + lines(
            f"  c{n}: {{topic: t{n}, short: The bridge at {name} is closed,"
            f" text: The bridge at {name} is closed., said_by: [council]}}"
            for n, name in numbered
        ),
        "config/feeds.yaml": "feed:\n"
        + lines(
            f'  - {{name: "{n}", url: "http://{host_of(n % len(PLACES))}:{port}/{n}", language: en,'
            " reliability: C, private: true, every: 6h}"
            for n in range(feed_count)
        ),
        "alerts/routes.yaml": "channel:\n"
        + lines(f"  r{n}: {{type: jsonl, path: {folder / f'{n}.jsonl'}}}" for n, _ in numbered)
        + "\nroute:\n"
        + lines(f"  - {{name: r{n}, when: {{topic: [t{n}]}}, to: [r{n}]}}" for n, _ in numbered),
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text + "\n", "utf-8")
    return config
