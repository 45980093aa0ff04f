"""`claimwatch move`, `backup` and `restore`: all that is stored, elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from claimwatch.cli.options import CONFIG, load_settings
from claimwatch.cli.output import echo_table, say
from claimwatch.errors import ClaimwatchError
from claimwatch.storage.place import Place, Server, is_server


@click.command()
@CONFIG
@click.option("--to", "written", required=True, metavar="URL", help="postgresql://... or the path of a file.")
def command(config_path: Path, written: str) -> int:
    """Move all that is stored into another, empty database: a file to PostgreSQL, or back.

    Stop the daemon before. Every row is compared in the end; what is moved stays where it was, too. When it is
    interrupted, type the same again. Passwords are better left to ~/.pgpass or PGPASSWORD.

    \b
    Examples:
      claimwatch move --to postgresql://desk@db.example/claimwatch
      claimwatch move --to var/back.db
    """
    from claimwatch.cli.progress import progress
    from claimwatch.storage.database import Database
    from claimwatch.storage.moving import move, rows_in

    settings = load_settings(config_path)
    target: Place = Server(written, settings.var / "claimwatch.db") if is_server(written) else Path(written)
    if not settings.storage.exists():
        raise ClaimwatchError(f"Nothing is stored yet in {settings.storage}; there is nothing to move.")
    with unused(settings.storage), unused(target):
        source, goal = Database(settings.storage, check=True), Database(target)
        try:
            with progress("rows", rows_in(source)) as tick:
                moved = move(source, goal, tick)
        finally:
            source.close()
            goal.close()
    echo_table(("table", "rows", "checksum"), [(m.table, f"{m.rows:,}", m.checksum[:12]) for m in moved])
    key = f"storage: {target}" if isinstance(target, Server) else f"storage: {{path: {target}}}"
    say(f"All rows are in both and equal. Now write this in claimwatch.yaml:  {key}")
    return 0


@contextmanager
def unused(place: Place) -> Iterator[None]:
    """Hold a database for oneself. Raises: StorageError, ClaimwatchError when somebody uses it."""
    from claimwatch.app import now
    from claimwatch.storage.lock import DatabaseLock

    if isinstance(place, Server):
        if running := processes_on(place):
            raise ClaimwatchError(f"{place} is in use ({'; '.join(running)}). Stop what runs there first.")
        yield
        return
    lock = DatabaseLock(place)
    lock.acquire(now=now())
    try:
        yield
    finally:
        lock.release()


def processes_on(server: Server) -> list[str]:
    """Return the processes that work on a server's database now. Raises: StorageError."""
    from claimwatch.storage.database import Database
    from claimwatch.storage.leasing import SqlLeases

    if not server.exists():
        return []
    database = Database(server)
    try:
        held = SqlLeases(database, "").held()
    finally:
        database.close()
    return sorted(
        name for name in held if name.startswith("process ") and not name.startswith("process that")
    )
