"""For every test: a PostgreSQL of our own, no deadline of hypothesis, and a log that binds no other test."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
import structlog

from tests.postgres import cluster, own_database, server

__all__ = ["cluster", "own_database", "server"]

hypothesis.settings.register_profile(
    "claimwatch", deadline=None
)  # machines here are busy: time is no verdict
hypothesis.settings.load_profile("claimwatch")


@pytest.fixture(autouse=True)
def _log_of_its_own() -> Iterator[None]:
    yield
    structlog.reset_defaults()
