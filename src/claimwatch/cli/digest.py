"""`claimwatch digest`: when digests come, and what the next one would say."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from claimwatch.cli.options import CONFIG, JSON, load_settings, typed
from claimwatch.cli.output import echo_json
from claimwatch.config import Settings
from claimwatch.core.model import Alert, Relation, Route, Section
from claimwatch.core.times import when
from claimwatch.errors import ClaimwatchError

FIRST = timedelta(days=1)  # what a digest that was never sent is shown of
EVERYTHING = Route("everything", (), relations=tuple(Relation), digest="07:00")


@click.command()
@CONFIG
@JSON
@click.option("--preview", is_flag=True, help="Show what the next one would say, were it sent now.")
@click.option("--route", "name", metavar="NAME", help="Only the digest of this route.")
def command(config_path: Path, as_json: bool, preview: bool, name: str | None) -> int:
    """List the routes that send digests; with --preview show them. Nothing is sent.

    \b
    Examples:
      claimwatch digest
      claimwatch digest --preview --route daily
    """
    from claimwatch.app import now

    settings = load_settings(config_path)
    zone = ZoneInfo(settings.timezone)
    routes = _routes(settings, name, preview=preview)
    if not preview:
        if as_json:
            echo_json({"route": rule.name, "at": rule.digest, "to": list(rule.to)} for rule in routes)
            return 0
        for rule in routes:
            click.echo(f"{rule.name}: {rule.digest} ({settings.timezone}) to {', '.join(rule.to)}")
        return 0
    alerts = [(rule, *_preview(settings, rule, zone, now())) for rule in routes]
    if as_json:
        echo_json(
            {"route": rule.name, "since": since, "sections": [_row(each) for each in alert.sections]}
            for rule, since, alert in alerts
        )
        return 0
    from claimwatch.core.wording import read
    from claimwatch.core.wording_text import terminal_text

    for rule, since, alert in alerts:
        click.echo(f"[{rule.name}: {rule.digest}; since {when(since, zone)}; nothing is sent]\n")
        click.echo(terminal_text(read(alert, zone)).rpartition("\nAlert ")[0] + "\n")
    return 0


def _routes(settings: Settings, name: str | None, *, preview: bool) -> list[Route]:
    routes = [rule for rule in settings.routes if rule.digest]
    if name is not None:
        known = ", ".join(rule.name for rule in routes) or "none"
        routes = [rule for rule in routes if rule.name == name]
        if not routes:
            raise ClaimwatchError(f'No route "{name}" sends a digest. Those that do: {known}.')
    if not routes and preview:
        return [EVERYTHING]
    if not routes:
        raise ClaimwatchError(
            'No route sends a digest. Add one to alerts/routes.yaml:  - {name: daily, to: [...], digest: "07:00"}'
        )
    return routes


def _preview(settings: Settings, rule: Route, zone: ZoneInfo, now: datetime) -> tuple[datetime, Alert]:
    from claimwatch.core.digest import digest
    from claimwatch.storage.database import Database
    from claimwatch.storage.digesting import SqlDigestStore

    if not settings.storage.exists():
        raise ClaimwatchError(f"Nothing is stored yet. Start with:  {typed('run')}")
    database = Database(settings.storage)
    try:
        store = SqlDigestStore(database, settings.claims)
        since = store.told_until(rule.name) or now - FIRST
        return since, digest(rule, store.period(since, now), zone)
    finally:
        database.close()


def _row(section: Section) -> dict[str, object]:
    return {"title": section.title, "lines": list(section.lines)}
