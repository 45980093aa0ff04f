"""Google News sitemaps: what publishers list there of the last two days, title and all."""

from __future__ import annotations

from xml.etree.ElementTree import Element, ParseError, fromstring  # the DOCTYPE is gone by then

from claimwatch import errors
from claimwatch.core.model import Document, Item
from claimwatch.feeds import shape
from claimwatch.feeds.dates import from_text
from claimwatch.feeds.identity import item_id, with_unique_ids
from claimwatch.feeds.languages import language_code
from claimwatch.feeds.links import safe_link
from claimwatch.feeds.plain import plain_title
from claimwatch.feeds.repair import mended, with_ampersands_escaped
from claimwatch.feeds.trim import MAX_ENTRIES


def read_news_sitemap(text: str, url: str | None, notes: list[str]) -> Document:
    """Return a sitemap's entries that carry a news title.

    Raises: ParseError, for a damaged sitemap or one that lists pages only.
    """
    text, mends = mended(text)
    if shape.problem_of(text) is not None:
        text = with_ampersands_escaped(text)
    try:
        root = fromstring(text.encode("utf-8", "replace"))  # noqa: S314
    except ParseError as error:
        raise errors.ParseError(f"a damaged sitemap came: {str(error)[:80]}") from None
    pages = [page for page in root if _name(page) == "url"]
    items = [item for page in pages[:MAX_ENTRIES] if (item := _item(page, url)) is not None]
    if pages and not items:
        raise errors.ParseError(
            "a sitemap came that lists pages without news titles; a news sitemap is needed"
        )
    if len(pages) > MAX_ENTRIES:
        notes = [*notes, f"{len(pages)} entries, of which only the first {MAX_ENTRIES} are read"]
    return Document(
        title=items[0].source or "" if items else "",
        language=items[0].language if items else None,
        items=with_unique_ids(items),
        format="news-sitemap",
        damaged="; ".join(notes + mends) or None,
    )


def _item(page: Element, base: str | None) -> Item | None:
    found = {_name(part): (part.text or "").strip() for part in page.iter()}
    title = plain_title(found.get("title", ""))
    link = found.get("loc", "")
    address = safe_link(link, base)
    if not title:
        return None
    source = plain_title(found.get("name", "")) or None
    return Item(
        id=item_id(guid="", link=link, url=address, title=title, text="", source=source),
        url=address,
        title=title,
        summary=plain_title(found.get("keywords", "")),
        language=language_code(found.get("language")),
        published_at=from_text(found.get("publication_date", "")) or from_text(found.get("lastmod", "")),
        source=source,
    )


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2].lower()
