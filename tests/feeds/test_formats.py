from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from claimwatch.errors import ParseError
from tests.feeds.documents import entry, only, read, rss, titles

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr-FR"><title>Le Phare</title>
<link href="https://phare.example/"/><link rel="hub" href="https://hub.example/"/>
<entry><id>tag:phare.example,2026:1</id><title type="html">Des &lt;b&gt;troupes&lt;/b&gt; partent</title>
<link rel="alternate" href="/articles/1"/><published>2026-07-01T10:00:00+02:00</published>
<updated>2026-07-01T11:30:00+02:00</updated><author><name>A. Martin</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Un.</p><p>Deux.</p></div></content></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
<channel rdf:about="http://x.example/"><title>X</title><link>http://x.example/</link>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>
<items><rdf:Seq><rdf:li rdf:resource="http://x.example/1"/></rdf:Seq></items></channel>
<item rdf:about="http://x.example/1"><title>One</title><link>http://x.example/1</link>
<dc:date>2026-07-01T08:00:00Z</dc:date><dc:creator>B. Ruiz</dc:creator></item></rdf:RDF>"""


def test_rss_gives_every_field_of_an_item() -> None:
    more = (
        "<link>http://herald.example/1?a=1&amp;b=2</link><pubDate>Wed, 01 Jul 2026 08:00:00 GMT</pubDate>"
        '<author>ann@herald.example (Ann Lee)</author><source url="http://s.example/">Norland Wire</source>'
    )
    head = "<title>Herald</title><link>http://herald.example/</link><language>en-gb</language><ttl>45</ttl>"
    document = read(rss(entry("Troops leave", "g-1", "<![CDATA[<p>Some <i>text</i>.</p>]]>", more), head))
    (item,) = document.items
    assert (item.id, item.url) == ("g-1", "http://herald.example/1?a=1&b=2")
    assert (item.title, item.summary, item.language) == ("Troops leave", "Some text.", "en")
    assert item.published_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert (item.authors, item.source) == (("Ann Lee",), "Norland Wire")
    assert (document.title, document.language, document.format) == ("Herald", "en", "rss20")
    assert (document.url, document.refresh_every) == ("http://herald.example/", timedelta(minutes=45))
    assert document.damaged is None


def test_atom_gives_every_field_of_an_item() -> None:
    document = read(ATOM, url="https://phare.example/flux.xml")
    (item,) = document.items
    assert (item.id, item.url) == ("tag:phare.example,2026:1", "https://phare.example/articles/1")
    assert (item.title, item.content, item.language) == ("Des troupes partent", "Un.\nDeux.", "fr")
    assert item.published_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert item.updated_at == datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    assert item.authors == ("A. Martin",)
    assert (document.hub, document.format) == ("https://hub.example/", "atom10")


def test_rdf_is_read_with_its_rhythm() -> None:
    document = read(RDF)
    (item,) = document.items
    assert (item.id, item.title, item.authors) == ("http://x.example/1", "One", ("B. Ruiz",))
    assert item.published_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert (document.format, document.refresh_every) == ("rss10", timedelta(minutes=15))


def test_a_language_of_an_entry_overrides_that_of_the_feed() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>t</title>
    <entry xml:lang="uk"><id>1</id><title>Звіт</title></entry>
    <entry><id>2</id><title>Report</title></entry></feed>"""
    assert [item.language for item in read(body).items] == ["uk", "en"]


def test_json_feed_gives_every_field_of_an_item() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Norland Post",
        "language": "en-US",
        "home_page_url": "https://post.example/",
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "authors": [{"name": "The Desk"}],
        "items": [
            {
                "id": 17,
                "url": "/17",
                "title": "A <em>title</em>",
                "summary": "Short.",
                "content_html": "<p>Long.</p>",
                "date_published": "2026-07-01T10:00:00+02:00",
                "language": "de",
            },
            {"id": "18", "content_text": "No title here, only text."},
        ],
    }
    document = read(json.dumps(feed), "application/feed+json", url="https://post.example/feed.json")
    first, second = document.items
    assert (first.id, first.url, first.title) == ("17", "https://post.example/17", "A title")
    assert (first.summary, first.content, first.language) == ("Short.", "Long.", "de")
    assert (first.authors, first.published_at) == (("The Desk",), datetime(2026, 7, 1, 8, tzinfo=UTC))
    assert (second.title, second.language) == ("No title here, only text.", "en")
    assert (document.format, document.hub) == ("json11", "https://hub.example/")


@pytest.mark.parametrize(
    "wrong",
    [
        {"items": None},
        {"items": {"id": "1"}},
        {
            "items": [
                "text",
                5,
                None,
                [],
                {"id": {"a": 1}, "url": ["x"], "title": ["t"], "content_text": "kept"},
            ]
        },
        {
            "items": [{"id": True, "authors": {"name": "x"}, "date_published": 5, "tags": 1}],
            "language": ["en"],
        },
    ],
)
def test_wrong_types_in_a_json_feed_are_fields_that_are_not_there(wrong: dict[str, object]) -> None:
    feed = {"version": "https://jsonfeed.org/version/1", "title": ["no text"], **wrong}
    document = read(json.dumps(feed))
    assert document.title == ""
    for item in document.items:
        assert isinstance(item.id, str)
        assert isinstance(item.title, str)
        assert item.title


def test_a_news_sitemap_is_read_and_a_plain_one_is_named() -> None:
    news = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://post.example/a?b=1&c=2</loc>
    <news:news><news:publication><news:name>Norland Post</news:name><news:language>en</news:language>
    </news:publication><news:publication_date>2026-07-01T10:00:00+02:00</news:publication_date>
    <news:title>Troops leave &amp; return</news:title></news:news></url></urlset>"""
    item = only(news)
    assert (item.title, item.url) == ("Troops leave & return", "https://post.example/a?b=1&c=2")
    assert (item.source, item.language) == ("Norland Post", "en")
    assert item.published_at == datetime(2026, 7, 1, 8, tzinfo=UTC)
    with pytest.raises(ParseError, match="without news titles"):
        read("<urlset><url><loc>https://post.example/a</loc></url></urlset>")


def test_people_are_named_however_a_feed_writes_them() -> None:
    for written in (
        "ann@herald.example (Ann Lee)",
        "Ann Lee &lt;ann@herald.example&gt;",
        "Ann Lee (ann@a.news)",
    ):
        assert only(rss(entry("t", "1", more=f"<author>{written}</author>"))).authors == ("Ann Lee",), written


def test_an_id_of_characters_no_database_takes_is_cleaned() -> None:
    for name, meant in (("a\x00b", "ab"), ("\ud83d", "\ufffd")):
        feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": name, "title": "t"}]}
        assert only(json.dumps(feed)).id == meant
    nothing = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "\x00", "title": "t"}]}
    assert only(json.dumps(nothing)).id.startswith("words:")


def test_a_valid_feed_without_entries_is_empty_and_no_error() -> None:
    assert read(rss("")).items == ()


def test_an_item_without_title_gets_one_from_its_text_and_one_without_text_from_its_link() -> None:
    body = rss(
        "<item><guid>1</guid><description>&lt;p&gt;Ships left the port.&lt;/p&gt;</description></item>"
        "<item><link>http://herald.example/only-link</link></item><item><title> </title><guid>3</guid></item>"
    )
    assert titles(body) == ["Ships left the port.", "herald.example/only-link", "(no title)"]


def test_relative_links_are_resolved_against_the_address_but_ids_never_are() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>
    <entry><id>post-1</id><title>T</title><link href="p/1"/></entry></feed>"""
    here, there = (read(body, url=url).items[0] for url in ("http://a.example/f", "http://b.example/moved/f"))
    assert (here.id, there.id) == ("post-1", "post-1")
    assert (here.url, there.url) == ("http://a.example/p/1", "http://b.example/moved/p/1")


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://bank.example@evil.example/",
        "http://",
    ],
)
def test_a_link_no_person_should_follow_is_dropped_and_the_item_stays(link: str) -> None:
    item = only(rss(f"<item><title>Kept</title><guid isPermaLink='false'>1</guid><link>{link}</link></item>"))
    assert (item.title, item.url) == ("Kept", None)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "empty"),
        (b" \n\t ", "white space"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG image"),
        (
            b"<!DOCTYPE html><html><head><title>Sign in</title></head><input type=password></html>",
            "login",
        ),
        (
            b'<html><head><link rel="alternate" type="application/rss+xml" href="/rss.xml"></head></html>',
            "advertises the feed /rss.xml",
        ),
        (b'{"error": "rate limited"}', "rate limited"),
        (b"[1, 2]", "no JSON Feed"),
        (b'{"items": [', "damaged JSON"),
        (b"/etc/passwd", "no feed came: /etc/passwd"),
        (b"http://herald.example/feed", "no feed came"),
        (b'<?xml version="1.0"?><opml version="2.0"><body/></opml>', "<opml>"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        read(body)
