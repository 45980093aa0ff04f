from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from claimwatch.errors import StorageError
from claimwatch.storage import migrate
from claimwatch.storage.database import Database
from claimwatch.storage.schema import metadata


def test_the_migrations_build_exactly_the_tables_of_the_schema(database: Database) -> None:
    with database.read() as connection:
        options = {"compare_type": True, "include_name": _ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def _ours(name: str | None, kind: str, _: object) -> bool:
    # the server of the tests is shared: an earlier test's workers may have brought Procrastinate's own tables
    return kind != "table" or not (name or "").startswith("procrastinate_")


def test_the_newest_migration_is_the_version_this_program_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.HEAD


def test_opening_a_current_database_changes_nothing(file_database: Database, path: Path) -> None:
    with file_database.read() as connection:
        before = connection.exec_driver_sql("PRAGMA schema_version").scalar()
    again = Database(path, check=True)
    with again.read() as connection:
        assert connection.exec_driver_sql("PRAGMA schema_version").scalar() == before
    again.close()


def test_a_database_of_a_newer_program_is_refused_and_left_alone(path: Path) -> None:
    newer = Database(path)
    with newer.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    newer.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"written by a newer claimwatch \(schema 9999"):
        Database(path)
    assert path.read_bytes() == before


def test_an_older_database_is_copied_before_it_is_upgraded(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Database(path).close()
    newer = f"{int(migrate.HEAD) + 1:04}"
    monkeypatch.setattr(migrate, "HEAD", newer)
    monkeypatch.setattr(migrate, "_upgrade", lambda engine, place: None)
    Database(path).close()
    copy = path.with_name(f"claimwatch.db.before-{newer}")
    assert copy.read_bytes()[:16] == path.read_bytes()[:16]
    Database(copy, check=True).close()


def test_a_commit_survives_a_power_cut(file_database: Database) -> None:
    with file_database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
