"""How a database is: whether it is sound, which schema it has, what lies in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from claimwatch.errors import StorageError
from claimwatch.storage.engine import open_engine, storage_errors
from claimwatch.storage.migrate import HEAD, version_of
from claimwatch.storage.place import Place, Server
from claimwatch.storage.schema import metadata
from claimwatch.storage.server import open_server, server_errors
from claimwatch.storage.soundness import refuse_damage, refuse_foreign

_SIZES = """SELECT c.relname, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid),
    coalesce(s.n_dead_tup, 0), coalesce(c.reloptions::text LIKE '%autovacuum_vacuum_scale_factor%', false)
    FROM pg_class c LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
    WHERE c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid) AND c.relname = ANY(:names)"""

_SWEPT_LATE = 5_000_000  # rows: PostgreSQL vacuums by itself when a fifth is dead, a million rows here
_MANY = 50_000_000  # rows: indexes no longer fit into the memory of a small server
_MANY_IN_A_FILE = 10_000_000


@dataclass(frozen=True, slots=True)
class TableSize:
    """A table's rows (an estimate, on a server), its bytes with its indexes, and rows that vacuum will free.

    `tuned`: somebody said when it is vacuumed.
    """

    name: str
    rows: int
    bytes: int | None
    dead: int = 0
    tuned: bool = False


@dataclass(frozen=True, slots=True)
class Checkup:
    """What `check_up` saw; `problems` is empty when all is well. `advice` is for who has time."""

    software: str
    version: str | None
    known: str
    tables: tuple[TableSize, ...]
    problems: tuple[str, ...]
    advice: tuple[str, ...] = ()


def advise(tables: Iterable[TableSize], *, server: bool) -> tuple[str, ...]:
    """Return what would keep large tables quick."""
    found = []
    for table in tables:
        if server and table.rows >= _SWEPT_LATE and not table.tuned:
            found.append(
                f"{table.name} is vacuumed late at this size:  ALTER TABLE {table.name} "
                "SET (autovacuum_vacuum_scale_factor = 0.01)"
            )
        if table.rows >= (_MANY if server else _MANY_IN_A_FILE):
            better = "partitions do not help, for ids are unique over all rows" if server else "or move"
            better += "" if server else " to a server:  claimwatch move --to postgresql://..."
            found.append(f"{table.name} is large: keep less of it (`keep:` in claimwatch.yaml); {better}")
    return tuple(found)


def check_up(place: Place) -> Checkup:
    """Look at a database without changing it; every page of a file is read. Raises: StorageError."""
    return _server(place) if isinstance(place, Server) else _file(place)


def _file(place: Path) -> Checkup:
    if not place.exists():
        raise StorageError(f"Nothing is stored yet in {place}.")
    with storage_errors(place):
        refuse_damage(place)
        refuse_foreign(place)
        engine = open_engine(place)
        try:
            with engine.connect() as c:
                found = c.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
                broken = c.exec_driver_sql("PRAGMA foreign_key_check").all()
                tables = [TableSize(name, _count(c, name), None) for name in _present(c)]
                software = f"SQLite {c.exec_driver_sql('SELECT sqlite_version()').scalar()}"
            problems = [str(line) for line in found if line != "ok"]
            problems += [f"{row[0]}: a row names one of {row[2]} that is not there" for row in broken[:5]]
            return _checkup(software, version_of(engine), tables, problems, server=False)
        finally:
            engine.dispose()


def _server(server: Server) -> Checkup:
    engine = open_server(server)
    try:
        with server_errors(server), engine.connect() as c:
            names = _present(c)
            rows = c.execute(sa.text(_SIZES), {"names": names}).all()
            tables = [TableSize(*row) for row in sorted(rows, key=lambda row: names.index(row[0]))]
            software = f"PostgreSQL {c.exec_driver_sql('SHOW server_version').scalar()}"
            problems = []
            for setting, why in (("fsync", "a power cut"), ("full_page_writes", "a power cut")):
                if c.exec_driver_sql(f"SHOW {setting}").scalar() == "off":
                    problems.append(
                        f"{setting} is off on the server: {why} can lose or damage what is stored"
                    )
            if c.exec_driver_sql("SHOW autovacuum").scalar() == "off":
                problems.append("autovacuum is off on the server: the tables will swell")
            return _checkup(software, version_of(engine), tables, problems, server=True)
    finally:
        engine.dispose()


def _checkup(
    software: str, version: str | None, tables: list[TableSize], problems: list[str], *, server: bool
) -> Checkup:
    if version != HEAD:
        problems.append(
            f"its schema is {version or 'missing'}, this program's is {HEAD}: claimwatch db upgrade"
        )
    for table in tables:
        if table.dead > 100_000 and table.dead > table.rows:
            problems.append(f"{table.name} is mostly dead rows: VACUUM (ANALYZE) {table.name}")
    return Checkup(software, version, HEAD, tuple(tables), tuple(problems), advise(tables, server=server))


def _present(c: sa.Connection) -> list[str]:
    there = set(sa.inspect(c).get_table_names())
    return [table.name for table in metadata.sorted_tables if table.name in there]


def _count(c: sa.Connection, name: str) -> int:
    return c.execute(sa.select(sa.func.count()).select_from(metadata.tables[name])).scalar_one()
