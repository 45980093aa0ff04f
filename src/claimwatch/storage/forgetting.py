"""Items that nothing rests on go after a time; what is left of them keeps them from coming back as news."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from claimwatch.storage.database import Database
from claimwatch.storage.schema import alerts, edits, evidence, items, matches, retractions, tombstones
from claimwatch.storage.upsert import insert

A_BATCH = 500  # items of one transaction: nobody waits long for it
PAGES = 5_000  # that SQLite gives back to the disk in one go


def forget_items(database: Database, *, seen_before: datetime, most: int = 200) -> int:
    """Delete items seen and edited before then, in at most so many batches; return how many. Raises: StorageError.

    What was quoted as evidence, alerted or taken back stays, and so does what waits to be assessed: it is the
    ledger.
    """
    gone = 0
    edited_lately = sa.exists().where(edits.c.item == items.c.id, edits.c.seen_at >= seen_before)
    for _ in range(most):
        with database.write() as c:
            old = c.execute(
                sa.select(items.c.id)
                .where(items.c.first_seen_at < seen_before, *_nothing_rests_on_it(), ~edited_lately)
                .order_by(items.c.first_seen_at)
                .limit(A_BATCH)
            ).scalars()
            numbers = list(old)
            if numbers:
                _bury(c, numbers)
        gone += len(numbers)
        if len(numbers) < A_BATCH:
            break
    if gone:
        _give_back(database)
    return gone


def _nothing_rests_on_it() -> list[sa.ColumnElement[bool]]:
    waits = (matches.c.item == items.c.id) & matches.c.assessed_at.is_(None)
    return [
        ~sa.exists().where(evidence.c.item == items.c.id),
        ~sa.exists().where(evidence.c.reprint_of == items.c.id),
        ~sa.exists().where(alerts.c.item == items.c.id),
        ~sa.exists().where(retractions.c.item == items.c.id),
        ~sa.exists().where(waits),
    ]


def _bury(c: sa.Connection, numbers: list[int]) -> None:
    mine = sa.select(items.c.feed, items.c.key, items.c.hash).where(items.c.id.in_(numbers))
    c.execute(insert(c, tombstones).from_select(["feed", "key", "hash"], mine).on_conflict_do_nothing())
    for table in (matches, edits):
        c.execute(sa.delete(table).where(table.c.item.in_(numbers)))
    c.execute(sa.delete(items).where(items.c.id.in_(numbers)))


def _give_back(database: Database) -> None:
    """Give the room back to the disk, where the database can; PostgreSQL's autovacuum does so by itself."""
    with database.write() as c:
        if c.dialect.name == "sqlite":
            # it gives back a page a step, and SQLAlchemy makes only one of what returns no rows
            c.connection.cursor().execute(f"PRAGMA incremental_vacuum({PAGES})").fetchall()
