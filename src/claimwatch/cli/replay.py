"""`claimwatch replay`: what would another config have told of the same items?"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from claimwatch.cli.options import CONFIG, load_settings
from claimwatch.cli.spans import Span
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.place import Place

MOST = 20
SHOWN = ("lost", "new")


class Kinds(click.ParamType[tuple[str, ...]]):
    """Words of SHOWN with commas between them."""

    name = "kinds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        words = tuple(dict.fromkeys(word.strip() for word in value.split(",")))
        if wrong := [word for word in words if word not in SHOWN]:
            self.fail(f'"{wrong[0]}" cannot be shown. Write lost, new or lost,new.', param, ctx)
        return words


@click.command()
@CONFIG
@click.option("--since", type=Span(), default="30d", show_default=True, help="How far back: 30d, 12h, 2w.")
@click.option(
    "--database",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Whose items; else the config's own database, else that of config/.",
)
@click.option("--fail-on-lost", is_flag=True, help="Exit 1 when an alert is lost that was judged right.")
@click.option("--show", type=Kinds(), default=(), help="Print these as mails: lost, new, or lost,new.")
@click.option("--all", "show_all", is_flag=True, help=f"List all differences, not only {MOST} of each kind.")
@click.option(
    "--json", "as_json", is_flag=True, help="A line for each difference, and a last one that sums up."
)
def command(
    config_path: Path,
    since: timedelta,
    database: Path | None,
    fail_on_lost: bool,
    show: tuple[str, ...],
    show_all: bool,
    as_json: bool,
) -> int:
    """Run stored items through a config and compare with the alerts of then.

    Nothing is sent, and the database is only read. Items that were edited run with their latest text; the
    judge is that of today, and mutes, limits and quiet hours hold nothing back. The same items and config
    always give the same answer. "digest lines" are the reports that only digests name.

    \b
    Examples:
      claimwatch replay --since 30d --config new/config
      claimwatch replay --since 7d --show lost,new      as readers get them
      claimwatch replay --since 7d --fail-on-lost       for tests of a config
    """
    from claimwatch import app
    from claimwatch.cli.check_alerts import silence
    from claimwatch.cli.progress import progress
    from claimwatch.cli.replay_run import Replay
    from claimwatch.cli.replay_shown import print_json, print_mails, print_table
    from claimwatch.storage.database import Database
    from claimwatch.storage.past import SqlPast

    if show and as_json:
        raise click.UsageError("--show prints mails and --json lines: ask for one of them.")
    settings = load_settings(config_path)
    store = Database(database or _database(settings.storage))
    begin = app.now() - since
    with silence(), progress("items", SqlPast(store).count(since=begin)) as tick:
        judge = app.open_first_judge(settings.aliases)
        found = Replay(settings, judge, store).compare(since=begin, tick=tick)
    store.close()
    if as_json:
        print_json(found)
    else:
        print_table(found, begin=f"{begin:%d %b %Y %H:%M} UTC", most=None if show_all else MOST)
        print_mails(found, show, ZoneInfo(settings.timezone))
    return 1 if fail_on_lost and found.lost_right else 0


def _database(own: Place) -> Place:
    from claimwatch.config.load import storage_of

    for path in (own, storage_of(Path("config"), environ=os.environ)):
        if path.exists():
            return path
    raise ClaimwatchError(
        f"Nothing is stored yet in {own}, so there is nothing to replay. Name one:  --database var/claimwatch.db"
    )
