"""`claimwatch worker`: one more worker on PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli.logs import set_up_logs
from claimwatch.cli.options import CONFIG
from claimwatch.cli.run import STATIONS, start


def _stations(_: click.Context, __: click.Parameter, written: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in written.split(",") if name.strip()))
    unknown = [name for name in names if name not in STATIONS]
    if unknown or not names:
        raise click.BadParameter(f"write some of {','.join(STATIONS)}")
    return names


@click.command()
@CONFIG
@click.option(
    "--stations", callback=_stations, default=",".join(STATIONS), show_default=True, metavar="LIST",
    help="What it does: poll feeds, assess items, dispatch alerts.",
)  # fmt: skip
@click.option(
    "--concurrency", type=click.IntRange(1, 200), default=10, show_default=True, metavar="N",
    help="Hosts, topics and receivers in hand at the same time.",
)  # fmt: skip
@click.option("--verbose", "-v", is_flag=True, help="Log every decision.")
@click.option("--log-json", is_flag=True, help="Log as JSON Lines.")
def command(
    config_path: Path, stations: tuple[str, ...], concurrency: int, verbose: bool, log_json: bool
) -> int:
    """Work beside `claimwatch run`, on this or another machine, until Ctrl-C or SIGTERM.

    Storage must be PostgreSQL. A worker takes what is due under a lease: no feed is polled and no message is
    sent by two at once, and what a worker that died had in hand is taken over after half a minute.

    \b
    Examples:
      claimwatch worker
      claimwatch worker --stations poll --concurrency 50
    """
    set_up_logs(verbose=verbose, as_json=log_json)
    return start(config_path, schedules=False, stations=stations, concurrency=concurrency)
