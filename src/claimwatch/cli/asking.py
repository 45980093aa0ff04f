"""What commands ask feeds with: the daemon's own guarded fetcher and parser processes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from claimwatch.config.settings import Settings
from claimwatch.core.feed_facts import FeedFacts, spoken_rhythm
from claimwatch.core.safety import clean

if TYPE_CHECKING:
    from claimwatch.feeds.http import HttpFetcher
    from claimwatch.feeds.pool import ParserPool


@asynccontextmanager
async def open_fetching(settings: Settings) -> AsyncIterator[tuple[HttpFetcher, ParserPool]]:
    """Open a fetcher and a parser with the limits of the config, for one command."""
    from claimwatch.app import user_agent
    from claimwatch.feeds.http import HttpFetcher
    from claimwatch.feeds.pool import ParserPool

    limits = settings.limits
    async with (
        HttpFetcher(
            user_agent=user_agent(settings), max_bytes=limits.feed_size, deadline=limits.timeout
        ) as fetcher,
        ParserPool() as parser,
    ):
        yield fetcher, parser


def spoken_facts(facts: FeedFacts, now: datetime) -> str:
    """Return what a feed is like in one line: how many items, how old, how often, in which language."""
    count = f"{facts.items} item{'s' * (facts.items != 1)}"
    newest = f"newest {spoken_age(now - facts.newest_at)} old" if facts.newest_at else "none with a date"
    parts = [f'"{clean(facts.title, limit=80)}"' if facts.title else "", facts.format, count]
    if facts.items:
        parts += [newest, spoken_rhythm(facts.span), facts.language or "language unknown"]
    return ", ".join(part for part in parts if part)


def spoken_age(age: timedelta) -> str:
    """Return an age as people say it: "5 minutes", "3 hours", "12 days"."""
    for unit, span in (("day", timedelta(days=1)), ("hour", timedelta(hours=1))):
        if age >= 2 * span:
            return f"{age // span} {unit}s"
    minutes = max(age, timedelta(0)) // timedelta(minutes=1)
    return f"{minutes} minute{'s' * (minutes != 1)}"
