"""The database on a PostgreSQL server: opened by URL, shared by any number of processes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import unquote

import sqlalchemy as sa

from claimwatch.errors import ServerAway, StorageError
from claimwatch.storage.place import Server
from claimwatch.storage.portable import dumps

LOCK_SECONDS = 60  # another process may hold what we want for so long before we give up
CONNECT_SECONDS = 10
_OURS = 0x636C6169  # "clai": advisory locks of other programs on the same database are not ours
WRITING, UPGRADING = 1, 2
# a connection whose other end vanished is given up after a minute, not after the kernel's two hours
_KEEPALIVE = {"keepalives_idle": 20, "keepalives_interval": 10, "keepalives_count": 4}
_SESSION = {
    "timezone": "UTC",
    "synchronous_commit": "on",  # what was committed survives the server's end
    "lock_timeout": f"{LOCK_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{LOCK_SECONDS}s",  # a process that was stopped holds up no other
}


def open_server(server: Server) -> sa.Engine:
    """Return an engine on a PostgreSQL database. Raises: StorageError when it cannot be used."""
    try:
        import psycopg  # noqa: F401 - an extra of its own
    except ImportError as error:
        raise StorageError(
            f'{server} needs the PostgreSQL driver. Type:  pip install "claimwatch[postgres]"'
        ) from error
    options = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    try:
        url = sa.make_url(server.url).set(drivername="postgresql+psycopg")
    except (ValueError, sa.exc.ArgumentError) as error:
        raise StorageError(f"{server} is not an address of a PostgreSQL database.") from error
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        json_serializer=dumps,
        pool_pre_ping=True,  # a connection that a restart of the server cut is replaced, not met
        connect_args={"connect_timeout": CONNECT_SECONDS, "options": options, **_KEEPALIVE},
    )
    try:
        with server_errors(server), engine.connect():
            pass
    except BaseException:
        engine.dispose()
        raise
    return engine


def has_schema(server: Server) -> bool:
    """Say whether claimwatch's tables are there. Raises: StorageError."""
    engine = open_server(server)
    try:
        with server_errors(server), engine.connect() as connection:
            return sa.inspect(connection).has_table("alembic_version")
    finally:
        engine.dispose()


def take_turn(connection: sa.Connection, what: int) -> None:
    """Wait until no other transaction has this turn, and have it until this one ends."""
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_OURS, what)))


def refuse_foreign(connection: sa.Connection, server: Server, names: set[str]) -> None:
    """Raise StorageError when tables of these names are there that are not ours."""
    found = names & set(sa.inspect(connection).get_table_names())
    if found:
        raise StorageError(
            f"{server} holds tables of another program ({', '.join(sorted(found)[:3])}). "
            "Give claimwatch a database of its own:  createdb claimwatch"
        )


@contextmanager
def server_errors(server: Server) -> Iterator[None]:
    """Turn the database's errors into StorageError with the database and what to do."""
    try:
        yield
    except sa.exc.TimeoutError as error:
        raise StorageError(f"{server}: all connections are busy; it is tried again.") from error
    except sa.exc.DBAPIError as error:
        code, remedy = _remedy(error.orig, server)
        kind = ServerAway if code in _AWAY else StorageError
        raise kind(f"{server}: {remedy}") from error


# SQLSTATE, or words of the message where there is none (a refused connection), and what to do
_REMEDIES = (
    (
        "28",
        "authentication failed|role .* does not exist|no pg_hba",
        "refuses the user or password ({}). Check the URL, or ~/.pgpass.",
    ),
    ("3D000", "database .* does not exist", "is not there ({}). Make it:  createdb claimwatch"),
    ("57P", "starting up|shutting down|terminating", "is being restarted ({}); it is tried again."),
    ("53300", "too many clients|remaining connection", "has no connection left ({}): raise max_connections."),
    ("53100", "no space left", "no space left on the server's disk. Nothing is lost; alerts are held back."),
    ("25006", "read-only", "cannot be written: the server is a standby, or read-only."),
    ("42501", "permission denied", "forbids it ({}). Let this user own the database."),
    ("55P03", "lock timeout", f"locked by another program for over {LOCK_SECONDS} s; it is tried again."),
    ("XX001", "invalid page", "the database is damaged ({}). Restore a backup:  claimwatch restore FILE"),
    (
        "08",
        "connection|could not|timeout|closed|lost|resolve host",
        "cannot be reached ({}); it is tried again.",
    ),
)


_AWAY = ("57P", "08")


def _remedy(error: BaseException | None, server: Server) -> tuple[str, str]:
    state = str(getattr(error, "sqlstate", None) or "")
    text = " ".join(str(error).split()) or type(error).__name__
    if server.password:
        text = text.replace(server.password, "***").replace(unquote(server.password), "***")
    for code, words, remedy in _REMEDIES:
        if state.startswith(code) if state else re.search(words, text.lower()):
            return code, remedy.format(text)
    return "", f"database error: {text}"
