"""`claimwatch alerts`: what was raised, and who got it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from claimwatch.cli import completing
from claimwatch.cli.judging import ack, promote, right, wrong
from claimwatch.cli.options import CONFIG, JSON, load_settings, no_alert, open_reader, refuse_unknown
from claimwatch.cli.origins import same, split
from claimwatch.cli.output import echo_json, echo_table, say
from claimwatch.cli.resend import resend
from claimwatch.core.model import Alert, Relation
from claimwatch.core.safety import clean
from claimwatch.core.wording import read

JUDGED = {"ack": "acknowledged", "right": "judged right", "wrong": "judged wrong"}


@click.group()
def command() -> None:
    """List alerts, show one with its deliveries, and say what you think of it."""


for each in (ack, right, wrong, same, split, promote, resend):
    command.add_command(each)


@command.command("list")
@CONFIG
@JSON
@click.option("--limit", default=50, show_default=True, help="How many, latest first.")
@click.option(
    "--relation",
    multiple=True,
    type=click.Choice([r.value for r in Relation], case_sensitive=False),
    help="Only this relation; may be repeated.",
)
@click.option("--topic", help="Only this topic.", shell_complete=completing.topics)
def list_alerts(
    config_path: Path, as_json: bool, limit: int, relation: tuple[str, ...], topic: str | None
) -> int:
    """List the latest alerts.

    \b
    Examples:
      claimwatch alerts list --relation CONTRADICTS --limit 10
      claimwatch alerts list --topic lake-dam --json
    """
    settings = load_settings(config_path)
    reader = open_reader(settings)
    found = reader.alerts(limit=limit, relations=[r.upper() for r in relation], topic=topic) if reader else []
    if topic is not None and not found:  # one that was removed from the config still has its alerts
        refuse_unknown("topic", topic, [t.id for t in settings.topics])
    if as_json:
        echo_json(_row(stored, settings.timezone) for stored in found)
        return 0
    if not found:
        click.echo("No alerts yet.")
        return 0
    echo_table(
        ("code", "when", "relation", "claim or topic", "deliveries"),
        [
            (
                s.alert.code,
                f"{s.alert.created_at:%d %b %H:%M} UTC",
                s.alert.relation.value,
                s.alert.claim.id if s.alert.claim else s.alert.topic,
                _deliveries([(d.receiver, d.state) for d in s.deliveries]),
            )
            for s in found
        ],
        below=[_title(s.alert) for s in found],
    )
    return 0


@command.command("show")
@click.argument("code", shell_complete=completing.alert_codes)
@CONFIG
@JSON
def show(code: str, config_path: Path, as_json: bool) -> int:
    """Show one alert by its six-letter CODE: the text, and what became of each delivery.

    \b
    Examples:
      claimwatch alerts show K7Q2MD
    """
    settings = load_settings(config_path)
    reader = open_reader(settings)
    found = reader.alerts(limit=1, code=code) if reader else []
    if not found:
        raise no_alert(code)
    stored = replace(found[0], alert=_with_record(found[0].alert, reader))
    if as_json:
        echo_json([_row(stored, settings.timezone)])
        return 0
    from claimwatch.core.wording_text import mail_text

    click.echo(mail_text(read(stored.alert, ZoneInfo(settings.timezone)), ""))
    for d in stored.deliveries:
        at = (
            f" {d.settled_at:%d %b %H:%M:%S} UTC"
            if d.settled_at
            else f", next try {d.due_at:%d %b %H:%M:%S} UTC"
        )
        tries = "1 try" if d.attempts == 1 else f"{d.attempts} tries"
        say(f"{d.receiver}: {d.state}{at} after {tries}  {d.answer or d.error or ''}", indent="  ")
    for said in stored.judgements:
        line = f" line {said.line}" if said.line else ""
        why = f": {said.why}" if said.why else ""
        note = f"  {said.note}" if said.note else ""
        say(f"{JUDGED[said.word]}{line} by {said.by} {said.at:%d %b %H:%M:%S} UTC{why}{note}", indent="  ")
    return 0


def _deliveries(states: Sequence[tuple[str, str]]) -> str:
    """Return who got it; of several who all got it, how many: `show` names them."""
    if len(states) > 1 and all(state == "sent" for _, state in states):
        return f"{len(states)} sent"
    return ", ".join(f"{receiver} {state}" for receiver, state in states) or "no route"


def _with_record(alert: Alert, reader: Any) -> Alert:
    """Return the alert with the track record of today, not of when it was raised."""
    return replace(alert, record=reader.track_record().get(alert.relation))


def _title(alert: Any) -> str:
    more = f" (+{len(alert.entries) - 1} more)" if alert.entries else ""
    return f"{clean(alert.report.title, limit=150)}{more}"


def _row(stored: Any, timezone: str) -> dict[str, Any]:
    from claimwatch.core.wording_json import alert_json

    return {
        **alert_json(stored.alert, read(stored.alert, ZoneInfo(timezone)), stored.alert.fingerprint),
        "deliveries": [
            {
                "receiver": d.receiver, "state": d.state, "attempts": d.attempts,
                "answer": d.answer, "error": d.error, "settled_at": d.settled_at,
            }
            for d in stored.deliveries
        ],
        "judgements": [
            {
                "word": j.word, "by": j.by, "at": j.at, "why": j.why, "note": j.note or None, "line": j.line,
            }
            for j in stored.judgements
        ],
    }  # fmt: skip
