"""Options that several commands share, and what they open."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimwatch.config.settings import Settings
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.place import Place

if TYPE_CHECKING:
    from claimwatch.protocols import Judge
    from claimwatch.storage.database import Database

DEFAULT = Path("config")
CONFIG = click.option(
    "--config",
    "-c",
    "config_path",
    type=click.Path(path_type=Path),
    default=DEFAULT,
    show_default=True,
    metavar="DIR",
    help="The config directory (alerts/ lies beside it), or one file that holds all.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="JSON Lines on standard output, for scripts.")


JUDGES = ("lexical", "nli", "llm", "all")
JUDGE = click.option(
    "--judge",
    "judge_name",
    type=click.Choice(JUDGES),
    default="all",
    show_default=True,
    help="One judge alone, or all of the config: the embedded one first, the others for what it leaves open.",
)


def judge_of(name: str, config_path: Path) -> Judge:
    """Return a judge by its name; without a config at the usual place, the embedded one knows no names.

    Raises: ConfigError.
    """
    from claimwatch import app
    from claimwatch.config.settings import SecondJudges
    from claimwatch.core.aliases import AliasBook

    aliases, second = AliasBook(), SecondJudges()
    if config_path != DEFAULT or config_path.exists():
        settings = load_settings(config_path)
        aliases, second = settings.aliases, settings.judge
    if name == "lexical":
        return app.open_first_judge(aliases)
    return app.open_judges(aliases, second) if name == "all" else app.open_second_judge(second, name)


def load_settings(path: Path) -> Settings:
    """Return the config at `path`. Raises: ConfigError."""
    from claimwatch.config import load

    return load(path, environ=os.environ)


def typed(words: str) -> str:
    """Return the command as people should type it next: with the --config they gave, were it not the usual."""
    context = click.get_current_context(silent=True)
    given = context.params.get("config_path") if context else None
    option = f" --config {shlex.quote(str(given))}" if given not in (None, DEFAULT) else ""
    return f"claimwatch {words}{option}"


def no_alert(code: str) -> ClaimwatchError:
    """Return the error to raise for a code that no alert has."""
    listed = typed("alerts list")
    return ClaimwatchError(f'There is no alert "{code}". List them with:  {listed}')


def refuse_unknown(what: str, name: str, known: Iterable[str]) -> None:
    """Raise ClaimwatchError, with the nearest known name, unless `name` is a known one."""
    names = list(known)
    if name in names:
        return
    from rapidfuzz import process

    near = process.extractOne(name, names, score_cutoff=60)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise ClaimwatchError(f'There is no {what} "{name}".{hint}')


@contextmanager
def opened(settings: Settings) -> Iterator[Database | None]:
    """Give the database for one command, None while nothing was stored yet. Raises: StorageError."""
    if not settings.storage.exists():
        yield None
        return
    from claimwatch.storage.database import Database

    database = Database(settings.storage)
    try:
        yield database
    finally:
        database.close()


def open_reader(place: Settings | Place) -> Any:
    """Return a reader of the stored state, or None while nothing was stored yet."""
    storage = place.storage if isinstance(place, Settings) else place
    if not storage.exists():
        return None
    from claimwatch.storage.database import Database
    from claimwatch.storage.reading import SqlReader

    return SqlReader(Database(storage))
