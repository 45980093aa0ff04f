"""Options that several commands share, and what they open."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from claimwatch.config.settings import Settings
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.place import Place

CONFIG = click.option(
    "--config",
    "-c",
    "config_path",
    type=click.Path(path_type=Path),
    default=Path("config"),
    show_default=True,
    metavar="DIR",
    help="The config directory (alerts/ lies beside it), or one file that holds all.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="JSON Lines on standard output, for scripts.")


def load_settings(path: Path) -> Settings:
    """Return the config at `path`. Raises: ConfigError."""
    from claimwatch.config import load

    return load(path, environ=os.environ)


def refuse_unknown(what: str, name: str, known: Iterable[str]) -> None:
    """Raise ClaimwatchError, with the nearest known name, unless `name` is a known one."""
    names = list(known)
    if name in names:
        return
    from rapidfuzz import process

    near = process.extractOne(name, names, score_cutoff=60)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise ClaimwatchError(f'There is no {what} "{name}".{hint}')


def open_reader(place: Settings | Place) -> Any:
    """Return a reader of the stored state, or None while nothing was stored yet."""
    storage = place.storage if isinstance(place, Settings) else place
    if not storage.exists():
        return None
    from claimwatch.storage.database import Database
    from claimwatch.storage.reading import SqlReader

    return SqlReader(Database(storage))
