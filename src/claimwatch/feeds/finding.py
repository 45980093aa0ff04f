"""Finds the feeds of a page: a few polite requests, all through the guarded fetcher."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from claimwatch.core.feed_facts import FeedFacts, facts_of
from claimwatch.core.model import Feed, PollState
from claimwatch.errors import FetchError, ParseError
from claimwatch.feeds import discovery, sniff
from claimwatch.feeds.encoding import text_of
from claimwatch.protocols import Fetcher, Parser

MAX_REQUESTS = 24
AT_ONCE = 4
DEADLINE = timedelta(seconds=90)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed and its address: the one asked, unless it moved for good."""

    url: str
    facts: FeedFacts


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address gave: a feed, a web page, or why neither (`error`)."""

    url: str  # as asked
    feed: FoundFeed | None = None
    final_url: str = ""  # where an answer came from, after redirects; "" when none came
    page: str | None = None
    error: str | None = None
    unreachable: bool = False  # nothing answered: it may be our own network
    blocked: bool = False  # not a public address


@dataclass(slots=True)
class Found:
    """The feeds of a page, the best first, and all that was asked."""

    feeds: list[FoundFeed] = field(default_factory=list)
    asked: list[Answer] = field(default_factory=list)


async def ask(url: str, fetcher: Fetcher, parser: Parser, *, feed: Feed | None = None) -> Answer:
    """Return what an address gives, as a feed or a page; `feed` carries what the config says of it."""
    feed = feed or Feed(name=url, url=url)
    try:
        fetched = await fetcher.fetch(feed, PollState(feed.name, next_poll_at=_NEVER))
    except FetchError as error:
        return Answer(
            url, error=str(error), unreachable=error.kind in ("dns", "offline"),
            blocked=error.kind == "blocked_address",
        )  # fmt: skip
    body = fetched.body or b""
    try:
        document = await parser.parse(
            body, content_type=fetched.content_type, url=fetched.url, select=feed.select
        )
    except ParseError as error:
        is_page = False
        text = ""
        if body and sniff.binary_kind(body) is None:
            text = text_of(body[: 4 * discovery.HEAD], fetched.content_type)[0][: discovery.HEAD]
            is_page = sniff.kind_of(text) in ("html", "text")
        return Answer(url, final_url=fetched.url, page=text if is_page else None, error=str(error))
    return Answer(url, feed=FoundFeed(fetched.moved_to or url, facts_of(document)), final_url=fetched.url)


async def find(
    url: str, fetcher: Fetcher, parser: Parser, *, private: bool = False, thorough: bool = False
) -> Found:
    """Return the feeds of a page, or the one at the address itself.

    Where most sites have their feed is tried only when the page names none that can be read, or when `thorough`. With
    `private`, the page's own host (and no other) may be a non-public one.
    """
    search = _Search(fetcher, parser, host=urlsplit(url).hostname, private=private)
    try:
        async with asyncio.timeout(DEADLINE.total_seconds()):
            shaped = discovery.by_shape(url)
            (first,) = await search.ask([url])
            if first.feed is not None:
                return search.found
            named = discovery.on_page(first.page, first.final_url) if first.page is not None else []
            await search.ask([*shaped, *named])
            if thorough or (not search.found.feeds and first.final_url):
                site = first.final_url or url
                robots = await search.ask([urljoin(site, "/robots.txt")])
                sitemaps = discovery.news_sitemaps((robots[0].page or "") if robots else "", site)
                await search.ask([*discovery.well_known(site), *sitemaps])
    except TimeoutError:
        pass  # what was found until then
    return search.found


class _Search:
    def __init__(self, fetcher: Fetcher, parser: Parser, *, host: str | None, private: bool) -> None:
        self.found = Found()
        self._fetcher, self._parser = fetcher, parser
        self._host, self._private = host, private
        self._tried: set[str] = set()
        self._places = asyncio.Semaphore(AT_ONCE)

    async def ask(self, addresses: Iterable[str]) -> list[Answer]:
        new = [url for url in dict.fromkeys(addresses) if url not in self._tried]
        new = new[: MAX_REQUESTS - len(self._tried)]
        self._tried.update(new)
        answers = await asyncio.gather(*(self._one(url) for url in new))
        self.found.asked += answers
        known = {feed.url for feed in self.found.feeds}
        for feed in (answer.feed for answer in answers if answer.feed is not None):
            if feed.url not in known and (feed.facts.items or feed.facts.format != "news-sitemap"):
                known.add(feed.url)
                self.found.feeds.append(feed)
        return list(answers)

    async def _one(self, url: str) -> Answer:
        private = self._private and urlsplit(url).hostname == self._host
        async with self._places:
            return await ask(url, self._fetcher, self._parser, feed=Feed(name=url, url=url, private=private))
