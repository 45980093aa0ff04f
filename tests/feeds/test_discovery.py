"""Where the feed of a page may be, and lists of feeds in OPML; what is hostile in either is refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimwatch.core.model import Feed
from claimwatch.errors import ParseError
from claimwatch.feeds import discovery
from claimwatch.feeds.opml import Outline, read_opml, write_opml

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "feed"),
    [
        ("https://www.youtube.com/channel/UCabcdefghijklmnopqrstuv", "https://www.youtube.com/feeds/videos.xml?channel_id=UCabcdefghijklmnopqrstuv"),
        ("https://youtube.com/playlist?list=PL123", "https://www.youtube.com/feeds/videos.xml?playlist_id=PL123"),
        ("https://old.reddit.com/r/rowing/top", "https://www.reddit.com/r/rowing/.rss"),
        ("https://t.me/s/lakenews", "https://rsshub.app/telegram/channel/lakenews"),
        ("https://github.com/some/thing/issues", "https://github.com/some/thing/releases.atom"),
        ("https://social.example/@desk", "https://social.example/@desk.rss"),
        ("https://bsky.app/profile/desk.example", "https://bsky.app/profile/desk.example/rss"),
        ("https://medium.com/@desk", "https://medium.com/feed/@desk"),
        ("https://news.google.com/search?q=orsa&hl=en", "https://news.google.com/rss/search?q=orsa&hl=en"),
    ],
)  # fmt: skip
def test_sites_whose_feeds_are_known_by_the_shape_of_the_address(url: str, feed: str) -> None:
    assert discovery.by_shape(url)[0] == feed


def test_other_sites_have_no_such_shape() -> None:
    assert discovery.by_shape("https://lake.example/news/dam") == []
    assert discovery.by_shape("https://www.youtube.com/watch?v=abc") == []


def test_a_page_names_its_feeds_those_of_comments_last() -> None:
    page = """<html><head>
    <link rel="alternate" type="application/rss+xml" href="/comments/feed">
    <link rel=alternate type='application/feed+json' href='feed.json?a=1&amp;b=2'>
    <link rel="alternate" type="application/atom+xml" href="feed:https://other.example/atom">
    <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
    """
    assert discovery.on_page(page, "https://lake.example/news/") == [
        "https://lake.example/news/feed.json?a=1&b=2",
        "https://other.example/atom",
        "https://lake.example/comments/feed",
    ]


def test_without_such_names_links_that_look_like_feeds_are_tried() -> None:
    page = '<body><a class=x href="/rss/all">RSS</a> <a href="/newsfeeds.html">no</a> <a href="//l.example/a.atom">'
    assert discovery.on_page(page, "https://lake.example/") == [
        "https://lake.example/rss/all",
        "https://l.example/a.atom",
    ]


def test_news_sitemaps_are_those_that_robots_txt_names() -> None:
    robots = (
        "User-agent: *\nSitemap: https://lake.example/pages.xml\nsitemap: https://lake.example/news-2.xml\n"
    )
    assert discovery.news_sitemaps(robots, "https://lake.example/a") == ["https://lake.example/news-2.xml"]
    assert (
        discovery.news_sitemaps("", "https://lake.example/a/b")[0] == "https://lake.example/news-sitemap.xml"
    )


@given(
    st.text(max_size=300),
    st.sampled_from(["<link ", "<a ", "rel=alternate ", 'href="', "feed", "application/rss+xml"]),
)
def test_no_page_breaks_the_search_for_links(text: str, more: str) -> None:
    for address in discovery.on_page(more + text + more, "https://lake.example/"):
        assert address.startswith(("http://", "https://"))


def test_what_people_type_becomes_an_address() -> None:
    assert discovery.as_address("lake.example/news") == "https://lake.example/news"
    assert discovery.as_address("feed://lake.example/rss") == "https://lake.example/rss"
    assert discovery.as_address("feed:http://lake.example/rss") == "http://lake.example/rss"


# ---------------------------------------------------------------- OPML

LIST = """<?xml version="1.0" encoding="ISO-8859-1"?>
<opml version="1.0"><head><title>x</title></head><body>
  <outline text="Lakes"><outline title="North &amp; West">
    <outline type="rss" text="t" title="Lake Post" xmlUrl="https://lake.example/rss" language="en-us"/>
  </outline></outline>
  <outline text="Caf\xe9" xmlurl="https://cafe.example/rss" category="/Food/Coffee,Daily"/>
  <outline text="Again"><outline text="Lake" xmlUrl="https://lake.example/rss"/></outline>
  <outline text="A page" type="link" url="https://page.example"/>
</body></opml>""".encode("latin-1")


def test_nested_groups_become_tags_and_each_address_comes_once() -> None:
    assert read_opml(LIST) == [
        Outline("https://lake.example/rss", "Lake Post", "en", ("Lakes", "North & West", "Again")),
        Outline("https://cafe.example/rss", "Café", None, ("Food", "Coffee", "Daily")),
    ]


def test_an_ampersand_that_is_not_escaped_does_no_harm() -> None:
    body = b'<opml><body><outline text="A & B" xmlUrl="https://a.example/?x=1&y=2"/></body></opml>'
    assert read_opml(body) == [Outline("https://a.example/?x=1&y=2", "A & B")]


TAGS = st.lists(
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=8),
    max_size=3,
    unique=True,
)


@given(
    st.lists(
        st.tuples(
            st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=20),
            TAGS,
        ),
        max_size=8,
    )
)
def test_what_is_written_is_read_back(listed: list[tuple[str, list[str]]]) -> None:
    feeds = [
        Feed(name, f"https://a.example/{number}?a=1&b=2", tags=tuple(tags))
        for number, (name, tags) in enumerate(listed)
    ]
    written = write_opml(feeds, title="mine & yours", now=NOW)
    back = {outline.url: outline for outline in read_opml(written.encode())}
    assert {feed.url: (feed.name, feed.tags) for feed in feeds} == {
        url: (outline.title, outline.groups) for url, outline in back.items()
    }


def test_passwords_are_not_written() -> None:
    assert "hush" not in write_opml(
        [Feed("A", "https://a.example", user="me", password="hush")], title="x", now=NOW
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body>&b;</body></opml>', "declares entities"),
        (b'<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]><opml>&x;</opml>', "declares entities"),
        (b"<opml><body>" + b'<outline text="g">' * 40 + b"</body></opml>", "nested more than 30"),
        (b"<opml>" + b'<outline text="g"/>' * 50_001 + b"</opml>", "more than 50,000 entries"),
        (b"<rss/>", "no OPML file"),
        (b"<opml><body>", "cannot be read: line 1"),
        (b"", "cannot be read"),
        (b"\x00" * 50, "cannot be read"),
        (b"x" * 20_000_001, "larger than 20 MB"),
    ],
)  # fmt: skip
def test_a_hostile_or_broken_list_is_refused_in_words(body: bytes, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        read_opml(body)
