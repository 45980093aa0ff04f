"""A PostgreSQL of our own for the tests: started when the first test asks for it, gone with the session."""

from __future__ import annotations

import fcntl
import glob
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from claimwatch.storage.database import Database
from claimwatch.storage.place import Server
from claimwatch.storage.schema import metadata

QUICK = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "32MB", "max_connections": "200"}
# ends the server, and removes all of it, when the test session ends: also one that was killed
_WATCH = """
import json, os, shutil, subprocess, sys, time
owner, folder, user, *stop = sys.argv[1:]
while True:
    try:
        os.kill(int(owner), 0)
    except PermissionError:
        pass
    except OSError:
        break
    time.sleep(0.3)
subprocess.run(stop, **json.loads(user), cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
shutil.rmtree(folder, ignore_errors=True)
"""


def missing() -> str | None:
    """Return why no PostgreSQL can be started here, None when one can."""
    try:
        import procrastinate  # noqa: F401
        import psycopg  # noqa: F401
    except ImportError as error:
        return f"{error.name} is not installed: pip install 'claimwatch[postgres]'"
    return None if _program("pg_ctl") else "PostgreSQL's pg_ctl is not on this machine"


def _program(name: str) -> str | None:
    debian = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"))
    return shutil.which(name) or (debian[-1] if debian else None)


def _as_its_user() -> Mapping[str, Any]:
    """PostgreSQL refuses to run as root: be another user then."""
    if os.geteuid() != 0:
        return {}
    names = {user.pw_name: user for user in pwd.getpwall()}
    user = names.get("postgres") or names["nobody"]
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def spare_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass(frozen=True)
class Cluster:
    """A running server: any number of databases, user postgres, no password."""

    folder: Path
    port: int

    @classmethod
    def start(cls, *, owner: int, settings: Mapping[str, str] = QUICK) -> Cluster:
        """Start a server that ends with the process `owner`."""
        folder = Path(tempfile.mkdtemp(prefix="claimwatch-pg-", dir="/tmp"))
        user = _as_its_user()
        if user:
            os.chown(folder, user["user"], user["group"])
        made = cls(folder, spare_port())
        made._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync")
        options = {
            **settings, "port": str(made.port), "listen_addresses": "127.0.0.1",
            "unix_socket_directories": str(folder), "logging_collector": "off",
        }  # fmt: skip
        with (folder / "data" / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in options.items())
        stop = [str(_program("pg_ctl")), "-D", str(folder / "data"), "-m", "immediate", "-w", "stop"]
        watch = [sys.executable, "-c", _WATCH, str(owner), str(folder), json.dumps(user), *stop]
        silent = subprocess.DEVNULL
        subprocess.run(
            ["sh", "-c", '"$@" &', "sh", *watch],
            check=True, start_new_session=True, stdin=silent, stdout=silent, stderr=silent,
        )  # fmt: skip
        made.up()
        return made

    def _run(self, program: str, *args: str) -> None:
        log = self.folder / "log"
        with (self.folder / "said").open("a+") as said:
            done = subprocess.run(
                [str(_program(program)), "-D", str(self.folder / "data"), *args],
                cwd="/", stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, **_as_its_user(),
            )  # fmt: skip
        if done.returncode:
            last = (log if log.exists() else self.folder / "said").read_text("utf-8", "replace")[-2000:]
            raise RuntimeError(f"{program} failed: {last}")

    def up(self) -> None:
        self._run("pg_ctl", "-w", "-t", "60", "-l", str(self.folder / "log"), "start")

    def down(self, mode: str = "immediate") -> None:
        """Stop it: "immediate" as a crash would, "fast" as an administrator does."""
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> None:
        self.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY file_copy')

    def drop(self, database: str) -> None:
        self.execute(f'DROP DATABASE "{database}" WITH (FORCE)')

    def execute(self, statement: str, database: str = "postgres") -> None:
        import psycopg

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute(statement)


def server_of(cluster: Cluster, database: str, folder: Path) -> Server:
    return Server(cluster.url(database), folder / "claimwatch.db")


def emptied(server: Server) -> Server:
    """Return the database as new: no rows, numbers from 1."""
    import psycopg

    tables = ", ".join(f'"{name}"' for name in metadata.tables)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("DROP FUNCTION IF EXISTS refuse CASCADE")  # of tests/storage/refusing.py
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
    return server


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Cluster:
    """The session's server; one for all of its workers."""
    if reason := missing():
        if os.environ.get("CLAIMWATCH_REQUIRE_POSTGRES") == "1":
            pytest.fail(f"CLAIMWATCH_REQUIRE_POSTGRES=1, but {reason}")
        pytest.skip(reason)
    side_by_side = "PYTEST_XDIST_WORKER" in os.environ
    owner = os.getppid() if side_by_side else os.getpid()
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if side_by_side else shared
    note = shared / "postgres.json"
    with (shared / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if note.exists():
            said = json.loads(note.read_text())
            return Cluster(Path(said["folder"]), said["port"])
        started = Cluster.start(owner=owner)
        started.create("built")
        Database(Server(started.url("built"), shared / "built.db")).close()
        note.write_text(json.dumps({"folder": str(started.folder), "port": started.port}))
        return started


@pytest.fixture(scope="session")
def own_database(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """A database of this test process, with the schema."""
    name = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    cluster.create(name, template="built")
    return server_of(cluster, name, tmp_path_factory.mktemp("postgres"))


@pytest.fixture
def server(own_database: Server) -> Server:
    """An empty PostgreSQL database with the schema."""
    return emptied(own_database)
