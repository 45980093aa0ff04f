"""Web pages: the items that CSS selectors find on one, and the text of an article.

Runs in a parser process, where it can be stopped; lxml, cssselect and trafilatura come with the extra "pages".
"""

from __future__ import annotations

import re
from typing import Any

from claimwatch.core.feed_health import NOTHING_FOUND
from claimwatch.core.model import Document, Item, Select
from claimwatch.errors import ParseError
from claimwatch.feeds import dates, sniff
from claimwatch.feeds.encoding import text_of
from claimwatch.feeds.identity import item_id, with_unique_ids
from claimwatch.feeds.languages import language_code
from claimwatch.feeds.links import safe_link
from claimwatch.feeds.plain import TEXT_CHARS, clean_characters, plain_text, plain_title

MAX_ITEMS = 300
MAX_CHARS = 3_000_000  # of a page that are read
_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml\b[^>]{0,500}\?>")
_HEADING = "h1, h2, h3, h4, h5, h6"


def read_items(body: bytes, content_type: str | None, url: str | None, select: Select) -> Document:
    """Return what the selectors find on a page, in its order. An item goes by its link.

    Raises: ParseError, when they find nothing.
    """
    root = _root(body, content_type)
    base = _base(root, url)
    language = language_code(root.get("lang"))
    found = root.cssselect(select.item)
    items = [item for part in found[:MAX_ITEMS] if (item := _item(part, select, base, language)) is not None]
    if not items:
        raise ParseError(
            f'"{select.item}" {NOTHING_FOUND}: did the page change?'
            if not found
            else f"of the {len(found)} items found none has a title: select another title"
        )
    return Document(
        title=plain_title(_text(root.find(".//title"))),
        language=language,
        items=with_unique_ids(items),
        format="page",
        url=base,
        damaged=f"{len(found)} items, of which only the first {MAX_ITEMS} are read"
        if len(found) > MAX_ITEMS
        else None,
    )


def read_article(body: bytes, content_type: str | None, url: str | None) -> str:
    """Return the text of an article without what surrounds it. Raises: ParseError."""
    from trafilatura import extract

    text = extract(_page(body, content_type), fast=True, include_comments=False, include_tables=False)
    words = clean_characters(text or "").strip()[:TEXT_CHARS]
    if not words:
        raise ParseError("no article was found on the page")
    return words


def _page(body: bytes, content_type: str | None) -> str:
    if words := sniff.binary_kind(body):
        raise ParseError(f"{words} came in place of a page")
    named = _META_CHARSET.search(body, 0, 4096)
    if named and "charset" not in (content_type or ""):
        content_type = f"text/html; charset={named.group(1).decode('ascii')}"
    text, _ = text_of(body, content_type)
    return _DECLARATION.sub("", text[:MAX_CHARS].replace("\x00", ""))


def _root(body: bytes, content_type: str | None) -> Any:
    from lxml import etree, html

    try:
        return html.document_fromstring(_page(body, content_type))
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(f"the page cannot be read: {str(error)[:80]}") from None


def _base(root: Any, url: str | None) -> str | None:
    stated = root.find(".//base[@href]")
    return (safe_link(stated.get("href"), url) if stated is not None else None) or url


def _item(part: Any, select: Select, base: str | None, language: str | None) -> Item | None:
    link = _link(part, select.link)
    url = safe_link(link, base)
    heading = _first(part, select.title or _HEADING)
    title = plain_title(_text(heading))
    if not title and select.title is None:
        title = plain_title(_text(_first(part, select.link or "a[href]"))) or plain_title(_text(part))[:200]
    if not title:
        return None
    summary = plain_text(_text(_first(part, select.summary))) if select.summary else ""
    return Item(
        id=item_id(guid="", link=link, url=url, title=title, text=summary, source=None),
        url=url,
        title=title,
        summary=summary,
        language=language_code(part.get("lang")) or language,
        published_at=_date(_first(part, select.date or "time")),
    )


def _link(part: Any, selector: str | None) -> str:
    chosen = _first(part, selector or "a[href]")
    if chosen is None and selector is None:  # a card that is a link as a whole
        chosen = next(part.iterancestors("a"), None)
    if chosen is not None and not chosen.get("href"):
        chosen = _first(chosen, "a[href]")
    return str(chosen.get("href") or "").strip() if chosen is not None else ""


def _date(part: Any) -> Any:
    if part is None:
        return None
    for written in (part.get("datetime"), part.get("content"), part.get("title"), _text(part)):
        if written and (at := dates.from_text(str(written))):
            return at
    return None


def _first(part: Any, selector: str | None) -> Any:
    return next(iter(part.cssselect(selector)), None) if selector else None


def _text(part: Any) -> str:
    return " ".join(part.text_content().split())[:TEXT_CHARS] if part is not None else ""
