"""Feeds in: fetching documents and reading items from them."""
