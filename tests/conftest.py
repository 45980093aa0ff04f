"""For every test: hypothesis asserts no time, and what one test says of the log binds no other."""

from __future__ import annotations

from collections.abc import Iterator

import hypothesis
import pytest
import structlog

hypothesis.settings.register_profile(
    "claimwatch", deadline=None
)  # machines here are busy: time is no verdict
hypothesis.settings.load_profile("claimwatch")


@pytest.fixture(autouse=True)
def _log_of_its_own() -> Iterator[None]:
    yield
    structlog.reset_defaults()
