"""`claimwatch claims show`: a claim's words, how they are understood, and what was said of it by whom."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from claimwatch.cli import completing
from claimwatch.cli.claims_understood import show_understood
from claimwatch.cli.options import CONFIG, JSON, load_settings, opened, refuse_unknown
from claimwatch.cli.output import echo_json, say
from claimwatch.core.model import Claim, Stance
from claimwatch.core.safety import clean
from claimwatch.core.times import when

if TYPE_CHECKING:
    from claimwatch.storage.claim_history import ClaimHistory, SaidOfClaim
    from claimwatch.storage.reading import ClaimRow

# what speaks against a claim comes first: it is what people overlook
STANCES = {Stance.CONTRADICTS: "against", Stance.UPDATES: "updates", Stance.SUPPORTS: "for"}
MOST = 10  # reports of one stance that are shown


@click.command("show")
@click.argument("claim_id", metavar="CLAIM", shell_complete=completing.claims)
@CONFIG
@JSON
@click.option("--all", "show_all", is_flag=True, help=f"Every report, not only the last {MOST} of each kind.")
def show(claim_id: str, config_path: Path, as_json: bool, show_all: bool) -> int:
    """Show one claim: its words, how they are understood, its standing and the reports it rests on.

    What speaks against it comes first. Reprints are a number behind the text they print again.

    \b
    Examples:
      claimwatch claims show dam-safe
      claimwatch claims show dam-safe --all --json
    """
    from claimwatch.storage.claim_history import claim_history
    from claimwatch.storage.reading import SqlReader

    settings = load_settings(config_path)
    refuse_unknown("claim", claim_id, [c.id for c in settings.claims])
    claim = next(c for c in settings.claims if c.id == claim_id)
    row, history = None, None
    with opened(settings) as database:
        if database is not None:
            row, history = SqlReader(database).claims().get(claim.id), claim_history(database, claim.id)
    if as_json:
        evidence = [_said_row(said) for said in (history.said if history else ())]
        echo_json([{**claim_row(claim, row), "evidence": evidence}])
        return 0
    _show_words(claim)
    show_understood(claim, settings)
    _show_standing(row, history)
    if history:
        zone = ZoneInfo(settings.timezone)
        for stance, label in STANCES.items():
            _show_said(history.said, stance, label, zone, most=None if show_all else MOST)
    return 0


def claim_row(claim: Claim, stored: ClaimRow | None) -> dict[str, Any]:
    """Return a claim in the JSON shape of `claims list --json`."""
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


def _show_words(claim: Claim) -> None:
    click.echo(f"{claim.id}  ({claim.topic})")
    say(claim.text, first="  ", indent="  ")
    for wording in claim.wordings:
        say(wording.text, first=f"  [{wording.language}] ", indent=" " * 7)
    if claim.said_by:
        say(f"said by {', '.join(claim.said_by)}", first="  ", indent="    ")
    if claim.reported:
        click.echo(f"  reported {claim.reported}")


def _show_standing(row: ClaimRow | None, history: ClaimHistory | None) -> None:
    stances = row.stances if row else {}
    counts = ", ".join(f"{n} {STANCES[Stance(s)]}" for s, n in stances.items()) or "no evidence yet"
    click.echo(f"standing\n  {row.status if row else 'unverified'}: {counts}")
    if history and history.revision > 1:
        say(
            f"This is text number {history.revision} of the claim; {history.earlier} reports on earlier texts "
            "are kept and count no more.",
            first="  ", indent="  ",
        )  # fmt: skip


def _show_said(
    said: Iterable[SaidOfClaim], stance: Stance, label: str, zone: ZoneInfo, *, most: int | None
) -> None:
    mine = [one for one in said if one.assessment.stance is stance]
    numbers = {one.item for one in mine}
    origins = [one for one in mine if one.reprint_of not in numbers or one.reprint_of == one.item]
    if not origins:
        return
    click.echo(label)
    for one in origins[-most:] if most else origins:
        reprints = sum(other.reprint_of == one.item != other.item for other in mine)
        behind = f", {one.origin}" if one.origin != one.outlet else ""
        more = f", {reprints} reprint{'s' * (reprints != 1)}" if reprints else ""
        code = f", alert {one.alert}" if one.alert else ", not told"
        gone = "" if one.counts else ", taken back"
        say(f"{when(one.at, zone)}: {clean(one.outlet)}{behind}{more}{code}{gone}", first="  ", indent="    ")
        quote = clean(one.assessment.evidence or one.title, limit=300)
        say(f'"{quote}"', first="    ", indent="    ")
    if most and len(origins) > most:
        click.echo(f"  and {len(origins) - most} before (--all shows them)")


def _said_row(said: SaidOfClaim) -> dict[str, Any]:
    return {
        "item": said.item, "stance": said.assessment.stance.value, "outlet": said.outlet,
        "origin": said.origin, "title": said.title, "url": said.url, "at": said.at,
        "evidence": said.assessment.evidence, "form": said.assessment.form, "reprint_of": said.reprint_of,
        "counts": said.counts, "alert": said.alert,
    }  # fmt: skip
