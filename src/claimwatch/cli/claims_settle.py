"""`claimwatch claims settle`: a person says how a claim ended; no rule ever does."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli import completing
from claimwatch.cli.judging import BY, person
from claimwatch.cli.options import CONFIG, load_settings, opened, refuse_unknown, typed
from claimwatch.cli.output import say
from claimwatch.errors import ClaimwatchError

HOW = {"true": "settled-true", "false": "settled-false", "open": "open"}


@click.command("settle")
@click.argument("claim_id", metavar="CLAIM", shell_complete=completing.claims)
@click.argument("how", metavar="true|false|open", type=click.Choice(list(HOW), case_sensitive=False))
@CONFIG
@BY
@click.option("--note", default="", metavar="TEXT", help="Why, in your words; the digest tells it.")
def settle(claim_id: str, how: str, config_path: Path, by: str | None, note: str) -> int:
    """Say that CLAIM turned out true or false, or that it is open again.

    Its status is yours from then on: no report moves it. The next digest tells who settled it, and reports
    that only repeat what is settled are counted and not told. A claim whose text is edited is open again.

    \b
    Examples:
      claimwatch claims settle dam-safe false --note "The dam broke on 5 July."
      claimwatch claims settle orsa-evacuated open
    """
    from claimwatch.app import now
    from claimwatch.storage.settling import SqlSettlingStore

    settings = load_settings(config_path)
    refuse_unknown("claim", claim_id, [claim.id for claim in settings.claims])
    claim = next(c for c in settings.claims if c.id == claim_id)
    try:
        with opened(settings) as database:
            if database is None:
                raise LookupError
            alert = SqlSettlingStore(database).settle(claim, HOW[how], person(by), now(), note=note)
    except LookupError:
        raise ClaimwatchError(
            f"{claim_id} is not stored yet: the daemon has not run with it. Start with:  {typed('run')}"
        ) from None
    status = alert.standing.status if alert.standing else how
    say(f"{claim.id}: {alert.report.title}. It was {alert.status_was}, it is {status} now.", indent="  ")
    return 0
