"""A feed document in whatever shape it came -> `Document`."""

from __future__ import annotations

from claimwatch.core.model import Document
from claimwatch.errors import FetchError, ParseError
from claimwatch.feeds import sniff
from claimwatch.feeds.encoding import text_of
from claimwatch.feeds.inflate import MAX_BYTES, Inflater
from claimwatch.feeds.prolog import prolog_of


def parse_document(body: bytes, *, content_type: str | None, url: str | None, known: bytes = b"") -> Document:
    """Return the document with its items in the order of the feed, all text plain and clean.

    `url` is where the document came from; relative links are resolved against it, ids never are. `known`
    holds the marks of an earlier reading: entries that stand there unchanged are left out. At most
    `trim.MAX_ENTRIES` items come back, the newest; `damaged` says when there were more, and what was
    wrong with a document whose items could be saved.

    Raises: ParseError, with what came instead of a feed.
    """
    if not body.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise ParseError("the answer was empty" if not body else "the answer held nothing but white space")
    if body.startswith(b"\x1f\x8b"):
        body = _inflated(body)
    if words := sniff.binary_kind(body):
        raise ParseError(f"{words} came in place of a feed")
    text, wrong = text_of(body, content_type)
    del body  # of a long document every copy counts
    notes = [wrong] if wrong else []
    try:
        return _read(text, url, notes, known)
    except ParseError:
        raise
    except RecursionError:
        raise ParseError("the document is nested too deeply to be a feed") from None
    except MemoryError:
        raise ParseError("reading the document needs too much memory") from None
    except Exception as error:
        raise ParseError(
            f"the document cannot be read ({type(error).__name__}: {str(error)[:100]})"
        ) from error


def _inflated(body: bytes) -> bytes:
    """Return what a gzip file holds, at most `MAX_BYTES` of it."""
    inflater = Inflater(None, MAX_BYTES)
    try:
        inflater.feed(body)
        return inflater.finish()
    except FetchError as error:
        raise ParseError(f"a gzip file that cannot be read came: {error}") from None


def _read(text: str, url: str | None, notes: list[str], known: bytes) -> Document:
    kind = sniff.kind_of(text)
    if kind == "empty":
        raise ParseError("the answer held nothing but white space")
    if kind == "json":
        from claimwatch.feeds.json_feed import read_json_feed

        return read_json_feed(text, url, known)
    if kind == "html":
        raise ParseError(sniff.page_message(text))
    if kind == "text":
        raise ParseError(sniff.text_message(text))
    if prolog_of(text).root.lower().rpartition(":")[2] == "urlset":
        from claimwatch.feeds.news_sitemap import read_news_sitemap

        return read_news_sitemap(text, url, notes)
    from claimwatch.feeds.syndication import read_syndication

    return read_syndication(text, url, notes, known)
