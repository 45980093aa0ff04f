"""Whether a database file may be used: never start with an empty memory where there was a full one.

A new database is built beside its place and moved there whole, so an empty or half-built file is never ours:
it was damaged, and going on would count every feed as new.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from claimwatch.errors import StorageError

_WAL_MAGIC = (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83")  # sqlite.org/fileformat2.html, 4.1
CHECKED_UP_TO = 512 * 1024 * 1024  # bytes; a full look takes about a second for so many
_BESIDE = ("-wal", "-shm", "-journal")


def create(path: Path, build: Callable[[Path], None]) -> None:
    """Have `build` make a database under another name, then move it to `path`, all or nothing.

    Raises: StorageError, also when a log without its database lies there.
    """
    wal = _beside(path, "-wal")
    if wal.exists() and wal.stat().st_size:
        raise StorageError(
            f"{path} is missing, but its log {wal.name} is there. Restore the database from a backup, "
            f"or remove {wal} to start anew."
        )
    new = path.with_name(path.name + ".new")
    for leftover in (new, *(_beside(new, end) for end in _BESIDE)):
        leftover.unlink(missing_ok=True)
    build(new)
    os.replace(new, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the file's name, too, survives a power cut
    finally:
        os.close(folder)


def refuse_damage(path: Path) -> None:
    """Raise StorageError when the file, or the log of its last commits, was emptied."""
    if path.stat().st_size == 0:
        raise StorageError(_damaged(path, "the file is empty"))
    wal = _beside(path, "-wal")
    if wal.exists() and wal.stat().st_size:
        with wal.open("rb") as file:
            if file.read(4) not in _WAL_MAGIC:
                raise StorageError(_damaged(path, f"its log {wal.name} is overwritten"))


def refuse_foreign(path: Path) -> None:
    """Raise StorageError for a database of another program; look before anything is changed in it."""
    with closing(sqlite3.connect(path)) as connection:
        ours = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
    if not ours:
        raise StorageError(
            f"{path} is a database, but not one of claimwatch. "
            "Give claimwatch its own (storage: {path: ...} in claimwatch.yaml)."
        )


def check_pages(connection: sa.Connection, path: Path) -> None:
    """Read the whole database and raise StorageError when a page is damaged; very big ones are not read."""
    if path.stat().st_size > CHECKED_UP_TO:
        return
    found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    if found != "ok":
        raise StorageError(_damaged(path, str(found)))


def remedy_of_damage(cause: str) -> str:
    """Return what to tell people of a damaged database."""
    return (
        f"the database is damaged ({cause}). It was left untouched. Move it aside and restore a backup, "
        "or start anew (every feed then counts as new, and nothing old is sent again as live news)."
    )


def _damaged(path: Path, cause: str) -> str:
    return f"{path}: {remedy_of_damage(cause)}"


def _beside(path: Path, end: str) -> Path:
    return path.with_name(path.name + end)
