"""`claimwatch topics`: what is followed."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli import completing
from claimwatch.cli.options import CONFIG, JSON, load_settings, open_reader, refuse_unknown
from claimwatch.cli.output import echo_json, echo_table, say
from claimwatch.cli.topics_add import add


@click.group()
def command() -> None:
    """List the topics, show the names of one, add one."""


command.add_command(add)


@command.command("list")
@CONFIG
@JSON
def list_topics(config_path: Path, as_json: bool) -> int:
    """List the topics: lines of names, claims, items found so far.

    \b
    Examples:
      claimwatch topics list
    """
    settings = load_settings(config_path)
    reader = open_reader(settings)
    counts = reader.topic_counts() if reader else {}
    claims = {t.id: [c.id for c in settings.claims if c.topic == t.id] for t in settings.topics}
    if as_json:
        echo_json(
            {
                "topic": t.id,
                "title": t.title,
                "lines": {line.name: list(line.names) for line in t.lines},
                "not": list(t.vetoes),
                "claims": claims[t.id],
                "items": counts.get(t.id, 0),
            }
            for t in settings.topics
        )
        return 0
    echo_table(
        ("topic", "title", "names", "claims", "items"),
        [
            (
                t.id,
                t.title,
                ", ".join(f"{line.name} {len(line.names)}" for line in t.lines),
                str(len(claims[t.id])),
                str(counts.get(t.id, 0)),
            )
            for t in settings.topics
        ],
    )
    return 0


@command.command("show")
@click.argument("topic_id", metavar="TOPIC", shell_complete=completing.topics)
@CONFIG
@JSON
def show(topic_id: str, config_path: Path, as_json: bool) -> int:
    """Show one topic: its names, its claims and where they stand, items found.

    \b
    Examples:
      claimwatch topics show lake-dam
    """
    settings = load_settings(config_path)
    refuse_unknown("topic", topic_id, [t.id for t in settings.topics])
    topic = next(t for t in settings.topics if t.id == topic_id)
    claims = [c for c in settings.claims if c.topic == topic.id]
    reader = open_reader(settings)
    standing = reader.claims() if reader else {}
    found = reader.topic_counts().get(topic.id, 0) if reader else 0
    status = {c.id: standing[c.id].status if c.id in standing else "unverified" for c in claims}
    if as_json:
        echo_json(
            [
                {
                    "topic": topic.id, "title": topic.title,
                    "lines": {line.name: list(line.names) for line in topic.lines},
                    "not": list(topic.vetoes), "at_least": topic.at_least, "within": topic.within,
                    "claims": status, "items": found,
                }
            ]
        )  # fmt: skip
        return 0
    click.echo(f"{topic.id}\n  {topic.title}")
    needed = f"at least {topic.at_least} of these lines" if topic.at_least else "every line"
    near = f", in one {topic.within}" if topic.within else ""
    click.echo(f"names ({needed} must be found{near})")
    for line in topic.lines:
        several = f" (at least {line.at_least} of them)" if line.at_least > 1 else ""
        _row(line.name, ", ".join(line.names) + several)
    if topic.vetoes:
        _row("not", ", ".join(topic.vetoes))
    click.echo("claims" if claims else "no claims: every item on it is told as NEW")
    for claim in claims:
        say(f"{claim.id}: {claim.short} ({status[claim.id]})", first="  ", indent="    ")
    click.echo(f"items\n  {found:,} found so far")
    return 0


def _row(label: str, text: str) -> None:
    say(text, first=f"  {label:<7} ", indent=" " * 10)
