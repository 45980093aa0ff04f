from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from claimwatch.storage.database import Database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "claimwatch.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(path)
    yield opened
    opened.close()
