"""Disks and files that fail: a clear message that names the file, and nothing overwritten."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimwatch.core.model import PollState
from claimwatch.errors import StorageError
from claimwatch.storage.database import Database
from claimwatch.storage.polling import SqlPollStore

NOW = datetime(2026, 7, 14, 8, tzinfo=UTC)


def filled(path: Path, built: Path) -> None:
    shutil.copy(built, path)
    database = Database(path)
    SqlPollStore(database).register(PollState(f"feed {n}", NOW, error="x" * 200) for n in range(200))
    database.close()


def no_header(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


def bad_page(path: Path) -> None:
    body = bytearray(path.read_bytes())
    body[-8192:-4096] = b"\xff" * 4096
    path.write_bytes(body)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def other_file(path: Path) -> None:
    path.write_bytes(b"<html>not a database</html>" * 100)


def emptied_log(path: Path) -> None:
    database = Database(path)
    SqlPollStore(database).register([PollState("late", NOW)])
    wal = path.with_name(path.name + "-wal")
    main, log = path.read_bytes(), wal.stat().st_size
    database.close()
    path.write_bytes(main)
    wal.write_bytes(bytes(log))


def another_programs(path: Path) -> None:
    path.unlink()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "damage", [no_header, bad_page, cut, emptied, other_file, emptied_log, another_programs]
)
def test_a_damaged_database_is_refused_by_name_and_left_as_it_is(
    path: Path, built: Path, damage: Callable[[Path], None]
) -> None:
    filled(path, built)
    damage(path)
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"claimwatch\.db"):
        Database(path, check=True)
    assert path.read_bytes() == before


def test_a_database_that_vanished_but_for_its_log_is_not_started_anew(path: Path) -> None:
    path.with_name("claimwatch.db-wal").write_bytes(b"\x37\x7f\x06\x82" + bytes(100))
    with pytest.raises(StorageError, match="is missing, but its log"):
        Database(path)
    assert not path.exists()


def test_what_a_killed_start_left_half_built_is_built_anew(path: Path) -> None:
    path.with_name("claimwatch.db.new").write_bytes(b"half")
    path.with_name("claimwatch.db.new-wal").write_bytes(b"half")
    Database(path, check=True).close()
    assert [p.name for p in path.parent.iterdir()] == ["claimwatch.db"]


def test_a_full_disk_is_told_and_the_next_commit_works_when_there_is_space(path: Path) -> None:
    database = Database(path)
    store = SqlPollStore(database)
    with database.read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    many = [PollState(f"feed {n}", NOW, error="x" * 500) for n in range(2000)]
    with pytest.raises(StorageError, match=r"claimwatch\.db: no space left on the disk"):
        store.register(many)
    with database.read() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    store.register(many)
    assert store.unpolled({s.feed for s in many}) == 2000
    database.close()


@pytest.fixture
def shown() -> Iterator[Path]:
    """A folder that other users may look into (pytest's own are closed to them)."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@contextmanager
def as_a_reader() -> Iterator[None]:
    """Be a user who owns nothing here: root could write everywhere."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_a_folder_that_cannot_be_written_is_named(shown: Path) -> None:
    (shown / "var").mkdir(mode=0o555)
    with as_a_reader(), pytest.raises(StorageError, match=r"/var/claimwatch\.db"):
        Database(shown / "var" / "claimwatch.db")
    with as_a_reader(), pytest.raises(StorageError, match="/var/deeper: Permission denied"):
        Database(shown / "var" / "deeper" / "claimwatch.db")


def test_a_read_only_database_is_named(shown: Path, built: Path) -> None:
    path = shown / "claimwatch.db"
    filled(path, built)
    path.chmod(0o444)
    shown.chmod(0o555)
    with as_a_reader(), pytest.raises(StorageError, match=rf"{path}: cannot be written"):
        SqlPollStore(Database(path)).register([PollState("late", NOW)])
    shown.chmod(0o755)


def test_a_folder_in_the_files_place_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(StorageError, match=r"claimwatch\.db"):
        Database(path)


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    with pytest.raises(StorageError, match="var"):
        Database(tmp_path / "var" / "claimwatch.db")


def test_half_characters_are_replaced_not_refused(database: Database) -> None:
    store = SqlPollStore(database)
    store.register([PollState("a", NOW, error="half \ud83d here")])
    (state,) = store.take_due({"a"}, now=NOW, lease=NOW - NOW, limit=1)
    assert state.error == "half ? here"
