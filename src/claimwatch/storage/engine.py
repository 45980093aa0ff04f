"""Opening a database file: pragmas that make a commit survive a power cut, and errors people understand."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from claimwatch.errors import StorageError
from claimwatch.storage.portable import dumps
from claimwatch.storage.soundness import remedy_of_damage

BUSY_SECONDS = 60  # a backup or a reader may hold the file that long before we give up


def open_engine(path: Path) -> sa.Engine:
    """Return an engine on a SQLite file (created if missing), in WAL mode.

    Raises: StorageError, naming the file, when it cannot be opened or is no database.
    """
    engine = sa.create_engine(
        f"sqlite:///{path}",
        hide_parameters=True,
        json_serializer=dumps,
        connect_args={"timeout": BUSY_SECONDS},
    )
    sa.event.listen(engine, "connect", _pragmas)
    sa.event.listen(engine, "begin", _begin)
    with storage_errors(path), engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA schema_version").scalar()
    return engine


def _pragmas(connection: Any, _: Any) -> None:
    # pysqlite would begin transactions late and commit before DDL: we begin ourselves (SQLAlchemy's docs)
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # NORMAL may forget a committed alert in a power cut
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    # IMMEDIATE: a transaction that reads first and writes later cannot meet "database is locked" half-way
    readonly = connection.get_execution_options().get("claimwatch_readonly")
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn the database's errors into StorageError with the file and what to do."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{error.filename or path}: {error.strerror or error}.") from error
    except sa.exc.DatabaseError as error:
        raise StorageError(f"{path}: {_remedy(error.orig)}") from error
    except sqlite3.DatabaseError as error:
        raise StorageError(f"{path}: {_remedy(error)}") from error


def _remedy(error: BaseException | None) -> str:
    text = str(error)
    low = text.lower()
    if "malformed" in low or "not a database" in low:
        return remedy_of_damage(text)
    if "full" in low:
        return "no space left on the disk. Nothing is lost; alerts are held back until there is space."
    if "readonly" in low or "unable to open" in low:
        return f"cannot be written ({text}). Check the folder's owner and permissions."
    if "locked" in low:
        return f"locked by another program for over {BUSY_SECONDS} s (a backup? a second daemon?)."
    if isinstance(error, sqlite3.OperationalError):
        return text
    return f"database error: {text}"
