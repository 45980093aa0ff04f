"""`claimwatch unmute`: end a mute before its time."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli import completing
from claimwatch.cli.judging import BY, person
from claimwatch.cli.options import CONFIG, load_settings, typed
from claimwatch.errors import ClaimwatchError


@click.command()
@click.argument("what", metavar="CLAIM_OR_TOPIC", shell_complete=completing.claims_and_topics)
@CONFIG
@BY
def command(what: str, config_path: Path, by: str | None) -> int:
    """Send alerts on CLAIM_OR_TOPIC again, from now on; what was muted stays stored and unsent.

    \b
    Examples:
      claimwatch unmute dam-safe
    """
    from claimwatch.app import now
    from claimwatch.storage.database import Database
    from claimwatch.storage.muting import SqlMuteStore

    settings = load_settings(config_path)
    lifted = 0
    if settings.storage.exists():
        database = Database(settings.storage)
        try:
            lifted = SqlMuteStore(database).lift(what, person(by), now())
        finally:
            database.close()
    if not lifted:
        raise ClaimwatchError(f'"{what}" is not muted. What is:  ' + typed("mutes"))
    click.echo(f"{what} is not muted any more.")
    return 0
