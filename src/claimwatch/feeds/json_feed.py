"""JSON Feed 1.0 and 1.1, read strictly: a field of the wrong type is a field that is not there."""

from __future__ import annotations

import json
from typing import Any

from claimwatch.core.model import Document, Item
from claimwatch.errors import ParseError
from claimwatch.feeds import sniff
from claimwatch.feeds.dates import from_text
from claimwatch.feeds.identity import item_id, with_unique_ids
from claimwatch.feeds.languages import language_code
from claimwatch.feeds.links import hub_and_topic, safe_link
from claimwatch.feeds.plain import LEAD_CHARS, beginning_of, plain_text, plain_title, title_from
from claimwatch.feeds.trim import MAX_ENTRIES, marks_of, split_marks

_FORMATS = {"1": "json1", "1.0": "json1", "1.1": "json11"}


def read_json_feed(text: str, url: str | None, known: bytes = b"") -> Document:
    """Return the JSON Feed.

    Raises: ParseError, when the JSON is damaged or no feed.
    """
    try:
        feed = json.loads(text.lstrip("\ufeff"), parse_int=_number, parse_constant=_number)
    except RecursionError:
        raise ParseError("JSON nested too deeply to be a feed") from None
    except ValueError as error:
        raise ParseError(f"damaged JSON: {str(error)[:100]}") from None
    if not isinstance(feed, dict):
        raise ParseError(sniff.json_message(feed))
    version = _text(feed.get("version"))
    entries = feed.get("items")
    if "jsonfeed.org/version/" not in version and not (
        isinstance(entries, list) and _looks_like_a_feed(feed)
    ):
        raise ParseError(sniff.json_message(feed))
    damaged = None
    if not isinstance(entries, list):
        entries, damaged = [], "items is no list"
    objects = [entry for entry in entries if isinstance(entry, dict)]
    if len(objects) < len(entries):
        damaged = f"{len(entries) - len(objects)} items are no objects"
    if len(objects) > MAX_ENTRIES:
        damaged = f"{len(objects)} entries, of which only the first {MAX_ENTRIES} are read"
    objects = objects[:MAX_ENTRIES]
    marks = marks_of(json.dumps(entry, sort_keys=True) for entry in objects)
    fresh = _without_known(objects, marks, split_marks(known))
    hub, topic = hub_and_topic([*_hubs(feed.get("hubs")), ("self", feed.get("feed_url"))], url)
    site = safe_link(feed.get("home_page_url"), url)
    language = language_code(_text(feed.get("language")))
    authors = _authors(feed)
    return Document(
        title=plain_title(_text(feed.get("title"))),
        language=language,
        items=with_unique_ids(_item(entry, url or site, language, authors) for entry in fresh),
        format=_FORMATS.get(version.rpartition("/")[2], "json"),
        url=site,
        hub=hub,
        topic=topic,
        damaged=damaged,
        marks=b"".join(marks),
        skipped=len(objects) - len(fresh),
    )


def _without_known(
    objects: list[dict[str, Any]], marks: list[bytes], known: set[bytes]
) -> list[dict[str, Any]]:
    """Return the entries whose marks are not known; all of them where ids are missing or shared."""
    names = {str(entry.get("id")) for entry in objects if entry.get("id")}
    if not known or len(names) < len(objects):
        return objects
    return [entry for entry, mark in zip(objects, marks, strict=True) if mark not in known]


def _number(digits: str) -> float:
    """Numbers are of no use to us but as ids; a million digits must not cost anything."""
    return (
        float(digits[:300])
        if len(digits) > 15
        else float(digits)
        if not digits.lstrip("-").isdigit()
        else int(digits)
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _looks_like_a_feed(feed: dict[str, Any]) -> bool:
    return isinstance(feed.get("title"), str) or isinstance(feed.get("feed_url"), str)


def _item(entry: dict[str, Any], base: str | None, language: str | None, authors: tuple[str, ...]) -> Item:
    summary = plain_text(_text(entry.get("summary")))
    content = plain_text(_text(entry.get("content_html"))) or plain_text(_text(entry.get("content_text")))
    summary = summary or beginning_of(content, LEAD_CHARS)
    title = plain_title(_text(entry.get("title")))
    link = _text(entry.get("url")) or _text(entry.get("external_url"))
    url = safe_link(link, base) or safe_link(entry.get("external_url"), base)
    name = entry.get("id")
    guid = str(name) if isinstance(name, (str, int, float)) and not isinstance(name, bool) else ""
    return Item(
        id=item_id(guid=guid, link=link, url=url, title=title, text=summary or content, source=None),
        url=url,
        title=title or title_from(summary or content) or (url or "(no title)"),
        summary=summary,
        content=content,
        language=language_code(_text(entry.get("language"))) or language,
        published_at=from_text(_text(entry.get("date_published")))
        or from_text(_text(entry.get("date_modified"))),
        updated_at=from_text(_text(entry.get("date_modified"))),
        authors=_authors(entry) or authors,
    )


def _authors(holder: dict[str, Any]) -> tuple[str, ...]:
    listed = holder.get("authors")
    people = listed if isinstance(listed, list) else [holder.get("author")]
    names = [
        plain_title(_text(person.get("name")))[:200] for person in people[:20] if isinstance(person, dict)
    ]
    return tuple(dict.fromkeys(name for name in names if name))


def _hubs(hubs: object) -> list[tuple[object, object]]:
    listed = [hub for hub in hubs[:20] if isinstance(hub, dict)] if isinstance(hubs, list) else []
    return [("hub", hub.get("url")) for hub in listed if str(hub.get("type", "")).lower() != "rsscloud"]
