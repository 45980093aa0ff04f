"""Feeds in: fetching documents and reading items from them."""

from claimwatch.feeds.document import parse_document

__all__ = ["parse_document"]
