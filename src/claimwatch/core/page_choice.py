"""Which items' pages are worth asking their site for, and the items with what the pages say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from claimwatch.core.model import Item
from claimwatch.core.novelty import Novelty
from claimwatch.core.work import NewItem, PageTexts

MOST_PAGES = 10  # of one poll; a feed that brings more at once is asked for the first ones only
WHOLE = 1_500  # characters from which on the feed's own text counts as the whole article


def worth_reading(new: Iterable[NewItem], is_near: Callable[[Item], bool]) -> list[str]:
    """Return the addresses of the pages to read: of new items that are on a topic or name something of one."""
    chosen: dict[str, None] = {}
    for each in new:
        item = each.item
        if each.mode == "old" or item.url is None or len(item.content) >= WHOLE:
            continue
        if each.matches or is_near(item):
            chosen[item.url] = None
    return list(chosen)[:MOST_PAGES]


def with_pages(news: Iterable[Novelty], texts: Mapping[str, str]) -> list[Novelty]:
    """Return the items with the text of their pages; by the hash of the feed's text they are known again."""
    return [
        replace(novelty, item=replace(novelty.item, content=text))
        if (text := texts.get(novelty.item.url or "")) and len(text) > len(novelty.item.content)
        else novelty
        for novelty in news
    ]


def told_refusals(read: PageTexts) -> str | None:
    """Return in words that pages could not be read, or None when all were."""
    if not read.refused:
        return None
    count = len(read.texts) + len(read.refused)
    reason = next(iter(read.refused.values()))
    return f"{len(read.refused)} of {count} pages not read ({reason}): the feed's own text is used"
