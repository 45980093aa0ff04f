from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.postgres import emptied
from tests.stations.stage import Stage
from tests.storage.conftest import BOTH, built

__all__ = ["built"]


@pytest.fixture(scope="session", params=BOTH)
def new_stage(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, built: Path
) -> Callable[[], Stage]:
    """Gives a stage on a new database at each call; on PostgreSQL one at a time."""
    folder, numbers = tmp_path_factory.mktemp("stages"), itertools.count()
    if request.param == "postgresql":
        server = request.getfixturevalue("own_database")
        return lambda: Stage(emptied(server))

    def make() -> Stage:
        path = folder / f"{next(numbers)}.db"
        shutil.copy(built, path)
        return Stage(path)

    return make


@pytest.fixture
def stage(new_stage: Callable[[], Stage]) -> Iterator[Stage]:
    stage = new_stage()
    yield stage
    stage.close()
