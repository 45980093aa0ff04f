"""Options and output that several commands share."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from claimwatch.config.settings import Settings
from claimwatch.errors import ClaimwatchError

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


def echo_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print one JSON object a line."""
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False, default=_json_value))


def _json_value(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def echo_table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Print a plain aligned table, coloured headings on a terminal only."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    # without a terminal nobody measures the width: let lines be as long as they are
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 200
    console.print(table)


def refuse_unknown(what: str, name: str, known: Iterable[str]) -> None:
    """Raise ClaimwatchError, with the nearest known name, unless `name` is a known one."""
    names = list(known)
    if name in names:
        return
    from rapidfuzz import process

    near = process.extractOne(name, names, score_cutoff=60)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise ClaimwatchError(f'There is no {what} "{name}".{hint}')


def open_reader(place: Settings | Path) -> Any:
    """Return a reader of the stored state, or None while nothing was stored yet."""
    path = place if isinstance(place, Path) else place.storage_path
    if not path.exists():
        return None
    from claimwatch.storage.database import Database
    from claimwatch.storage.reading import SqlReader

    return SqlReader(Database(path))
