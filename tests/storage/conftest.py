from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from claimwatch.storage.database import Database
from claimwatch.storage.place import Place

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database file, built once: the migrations take a quarter of a second."""
    path = tmp_path_factory.mktemp("built") / "claimwatch.db"
    Database(path).close()
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "claimwatch.db"


@pytest.fixture(params=BOTH)
def place(request: pytest.FixtureRequest, path: Path, built: Path) -> Place:
    """An empty database: what is promised of storage holds on both kinds."""
    if request.param == "postgresql":
        found: Place = request.getfixturevalue("server")
        return found
    shutil.copy(built, path)
    return path


@pytest.fixture
def database(place: Place) -> Iterator[Database]:
    opened = Database(place)
    yield opened
    opened.close()


@pytest.fixture
def file_database(path: Path, built: Path) -> Iterator[Database]:
    """What holds for files only."""
    shutil.copy(built, path)
    opened = Database(path)
    yield opened
    opened.close()
