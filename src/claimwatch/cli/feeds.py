"""`claimwatch feeds`: what is polled, and how it goes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from claimwatch.cli import completing
from claimwatch.cli.feeds_discover import discover
from claimwatch.cli.feeds_edit import add, remove
from claimwatch.cli.feeds_import import export, import_feeds
from claimwatch.cli.options import CONFIG, JSON, load_settings, open_reader, refuse_unknown, typed
from claimwatch.cli.output import echo_json
from claimwatch.config.settings import Settings
from claimwatch.core.feed_health import Health
from claimwatch.errors import ClaimwatchError


@click.group()
def command() -> None:
    """List the feeds with their state, look at one now, find, add and remove them."""


for _part in (discover, add, remove, import_feeds, export):
    command.add_command(_part)


@command.command("list")
@CONFIG
@JSON
@click.option("--tag", "tags", multiple=True, help="Only feeds with this tag.")
@click.option(
    "--state",
    "wanted",
    metavar="STATE",
    multiple=True,
    help="Only feeds in this state, such as blocked.",
    type=click.Choice([state.value for state in Health]),
)
def list_feeds(config_path: Path, as_json: bool, tags: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    """List the feeds: how each does, and when it is asked next.

    Shows the state and since when, the last item, the next poll and why then.

    ok; new: not asked yet; moved: answers from elsewhere for good; slow: no answer in time, or asked us to wait;
    silent: quiet far beyond its rhythm; empty: a feed without entries; blocked: refuses us; broken: what
    comes is no feed; gone: not there. No feed is ever given up. A feed that a hub pushes says so below its row.

    \b
    Examples:
      claimwatch feeds list --state blocked --state gone
      claimwatch feeds list --tag agencies --json
    """
    from claimwatch.app import now
    from claimwatch.cli.feeds_list import as_row, listed, table
    from claimwatch.core.websub import told_by_feed

    settings = load_settings(config_path)
    reader = open_reader(settings)
    states = {s.feed: s for s in reader.feeds()} if reader else {}
    pushes = told_by_feed(reader.subscriptions(), now()) if reader else {}
    rows = [
        (feed, state, health)
        for feed, state, health in listed(settings.feeds, states, now())
        if set(tags) <= set(feed.tags) and (not wanted or health.state in wanted)
    ]
    if as_json:
        echo_json(as_row(*row, pushes.get(row[0].name)) for row in rows)
    else:
        table([(feed, health) for feed, _, health in rows], pushes, now())
    return 0


@command.command("poll")
@click.argument("name", metavar="FEED", shell_complete=completing.feeds)
@CONFIG
@JSON
@click.option(
    "--due", is_flag=True, help="Also have the running daemon poll it at once, asked to wait or not."
)
def poll(name: str, config_path: Path, as_json: bool, due: bool) -> int:
    """Ask one feed now: what is new to us, and on which topics?

    Nothing is stored or sent; that is the daemon's work (see --due). Exit 1 when the feed cannot be read.

    \b
    Examples:
      claimwatch feeds poll "Example Wire"
    """
    from claimwatch.cli.feeds_poll import look, show

    settings = load_settings(config_path)
    refuse_unknown("feed", name, [f.name for f in settings.feeds])
    seen = asyncio.run(look(settings, name))
    if as_json:
        echo_json(entry.row for entry in seen.entries)
    else:
        show(seen)
    if due:
        hasten(settings, name)
        click.echo("due: the running daemon polls it within seconds", err=True)
    return 0


def hasten(settings: Settings, name: str) -> None:
    """Make a feed due. Raises: ClaimwatchError when no daemon has run yet."""
    from claimwatch.app import now
    from claimwatch.storage.database import Database
    from claimwatch.storage.polling import SqlPollStore

    if not settings.storage.exists():
        raise ClaimwatchError(f"Nothing is stored yet: the daemon has not run. Start with:  {typed('run')}")
    database = Database(settings.storage)
    SqlPollStore(database).hasten([name], now=now(), override=True)
    database.close()
