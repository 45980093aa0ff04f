"""What one document tells of its feed: how often it speaks, since when not, in which language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from claimwatch.core.model import Document, Item

SAMPLE = 20  # entries whose language is looked at
_SURE = 3  # of them in one language, before it counts more than what the feed says of itself
MOST_OF_A_NAME = 48
_NO_NAME = re.compile(r"(?i)[\s:|–—-]*\b(?:rss|atom|json|feeds?|newsfeed)(?:\s+(?:2\.0|1\.0))?\s*$")
_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class FeedFacts:
    """Of one document: `span` is the mean time between its items, None when too few have a date."""

    title: str
    format: str
    items: int
    newest_at: datetime | None
    span: timedelta | None
    language: str | None


def facts_of(document: Document) -> FeedFacts:
    """Return what a document tells of its feed."""
    dates = sorted(at for item in document.items if (at := item.published_at or item.updated_at))
    span = (dates[-1] - dates[0]) / (len(dates) - 1) if len(dates) > 1 else None
    return FeedFacts(
        title=document.title,
        format=document.format,
        items=len(document.items),
        newest_at=dates[-1] if dates else None,
        span=span or None,
        language=written_in(document.items[:SAMPLE]) or document.language,
    )


def written_in(items: Iterable[Item]) -> str | None:
    """Return the language that most of these items are written in; None when that is not plain."""
    from claimwatch.language.detect import detect

    seen = [tag for item in items if (tag := detect(f"{item.title}. {item.summary}"[:500]))]
    if not seen:
        return None
    tag, count = Counter(seen).most_common(1)[0]
    return tag.split("-")[0] if count >= _SURE and count * 2 > len(seen) else None


def spoken_rhythm(span: timedelta | None) -> str:
    """Return a rhythm in words: "about 12 a day", "about 3 a week", "less than one a month"."""
    if span is None:
        return "rhythm unknown"
    for name, period in (("an hour", timedelta(hours=1)), ("a day", timedelta(days=1)),
                         ("a week", timedelta(days=7)), ("a month", _YEAR / 12), ("a year", _YEAR)):  # fmt: skip
        count = period / span
        if count >= 1.5 and not (name == "an hour" and count < 4):
            return f"about {count:,.0f} {name}"
    return "less than one a year"


def proposed_name(title: str, host: str, taken: Iterable[str]) -> str:
    """Return a name for a feed: its title without "RSS Feed" and the like, else its host; none that is taken."""
    name = " ".join(_NO_NAME.sub("", _NO_NAME.sub("", title)).split())
    if len(name) > MOST_OF_A_NAME:
        name = name[: MOST_OF_A_NAME + 1].rpartition(" ")[0] or name[:MOST_OF_A_NAME]
    bare = host.removeprefix("www.")
    name = name or bare
    known = set(taken)
    if name not in known:
        return name
    name = f"{name} ({bare})" if bare not in name else name
    number, unique = 2, name
    while unique in known:
        unique = f"{name} {number}"
        number += 1
    return unique
