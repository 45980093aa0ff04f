"""`claimwatch backup`: a copy of all that is stored."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli.options import CONFIG, load_settings, typed
from claimwatch.cli.output import say


@click.command()
@CONFIG
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def command(config_path: Path, file: Path) -> int:
    """Copy all that is stored into FILE, whole and consistent, also while the daemon runs.

    \b
    Examples:
      claimwatch backup backup.db
      claimwatch backup "/backups/claimwatch-$(date +%F)"      from cron
    """
    from claimwatch.storage.backup import back_up

    settings = load_settings(config_path)
    size = back_up(settings.storage, file)
    say(f"{file}: {size / 1e6:,.1f} MB. It goes back with:  {typed(f'restore {file}')}")
    return 0
