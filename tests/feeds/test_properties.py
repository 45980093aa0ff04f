"""Whatever bytes come: items whose text is text, or a named error; never anything else."""

from __future__ import annotations

import json
from collections.abc import Coroutine
from datetime import UTC
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claimwatch.core.model import Document
from claimwatch.errors import ParseError
from claimwatch.feeds.wire import dump_document, load_document
from tests.feeds.documents import entry, read, rss

FRAGMENTS = st.sampled_from(
    [
        "<rss>",
        "<rss version='2.0'>",
        "<channel>",
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "<title>",
        "</title>",
        "<feed xmlns='http://www.w3.org/2005/Atom'>",
        "</feed>",
        "</rss>",
        "<guid>",
        "</guid>",
        "<link>",
        "</link>",
        "<link href='x'/>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "&",
        "&amp;",
        "&#xD800;",
        "&#1;",
        "&nbsp;",
        "<b>",
        "<",
        "<!DOCTYPE x [<!ENTITY a 'b'>]>",
        "&a;",
        "\x00",
        "\ud800",
        "é",
        "<?xml version='1.0' encoding='utf-16'?>",
        "text",
        "<pubDate>9999-99-99</pubDate>",
        "<content type='xhtml'>",
        "<author>a@b.c (",
        "<?",
        "?>",
        "<html>",
        "{",
        '"',
        "<id>javascript:x</id>",
        "<category/>",
        "<description>",
        "</description>",
        "<item/>",
        "<item",
    ]
)
ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(
    [
        "id",
        "url",
        "title",
        "summary",
        "content_html",
        "content_text",
        "authors",
        "author",
        "date_published",
        "language",
    ]
)
quick = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(document: Document) -> None:
    assert isinstance(document.title, str)
    assert len({item.id for item in document.items}) == len(document.items)
    for item in document.items:
        for text in (item.id, item.title, item.summary, item.content, *item.authors):
            assert isinstance(text, str)
            text.encode("utf-8")
            assert "\x00" not in text
        assert item.title
        assert "\n" not in item.title
        assert item.url is None or item.url.startswith(("http://", "https://", "HTTP://", "HTTPS://"))
        for at in (item.published_at, item.updated_at):
            assert at is None or at.tzinfo is UTC
    assert at_once(load_document(dump_document(document))) == document


def at_once(reading: Coroutine[None, None, Document]) -> Document:
    """What a coroutine returns that only gives way to others; a loop for each example would take longer."""
    while True:
        try:
            reading.send(None)
        except StopIteration as done:
            return cast(Document, done.value)


def read_or_error(body: bytes, content_type: str | None = None) -> None:
    try:
        check(read(body, content_type))
    except ParseError as error:
        if not str(error):
            raise AssertionError("an error without a word") from error


@quick
@given(
    st.binary(max_size=400),
    st.sampled_from([None, "text/xml; charset=utf-16", "x/y; charset=hex", "charset=zz"]),
)
def test_any_bytes_give_items_or_a_named_error(body: bytes, content_type: str | None) -> None:
    read_or_error(body, content_type)


@quick
@given(st.lists(FRAGMENTS, max_size=40))
def test_any_heap_of_feed_pieces_gives_items_or_a_named_error(pieces: list[str]) -> None:
    read_or_error("".join(pieces).encode("utf-8", "surrogatepass"))


@quick
@given(st.data())
def test_a_good_document_bitten_anywhere_gives_items_or_a_named_error(data: st.DataObject) -> None:
    body = bytearray(
        rss(entry("Troops é leave", "1", "&lt;b&gt;x&lt;/b&gt;") + entry("北한", "2", "<![CDATA[y]]>"))
    )
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        body[at : at + data.draw(st.integers(0, 5))] = data.draw(st.binary(max_size=4))
    read_or_error(bytes(body))


@quick
@given(st.lists(st.dictionaries(FIELDS, ANY_JSON, max_size=5), max_size=5), ANY_JSON)
def test_any_json_gives_items_or_a_named_error(entries: list[dict[str, Any]], title: object) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": entries}
    read_or_error(json.dumps(feed).encode())
    read_or_error(json.dumps(title).encode())


@quick
@given(
    st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Mn")), min_size=1, max_size=80)
)
def test_the_words_of_a_plain_title_all_come_through(title: str) -> None:
    from claimwatch.feeds.plain import clean_characters

    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "")
    words = "".join(letter for letter in clean_characters(title) if letter.isalnum())
    if any(mark in title for mark in "<&") or not words or not (title.isascii() or max(title) > "\xff"):
        return  # may be markup, or UTF-8 somebody took for Latin-1, which feedparser undoes
    (item,) = read(rss(entry(escaped, "1"))).items
    assert "".join(letter for letter in item.title if letter.isalnum())[:40] == words[:40]
