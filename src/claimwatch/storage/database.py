"""One database file: opened once, written by one thread at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from claimwatch.storage.engine import open_engine, storage_errors
from claimwatch.storage.migrate import ensure_schema


class Database:
    """An open database with the current schema; the stations' stores share one."""

    def __init__(self, path: Path) -> None:
        """Open `path`, creating or upgrading it.

        Raises: StorageError.
        """
        self.path = path
        self._engine = open_engine(path)
        self._writing = threading.Lock()
        with storage_errors(path):
            ensure_schema(self._engine, path)

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
