"""`claimwatch restore`: a backup put back."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli.move import unused
from claimwatch.cli.options import CONFIG, load_settings
from claimwatch.cli.output import say


@click.command()
@CONFIG
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(config_path: Path, file: Path) -> int:
    """Put a backup in the place of what is stored; stop the daemon before.

    A database file that is replaced is kept beside it. What came since the backup is polled again as far as
    the feeds still show it, and what was sent since may be told again.

    \b
    Examples:
      claimwatch restore backup.db
    """
    from claimwatch.storage.backup import put_back
    from claimwatch.storage.database import Database

    settings = load_settings(config_path)
    with unused(settings.storage):
        kept = put_back(file, settings.storage)
        Database(settings.storage, check=True).close()
    say(f"{settings.storage} is as it was in {file}." + (f" What it was before: {kept}" if kept else ""))
    return 0
