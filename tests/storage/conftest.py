from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from claimwatch.storage.database import Database


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database, built once: the migrations take a quarter of a second."""
    path = tmp_path_factory.mktemp("built") / "claimwatch.db"
    Database(path).close()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "claimwatch.db"


@pytest.fixture
def database(path: Path, built: Path) -> Iterator[Database]:
    shutil.copy(built, path)
    opened = Database(path)
    yield opened
    opened.close()
