"""`claimwatch db`: the database itself."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli.options import CONFIG, JSON, load_settings
from claimwatch.cli.output import echo_json, echo_table, say


@click.group()
def command() -> None:
    """Look after the database: bring its tables up to date, see whether it is sound.

    \b
    Examples:
      claimwatch db check
      claimwatch db upgrade      before the first worker of a new version
    """


@command.command()
@CONFIG
def upgrade(config_path: Path) -> int:
    """Create or upgrade the tables; `run` does so too. Several may do this at once.

    \b
    Examples:
      claimwatch db upgrade
    """
    from claimwatch.storage.database import Database
    from claimwatch.storage.migrate import HEAD

    settings = load_settings(config_path)
    Database(settings.storage).close()
    click.echo(f"{settings.storage} has schema {HEAD}, the newest this program knows.")
    return 0


@command.command()
@CONFIG
@JSON
def check(config_path: Path, as_json: bool) -> int:
    """Is the database sound, current, and what lies in it? Changes nothing; exit 1 on a problem.

    \b
    Examples:
      claimwatch db check
      claimwatch db check --json | jq .ok
    """
    from claimwatch.storage.checkup import check_up

    settings = load_settings(config_path)
    seen = check_up(settings.storage)
    if as_json:
        echo_json(
            [
                {
                    "ok": not seen.problems, "database": str(settings.storage),
                    "software": seen.software, "schema": seen.version,
                    "problems": list(seen.problems), "advice": list(seen.advice),
                    "tables": {t.name: {"rows": t.rows, "bytes": t.bytes} for t in seen.tables},
                }
            ]
        )  # fmt: skip
        return 1 if seen.problems else 0
    click.echo(f"{settings.storage}\n{seen.software}, schema {seen.version or 'none'}")
    echo_table(
        ("table", "rows", "size"),
        [(t.name, f"{t.rows:,}", "" if t.bytes is None else f"{t.bytes / 1e6:,.1f} MB") for t in seen.tables],
    )
    for problem in seen.problems:
        click.echo(f"problem     {problem}")
    for advice in seen.advice:
        say(advice, first="advice      ", indent="            ")
    click.echo("something is wrong" if seen.problems else "all well")
    return 1 if seen.problems else 0
