"""One daemon a database: a lock the kernel lets go of when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from datetime import datetime
from typing import IO

from claimwatch.errors import AlreadyRunning, StorageError
from claimwatch.storage.place import Place, beside


class DatabaseLock:
    """An exclusive lock beside a database file, held from `acquire` to `release` or the process's end."""

    def __init__(self, database: Place) -> None:
        self._path = beside(database, ".lock")
        self._file: IO[str] | None = None

    def acquire(self, *, now: datetime) -> None:
        """Take the lock and write down who holds it.

        Raises: AlreadyRunning, naming the holder; StorageError when the lock file cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = self._path.open("a+", encoding="utf-8")
        except OSError as error:
            raise StorageError(f"cannot write {self._path}: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            holder = file.read()
            file.close()
            raise AlreadyRunning(self._refusal(holder)) from error
        file.seek(0)
        file.truncate()
        json.dump({"pid": os.getpid(), "host": socket.gethostname(), "since": now.isoformat()}, file)
        file.flush()
        self._file = file

    def release(self) -> None:
        """Let another daemon have the database."""
        if self._file:
            self._file.close()
            self._file = None

    def holder(self) -> str | None:
        """Return who holds the lock now ("process 12 on host, since ..."), None when nobody does."""
        try:
            file = self._path.open("r", encoding="utf-8")
        except OSError:
            return None
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return _who(file.read())
        return None

    def _refusal(self, holder: str) -> str:
        by = _who(holder)
        database = self._path.with_suffix("")
        return (
            f"Another claimwatch holds {database}: {by}.\n"
            "Stop it first, or give this one its own database (storage: {path: ...} in claimwatch.yaml)."
        )


def _who(written: str) -> str:
    try:
        who = json.loads(written)
        return f"process {who['pid']} on {who['host']}, since {who['since'][:16].replace('T', ' ')} UTC"
    except (ValueError, KeyError, TypeError):
        return "another process"
