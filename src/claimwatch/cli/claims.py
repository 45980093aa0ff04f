"""`claimwatch claims`: what is claimed, and where it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from claimwatch.cli import completing
from claimwatch.cli.claims_suggest import suggest_claims
from claimwatch.cli.options import CONFIG, JSON, load_settings, open_reader, refuse_unknown
from claimwatch.cli.output import echo_json, echo_table
from claimwatch.core.model import Claim


@click.group()
def command() -> None:
    """List the claims with their standing, show how one is understood, suggest new ones."""


command.add_command(suggest_claims)


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
        echo_json(_row(c, rows.get(c.id)) for c in claims)
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


@command.command("show")
@click.argument("claim_id", metavar="CLAIM", shell_complete=completing.claims)
@CONFIG
@JSON
def show(claim_id: str, config_path: Path, as_json: bool) -> int:
    """Show one claim: its words, how they are understood, and its standing.

    \b
    Examples:
      claimwatch claims show dam-safe
    """
    settings = load_settings(config_path)
    refuse_unknown("claim", claim_id, [c.id for c in settings.claims])
    claim = next(c for c in settings.claims if c.id == claim_id)
    reader = open_reader(settings)
    stored = reader.claims().get(claim.id) if reader else None
    if as_json:
        echo_json([_row(claim, stored)])
        return 0
    from claimwatch.judges.lexical.frame import describe_frame
    from claimwatch.judges.lexical.known_names import KnownNames

    click.echo(f"{claim.id}  ({claim.topic})\n  {claim.text}")
    for wording in claim.wordings:
        click.echo(f"  [{wording.language}] {wording.text}")
    if claim.said_by:
        click.echo(f"  said by {', '.join(claim.said_by)}")
    if claim.reported:
        click.echo(f"  reported {claim.reported}")
    click.echo("understood as")
    for line in describe_frame(claim, KnownNames(settings.aliases)).splitlines():
        click.echo(f"  {line}")
    status = stored.status if stored else "unverified"
    stances = stored.stances if stored else {}
    counts = ", ".join(f"{n} {s}" for s, n in stances.items()) or "no evidence yet"
    click.echo(f"standing\n  {status}: {counts}")
    return 0


def _row(claim: Claim, stored: Any) -> dict[str, Any]:
    stances = stored.stances if stored else {}
    return {
        "claim": claim.id,
        "topic": claim.topic,
        "short": claim.short,
        "text": claim.text,
        "quantity": claim.quantity,
        "said_by": list(claim.said_by),
        "reported": claim.reported.isoformat() if claim.reported else None,
        "status": stored.status if stored else "unverified",
        "supports": stances.get("supports", 0),
        "contradicts": stances.get("contradicts", 0),
        "updates": stances.get("updates", 0),
    }
