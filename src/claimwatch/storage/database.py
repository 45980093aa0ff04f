"""One database file: opened once, written by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from claimwatch.storage.engine import open_engine, storage_errors
from claimwatch.storage.migrate import ensure_schema
from claimwatch.storage.soundness import check_pages, create, refuse_damage, refuse_foreign


class Database:
    """An open database with the current schema; the stations' stores share one."""

    def __init__(self, path: Path, *, check: bool = False) -> None:
        """Open `path`, creating or upgrading it; with `check` every page of it is read first.

        Raises: StorageError; a damaged file is left as it is.
        """
        self.path = path
        self._writing = threading.Lock()
        with storage_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                refuse_damage(path)
                refuse_foreign(path)
            else:
                create(path, _build)
            self._engine = open_engine(path)
            try:
                if check:
                    with self._engine.connect() as connection:
                        check_pages(connection, path)
                ensure_schema(self._engine, path)
            except BaseException:
                self._engine.dispose()
                raise

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction, committed at the end of the block. Raises: StorageError."""
        with self._writing, storage_errors(self.path), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A consistent view that waits for no writer. Raises: StorageError."""
        with storage_errors(self.path), self._engine.connect() as connection:
            connection = connection.execution_options(claimwatch_readonly=True)
            yield connection
            connection.rollback()

    def close(self) -> None:
        self._engine.dispose()


def _build(path: Path) -> None:
    engine = open_engine(path)
    try:
        ensure_schema(engine, path)
    finally:
        engine.dispose()  # the last connection brings the log into the file
