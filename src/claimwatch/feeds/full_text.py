"""The pages behind a feed's items: fetched as politely as the feed, where robots.txt allows it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from claimwatch.core.model import Feed, Fetched, PollState
from claimwatch.core.work import PageTexts
from claimwatch.errors import FetchError, ParseError
from claimwatch.protocols import Fetcher, PageParser

ROBOT = "claimwatch"  # the name robots.txt knows us by
DEADLINE = timedelta(seconds=60)  # for all pages of one poll: an alert waits for them
AT_ONCE = 3  # pages of one poll; the fetcher spaces those of one host
RULES_KEPT = timedelta(days=1)
RULES_CHARS = 500_000  # of a robots.txt that are read (RFC 9309)
_SITES = 2_000  # whose rules are kept
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class PageReader:
    """Reads pages with the daemon's own fetcher and parser processes."""

    def __init__(self, fetcher: Fetcher, parser: PageParser, *, deadline: timedelta = DEADLINE) -> None:
        self._fetcher = fetcher
        self._parser = parser
        self._deadline = deadline
        self._rules: OrderedDict[str, tuple[float, RobotFileParser]] = OrderedDict()

    async def read(self, feed: Feed, urls: Sequence[str]) -> PageTexts:
        """Return the text of each page that can be read, and why others cannot; never raises for a page."""
        places = asyncio.Semaphore(AT_ONCE)
        sites = {_site(url): asyncio.Lock() for url in urls}  # the rules of a site are asked for once
        texts: dict[str, str] = {}
        refused: dict[str, str] = {}

        async def one(url: str) -> None:
            async with places:
                try:
                    async with sites[_site(url)]:
                        allowed = await self._allowed(feed, url)
                    texts[url] = await self._text(feed, url, allowed=allowed)
                except (FetchError, ParseError) as error:
                    refused[url] = str(error)

        try:
            async with asyncio.timeout(self._deadline.total_seconds()):
                await asyncio.gather(*(one(url) for url in urls))
        except TimeoutError:
            for url in urls:
                if url not in texts:
                    refused.setdefault(url, "no time was left")
        return PageTexts(texts, refused)

    async def _text(self, feed: Feed, url: str, *, allowed: bool) -> str:
        if not allowed:
            raise FetchError("robots.txt asks us not to read it", kind="http_denied")
        fetched = await self._fetch(feed, url)
        return await self._parser.article(
            fetched.body or b"", content_type=fetched.content_type, url=fetched.url
        )

    async def _fetch(self, feed: Feed, url: str) -> Fetched:
        """Fetch under the feed's rules; its own network is reached only at the feed's own host."""
        same = urlsplit(url).netloc == urlsplit(feed.url).netloc
        page = Feed(
            f"{feed.name} (pages)", url, private=feed.private and same, pace=feed.pace if same else None
        )
        return await self._fetcher.fetch(page, PollState(page.name, next_poll_at=_NEVER))

    async def _allowed(self, feed: Feed, url: str) -> bool:
        site = _site(url)
        now = asyncio.get_running_loop().time()
        known = self._rules.get(site)
        if known is None or known[0] < now:
            known = (now + RULES_KEPT.total_seconds(), await self._ask_rules(feed, site))
            self._rules[site] = known
            while len(self._rules) > _SITES:
                self._rules.popitem(last=False)
        return known[1].can_fetch(ROBOT, url)

    async def _ask_rules(self, feed: Feed, site: str) -> RobotFileParser:
        rules = RobotFileParser()
        try:
            fetched = await self._fetch(feed, f"{site}/robots.txt")
        except FetchError as error:
            if error.status is None or error.status >= 500 or error.status == 429:
                raise  # RFC 9309: unreachable rules forbid for now
            rules.parse([])
            return rules
        text = (fetched.body or b"")[:RULES_CHARS].decode("utf-8", "replace")
        rules.parse(text.splitlines())
        return rules


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
