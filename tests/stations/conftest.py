from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.stations.stage import Stage
from tests.storage.conftest import built

__all__ = ["built"]


@pytest.fixture(scope="session")
def new_stage(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Callable[[], Stage]:
    """Gives a stage on a new database at each call."""
    folder, numbers = tmp_path_factory.mktemp("stages"), itertools.count()

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
