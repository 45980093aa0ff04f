"""The pages behind items: politely, within bounds, and never where they must not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from claimwatch.core.model import Feed
from claimwatch.feeds.full_text import PageReader
from claimwatch.feeds.http import HttpFetcher
from claimwatch.feeds.pool import ParserPool
from tests.feeds.servers import RawServer, response
from tests.feeds.test_web_pages import ARTICLE


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with RawServer().running() as running:
        running.answers["/a"] = running.answers["/b"] = response(ARTICLE.encode(), "Content-Type: text/html")
        yield running


@pytest.fixture
async def reader() -> AsyncIterator[PageReader]:
    async with HttpFetcher(deadline=timedelta(seconds=5)) as fetcher, ParserPool(workers=1) as parser:
        yield PageReader(fetcher, parser, deadline=timedelta(seconds=30))


def feed(server: RawServer, **more: object) -> Feed:
    return Feed("own", server.url("/feed"), private=True, full_text=True, **more)  # type: ignore[arg-type]


async def test_a_page_gives_its_text_and_one_that_fails_says_why(
    server: RawServer, reader: PageReader
) -> None:
    server.answers["/c"] = response(status="403 Forbidden")
    read = await reader.read(feed(server), [server.url("/a"), server.url("/b"), server.url("/c")])
    assert set(read.texts) == {server.url("/a"), server.url("/b")}
    assert "Sentence 7 of the report" in read.texts[server.url("/a")]
    assert read.refused == {server.url("/c"): "HTTP 403: forbids access"}


async def test_robots_txt_is_asked_once_a_site_and_obeyed(server: RawServer, reader: PageReader) -> None:
    server.answers["/robots.txt"] = response(b"User-agent: *\nDisallow: /b\n")
    for _ in range(2):
        read = await reader.read(feed(server), [server.url("/a"), server.url("/b")])
    assert set(read.texts) == {server.url("/a")}
    assert read.refused == {server.url("/b"): "robots.txt asks us not to read it"}
    assert "/b" not in server.paths
    assert server.paths.count("/robots.txt") == 1


async def test_rules_that_cannot_be_had_forbid_for_now(server: RawServer, reader: PageReader) -> None:
    server.answers["/robots.txt"] = response(status="503 Busy")
    read = await reader.read(feed(server), [server.url("/a")])
    assert read.refused == {server.url("/a"): "HTTP 503: temporarily unavailable"}
    del server.answers["/robots.txt"]
    assert (await reader.read(feed(server), [server.url("/a")])).texts


async def test_a_feed_of_ones_own_network_leads_to_no_other_private_address(
    server: RawServer, reader: PageReader
) -> None:
    async with RawServer().running() as other:
        read = await reader.read(feed(server), [other.url("/a")])
        assert other.paths == []
    public = Feed("public", "https://public.example/rss", full_text=True)
    read = await reader.read(public, [server.url("/a")])
    assert "address not allowed" in read.refused[server.url("/a")]
    assert server.paths == []


async def test_passwords_of_the_feed_stay_with_the_feed(server: RawServer, reader: PageReader) -> None:
    await reader.read(feed(server, user="me", password="hush"), [server.url("/a")])
    assert all("authorization" not in asked.headers for asked in server.asked)


async def test_pages_that_take_too_long_cost_their_time_only(server: RawServer) -> None:
    async def never(_: RawServer, writer: object) -> None:
        import asyncio

        await asyncio.sleep(60)

    server.answers["/slow"] = never
    async with HttpFetcher() as fetcher, ParserPool(workers=1) as parser:
        reader = PageReader(fetcher, parser, deadline=timedelta(seconds=0.5))
        read = await reader.read(feed(server), [server.url("/slow")])
    assert read.refused == {server.url("/slow"): "no time was left"}
