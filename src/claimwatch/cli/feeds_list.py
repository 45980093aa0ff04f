"""`claimwatch feeds list`: how each feed does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import click

from claimwatch.cli.output import echo_table
from claimwatch.core.feed_health import FeedHealth, Health, health_of, spoken_span
from claimwatch.core.model import Feed, PollState
from claimwatch.core.safety import clean


def listed(
    feeds: Iterable[Feed], states: Mapping[str, PollState], now: datetime
) -> Iterator[tuple[Feed, PollState | None, FeedHealth]]:
    """Yield each feed with what is stored of it and how it does."""
    for feed in feeds:
        state = states.get(feed.name)
        yield feed, state, health_of(feed, state, now)


def as_row(feed: Feed, state: PollState | None, health: FeedHealth, push: str | None) -> dict[str, Any]:
    """Return the object that --json prints."""
    return {
        "feed": feed.name,
        "url": feed.url,
        "language": feed.language,
        "reliability": feed.reliability,
        "source": feed.publisher,
        "tags": list(feed.tags),
        "state": health.state,
        "since": health.since,
        "detail": health.detail,
        "ok": None if state is None or state.last_poll_at is None else state.error is None,
        "items": state.items if state else 0,
        "last_item_at": health.last_item_at,
        "last_ok_at": state.last_ok_at if state else None,
        "next_poll_at": health.next_poll_at,
        "why_next": health.why_next,
        "push": push,
    }


def table(rows: Sequence[tuple[Feed, FeedHealth]], pushes: Mapping[str, str], now: datetime) -> None:
    """Print the feeds; what the last poll said stands below those that are not well, and who pushes them."""
    tagged = any(feed.tags for feed, _ in rows)
    columns = ("feed", "state", "since", "last item", "next", "why then")
    echo_table(
        (*columns, "tags") if tagged else columns,
        [
            (
                feed.name,
                health.state,
                f"{health.since:%d %b}" if health.since else "",
                _ago(now, health.last_item_at),
                spoken_span(health.next_poll_at - now) if health.next_poll_at else "at start",
                health.why_next,
                *([", ".join(feed.tags)] if tagged else []),
            )
            for feed, health in rows
        ],
        below=[
            "; ".join(
                [
                    *([] if health.state in (Health.OK, Health.NEW) else [clean(health.detail, limit=300)]),
                    *([clean(pushes[feed.name], limit=300)] if feed.name in pushes else []),
                ]
            )
            for feed, health in rows
        ],
    )
    counts = Counter(health.state for _, health in rows)
    click.echo(", ".join(f"{counts[state]:,} {state}" for state in Health if counts[state]) or "no feeds")


def _ago(now: datetime, at: datetime | None) -> str:
    if at is None:
        return "never"
    span = spoken_span(now - at)
    return span if span == "now" else f"{span} ago"
