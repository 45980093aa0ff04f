"""Bringing a database to the schema this program knows, by alembic, with a copy made before."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from claimwatch.errors import StorageError
from claimwatch.storage.place import Place, Server
from claimwatch.storage.schema import metadata
from claimwatch.storage.server import UPGRADING, refuse_foreign, take_turn

HEAD = "0016"  # the newest file in migrations/versions; a test holds the two together


def ensure_schema(engine: sa.Engine, place: Place) -> str | None:
    """Create or upgrade the tables; return the version upgraded from, None when nothing was to do.

    A file is copied beside itself before an upgrade of existing tables. Several processes may do this at
    once: one of them upgrades, the others wait for it.

    Raises: StorageError when the database was written by a newer claimwatch.
    """
    version = version_of(engine)
    if version == HEAD:
        return None
    if version is not None and version > HEAD:
        raise StorageError(
            f"{place} was written by a newer claimwatch (schema {version}, known here: {HEAD}). Use that one."
        )
    if version is not None and isinstance(place, Path):
        _copy(place, place.with_name(f"{place.name}.before-{HEAD}"))
    _upgrade(engine, place)
    return version or "nothing"


def version_of(engine: sa.Engine) -> str | None:
    """Return the version of the tables, None where there are none."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return None if found is None else str(found)


def _copy(path: Path, target: Path) -> None:
    source, copy = sqlite3.connect(path), sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        source.close()
        copy.close()


def _upgrade(engine: sa.Engine, place: Place) -> None:
    # alembic costs a fifth of a second to import: only when there is something to do
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with engine.begin() as connection:
        if isinstance(place, Server):
            take_turn(connection, UPGRADING)
            if not sa.inspect(connection).has_table("alembic_version"):
                refuse_foreign(connection, place, set(metadata.tables))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
