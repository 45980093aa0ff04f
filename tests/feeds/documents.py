"""Feed documents of invented outlets, and short ways to read them."""

from __future__ import annotations

from claimwatch.core.model import Document, Item
from claimwatch.feeds import parse_document

SITE = "http://herald.example/feed"


def rss(items: str, head: str = "<title>Avarian Herald</title><link>http://herald.example/</link>") -> bytes:
    declaration = '<?xml version="1.0" encoding="utf-8"?>'
    return f'{declaration}<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def entry(title: str, guid: str = "", text: str = "", more: str = "") -> str:
    guid = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    return f"<item><title>{title}</title>{guid}<description>{text}</description>{more}</item>"


def read(body: bytes | str, content_type: str | None = None, url: str | None = SITE) -> Document:
    return parse_document(
        body.encode() if isinstance(body, str) else body, content_type=content_type, url=url
    )


def only(body: bytes | str, content_type: str | None = None) -> Item:
    (item,) = read(body, content_type).items
    return item


def titles(body: bytes | str, content_type: str | None = None) -> list[str]:
    return [item.title for item in read(body, content_type).items]
