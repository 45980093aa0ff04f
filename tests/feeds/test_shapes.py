"""One entry in every shape that feeds of the world have: title, address and text come out alike."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.feeds.documents import read

LINK = "https://lake.example/1"
AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
PLAIN = f"<item><title>The dam is closed</title><link>{LINK}</link><description>Nobody may enter.</description></item>"


def rss(version: str, items: str, spaces: str = "") -> str:
    return f'<rss version="{version}" {spaces}><channel><title>Lake</title>{items}</channel></rss>'


SHAPES = {
    "rss090": f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://my.netscape.com/rdf/simple/0.9/"><channel><title>Lake</title></channel>{PLAIN}</rdf:RDF>""",
    "rss091n": '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" '
    '"http://my.netscape.com/publish/formats/rss-0.91.dtd">' + rss("0.91", PLAIN),
    "rss091u": rss("0.91", PLAIN),
    "rss092": rss("0.92", PLAIN),
    "rss093": rss("0.93", PLAIN),
    "rss094": rss("0.94", PLAIN),
    "rss20": rss("2.0", PLAIN),
    "atom03": f"""<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Lake</title><entry>
        <title mode="escaped">The dam is closed</title><link rel="alternate" href="{LINK}"/><id>tag:1</id>
        <issued>2026-07-01T08:00:00Z</issued><modified>2026-07-01T08:00:00Z</modified>
        <summary>Nobody may enter.</summary></entry></feed>""",
    "atom10": f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Lake</title><entry><title>The dam is closed</title>
        <link href="{LINK}"/><id>tag:1</id><updated>2026-07-01T08:00:00Z</updated>
        <summary type="html">&lt;p&gt;Nobody may enter.&lt;/p&gt;</summary></entry></feed>""",
    "json1": f"""{{"version": "https://jsonfeed.org/version/1", "title": "Lake", "items": [{{"id": "1",
        "url": "{LINK}", "title": "The dam is closed", "summary": "Nobody may enter.",
        "date_published": "2026-07-01T08:00:00Z", "author": {{"name": "Ann Lee"}}}}]}}""",
    "json11": f"""{{"version": "https://jsonfeed.org/version/1.1", "title": "Lake", "language": "en-GB", "items": [
        {{"id": 1, "url": "{LINK}", "title": "The dam is closed", "content_html": "<p>Nobody may enter.</p>",
        "authors": [{{"name": "Ann Lee"}}]}}]}}""",
}  # fmt: skip


@pytest.mark.parametrize("form", SHAPES)
def test_each_format_gives_the_same_item(form: str) -> None:
    document = read(SHAPES[form])
    (item,) = document.items
    assert document.damaged is None
    assert (document.title, item.title, item.url) == ("Lake", "The dam is closed", LINK)
    assert "Nobody may enter." in (item.summary or item.content)
    assert item.published_at in (None, AT)
    assert (item.published_at or item.updated_at) == (AT if "T08:00" in SHAPES[form] else None)
    assert document.format in (form, {"rss091n": "rss091u", "json1": "json10"}.get(form, form))


def test_a_video_channel_gives_title_address_and_description() -> None:
    document = read(
        """<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
        xmlns="http://www.w3.org/2005/Atom"><title>Lake TV</title><entry><id>yt:video:abc123</id>
        <yt:videoId>abc123</yt:videoId><title>The dam from above</title>
        <link rel="alternate" href="https://www.youtube.com/watch?v=abc123"/><author><name>Lake TV</name></author>
        <published>2026-07-01T08:00:00+00:00</published><updated>2026-07-01T08:00:00+00:00</updated>
        <media:group><media:title>The dam from above</media:title><media:description>Filmed on Sunday.
        </media:description></media:group></entry></feed>"""
    )
    (item,) = document.items
    assert (item.id, item.url) == ("yt:video:abc123", "https://www.youtube.com/watch?v=abc123")
    assert (item.title, item.summary, item.published_at) == ("The dam from above", "Filmed on Sunday.", AT)


def test_a_podcast_without_pages_is_followed_by_its_sound() -> None:
    document = read(
        rss(
            "2.0",
            '<item><title>Episode 4: the dam</title><guid isPermaLink="false">ep-4</guid>'
            '<enclosure url="https://lake.example/4.mp3" length="1" type="audio/mpeg"/>'
            "<itunes:summary>Engineers speak.</itunes:summary><itunes:duration>12:00</itunes:duration></item>",
            'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"',
        )
    )
    (item,) = document.items
    assert (item.id, item.title, item.summary) == ("ep-4", "Episode 4: the dam", "Engineers speak.")
    assert item.url == "https://lake.example/4.mp3"


def test_pictures_of_a_media_feed_do_not_hide_its_words() -> None:
    document = read(
        rss(
            "2.0",
            f"<item><title>The dam is closed</title><link>{LINK}</link><description>Nobody may enter.</description>"
            '<media:content url="https://lake.example/1.jpg" medium="image"><media:title>Picture 1</media:title>'
            "<media:description>A gate</media:description></media:content></item>",
            'xmlns:media="http://search.yahoo.com/mrss/"',
        )
    )
    (item,) = document.items
    assert (item.title, item.url, item.summary) == ("The dam is closed", LINK, "Nobody may enter.")


def test_an_aggregator_names_the_publisher_of_each_item() -> None:
    document = read(
        rss(
            "2.0",
            "<item><title>The dam is closed - Lake Post</title>"
            "<link>https://news.google.com/rss/articles/CBMi?oc=5</link>"
            '<guid isPermaLink="false">CBMi</guid><source url="https://lake.example">Lake Post</source>'
            '<description>&lt;a href="https://news.google.com/x"&gt;The dam is closed&lt;/a&gt;&amp;nbsp;&amp;nbsp;'
            '&lt;font color="#6f6f6f"&gt;Lake Post&lt;/font&gt;</description></item>',
        )
    )
    (item,) = document.items
    assert item.source == "Lake Post"
    assert item.id.startswith("title:")
    assert "<" not in item.summary


def test_a_message_without_title_as_bridges_of_chats_make_them_gets_one() -> None:
    document = read(
        rss(
            "2.0",
            f"<item><title></title><link>{LINK}</link><guid>{LINK}</guid><description><![CDATA["
            "<p>The dam is closed.<br><br>Nobody may enter.</p><blockquote>Forwarded</blockquote>"
            '<img src="https://lake.example/1.jpg">]]></description></item>',
        )
    )
    (item,) = document.items
    assert item.title == "The dam is closed."
    assert item.summary.splitlines()[:2] == ["The dam is closed.", "Nobody may enter."]


def test_a_feed_of_a_news_sitemap_has_dates_languages_and_its_publisher() -> None:
    document = read(
        f"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>{LINK}</loc><news:news>
        <news:publication><news:name>Lake Post</news:name><news:language>en</news:language></news:publication>
        <news:publication_date>2026-07-01T10:00:00+02:00</news:publication_date>
        <news:title>The dam is closed</news:title></news:news></url></urlset>"""
    )
    (item,) = document.items
    assert (item.title, item.url, item.language, item.source) == (
        "The dam is closed",
        LINK,
        "en",
        "Lake Post",
    )
    assert (item.published_at, document.format) == (AT, "news-sitemap")


def test_a_missing_or_mad_date_is_none_and_no_item_is_lost() -> None:
    dates = (
        "",
        "0000-00-00",
        "Wed, 31 Feb 2026 08:00:00 GMT",
        "9999-12-31T00:00:00Z",
        "yesterday",
        "1970-01-01",
    )
    items = "".join(
        f"<item><title>Report {n}</title><guid>{n}</guid><pubDate>{date}</pubDate></item>"
        for n, date in enumerate(dates)
    )
    document = read(rss("2.0", items))
    assert len(document.items) == len(dates)
    assert [item.published_at for item in document.items] == [None] * len(dates)
