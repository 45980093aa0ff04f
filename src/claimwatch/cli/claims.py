"""`claimwatch claims`: what is claimed, and where it stands."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli import completing
from claimwatch.cli.claims_add import add
from claimwatch.cli.claims_adopt import adopt
from claimwatch.cli.claims_settle import settle
from claimwatch.cli.claims_show import claim_row, show
from claimwatch.cli.claims_suggest import suggest_claims
from claimwatch.cli.options import CONFIG, JSON, load_settings, open_reader, refuse_unknown
from claimwatch.cli.output import echo_json, echo_table


@click.group()
def command() -> None:
    """List the claims with their standing, show how one is understood, add, adopt, settle and suggest some."""


for part in (show, add, adopt, settle, suggest_claims):
    command.add_command(part)


@command.command("list")
@CONFIG
@JSON
@click.option("--topic", help="Only this topic.", shell_complete=completing.topics)
def list_claims(config_path: Path, as_json: bool, topic: str | None) -> int:
    """List the claims: status, evidence for, against and updating.

    \b
    Examples:
      claimwatch claims list
      claimwatch claims list --topic lake-dam --json
    """
    settings = load_settings(config_path)
    if topic is not None:
        refuse_unknown("topic", topic, [t.id for t in settings.topics])
    reader = open_reader(settings)
    rows = reader.claims() if reader else {}
    claims = [c for c in settings.claims if topic in (None, c.topic)]
    if as_json:
        echo_json(claim_row(c, rows.get(c.id)) for c in claims)
        return 0
    echo_table(
        ("claim", "status", "for", "against", "updates"),
        [
            (
                c.id,
                r.status if r else "unverified",
                *(str(r.stances.get(s, 0) if r else 0) for s in ("supports", "contradicts", "updates")),
            )
            for c in claims
            for r in [rows.get(c.id)]
        ],
        below=[c.short for c in claims],
    )
    return 0
