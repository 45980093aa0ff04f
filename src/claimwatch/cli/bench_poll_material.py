"""Invented feeds of realistic size, the same for each seed: RSS, Atom and JSON Feed, 30 to 50 items each."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random

FORMS = ("rss", "atom", "json")
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}
LEAST_ITEMS, MOST_ITEMS = 30, 50
ON_TOPIC = 0.05  # share of items that name a place some topic of the bench follows
PLACES = ("Orsa", "Norland", "Avaria")
_BEGIN = datetime(2026, 6, 1, tzinfo=UTC)
_WORDS = re.findall(
    r"\w+",
    """
    the a of to in on for with from by at as and but after before over under near council harbour bridge river mayor
    committee budget report ministry hospital school station market winter summer storm flood drought harvest
    festival museum theatre orchestra coach league stadium final season company factory union strike wages prices
    energy power grid wind solar coal gas pipeline port ship train railway road tunnel airport border treaty talks
    vote election ballot court judge appeal verdict police fire rescue volunteers island coast village town capital
    north south east west region district said told opened closed announced delayed approved rejected expects plans
    warned agreed denied confirmed repaired built sold bought found lost won
    """,
)


BETWEEN = timedelta(minutes=37)  # two items of a feed


def published(feed: int, item: int, begin: datetime = _BEGIN) -> datetime:
    """Return when an item of a feed says that it appeared."""
    return begin + BETWEEN * item + timedelta(minutes=feed % 37)


def size_of(feed: int) -> int:
    """Return how many items the feed shows at a time."""
    return LEAST_ITEMS + Random(f"size {feed}").randrange(MOST_ITEMS - LEAST_ITEMS + 1)  # noqa: S311 - no secret


def document(
    feed: int, version: int, site: str, *, begin: datetime = _BEGIN, places: Sequence[str] = PLACES
) -> tuple[str, bytes]:
    """Return Content-Type and body; each version shows one item more than the one before, and drops the oldest."""
    form = FORMS[feed % len(FORMS)]
    newest = version + size_of(feed)
    items = [_item(feed, number, site, begin, places) for number in range(newest, version, -1)]
    body = {"rss": _rss, "atom": _atom, "json": _json}[form](feed, items, site)
    return TYPES[form], body.encode()


def _item(feed: int, number: int, site: str, begin: datetime, places: Sequence[str]) -> dict[str, str]:
    chance = Random(f"item {feed} {number}")  # noqa: S311 - no secret

    def sentence(words: int) -> str:
        return " ".join(chance.choices(_WORDS, k=words)).capitalize()

    place = f" {chance.choice(places)}" if chance.random() < ON_TOPIC else ""

    paragraphs = "".join(
        f'<p>{". ".join(sentence(14) for _ in range(3))}. <a href="{site}/{feed}/more">{sentence(3)}</a></p>'
        for _ in range(4)
    )
    return {
        "id": f"tag:bench.example,2026:{feed}/{number}",
        "link": f"{site}/{feed}/stories/{number}",
        "title": sentence(10) + place,
        "html": paragraphs,
        "at": published(feed, number, begin).isoformat(),
        "mailed": published(feed, number, begin).strftime("%a, %d %b %Y %H:%M:%S GMT"),
        "author": sentence(2).title(),
        "lead": sentence(25) + ".",
        "topics": ",".join(chance.choices(_WORDS, k=3)),
    }


def _rss(feed: int, items: list[dict[str, str]], site: str) -> str:
    entries = "\n".join(
        f"<item><title>{i['title']}</title><link>{i['link']}</link>"
        f'<guid isPermaLink="false">{i["id"]}</guid><pubDate>{i["mailed"]}</pubDate>'
        f"<dc:creator>{i['author']}</dc:creator><comments>{i['link']}#comments</comments>"
        + "".join(f"<category>{word}</category>" for word in i["topics"].split(","))
        + f'<media:content url="{site}/picture.jpg" medium="image" width="640"><media:title>{i["title"]}'
        f"</media:title></media:content><description>{i['lead']}</description>"
        f"<content:encoded><![CDATA[{i['html']}]]></content:encoded></item>"
        for i in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/">'
        f"<channel><title>Bench feed {feed}</title><link>{site}/{feed}</link><language>en</language>"
        f"<description>Invented</description>\n{entries}\n</channel></rss>"
    )


def _atom(feed: int, items: list[dict[str, str]], site: str) -> str:
    entries = "\n".join(
        f"<entry><id>{i['id']}</id><title>{i['title']}</title>"
        f'<link rel="alternate" href="{i["link"]}"/><published>{i["at"]}</published>'
        f"<updated>{i['at']}</updated><author><name>{i['author']}</name><uri>{site}/people</uri></author>"
        + "".join(f'<category term="{word}"/>' for word in i["topics"].split(","))
        + f"<summary>{i['lead']}</summary>"
        f'<content type="html">{html.escape(i["html"])}</content></entry>'
        for i in items
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<id>tag:bench.example,2026:{feed}</id><title>Bench feed {feed}</title>"
        f'<link href="{site}/{feed}"/><updated>{items[0]["at"]}</updated>\n{entries}\n</feed>'
    )


def _json(feed: int, items: list[dict[str, str]], site: str) -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": f"Bench feed {feed}",
            "home_page_url": f"{site}/{feed}",
            "language": "en",
            "items": [
                {
                    "id": i["id"],
                    "url": i["link"],
                    "title": i["title"],
                    "summary": i["lead"],
                    "content_html": i["html"],
                    "tags": i["topics"].split(","),
                    "date_published": i["at"],
                    "authors": [{"name": i["author"]}],
                }
                for i in items
            ],
        },
        indent=1,
    )
