"""All that is stored, from one database into another: a file to a server, or back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from claimwatch.errors import StorageError
from claimwatch.storage.database import Database
from claimwatch.storage.portable import clean, dumps
from claimwatch.storage.schema import leases, metadata
from claimwatch.storage.upsert import insert

A_BATCH = 500
_MARK = "process that moves a database into this one"
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)
TABLES = tuple(table for table in metadata.sorted_tables if table is not leases)


@dataclass(frozen=True, slots=True)
class Moved:
    """A table's rows, and a checksum that is the same in both databases."""

    table: str
    rows: int
    checksum: str


def rows_in(database: Database) -> int:
    """Return how many rows there are to move. Raises: StorageError."""
    with database.read() as c:
        return sum(_count(c, table) for table in TABLES)


def refuse_unfinished(database: Database) -> None:
    """Raise StorageError while a move into this database is not done."""
    with database.read() as c:
        if _begun(c):
            raise StorageError(
                f"{database.place} is not whole: a move into it was interrupted. "
                "Type the same  claimwatch move  again; it goes on where it stopped."
            )


def move(source: Database, target: Database, tick: Callable[[], None]) -> list[Moved]:
    """Copy all rows, then compare both; `tick` is called for each row. Nobody may write to either meanwhile.

    A move that was interrupted goes on where it stopped. Raises: StorageError, also when the target holds
    something else, or differs in the end.
    """
    with target.write() as c:
        if not _begun(c) and any(_count(c, table) for table in TABLES):
            raise StorageError(f"{target.place} holds something already. Move into an empty database.")
        mark = insert(c, leases).values(name=_MARK, holder=str(source.place), until_at=_NEVER)
        c.execute(mark.on_conflict_do_nothing())
    for table in TABLES:
        _copy(source, target, table, tick)
    moved = [_compared(source, target, table) for table in TABLES]
    with target.write() as c:
        if c.dialect.name == "postgresql":
            _renumber(c)
        c.execute(sa.delete(leases).where(leases.c.name == _MARK))
    return moved


def _begun(c: sa.Connection) -> bool:
    return c.execute(sa.select(leases.c.name).where(leases.c.name == _MARK)).first() is not None


def _copy(source: Database, target: Database, table: sa.Table, tick: Callable[[], None]) -> None:
    (key,) = table.primary_key.columns
    last: Any = None
    if isinstance(key.type, sa.Integer):  # texts sort differently in each database: those start anew
        with target.read() as c:
            last = c.execute(sa.select(sa.func.max(key))).scalar()
        with source.read() as c:
            done = 0 if last is None else _count(c, table, key <= last)
        for _ in range(done):
            tick()
    for rows in _batches(source, table, key, last):
        with target.write() as c:
            c.execute(insert(c, table).on_conflict_do_nothing(), rows)
        for _ in rows:
            tick()


def _batches(
    database: Database, table: sa.Table, key: sa.Column[Any], last: Any = None
) -> Iterator[list[dict[str, Any]]]:
    while True:
        query = sa.select(table).order_by(key).limit(A_BATCH)
        if last is not None:
            query = query.where(key > last)
        with database.read() as c:
            rows = [dict(row._mapping) for row in c.execute(query)]
        if not rows:
            return
        yield rows
        last = rows[-1][key.name]


def _compared(source: Database, target: Database, table: sa.Table) -> Moved:
    here, there = _sum(source, table), _sum(target, table)
    if here != there:
        raise StorageError(
            f"{table.name} differs after the move ({here.rows:,} rows in {source.place}, {there.rows:,} in "
            f"{target.place}). Was something running? Empty the target and begin anew; the source is unchanged."
        )
    return there


def _sum(database: Database, table: sa.Table) -> Moved:
    """Return the sum of a table's rows: the same in whatever order they come."""
    (key,) = table.primary_key.columns
    total = count = 0
    for rows in _batches(database, table, key):
        for row in rows:
            told = json.dumps([_plain(value) for value in row.values()], ensure_ascii=False)
            total += int.from_bytes(blake2b(told.encode(), digest_size=12).digest())
            count += 1
    return Moved(table.name, count, f"{total % 2**96:024x}")


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict | list):
        return dumps(value)
    return value


def _renumber(c: sa.Connection) -> None:
    """Let the server's next number be one that is free."""
    for table in TABLES:
        (key,) = table.primary_key.columns
        if isinstance(key.type, sa.Integer):
            sequence = sa.func.pg_get_serial_sequence(table.name, key.name)
            highest = sa.select(sa.func.max(key)).scalar_subquery()
            c.execute(sa.select(sa.func.setval(sequence, sa.func.coalesce(highest, 0) + 1, False)))


def _count(c: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> int:
    return c.execute(sa.select(sa.func.count()).select_from(table).where(*where)).scalar_one()
