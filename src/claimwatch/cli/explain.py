"""`claimwatch explain`: the whole life of an alert, or of an item that did not become one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from claimwatch.cli import completing
from claimwatch.cli.options import CONFIG, load_settings, open_reader, typed
from claimwatch.cli.output import echo_json
from claimwatch.errors import ClaimwatchError


@click.command()
@click.argument("what", metavar="CODE|URL|ITEM", shell_complete=completing.alert_codes)
@CONFIG
@click.option("--why", is_flag=True, help="Each feature's part of the judge's answers, as weighed now.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(what: str, config_path: Path, why: bool, as_json: bool) -> int:
    """Say why an alert came, or why an item did not become one.

    WHAT is an alert's six-letter code, an item's address, or its number. Exit 1 when nothing of that name is
    stored.

    \b
    Examples:
      claimwatch explain K7Q2MD --why
      claimwatch explain https://news.example/0-48
      claimwatch explain 4 --json
    """
    from claimwatch.cli.explain_story import Storyteller
    from claimwatch.storage.database import Database
    from claimwatch.storage.life import SqlLives

    settings = load_settings(config_path)
    reader = open_reader(settings)
    if reader is None:
        raise ClaimwatchError(f"Nothing stored yet in {settings.storage}. Start with:  {typed('run')}")
    lives = SqlLives(Database(settings.storage))
    teller = Storyteller(settings, reader, why=why)
    stories: list[Any] = []
    found = reader.alerts(limit=1, code=what)
    if found:
        alert = found[0].alert
        number = alert.report.item
        life = lives.life(number) if number is not None and not alert.entries else None
        stories.append(teller.of_alert(found[0], life))
    else:
        numbers = lives.find(what)
        if not numbers:
            raise ClaimwatchError(_unknown(what))
        stories += [teller.of_item(life) for number in numbers[:5] if (life := lives.life(number))]
    if as_json:
        echo_json(story.row for story in stories)
    else:
        click.echo("\n\n".join("\n".join(story.lines) for story in stories))
    return 0


def _unknown(what: str) -> str:
    if "://" in what:
        return (
            f"No item of that address is stored: {what}\n"
            "Either no feed brought it, or the feed gives another address. What would its headline do?\n  "
            + typed('test "its headline"')
        )
    return f'There is no alert and no item "{what}". List alerts with:  ' + typed("alerts list")
