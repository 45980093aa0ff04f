"""Which name an entry goes by: its guid where that can be trusted, else what does not change about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from urllib.parse import urlsplit

from claimwatch.core.model import Item
from claimwatch.feeds.plain import clean_characters

ID_CHARS = 500
# Aggregators that give one article a new guid and link at every poll: publisher and title are the article.
_BY_TITLE = frozenset({"news.google.com"})


def short_hash(*parts: str) -> str:
    """Return 24 hexadecimal digits that stand for these texts."""
    digest = blake2b(digest_size=12)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()


def item_id(*, guid: str, link: str, url: str | None, title: str, text: str, source: str | None) -> str:
    """Return the id of an entry: guid, else link as written, else a hash of its words.

    Guid and link are taken as the document writes them: resolved against an address, they would all
    change when a feed moves.
    """
    if url and urlsplit(url).hostname in _BY_TITLE:
        return "title:" + short_hash(source or "", title)
    name = clean_characters(guid).strip() or clean_characters(link).strip()
    if name:
        return name if len(name) <= ID_CHARS else "long:" + short_hash(name)
    return "words:" + (short_hash("title", title) if title else short_hash("text", text))


def with_unique_ids(items: Iterable[Item]) -> tuple[Item, ...]:
    """Return the items, each with an id of its own.

    Of several items under one id, the first keeps it and the others add a hash of their words; what stands
    there twice word for word is counted up.
    """
    seen: set[str] = set()
    kept: list[Item] = []
    for item in items:
        name = item.id
        if name in seen:
            name = stem = f"{item.id}~{short_hash(item.title, item.url or '', item.summary, item.content)}"
            times = 1
            while name in seen:
                times += 1
                name = f"{stem}~{times}"
        seen.add(name)
        kept.append(item if name == item.id else replace(item, id=name))
    return tuple(kept)
