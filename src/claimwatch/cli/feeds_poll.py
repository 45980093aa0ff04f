"""One look at one feed, with the parts that the daemon polls with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import click

from claimwatch.cli.asking import open_fetching
from claimwatch.config import Settings
from claimwatch.core.columns import wrap
from claimwatch.core.matching import TopicIndex
from claimwatch.core.model import Document, Fetched, Item, Match, PollState
from claimwatch.core.novelty import content_hash, entry_key, select_new
from claimwatch.core.safety import clean
from claimwatch.errors import ClaimwatchError, FetchError, ParseError


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the answer; `new` says that it (or this text of it) is not stored yet."""

    item: Item
    new: bool
    matches: tuple[Match, ...]

    @property
    def row(self) -> dict[str, Any]:
        return {
            "id": self.item.id, "title": self.item.title, "url": self.item.url,
            "published_at": self.item.published_at, "new": self.new,
            "topics": [
                {"topic": m.topic, "score": round(m.score, 3), "band": m.band.value} for m in self.matches
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Look:
    """What a feed answered now."""

    feed: str
    fetched: Fetched
    document: Document
    entries: tuple[Entry, ...]


async def look(settings: Settings, name: str) -> Look:
    """Fetch and read a feed, and tell what is new to us. Raises: ClaimwatchError."""
    from claimwatch.app import now

    feed = next(f for f in settings.feeds if f.name == name)
    async with open_fetching(settings) as (fetcher, parser):
        try:
            fetched = await fetcher.fetch(feed, PollState(feed.name, next_poll_at=now()))
            document = await parser.parse(
                fetched.body or b"", content_type=fetched.content_type, url=fetched.url, select=feed.select
            )
        except (FetchError, ParseError) as error:
            raise ClaimwatchError(f'feed "{feed.name}": {error}') from error
    fresh = {novelty.item.id for novelty in select_new(document.items, _known(settings, name, document))}
    index = TopicIndex(settings.topics, settings.aliases)
    entries = tuple(Entry(item, item.id in fresh, tuple(index.match(item))) for item in document.items)
    return Look(feed.name, fetched, document, entries)


def _known(settings: Settings, name: str, document: Document) -> dict[str, str]:
    from claimwatch.storage.database import Database
    from claimwatch.storage.polling import SqlPollStore

    if not settings.storage.exists():
        return {}
    database = Database(settings.storage)
    try:
        items = document.items
        return SqlPollStore(database).known(
            name, [entry_key(i) for i in items], [content_hash(i) for i in items]
        )
    finally:
        database.close()


def show(seen: Look) -> None:
    """Print the answer, the newest entries first as the feed has them."""
    document, entries = seen.document, seen.entries
    new = sum(entry.new for entry in entries)
    on = sum(bool(entry.matches) for entry in entries)
    click.echo(
        f"{seen.feed}: {seen.fetched.status}, {document.format or 'feed'}, {len(entries)} items, "
        f"{new} new to us, {on} on a topic"
    )
    if seen.fetched.moved_to:
        click.echo(f"moved to {seen.fetched.moved_to}")
    if document.damaged:
        click.echo(f"damaged: {clean(document.damaged)}")
    for entry in entries:
        mark = "new " if entry.new else "    "
        topics = ", ".join(f"{m.topic} {m.score:.2f} {m.band}" for m in entry.matches)
        text = clean(entry.item.title or entry.item.summary, limit=300)
        for line in wrap(
            f"{text}  [{topics}]" if topics else text, first=f"  {mark}", indent=" " * 6, columns=80
        ):
            click.echo(line)
