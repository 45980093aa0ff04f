"""Fixtures of the whole suite: a PostgreSQL of our own, started when the first test asks for it."""

from tests.postgres import cluster, own_database, server

__all__ = ["cluster", "own_database", "server"]
