"""RSS 0.9x, 1.0, 2.0, RDF and Atom: feedparser says what a document means, we say what we keep of it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from claimwatch.core.model import Document, Item
from claimwatch.errors import ParseError
from claimwatch.feeds import dates, shape
from claimwatch.feeds.entries import entry_spans
from claimwatch.feeds.identity import item_id, with_unique_ids
from claimwatch.feeds.languages import language_code
from claimwatch.feeds.links import hub_and_topic, safe_link
from claimwatch.feeds.plain import LEAD_CHARS, beginning_of, plain_text, plain_title, title_from
from claimwatch.feeds.prolog import prolog_of
from claimwatch.feeds.repair import mended, with_ampersands_escaped
from claimwatch.feeds.tolerant import parsed_feed
from claimwatch.feeds.trim import (
    MAX_ENTRIES,
    marks_of,
    split_marks,
    without_cut_entry,
    without_excess,
    without_known,
)

_DECLARATION = re.compile(r"<\?xml\b[^>]{0,500}\?>")
_ADDRESS_FIRST = re.compile(r"\s*[^\s@]{1,100}@[^\s@]{1,100}\s{1,5}\(([^()]{1,200})\)\s*")
_NAME_FIRST = re.compile(r"\s*([^<>()@]{1,200}?)\s{0,5}[<(][^\s@<>()]{1,100}@[^\s@<>()]{1,100}[>)]\s*")
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 168, "monthly": 720, "yearly": 8760}  # sy:updatePeriod, hours


def read_syndication(text: str, url: str | None, notes: list[str], known: bytes = b"") -> Document:
    """Return what feedparser reads in an XML document, cleaned.

    Raises: ParseError, when it is no feed.
    """
    spans = entry_spans(text)
    trimmed = without_cut_entry(text, spans, notes) if spans.cut_at is not None else text
    if len(spans.whole) > MAX_ENTRIES:
        trimmed = without_excess(trimmed, spans, notes)
    if trimmed is not text:
        spans = entry_spans(trimmed)
    marks = marks_of(trimmed[begin:end] for begin, end in spans.whole)
    cut, skipped = without_known(trimmed, spans, marks, split_marks(known))
    if skipped:
        document = _read(cut, url, [*notes], len(marks) - skipped)
        if document.marks:
            return replace(document, marks=b"".join(marks), skipped=skipped)
        # Damage that came with the new entries: what they mean may depend on what was cut out.
    document = _read(trimmed, url, notes, len(marks))
    return replace(document, marks=b"".join(marks)) if document.marks else document


def _read(text: str, url: str | None, notes: list[str], entries: int) -> Document:
    """Return the document; `marks` is not empty when it is sound and holds just so many entries."""
    text, mends = mended(text)
    notes += mends
    text = _DECLARATION.sub("", text, count=1)
    problem = shape.problem_of(text)
    if problem is not None:
        text = with_ampersands_escaped(text)
        problem = shape.problem_of(text)
    if problem is not None:
        notes.append(problem)
    parsed = parsed_feed(text, notes)
    if not parsed.entries and not parsed.version:
        root = prolog_of(text).root
        if root.lower().rpartition(":")[2] not in ("rss", "feed", "rdf", "channel"):
            raise ParseError(f"a document that is no feed came (its root is <{root or '?'}>)")
    feed = parsed.feed
    site = safe_link(_get(feed, "link"), url)
    language = language_code(_get(feed, "language"))
    items = with_unique_ids(_item(entry, url or site, language) for entry in parsed.entries)
    hub, topic = hub_and_topic(_links(feed), url)
    sound = problem is None and not parsed.bozo and len(items) == entries
    return Document(
        title=plain_title(_get(feed, "title")),
        language=language,
        items=items,
        format=parsed.version or "unknown",
        url=site,
        refresh_every=_refresh(feed),
        hub=hub,
        topic=topic,
        damaged="; ".join(notes) or None,
        marks=b"sound" if sound else b"",
    )


def _get(mapping: Any, key: str) -> str:
    """Return a text field; feedparser's own `get` answers for missing keys with others' values."""
    value = dict.get(mapping, key)
    return value if isinstance(value, str) else ""


def _item(entry: Any, base: str | None, language: str | None) -> Item:
    summary = plain_text(_get(entry, "summary"))
    contents = [
        plain_text(str(part.get("value") or ""))
        for part in dict.get(entry, "content") or ()
        if not str(part.get("type") or "").startswith(("image/", "audio/", "video/"))
    ]
    content = "\n\n".join(dict.fromkeys(part for part in contents if part))
    if content == summary:  # feedparser's copy, for want of a summary of its own
        summary = beginning_of(content, LEAD_CHARS)
    title = plain_title(_get(entry, "title"))
    url, link = _url(entry, base)
    source = dict.get(entry, "source")
    source_title = plain_title(_get(source, "title")) if isinstance(source, dict) else ""
    published_at, updated_at = _dates(entry)
    return Item(
        id=item_id(
            guid=_get(entry, "id"),
            link=link,
            url=url,
            title=title,
            text=summary or content,
            source=source_title,
        ),
        url=url,
        title=title or title_from(summary or content) or _name_of(url),
        summary=summary,
        content=content,
        language=_language(entry) or language,
        published_at=published_at,
        updated_at=updated_at,
        authors=_authors(entry),
        source=source_title or None,
    )


def _url(entry: Any, base: str | None) -> tuple[str | None, str]:
    """Return the address to follow, and the link as the document writes it."""
    link = _get(entry, "link")
    guid = _get(entry, "id")
    # A guid without a scheme is no relative link, though RSS lets it pass for one.
    if url := safe_link(link, None if link == guid else base):
        return url, link
    for other in (*(dict.get(entry, "links") or ()), *(dict.get(entry, "enclosures") or ())):
        if isinstance(other, dict) and other.get("rel") in (None, "alternate", "enclosure"):
            href = other.get("href")
            if url := safe_link(href, base):
                return url, link or str(href)
    return (safe_link(guid) if guid.startswith("http") else None), link


def _language(entry: Any) -> str | None:
    if code := language_code(_get(entry, "language")):
        return code
    detail = dict.get(entry, "title_detail") or dict.get(entry, "summary_detail") or {}
    return language_code(detail.get("language") or None)


def _dates(entry: Any) -> tuple[datetime | None, datetime | None]:
    found: dict[str, datetime | None] = {}
    for key in ("published", "updated", "created"):
        at = dates.from_struct(dict.get(entry, key + "_parsed"))
        if at is None and (written := _get(entry, key)):
            at = dates.from_text(written)
        found[key] = at
    # One date only is when the item appeared, whatever the format calls it (Atom often has just `updated`).
    published = found["published"] or found["created"] or found["updated"]
    return published, found["updated"]


def _authors(entry: Any) -> tuple[str, ...]:
    people = [person for person in dict.get(entry, "authors") or () if isinstance(person, dict)]
    names = [plain_title(_get(person, "name"))[:200] for person in people]
    author = _get(entry, "author")
    # feedparser cuts mail addresses after four letters of the last part; what it calls the name is then none.
    if author and (not any(names) or (len(people) == 1 and "@" in author)):
        address = _ADDRESS_FIRST.fullmatch(author) or _NAME_FIRST.fullmatch(author)
        names = [plain_title(address.group(1) if address else author)[:200]]
    return tuple(dict.fromkeys(name for name in names[:20] if name))


def _name_of(url: str | None) -> str:
    """Return something to show for an entry that has neither title nor text."""
    return url.partition("://")[2][:120] if url else "(no title)"


def _refresh(feed: Any) -> timedelta | None:
    ttl = _get(feed, "ttl").strip()
    if ttl.isascii() and ttl.isdigit() and 0 < int(ttl[:9]) <= 525_600:
        return timedelta(minutes=int(ttl[:9]))
    period = _PERIODS.get(_get(feed, "sy_updateperiod").strip().lower())
    if period is None:
        return None
    often = _get(feed, "sy_updatefrequency").strip()
    times = int(often[:6]) if often.isascii() and often.isdigit() else 1
    return timedelta(hours=period) / max(times, 1)


def _links(feed: Any) -> list[tuple[object, object]]:
    links = dict.get(feed, "links") or ()
    return [(link.get("rel"), link.get("href")) for link in links if isinstance(link, dict)]
