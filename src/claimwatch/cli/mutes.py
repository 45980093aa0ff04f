"""`claimwatch mutes`: what is muted."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from claimwatch.cli.options import CONFIG, JSON, load_settings
from claimwatch.cli.output import echo_json, echo_table
from claimwatch.core.muting import Mute
from claimwatch.core.times import when


@click.command()
@CONFIG
@JSON
def command(config_path: Path, as_json: bool) -> int:
    """List what is muted now: until when, by whom and why.

    \b
    Examples:
      claimwatch mutes
    """
    from claimwatch.app import now
    from claimwatch.storage.database import Database
    from claimwatch.storage.muting import SqlMuteStore

    settings = load_settings(config_path)
    found: tuple[Mute, ...] = ()
    if settings.storage.exists():
        database = Database(settings.storage)
        try:
            found = SqlMuteStore(database).in_force(now())
        finally:
            database.close()
    if as_json:
        echo_json(
            {
                "muted": m.name, "kind": m.kind, "since": m.since, "until": m.until, "by": m.by,
                "reason": m.reason,
            }
            for m in found
        )  # fmt: skip
        return 0
    if not found:
        click.echo("Nothing is muted.")
        return 0
    zone = ZoneInfo(settings.timezone)
    echo_table(
        ("muted", "until", "by"),
        [(m.name, when(m.until, zone), m.by) for m in found],
        below=[m.reason for m in found],
    )
    return 0
