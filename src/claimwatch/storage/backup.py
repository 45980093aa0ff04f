"""A copy of all that is stored in one file, made while a daemon runs, and put back."""

from __future__ import annotations

import glob
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

import sqlalchemy as sa

from claimwatch.errors import StorageError
from claimwatch.storage.engine import storage_errors
from claimwatch.storage.place import Place, Server
from claimwatch.storage.schema import metadata
from claimwatch.storage.soundness import refuse_damage, refuse_foreign

_FILE, _DUMP = b"SQLite format 3\x00", b"PGDMP"
_TABLES = ("alembic_version", *metadata.tables)


def back_up(place: Place, file: Path) -> int:
    """Write a whole and consistent copy to `file`; return its bytes. Raises: StorageError."""
    new = file.with_name(file.name + ".new")
    if not file.absolute().parent.is_dir():
        raise StorageError(f"There is no folder {file.absolute().parent}.")
    try:
        new.unlink(missing_ok=True)
        if isinstance(place, Server):
            tables = [option for name in _TABLES for option in ("-t", name)]
            _run("pg_dump", place, "--format=custom", "--no-owner", "--no-acl", f"--file={new}", *tables)
        else:
            _copy(place, new)
        with new.open("rb") as written:
            os.fsync(written.fileno())
        new.replace(file)
        return file.stat().st_size
    except OSError as error:
        raise StorageError(f"cannot write {file}: {error.strerror}") from error
    finally:
        new.unlink(missing_ok=True)


def put_back(file: Path, place: Place) -> Path | None:
    """Replace what is stored by a backup; return where a replaced file was kept. Nobody may use it meanwhile.

    Raises: StorageError; then what was stored is as it was.
    """
    try:
        with file.open("rb") as opened:
            begins = opened.read(16)
    except OSError as error:
        raise StorageError(f"cannot read {file}: {error.strerror}") from error
    if isinstance(place, Server):
        _refuse_kind(begins.startswith(_DUMP), file, place)
        _run(
            "pg_restore", place, "--clean", "--if-exists", "--no-owner", "--no-acl", "--single-transaction",
            str(file),
        )  # fmt: skip
        return None
    _refuse_kind(begins == _FILE, file, place)
    new, aside = place.with_name(place.name + ".restored"), place.with_name(place.name + ".before-restore")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        with storage_errors(file):
            refuse_damage(file)
            refuse_foreign(file)
            _copy(file, new)
        kept = None
        if place.exists():
            place.replace(aside)
            kept = aside
        for end in ("-wal", "-shm"):  # of what was replaced: they would be read into the restored file
            beside = place.with_name(place.name + end)
            if beside.exists():
                beside.replace(aside.with_name(aside.name + end))
        new.replace(place)
        return kept
    except OSError as error:
        raise StorageError(f"cannot write {place}: {error.strerror}") from error
    finally:
        new.unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    if not source.exists():
        raise StorageError(f"Nothing is stored yet in {source}.")
    with (
        storage_errors(source),
        closing(sqlite3.connect(source)) as read,
        closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)
        found = written.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise StorageError(f"{source}: the database is damaged ({found}); no copy was made.")


def _refuse_kind(right: bool, file: Path, place: Place) -> None:
    if right:
        return
    kind = "a backup of a PostgreSQL database" if isinstance(place, Server) else "a backup of a database file"
    raise StorageError(
        f"{file} is not {kind}. A backup goes back into the kind of database it came from; "
        "from there  claimwatch move  brings it into the other."
    )


def _run(program: str, server: Server, *args: str) -> None:
    """Run one of PostgreSQL's programs; the password is passed where no other user can see it."""
    found = shutil.which(program) or next(
        iter(sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"))[::-1]), None
    )
    if found is None:
        raise StorageError(f"{program} is not on this machine. Install PostgreSQL's client programs.")
    url = sa.make_url(server.url).set(drivername="postgresql", password=None)
    environ: Mapping[str, str] = dict(os.environ)
    if server.password:
        environ = {**environ, "PGPASSWORD": unquote(server.password)}
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, arguments of our own
        [found, f"--dbname={url.render_as_string()}", *args],
        env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no reason given"]
        raise StorageError(f"{server}: {said[0]}")
