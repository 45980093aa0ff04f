"""`claimwatch bench poll`: feeds a second, CPU a feed and memory of polling, beside the `reader` package.

Both poll the same invented feeds of one loopback server in the same run, so that the ratios hold where the
absolute figures do not. Linux only: what a process costs is read from /proc.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from claimwatch.cli.bench_poll_run import Process, Server
from claimwatch.cli.output import echo_table
from claimwatch.cli.progress import progress
from claimwatch.errors import ClaimwatchError

STEP = 60  # seconds of a simulated day between two changes of what the feeds show


@dataclass(frozen=True, slots=True)
class Row:
    """What a round cost one contestant."""

    contestant: str
    round: str
    feeds_per_s: float
    cpu_ms: float  # a feed
    peak_mb: float  # of all its processes, up to here
    items: int


@click.command(name="poll")
@click.option("--feeds", default=2_000, show_default=True, help="Feeds on the server.")
@click.option("--rounds", default=1, show_default=True, help="How often each round but the first is made.")
@click.option(
    "--reader-python",
    type=click.Path(exists=True, dir_okay=False),
    help="A Python that has the `reader` package; without it, this one is asked.",
)
@click.option(
    "--hours", type=float, help="Follow the feeds for so many simulated hours at a poll each 15 min."
)
@click.option("--day", is_flag=True, help="The same as --feeds 10000 --hours 24.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines on standard output.")
def command(
    feeds: int, rounds: int, reader_python: str | None, hours: float | None, day: bool, as_json: bool
) -> None:
    """Feeds per second, CPU per feed and memory of polling, beside the `reader` package.

    \b
    Examples:
      claimwatch bench poll --feeds 20
    """
    if not Path("/proc/self/stat").exists():
        raise ClaimwatchError("This benchmark reads what processes cost from /proc, which only Linux has.")
    if day:
        feeds, hours = 10_000, 24.0
    if hours is not None:
        _show_day(*_follow(feeds, hours), as_json=as_json)
        return
    rows = _race(feeds, rounds, reader_python or (sys.executable if _has_reader(sys.executable) else None))
    if as_json:
        for row in rows:
            click.echo(json.dumps(asdict(row)))
    else:
        _show(rows)


def _race(feeds: int, rounds: int, reader_python: str | None) -> list[Row]:
    """Return what each round cost claimwatch and, with a Python that has it, `reader`."""
    if reader_python is not None and not _has_reader(reader_python):
        raise ClaimwatchError(f"{reader_python} has no package `reader`:  pip install reader")
    rows: list[Row] = []
    server = Server()
    try:
        with TemporaryDirectory() as folder, progress("Polling", 2 if reader_python else 1) as step:
            where = [str(server.port), str(feeds)]
            rows += _rounds("claimwatch", server, feeds, rounds, _ourselves([*where, folder]))
            step()
            if reader_python is not None:
                script = str(Path(__file__).with_name("bench_poll_reader.py"))
                command = [reader_python, "-I", script, *where, folder]
                rows += _rounds("reader", server, feeds, rounds, Process(command, isolated=True))
                step()
    finally:
        server.end()
    return rows


def _rounds(name: str, server: Server, feeds: int, rounds: int, process: Process) -> list[Row]:
    turns = {
        "first": ("quiet", 0),
        "unchanged": ("quiet", 0),
        "same body": ("blind", 0),
        "2 new": ("news", 2),
    }
    rows = []
    try:
        with process.watched() as peak:
            for word, (mode, step) in turns.items():
                cost = []
                for _ in range(1 if word == "first" else rounds):
                    server.turn(mode, step, prepare=feeds)
                    cost.append(process.ask())
                wall, cpu = sum(t.seconds for t in cost), sum(t.cpu for t in cost)
                polled = feeds * len(cost)
                rows.append(
                    Row(
                        name, word, round(polled / wall, 1), round(1000 * cpu / polled, 3),
                        round(peak.megabytes, 1), cost[-1].items,
                    )
                )  # fmt: skip
    finally:
        process.end()
    return rows


@dataclass(frozen=True, slots=True)
class Day:
    """What following feeds for some simulated hours cost."""

    feeds: int
    hours: float
    items: int
    core: float  # share of one core
    peak_mb: float


def _follow(feeds: int, hours: float) -> tuple[Day, Day]:
    """Return what it costs to begin (first polls), and to go on for so many hours."""
    server = Server()
    try:
        with TemporaryDirectory() as folder:
            process = _ourselves([str(server.port), str(feeds), folder])
            try:
                server.turn("clock", 0)
                seconds = int(hours * 3600)
                first = 900  # all are polled once, and their turns spread over a quarter of an hour
                with process.watched() as peak, progress("Minutes", (first + seconds) // STEP) as step:
                    begin = process.ask(str(first))
                    begun = Day(feeds, first / 3600, begin.items, begin.cpu / first, peak.megabytes)
                    cpu, items = 0.0, begin.items
                    for at in range(first + STEP, first + seconds + 1, STEP):
                        server.turn("clock", at)
                        turn = process.ask(str(at))
                        cpu += turn.cpu
                        items = turn.items
                        step()
                    return begun, Day(feeds, hours, items - begin.items, cpu / seconds, peak.megabytes)
            finally:
                process.end()
    finally:
        server.end()


def _ourselves(arguments: list[str]) -> Process:
    return Process([sys.executable, "-m", "claimwatch.cli.bench_poll_self", *arguments])


def _has_reader(python: str) -> bool:
    found = subprocess.run([python, "-I", "-c", "import reader"], capture_output=True, check=False)  # noqa: S603
    return found.returncode == 0


def _show(rows: list[Row]) -> None:
    echo_table(
        ("", "round", "feeds/s", "CPU ms a feed", "peak MB", "items"),
        [
            (
                r.contestant,
                r.round,
                f"{r.feeds_per_s:,.0f}",
                f"{r.cpu_ms:.2f}",
                f"{r.peak_mb:.0f}",
                f"{r.items:,}",
            )
            for r in rows
        ],
    )
    theirs = {r.round: r for r in rows if r.contestant == "reader"}
    for ours in rows:
        if ours.contestant != "reader" and (other := theirs.get(ours.round)):
            click.echo(
                f"{ours.round:10} {other.cpu_ms / ours.cpu_ms:6.1f} times less CPU a feed, "
                f"{ours.feeds_per_s / other.feeds_per_s:.1f} times the feeds/s, "
                f"{ours.peak_mb / other.peak_mb:.2f} times the memory"
            )
    if not theirs:
        click.echo("Without the `reader` package there is nothing to compare with: see --reader-python.")


def _show_day(begun: Day, day: Day, *, as_json: bool) -> None:
    if as_json:
        for row in (begun, day):
            click.echo(json.dumps(asdict(row)))
        return
    for word, row in (("first polls", begun), ("after that", day)):
        click.echo(
            f"{word:12} {row.feeds:,} feeds, {row.hours:g} h: {row.items:,} new items, "
            f"{100 * row.core:.1f} % of a core, peak {row.peak_mb:.0f} MB"
        )
