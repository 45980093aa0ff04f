"""One database: opened once, written by one transaction at a time."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import sqlalchemy as sa

from claimwatch.storage.engine import open_engine, storage_errors
from claimwatch.storage.migrate import ensure_schema
from claimwatch.storage.place import Place, Server
from claimwatch.storage.server import WRITING, open_server, server_errors, take_turn
from claimwatch.storage.soundness import check_pages, create, refuse_damage, refuse_foreign

# a transaction on PostgreSQL sees one moment of the database, as one on SQLite does
_A_VIEW = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class Database:
    """An open database with the current schema; the stations' stores share one."""

    def __init__(self, place: Place, *, check: bool = False) -> None:
        """Open it, creating or upgrading it; with `check` every page of a file is read first.

        Raises: StorageError; what is damaged is left as it is.
        """
        self.place = place
        self._writing = threading.Lock()
        self._server = isinstance(place, Server)
        with self._errors():
            self._engine = open_server(place) if isinstance(place, Server) else _open_file(place)
            try:
                if check and isinstance(place, Path):
                    with self._engine.connect() as connection:
                        check_pages(connection, place)
                ensure_schema(self._engine, place)
            except BaseException:
                self._engine.dispose()
                raise
        # commands that only read leave closing to their end
        weakref.finalize(self, self._engine.dispose)

    @contextmanager
    def write(self, *, alone: bool = True) -> Iterator[sa.Connection]:
        """One transaction, committed at the end of the block. Raises: StorageError.

        Nobody else writes meanwhile, in no other process either: what is read in the block still holds when
        it is committed. With `alone=False` others may (where the database lets them): for what touches rows
        of its own only.
        """
        if self._server:
            with self._errors(), self._engine.begin() as connection:
                if alone:
                    take_turn(connection, WRITING)
                yield connection
        else:
            with self._writing, self._errors(), self._engine.begin() as connection:
                yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent view that waits for no writer. Raises: StorageError."""
        with self._errors(), self._engine.connect() as connection:
            options = _A_VIEW if self._server else {"claimwatch_readonly": True}
            connection = connection.execution_options(**options)
            yield connection
            connection.rollback()

    def close(self) -> None:
        self._engine.dispose()

    def _errors(self) -> AbstractContextManager[None]:
        if isinstance(self.place, Server):
            return server_errors(self.place)
        return storage_errors(self.place)


def _open_file(path: Path) -> sa.Engine:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        refuse_damage(path)
        refuse_foreign(path)
    else:
        create(path, _build)
    return open_engine(path)


def _build(path: Path) -> None:
    with closing(sqlite3.connect(path)) as new:  # only a new file can be told to give room back bit by bit
        new.execute("PRAGMA auto_vacuum=INCREMENTAL")
        new.execute("VACUUM")
    engine = open_engine(path)
    try:
        ensure_schema(engine, path)
    finally:
        engine.dispose()  # the last connection brings the log into the file
