"""`claimwatch feeds discover`: which feeds a page has, and what they are like."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from claimwatch.cli.asking import open_fetching, spoken_facts
from claimwatch.cli.options import CONFIG, JSON, load_settings, typed
from claimwatch.cli.output import echo_json
from claimwatch.config.settings import Settings
from claimwatch.core.columns import wrap

if TYPE_CHECKING:
    from datetime import datetime

    from claimwatch.feeds.finding import Found, FoundFeed


@click.command("discover")
@click.argument("url")
@CONFIG
@JSON
@click.option("--all", "thorough", is_flag=True, help="Also look where most sites have theirs.")
@click.option("--private", is_flag=True, help="The address is on my own network.")
def discover(url: str, config_path: Path, as_json: bool, thorough: bool, private: bool) -> int:
    """Find the feeds of a page: title, newest item, rhythm, language.

    Looks at what the page names and, when that is nothing, where most sites have their feed (a few
    requests, spread). Knows the feeds of YouTube, Reddit, GitHub, Mastodon, Bluesky, Medium, Google News,
    and bridges for Telegram. Exit 1 when none is found.

    \b
    Examples:
      claimwatch feeds discover example.org
      claimwatch feeds discover https://www.youtube.com/channel/UC... --json
    """
    from claimwatch.app import now
    from claimwatch.feeds.discovery import as_address

    found = asyncio.run(
        look_for(load_settings(config_path), as_address(url), private=private, thorough=thorough)
    )
    if as_json:
        echo_json(_row(feed) for feed in found.feeds)
    else:
        for line in told(found, as_address(url), now()):
            click.echo(line + " --private" * (private and line.endswith("add URL")))
        if not private and any(answer.blocked for answer in found.asked):
            click.echo("If it is on your own network, add --private.")
    return 0 if found.feeds else 1


async def look_for(settings: Settings, url: str, *, private: bool = False, thorough: bool = False) -> Found:
    """Return the feeds of a page."""
    from claimwatch.feeds.finding import find

    async with open_fetching(settings) as (fetcher, parser):
        return await find(url, fetcher, parser, private=private, thorough=thorough)


def told(found: Found, url: str, now: datetime) -> list[str]:
    """Return the feeds found as lines, or what was tried in vain."""
    if not found.feeds:
        lines = wrap(f"No feed was found at {url}.", columns=80)
        for answer in found.asked[:3]:
            lines += wrap(f"{answer.url}: {answer.error}", first="  ", indent="    ", columns=80)
        more = len(found.asked) - 3
        return [*lines, *([f"  and {more} more places were asked in vain"] if more > 0 else [])]
    lines = []
    for feed in found.feeds:
        lines += [feed.url, *wrap(spoken_facts(feed.facts, now), first="  ", indent="  ", columns=80)]
    return [*lines, "", f"Follow one:  {typed('feeds add URL')}"]


def _row(feed: FoundFeed) -> dict[str, Any]:
    facts = feed.facts
    return {
        "url": feed.url,
        "title": facts.title,
        "format": facts.format,
        "items": facts.items,
        "newest_at": facts.newest_at,
        "seconds_between_items": facts.span.total_seconds() if facts.span else None,
        "language": facts.language,
    }
