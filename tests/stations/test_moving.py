"""What is stored goes elsewhere, and the work goes on there as if nothing had happened."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from claimwatch.errors import StorageError
from claimwatch.storage.backup import back_up, put_back
from claimwatch.storage.database import Database
from claimwatch.storage.moving import TABLES, move, refuse_unfinished, rows_in
from claimwatch.storage.place import Place, Server
from tests.stations.stage import Stage, news

FIRST = news("Norland confirms 5,000 soldiers")


async def lived(place: Place) -> Stage:
    """A stage that told one alert."""
    stage = Stage(place)
    await stage.begin()
    await stage.round(a=[FIRST, news("half \ud83d and \x00 nothing")])
    assert len(stage.desk) == 1
    return stage


async def goes_on(place: Place) -> None:
    """What was told is not told again there, and what is new is told."""
    stage = Stage(place)
    await stage.round(a=[FIRST])
    assert stage.desk == []
    await stage.round(a=[FIRST, news("a port opens")])
    assert stage.desk == ["NEW: a port opens"]
    assert len(stage.alerts()) == 2
    stage.close()


@pytest.fixture
def path(tmp_path: Path, built: Path) -> Path:
    path = tmp_path / "claimwatch.db"
    shutil.copy(built, path)
    return path


async def test_from_a_file_to_a_server_and_back_all_goes_on(
    path: Path, server: Server, tmp_path: Path
) -> None:
    stage = await lived(path)
    ticks: list[None] = []
    there = Database(server)
    moved = move(stage.database, there, lambda: ticks.append(None))
    assert [m.table for m in moved] == [table.name for table in TABLES]
    assert sum(m.rows for m in moved) == len(ticks) == rows_in(there) > 0
    stage.close()

    back = Database(tmp_path / "back.db")
    assert move(there, back, lambda: None) == moved
    back.close()
    there.close()
    await goes_on(server)
    await goes_on(tmp_path / "back.db")


async def test_an_interrupted_move_is_refused_by_the_daemon_and_goes_on_where_it_stopped(
    path: Path, server: Server
) -> None:
    stage = await lived(path)
    there = Database(server)
    left = rows_in(stage.database) - 3

    def interrupted() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        move(stage.database, there, interrupted)
    with pytest.raises(StorageError, match="is not whole: a move into it was interrupted"):
        refuse_unfinished(there)
    move(stage.database, there, lambda: None)
    refuse_unfinished(there)
    stage.close()
    there.close()
    await goes_on(server)


async def test_a_move_into_something_that_is_used_is_refused(
    path: Path, server: Server, tmp_path: Path
) -> None:
    stage, other = await lived(path), await lived(server)
    with pytest.raises(StorageError, match="holds something already"):
        move(stage.database, other.database, lambda: None)
    stage.close()
    other.close()


async def test_a_difference_in_the_end_is_told(
    path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, there = await lived(path), Database(server)
    monkeypatch.setattr("claimwatch.storage.moving._copy", lambda *_: None)
    with pytest.raises(StorageError, match="differs after the move"):
        move(stage.database, there, lambda: None)
    stage.close()
    there.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Place:
    place: Place = request.getfixturevalue("path" if request.param == "sqlite" else "server")
    return place


async def test_a_backup_made_while_it_runs_is_put_back_and_all_goes_on(either: Place, tmp_path: Path) -> None:
    stage = await lived(either)
    file = tmp_path / "backup"
    assert back_up(either, file) == file.stat().st_size > 1000
    await stage.round(a=[FIRST, news("soldiers come later")])
    stage.close()
    kept = put_back(file, either)
    assert (kept is not None) == isinstance(either, Path)
    await goes_on(either)


@pytest.mark.parametrize("content", [b"", b"no backup of anything"])
def test_what_is_no_backup_is_refused_and_nothing_is_replaced(
    either: Place, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(StorageError, match="is not a backup of a"):
        put_back(file, either)
    Database(either, check=True).close()


def test_a_missing_program_of_postgresql_is_named(
    server: Server, tmp_path: Path, without: Callable[[], None]
) -> None:
    without()
    with pytest.raises(StorageError, match="pg_dump is not on this machine"):
        back_up(server, tmp_path / "x")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def hide() -> None:
        monkeypatch.setattr("claimwatch.storage.backup.shutil.which", lambda _: None)
        monkeypatch.setattr("claimwatch.storage.backup.glob.glob", lambda _: [])

    return hide
