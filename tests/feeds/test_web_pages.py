"""Pages without a feed, read by CSS selectors, and the text of articles; in the process that can be stopped."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimwatch.core.model import Select
from claimwatch.errors import ParseError
from claimwatch.feeds.pool import ParserPool
from claimwatch.feeds.web_page import read_article, read_items

URL = "https://council.example/news/"
PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Lake Council</title></head><body>
<article class="news"><h2><a href="/news/1?a=1&amp;b=2">The dam is closed</a></h2>
  <p class="lead">Nobody may <b>enter</b>.</p><time datetime="2026-03-04T05:06:00Z">today</time></article>
<article class="news"><h2><a href="2.html">Boats &lt;rescued&gt;</a></h2><time>4 March 2026</time></article>
<a href="3"><article class="news"><h3>Café opens</h3><script>alert(1)</script></article></a>
<article class="advert"><h2>Buy</h2></article>
</body></html>"""
SELECT = Select(item="article.news", title="h2, h3", link="a", summary=".lead", date="time")


def test_the_selectors_find_items_as_a_feed_has_them() -> None:
    document = read_items(PAGE.encode(), "text/html", URL, SELECT)
    assert (document.title, document.language, document.format) == ("Lake Council", "en", "page")
    first, second, _ = document.items
    assert (first.title, first.summary, first.url) == (
        "The dam is closed", "Nobody may enter.", "https://council.example/news/1?a=1&b=2",
    )  # fmt: skip
    assert first.published_at == datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
    assert second.published_at == datetime(2026, 3, 4, tzinfo=UTC)
    assert (first.id, second.id) == ("/news/1?a=1&b=2", "2.html")


def test_only_item_must_be_said_the_rest_stands_in_the_usual_places() -> None:
    document = read_items(PAGE.encode(), None, URL, Select("article.news"))
    assert [(item.title, item.url) for item in document.items] == [
        ("The dam is closed", "https://council.example/news/1?a=1&b=2"),
        ("Boats < rescued>", "https://council.example/news/2.html"),
        ("Café opens", "https://council.example/news/3"),  # the whole card is a link
    ]


def test_links_themselves_can_be_the_items() -> None:
    document = read_items(PAGE.encode(), None, URL, Select("article.news h2 a"))
    assert [item.url for item in document.items] == [
        "https://council.example/news/1?a=1&b=2",
        "https://council.example/news/2.html",
    ]


def test_an_encoding_that_only_the_page_names_is_read() -> None:
    body = PAGE.replace("utf-8", "windows-1252").encode("cp1252")
    assert read_items(body, "text/html", URL, SELECT).items[2].title == "Café opens"


def test_a_page_that_changed_is_told_not_taken_for_a_quiet_one() -> None:
    with pytest.raises(ParseError, match=r'"li\.item" finds nothing on the page: did the page change'):
        read_items(PAGE.encode(), None, URL, Select("li.item"))
    with pytest.raises(ParseError, match="of the 3 items found none has a title"):
        read_items(PAGE.encode(), None, URL, Select("article.news", title="h6"))
    with pytest.raises(ParseError, match="a PDF document came in place of a page"):
        read_items(b"%PDF-1.4", None, URL, SELECT)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200), st.sampled_from([PAGE.encode(), b"<article class=news><h2>A</h2>", b""]))
def test_whatever_the_bytes_items_are_text_or_an_error_in_words(noise: bytes, page: bytes) -> None:
    for body in (noise + page, page[:60] + noise + page[60:]):
        try:
            document = read_items(body, None, URL, SELECT)
        except ParseError:
            continue
        assert all(isinstance(item.title, str) and item.title for item in document.items)


ARTICLE = (
    "<html><body><nav><a href=/>Home</a></nav><article><h1>The dam</h1>"
    + "".join(
        f"<p>Sentence {n} of the report says that the dam above the lake was inspected by engineers.</p>"
        for n in range(8)
    )
    + "</article><footer>Copyright</footer></body></html>"
)


def test_the_text_of_an_article_comes_without_what_surrounds_it() -> None:
    text = read_article(ARTICLE.encode(), "text/html", URL)
    assert "Sentence 7 of the report" in text
    assert "Home" not in text
    assert "Copyright" not in text
    with pytest.raises(ParseError, match="no article was found"):
        read_article(b"<html><body></body></html>", None, URL)


async def test_pages_are_read_in_a_process_that_can_be_stopped() -> None:
    async with ParserPool(workers=1, spare=0, cpu_seconds=1) as pool:
        document = await pool.parse(PAGE.encode(), content_type=None, url=URL, select=SELECT)
        assert len(document.items) == 3
        assert "Sentence 7" in await pool.article(ARTICLE.encode(), content_type=None, url=URL)
        with pytest.raises(ParseError, match="finds nothing"):
            await pool.parse(b"<p>x</p>", content_type=None, url=URL, select=SELECT)
        hostile = b"<div class=a>" * 200 + b"<p class=a>x</p>" * 60_000
        slow = Select("div:has(p ~ p ~ p ~ p) p:not(.b ~ .c ~ .a) ~ .a ~ .a")
        with pytest.raises(ParseError):
            await pool.parse(hostile, content_type=None, url=URL, select=slow)
        document = await pool.parse(PAGE.encode(), content_type=None, url=URL, select=SELECT)
        assert len(document.items) == 3
