"""`claimwatch feeds`: what is polled, and how it goes."""

from __future__ import annotations

from pathlib import Path

import click

from claimwatch.cli.options import CONFIG, JSON, echo_json, echo_table, load_settings, open_reader


@click.group()
def command() -> None:
    """List the feeds with their state."""


@command.command("list")
@CONFIG
@JSON
def list_feeds(config_path: Path, as_json: bool) -> int:
    """List the feeds: language, reliability, last good poll, next poll, state."""
    settings = load_settings(config_path)
    reader = open_reader(settings)
    states = {s.feed: s for s in reader.feeds()} if reader else {}
    if as_json:
        echo_json(
            {
                "feed": f.name,
                "url": f.url,
                "language": f.language,
                "reliability": f.reliability,
                "source": f.publisher,
                "state": (s.error or s.outcome) if (s := states.get(f.name)) else "never polled",
                "ok": None if s is None or s.last_poll_at is None else s.error is None,
                "items": s.items if s else 0,
                "last_ok_at": s.last_ok_at.isoformat() if s and s.last_ok_at else None,
                "next_poll_at": s.next_poll_at.isoformat() if s else None,
            }
            for f in settings.feeds
        )
        return 0
    rows = []
    for f in settings.feeds:
        s = states.get(f.name)
        rows.append(
            (
                f.name,
                f.language or "?",
                f.reliability,
                f"{s.last_ok_at:%d %b %H:%M} UTC" if s and s.last_ok_at else "never",
                f"{s.next_poll_at:%H:%M:%S} UTC" if s else "at start",
                (s.error or s.outcome) if s else "never polled",
            )
        )
    echo_table(("feed", "lang", "rel", "last good", "next poll", "state"), rows)
    return 0
