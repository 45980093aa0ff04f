"""Documents on their way from a parser process to the daemon: JSON, so that nothing but values can arrive."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from claimwatch.core.model import Document, Item

_AT_ONCE = 200_000  # bytes read without giving way: about two milliseconds
_ITEM_FIELDS = tuple(field.name for field in fields(Item))


def dump_document(document: Document) -> bytes:
    """Return the document as bytes for `load_document`: a line for its head, then one for each item."""
    refresh = document.refresh_every.total_seconds() if document.refresh_every else None
    head = [
        document.title,
        document.language,
        document.format,
        document.url,
        refresh,
        document.hub,
        document.topic,
        document.damaged,
        document.marks.hex(),
        document.skipped,
    ]
    rows = ([_plain(value) for value in (getattr(i, name) for name in _ITEM_FIELDS)] for i in document.items)
    return b"\n".join(json.dumps(row, separators=(",", ":")).encode("ascii") for row in (head, *rows))


async def load_document(data: bytes) -> Document:
    """Return the document `dump_document` wrote; lets others run while it reads a long one."""
    from asyncio import sleep  # a worker, which only writes, has no use for all of asyncio

    first, *rows = data.split(b"\n")
    title, language, form, url, refresh, hub, topic, damaged, marks, skipped = json.loads(first)
    items: list[Item] = []
    since = 0
    for row in rows:
        items.append(_item(dict(zip(_ITEM_FIELDS, json.loads(row), strict=True))))
        since += len(row)
        if since > _AT_ONCE:
            since = 0
            await sleep(0)
    return Document(
        title=title,
        language=language,
        items=tuple(items),
        format=form,
        url=url,
        refresh_every=timedelta(seconds=refresh) if refresh else None,
        hub=hub,
        topic=topic,
        damaged=damaged,
        marks=bytes.fromhex(marks),
        skipped=skipped,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _item(values: dict[str, Any]) -> Item:
    for name in ("published_at", "updated_at"):
        if values[name] is not None:
            values[name] = datetime.fromisoformat(values[name])
    values["authors"] = tuple(values["authors"])
    return Item(**values)
