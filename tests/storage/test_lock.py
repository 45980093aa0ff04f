from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from claimwatch.errors import AlreadyRunning, StorageError
from claimwatch.storage.lock import DatabaseLock

NOW = datetime(2026, 7, 14, 8, 5, tzinfo=UTC)
HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from claimwatch.storage.lock import DatabaseLock
lock = DatabaseLock(Path(sys.argv[1]))
lock.acquire(now=datetime(2026, 7, 14, 8, 5, tzinfo=UTC))
print("held", flush=True)
sys.stdin.read()
"""


def test_the_lock_names_its_holder_and_is_freed_by_sigkill(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning) as refused:
            DatabaseLock(path).acquire(now=NOW)
        text = str(refused.value)
        assert text.startswith(f"Another claimwatch holds {path}: process {holder.pid} on ")
        assert "since 2026-07-14 08:05 UTC" in text
        holder.send_signal(signal.SIGKILL)
    mine = DatabaseLock(path)
    mine.acquire(now=NOW)
    mine.release()


def test_a_lock_that_was_released_can_be_taken_again(path: Path) -> None:
    first, second = DatabaseLock(path), DatabaseLock(path)
    first.acquire(now=NOW)
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()} on"):
        second.acquire(now=NOW)
    first.release()
    first.release()
    second.acquire(now=NOW)
    second.release()


def test_a_lock_file_with_nonsense_in_it_stops_nobody(path: Path) -> None:
    path.with_name("claimwatch.db.lock").write_text("[]")
    lock, other = DatabaseLock(path), DatabaseLock(path)
    lock.acquire(now=NOW)
    path.with_name("claimwatch.db.lock").write_text("{")
    with pytest.raises(AlreadyRunning, match="another process"):
        other.acquire(now=NOW)
    lock.release()


def test_a_folder_in_the_lock_files_place_is_named(path: Path) -> None:
    path.with_name("claimwatch.db.lock").mkdir()
    with pytest.raises(StorageError, match=r"cannot write .*claimwatch\.db\.lock"):
        DatabaseLock(path).acquire(now=NOW)


def test_who_holds_the_database_can_be_asked_without_taking_it(tmp_path: Path) -> None:
    held, asking = DatabaseLock(tmp_path / "db"), DatabaseLock(tmp_path / "db")
    assert asking.holder() is None
    held.acquire(now=datetime(2026, 7, 1, 8, 30, tzinfo=UTC))
    assert f"process {os.getpid()} on " in (asking.holder() or "")
    held.release()
    assert asking.holder() is None
