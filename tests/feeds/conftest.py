from __future__ import annotations

import os
from pathlib import Path

import pytest


def shared_folder(name: str) -> Path:
    """The folder of test data beside the checkout; skips where there is none."""
    beside = os.environ.get("CLAIMWATCH_SHARED") or Path(__file__).resolve().parents[2].parent / "shared"
    folder = Path(beside) / name
    if not folder.is_dir():
        pytest.skip(f"no shared test data ({name}) beside the checkout")
    return folder


@pytest.fixture(scope="session")
def recorded_feeds() -> Path:
    return shared_folder("data/feeds")


@pytest.fixture(scope="session")
def hostile_corpus() -> Path:
    return shared_folder("data/hostile")
