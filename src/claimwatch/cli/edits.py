"""Editing the config by command: what changed is shown, and nothing wrong is ever written."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimwatch.errors import ClaimwatchError, ConfigError

if TYPE_CHECKING:
    from claimwatch.config import Settings
    from claimwatch.config.editing import Edited

DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
MOST = 40  # lines of a change that are shown


def change_config(
    config: Path, file: Path, change: Callable[[dict[str, Any]], None], *, dry_run: bool = False
) -> Edited:
    """Edit a file of the config and print what changed.

    Raises: ClaimwatchError, also when the config would not be right with the change.
    """
    from claimwatch.config.editing import edit

    try:
        done = edit(config, file, change, environ=os.environ, dry_run=dry_run)
    except ConfigError as error:
        raise ClaimwatchError(f"nothing was written, this would not do:\n\n{error}") from error
    show_edit(done, dry_run=dry_run)
    return done


def show_edit(done: Edited, *, dry_run: bool) -> None:
    """Print the lines that went and came."""
    if not done:
        click.echo("Nothing was changed.")
        return
    click.echo(f"{done.file}{' (not changed: --dry-run)' if dry_run else ''}")
    for line in done.lines[:MOST]:
        click.echo(f"  {line}")
    if len(done.lines) > MOST:
        click.echo(f"  and {len(done.lines) - MOST:,} lines more")


def file_of_topic(settings: Settings, topic: str) -> Path:
    """Return the file that defines a topic."""
    line = next(line for each in settings.topics if each.id == topic for line in each.lines)
    return Path(settings.places[f"topic {topic}.{line.name}"].source.name)


def file_of_claim(settings: Settings, claim: str) -> Path:
    """Return the file that defines a claim."""
    return Path(settings.places[claim].source.name)
