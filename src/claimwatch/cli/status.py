"""`claimwatch status`: is everything well?"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from claimwatch.cli.options import CONFIG, echo_json, echo_table, load_settings, open_reader

LATE = timedelta(hours=1)


@click.command()
@CONFIG
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.option("--all", "show_all", is_flag=True, help="List every feed, not only those with trouble.")
def command(config_path: Path, as_json: bool, show_all: bool) -> int:
    """Show feeds, queues and deliveries; exit 1 when something is wrong."""
    from claimwatch.app import now

    settings = load_settings(config_path)
    reader = open_reader(settings)
    if reader is None:
        if as_json:
            echo_json([{"ok": False, "problems": ["nothing stored yet: the daemon has not run"]}])
        else:
            click.echo(f"Nothing stored yet in {settings.storage_path}. Start with:  claimwatch run")
        return 1
    names = {f.name for f in settings.feeds}
    states = [s for s in reader.feeds() if s.feed in names]
    queues = reader.queues()
    failing = [s for s in states if s.error]
    problems = _problems(states, failing, queues, now())
    if as_json:
        echo_json(
            [
                {
                    "ok": not problems,
                    "problems": problems,
                    "feeds": {
                        "configured": len(names),
                        "polled": sum(s.last_poll_at is not None for s in states),
                        "failing": len(failing),
                        "errors": {s.feed: s.error for s in failing},
                    },
                    "items": {
                        "stored": queues.items,
                        "on_topic": queues.matched,
                        "to_assess": queues.to_assess,
                    },
                    "alerts": queues.alerts,
                    "deliveries": {"sent": queues.sent, "due": queues.due, "dead": queues.dead},
                }
            ]
        )
        return 1 if problems else 0
    shown = states if show_all else failing
    if shown:
        echo_table(("feed", "state", "last good", "next poll"), [_feed_row(s) for s in shown])
    click.echo(
        f"feeds       {len(names)} configured, {sum(s.last_poll_at is not None for s in states)} polled, "
        f"{len(failing)} failing"
    )
    click.echo(f"items       {queues.items} stored, {queues.matched} on topic, {queues.to_assess} to assess")
    click.echo(f"alerts      {queues.alerts}")
    click.echo(f"deliveries  {queues.sent} sent, {queues.due} due, {queues.dead} refused for good")
    for sent in reader.failing_deliveries():
        click.echo(f"  {sent.state}  {sent.receiver}: {sent.error} ({sent.attempts} tries)")
    for problem in problems:
        click.echo(f"problem     {problem}")
    click.echo("something is wrong" if problems else "all well")
    return 1 if problems else 0


def _problems(states: list[Any], failing: list[Any], queues: Any, now: datetime) -> list[str]:
    from claimwatch.poll import NETWORK_DOWN

    problems = []
    polled = [s for s in states if s.last_poll_at is not None]
    if states and not polled and not failing:
        problems.append("no feed was polled yet")
    if any(s.error == NETWORK_DOWN for s in failing):
        problems.append("no feed answers: our network seems to be down")
    elif failing and len(failing) == len(states):
        problems.append(f"no feed can be read, {len(failing)} fail")
    elif failing:
        problems.append(f"{len(failing)} feeds fail: {', '.join(s.feed for s in failing[:5])}")
    late = [s for s in states if now - s.next_poll_at > LATE]
    if late:
        problems.append(f"{len(late)} feeds are over an hour late: is the daemon running?")
    if queues.oldest_due_at and now - queues.oldest_due_at > LATE:
        problems.append("deliveries have waited for over an hour: is the daemon running?")
    if queues.failing:
        problems.append(f"{queues.failing} deliveries failed and are tried again")
    if queues.dead:
        problems.append(f"{queues.dead} deliveries were refused for good: claimwatch alerts list")
    return problems


def _feed_row(state: Any) -> tuple[str, str, str, str]:
    return (
        state.feed,
        state.error or state.outcome,
        _time(state.last_ok_at),
        _time(state.next_poll_at),
    )


def _time(at: datetime | None) -> str:
    return at.strftime("%d %b %H:%M UTC") if at else "never"
