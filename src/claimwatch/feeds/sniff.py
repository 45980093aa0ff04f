"""What kind of document came, and in words what came when it is no feed."""

from __future__ import annotations

import html
import re
from typing import Literal

from claimwatch.feeds.prolog import FEED_ROOTS, prolog_of

Kind = Literal["xml", "json", "html", "empty", "binary", "text"]

_ROOT = re.compile(
    r"<(?:[\w.-]{1,40}:)?(rss|feed|rdf|channel|urlset|sitemapindex|entry|item)(?=[\s/>])", re.IGNORECASE
)
_HTML = re.compile(r"<!DOCTYPE\s+html|<(?:html|head|body)(?=[\s>])", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]{0,300}>([^<]{0,300})", re.IGNORECASE)
_LINK = re.compile(r"<link\s([^<>]{1,1000})>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"""type\s*=\s*["']?application/(?:rss|atom|rdf|feed)\+(?:xml|json)""", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]{1,500})"|'([^']{1,500})'|([^\s"'>]{1,500}))""", re.IGNORECASE)
_LOGIN = re.compile(r"""type\s*=\s*["']?password""", re.IGNORECASE)
_CHECK = re.compile(
    r"captcha|cf-challenge|Just a moment\.\.\.|Attention Required|Enable JavaScript", re.IGNORECASE
)

_MAGIC = (
    (b"\x89PNG", "a PNG image"), (b"GIF8", "a GIF image"), (b"\xff\xd8\xff", "a JPEG image"),
    (b"%PDF", "a PDF document"), (b"PK\x03\x04", "a zip archive"), (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"BZh", "a bzip2 archive"), (b"ID3", "an audio file"), (b"RIFF", "a media file"),
    (b"\x7fELF", "a program"),
)  # fmt: skip


def kind_of(text: str) -> Kind:
    """Return what sort of document this text is, by its first characters."""
    head = text[:20_000].lstrip("\ufeff \t\r\n\x00")
    if not head.strip():
        return "empty"
    if head[0] in "{[":
        return "json"
    name = prolog_of(head).root.lower().rpartition(":")[2]
    if name in FEED_ROOTS or _ROOT.search(head):
        # Also a page that speaks of feeds gets here: feedparser then finds no entries in it.
        return "xml" if name in FEED_ROOTS or not _HTML.search(head) else "html"
    if _HTML.search(head) or name in ("html", "head", "body"):
        return "html"
    return "xml" if head.startswith("<") else "text"


def binary_kind(body: bytes) -> str | None:
    """Return in words what a binary body is, or None when it may be text."""
    for magic, words in _MAGIC:
        if body.startswith(magic):
            return words
    return None


def page_message(text: str) -> str:
    """Return what to tell about an HTML page that came in place of a feed, with the feed it advertises."""
    head = text[:300_000]
    title = _TITLE.search(head)
    name = " ".join(html.unescape(title.group(1)).split())[:80] if title else ""
    what = "a web page"
    if _LOGIN.search(head):
        what = "a login page"
    elif _CHECK.search(head[:50_000]):
        what = "a browser check"
    message = f"{what} came in place of a feed" + (f' ("{name}")' if name else "")
    advertised = advertised_feeds(head)
    return message + (f"; it advertises the feed {advertised[0]}" if advertised else "")


def advertised_feeds(page: str) -> list[str]:
    """Return the addresses of the feeds an HTML page names in its head, as it writes them."""
    found: list[str] = []
    for link in _LINK.finditer(page):
        attributes = link.group(1)
        if _FEED_TYPE.search(attributes) and (href := _HREF.search(attributes)):
            found.append(html.unescape(next(part for part in href.groups() if part)))
    return found


def json_message(document: object) -> str:
    """Return what to tell about JSON that is no JSON Feed, with its error when it names one."""
    if isinstance(document, dict):
        for key in ("error", "message", "detail", "errors", "error_description"):
            if isinstance(words := document.get(key), str):
                return f"JSON that is no JSON Feed came ({key}: {_beginning(words, 80)})"
        keys = ", ".join(str(key) for key in list(document)[:5])
        return f"JSON that is no JSON Feed came (an object with {_beginning(keys, 80) or 'nothing in it'})"
    return "JSON that is no JSON Feed came"


def text_message(text: str) -> str:
    """Return what to tell about plain text that is no feed."""
    return "text that is no feed came: " + _beginning(text, 80)


def _beginning(text: str, limit: int) -> str:
    words = " ".join(text[: 4 * limit].split())
    words = "".join(letter if letter.isprintable() else "?" for letter in words)
    return words if len(words) <= limit else words[: limit - 1] + "…"
