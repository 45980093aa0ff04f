"""`claimwatch topics`: what is followed."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli.options import CONFIG, JSON, echo_json, echo_table, load_settings, open_reader


@click.group()
def command() -> None:
    """List the topics."""


@command.command("list")
@CONFIG
@JSON
def list_topics(config_path: Path, as_json: bool) -> int:
    """List the topics: lines of names, claims, items found so far."""
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
