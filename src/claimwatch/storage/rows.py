"""Values to rows and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from claimwatch.core.model import Alert, Assessment, Band, Found, Item, Match, PollState
from claimwatch.storage.schema import feeds, items, matches

ALERT: TypeAdapter[Alert] = TypeAdapter(Alert)
ASSESSMENT: TypeAdapter[Assessment] = TypeAdapter(Assessment)
FOUND: TypeAdapter[tuple[Found, ...]] = TypeAdapter(tuple[Found, ...])

_STATE = [f.name for f in fields(PollState)]
FEED_COLUMNS = [feeds.c[name] for name in _STATE]
ITEM_COLUMNS = [
    items.c.entry_id, items.c.url, items.c.title, items.c.summary, items.c.content, items.c.language,
    items.c.published_at, items.c.updated_at, items.c.authors, items.c.source,
]  # fmt: skip
MATCH_COLUMNS = [matches.c.topic, matches.c.score, matches.c.band, matches.c.found]


def state_row(state: PollState) -> dict[str, Any]:
    return {name: getattr(state, name) for name in _STATE}


def to_state(row: sa.Row[Any]) -> PollState:
    values: tuple[Any, ...] = tuple(row)  # FEED_COLUMNS are in the order of the fields
    return PollState(*values)


def item_row(item: Item) -> dict[str, Any]:
    return {
        "entry_id": item.id, "url": item.url, "title": item.title, "summary": item.summary,
        "content": item.content, "language": item.language, "published_at": item.published_at,
        "updated_at": item.updated_at, "authors": list(item.authors), "source": item.source,
    }  # fmt: skip


def to_item(row: sa.Row[Any]) -> Item:
    r = row._mapping
    return Item(
        id=r["entry_id"], url=r["url"], title=r["title"], summary=r["summary"], content=r["content"],
        language=r["language"], published_at=r["published_at"], updated_at=r["updated_at"],
        authors=tuple(r["authors"]), source=r["source"],
    )  # fmt: skip


def match_row(match: Match) -> dict[str, Any]:
    return {
        "topic": match.topic,
        "score": match.score,
        "band": match.band.value,
        "found": FOUND.dump_python(match.found, mode="json"),
    }


def to_match(row: sa.Row[Any]) -> Match:
    r = row._mapping
    return Match(r["topic"], r["score"], Band(r["band"]), FOUND.validate_python(tuple(r["found"])))
