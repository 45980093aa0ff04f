"""Documents on their way from a parser process to the daemon: JSON, so that nothing but values can arrive."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from claimwatch.core.model import Document, Item

_ITEM_FIELDS = tuple(field.name for field in fields(Item))


def dump_document(document: Document) -> bytes:
    """Return the document as bytes for `load_document`."""
    rows = [
        [_plain(value) for value in (getattr(item, name) for name in _ITEM_FIELDS)] for item in document.items
    ]
    refresh = document.refresh_every.total_seconds() if document.refresh_every else None
    head = [
        document.title,
        document.language,
        document.format,
        document.url,
        refresh,
        document.hub,
        document.damaged,
        document.marks.hex(),
        document.skipped,
    ]
    return json.dumps([head, rows], separators=(",", ":")).encode("ascii")


def load_document(data: bytes) -> Document:
    """Return the document `dump_document` wrote."""
    head, rows = json.loads(data)
    title, language, form, url, refresh, hub, damaged, marks, skipped = head
    return Document(
        title=title,
        language=language,
        items=tuple(_item(dict(zip(_ITEM_FIELDS, row, strict=True))) for row in rows),
        format=form,
        url=url,
        refresh_every=timedelta(seconds=refresh) if refresh else None,
        hub=hub,
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
