"""`claimwatch feeds`: what is polled, and how it goes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from claimwatch.cli import completing
from claimwatch.cli.feeds_discover import discover
from claimwatch.cli.feeds_edit import add, remove
from claimwatch.cli.feeds_import import export, import_feeds
from claimwatch.cli.options import CONFIG, JSON, load_settings, open_reader, refuse_unknown
from claimwatch.cli.output import echo_json, echo_table
from claimwatch.config.settings import Settings
from claimwatch.errors import ClaimwatchError


@click.group()
def command() -> None:
    """List the feeds with their state, look at one now, find, add and remove them."""


for _part in (discover, add, remove, import_feeds, export):
    command.add_command(_part)


@command.command("list")
@CONFIG
@JSON
def list_feeds(config_path: Path, as_json: bool) -> int:
    """List the feeds: language, reliability, last good poll, next poll, state.

    \b
    Examples:
      claimwatch feeds list
      claimwatch feeds list --json | jq 'select(.ok == false)'
    """
    settings = load_settings(config_path)
    reader = open_reader(settings)
    states = {s.feed: s for s in reader.feeds()} if reader else {}
    if as_json:
        echo_json(
            {
                "feed": f.name,
                "url": f.url,
                "language": f.language,
                "reliability": f.reliability,
                "source": f.publisher,
                "state": (s.error or s.outcome) if (s := states.get(f.name)) else "never polled",
                "ok": None if s is None or s.last_poll_at is None else s.error is None,
                "items": s.items if s else 0,
                "last_ok_at": s.last_ok_at.isoformat() if s and s.last_ok_at else None,
                "next_poll_at": s.next_poll_at.isoformat() if s else None,
            }
            for f in settings.feeds
        )
        return 0
    rows = []
    for f in settings.feeds:
        s = states.get(f.name)
        rows.append(
            (
                f.name,
                f.language or "?",
                f.reliability,
                f"{s.last_ok_at:%d %b %H:%M} UTC" if s and s.last_ok_at else "never",
                f"{s.next_poll_at:%H:%M:%S} UTC" if s else "at start",
                (s.error or s.outcome) if s else "never polled",
            )
        )
    echo_table(("feed", "lang", "rel", "last good", "next poll", "state"), rows)
    return 0


@command.command("poll")
@click.argument("name", metavar="FEED", shell_complete=completing.feeds)
@CONFIG
@JSON
@click.option("--due", is_flag=True, help="Also have the running daemon poll it at once.")
def poll(name: str, config_path: Path, as_json: bool, due: bool) -> int:
    """Ask one feed now: does it answer, what is new to us, which topics is it on?

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
        raise ClaimwatchError("Nothing is stored yet: the daemon has not run. Start with:  claimwatch run")
    database = Database(settings.storage)
    SqlPollStore(database).hasten([name], now=now())
    database.close()
