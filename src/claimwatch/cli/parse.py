"""`claimwatch parse`: a feed document -> items, one JSON object a line."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from claimwatch.errors import ClaimwatchError, FetchError, ParseError

if TYPE_CHECKING:
    from datetime import datetime

    from claimwatch.core.model import Document, Item

_KEYS = (
    "id", "url", "title", "summary", "content", "language", "published_at", "updated_at", "authors", "source",
)  # fmt: skip


@click.command(name="parse")
@click.argument("source", metavar="[FILE|-|URL]", default="-")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line instead of text for people.")
@click.option("--private", is_flag=True, help="Let URL live on a private or loopback address.")
def command(source: str, as_json: bool, private: bool) -> None:
    """Read a feed document and print its items.

    \b
    Examples:
      claimwatch parse feed.xml
      claimwatch parse --json https://news.example/rss | jq .title
      curl -s https://news.example/rss | claimwatch parse
    """
    try:
        document = asyncio.run(_document(source, private))
    except (ClaimwatchError, OSError) as error:
        click.echo(f"claimwatch parse: {source}: {_one_line(error)}", err=True)
        sys.exit(1)
    if document.damaged:
        click.echo(f"claimwatch parse: {source}: damaged document: {document.damaged}", err=True)
    write = _as_json if as_json else _as_text
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    if not as_json:
        click.echo(f"{document.title or '(no title)'}: {len(document.items)} items, {document.format}\n")
    for item in document.items:
        click.echo(write(item))


async def _document(source: str, private: bool) -> Document:
    from claimwatch.feeds.pool import ParserPool

    if source.startswith(("http://", "https://")):
        body, content_type, url = await _fetched(source, private)
    else:
        body = sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()
        content_type, url = None, None
    if not body:
        raise ParseError("the document is empty")
    async with ParserPool(workers=1, spare=0) as pool:
        return await pool.parse(body, content_type=content_type, url=url)


async def _fetched(source: str, private: bool) -> tuple[bytes, str | None, str | None]:
    from datetime import UTC, datetime

    from claimwatch.core.model import Feed, PollState
    from claimwatch.feeds.http import HttpFetcher

    feed = Feed(name=source, url=source, private=private)
    state = PollState(feed=source, next_poll_at=datetime.fromtimestamp(0, UTC))
    async with HttpFetcher() as fetcher:
        fetched = await fetcher.fetch(feed, state)
    return fetched.body or b"", fetched.content_type, fetched.url


def _as_json(item: Item) -> str:
    values = {key: getattr(item, key) for key in _KEYS}
    values["published_at"] = _iso(item.published_at)
    values["updated_at"] = _iso(item.updated_at)
    return json.dumps(values, ensure_ascii=False)


def _as_text(item: Item) -> str:
    when = item.published_at.strftime("%Y-%m-%d %H:%M") if item.published_at else "no date"
    lines = [item.title, f"  {when}  {item.language or '??'}  {item.url or item.id}"]
    if item.summary and item.summary != item.title:
        summary = " ".join(item.summary.split())
        lines.append("  " + (summary if len(summary) <= 200 else summary[:199] + "…"))
    return "\n".join(lines) + "\n"


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _one_line(error: Exception) -> str:
    words = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    if isinstance(error, FetchError) and error.kind == "blocked_address":
        words = words.partition("; write private")[0] + "; add --private if that is meant"
    return " ".join(words.split())
